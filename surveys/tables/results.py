"""Index runs: the record of a run, what of it is public, and what was said about it."""

from enum import StrEnum
from typing import Any

from piccolo.columns import (
    JSONB,
    UUID,
    Bytea,
    ForeignKey,
    OnDelete,
    Serial,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table

from surveys.tables.register import Agency


class RunState(StrEnum):
    """The life of a run; a published one is frozen by a trigger."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"


class IndexRun(Table, tablename="index_run"):
    """One computation of the index. `document` is the canonical bytes of its whole result."""

    id = UUID(primary_key=True, default=UUID4())
    period = Varchar(length=20, index=True)
    questionnaire = Varchar(length=60)
    state = Varchar(length=20, choices=RunState, default=RunState.DRAFT)
    cutoff = Timestamptz(default=None)
    recipe = JSONB(default=None)
    input_hash = Varchar(length=64)
    code_version = Varchar(length=80)
    document = Bytea(default=None)
    public_document = Bytea(null=True, default=None)
    simulated = SmallInt(default=0)
    created_at = Timestamptz(default=TimestamptzNow())
    published_at = Timestamptz(null=True, default=None)
    supersedes: Any = ForeignKey("self", null=True, default=None, on_delete=OnDelete.restrict)


class RunChart(Table, tablename="run_chart"):
    """A chart of a run as SVG, drawn when the run was published."""

    id = Serial(primary_key=True)
    run = ForeignKey(IndexRun, null=False, on_delete=OnDelete.restrict)
    name = Varchar(length=120)
    svg = Bytea(default=None)

    chart_once = Unique([run, name])


class RunNotice(Table, tablename="run_notice"):
    """A public notice on a run: why it was withdrawn or corrected."""

    id = Serial(primary_key=True)
    run = ForeignKey(IndexRun, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=20, choices=RunState)
    text = Text(default=None)
    at = Timestamptz(default=TimestamptzNow())


class RunComment(Table, tablename="run_comment"):
    """What an agency says about its own figures before publication; it never blocks."""

    id = Serial(primary_key=True)
    run = ForeignKey(IndexRun, null=False, on_delete=OnDelete.restrict)
    agency = ForeignKey(Agency, null=False, on_delete=OnDelete.restrict)
    text = Text(default=None)
    at = Timestamptz(default=TimestamptzNow())
