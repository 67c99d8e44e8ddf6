"""The quality window and what the nightly job leaves of it (docs/quality.md, docs/privacy.md).

Exact times stand in `quality_box` only, sealed, and for days. What is kept has no time finer than
ten minutes, and none at all where few results were handed over.
"""

from enum import StrEnum

from piccolo.columns import (
    JSONB,
    UUID,
    Bytea,
    Date,
    DoublePrecision,
    ForeignKey,
    Integer,
    OnDelete,
    Serial,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from surveys.tables.accounts import Account
from surveys.tables.register import Counter


class FlagState(StrEnum):
    """What has become of a flag; nothing is ever deleted by it."""

    OPEN = "open"
    ANSWERED = "answered"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class QualityBox(Table, tablename="quality_box"):
    """Sightings of one intake batch, sealed for the nightly job; deleted with the window."""

    id = UUID(primary_key=True, default=UUID4())
    day = Date(default=None, index=True)
    box = Bytea(default=None)


class CounterDay(Table, tablename="counter_day"):
    """What is kept of one day at one counter: counts, and nothing to the minute.

    `levels`, `gaps` and `bins` are empty where fewer than k results were handed over, or fewer
    than k ratings came.
    """

    id = Serial(primary_key=True)
    counter = ForeignKey(Counter, null=False, on_delete=OnDelete.restrict, index=False)
    day = Date(default=None)
    handovers = Integer(default=0)
    ratings = Integer(default=0)
    linked = Integer(default=0)
    off_hours = Integer(default=0)
    missing = Integer(default=0)
    late = Integer(default=0)
    conflicts = Integer(default=0)
    bad_signatures = Integer(default=0)
    levels = JSONB(default="[]")
    gaps = JSONB(default="[]")
    bins = JSONB(default="[]")

    counter_day_once = Unique([counter, day])


class JudgedWeek(Table, tablename="judged_week"):
    """A week (by its Monday) that was judged as a whole: all counters against each other."""

    week = Date(primary_key=True, default=None)
    judged_on = Date(default=None)
    counters = Integer(default=0)
    flagged = Integer(default=0)
    recipe = JSONB(default="{}")


class DetectorResult(Table, tablename="detector_result"):
    """What one detector saw at one counter, on one day or (without a day) in one week."""

    id = Serial(primary_key=True)
    counter = ForeignKey(Counter, null=False, on_delete=OnDelete.restrict, index=False)
    week = Date(default=None)
    day = Date(null=True, default=None)
    detector = Varchar(length=20)
    statistic = DoublePrecision(null=True, default=None)
    p = DoublePrecision(default=None)
    q = DoublePrecision(null=True, default=None)

    detector_once = Unique([counter, week, day, detector], nulls_distinct=False)


class QualityFlag(Table, tablename="quality_flag"):
    """A counter's week that people should look at; its ratings stay and are counted both ways."""

    id = UUID(primary_key=True, default=UUID4())
    counter = ForeignKey(Counter, null=False, on_delete=OnDelete.restrict, index=False)
    week = Date(default=None)
    state = Varchar(length=10, choices=FlagState, default="open")
    reasons = JSONB(default="[]")
    q = DoublePrecision(default=None)
    evidence = JSONB(default="{}")
    made_at = Timestamptz(default=TimestamptzNow())
    answer = Text(null=True, default=None)
    answered_by = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    answered_at = Timestamptz(null=True, default=None)
    decision = Text(null=True, default=None)
    decided_by = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    decided_at = Timestamptz(null=True, default=None)

    flag_once = Unique([counter, week])
    decided_has_reason = Check(
        ((state != "upheld") & (state != "dismissed"))
        | (decision.is_not_null() & decided_at.is_not_null())
    )
