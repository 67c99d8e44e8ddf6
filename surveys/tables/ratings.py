"""Ratings, and what keeps them apart from dossiers (docs/privacy.md draws the picture).

A rating names a cell or a counter's day, never a dossier. What was spent stands in
`spent_right`, what was sent in `resend_key`; neither holds a rating. Arriving ratings wait in
`waiting_*` until the mixing job moves them on under new random keys.
"""

from enum import StrEnum

from piccolo.columns import (
    UUID,
    BigSerial,
    Boolean,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    Serial,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from surveys.tables.quality import QualityFlag
from surveys.tables.questionnaires import QuestionnaireVersion
from surveys.tables.register import Agency, Channel, Counter, Dossier, Field


class Mode(StrEnum):
    """How a rating was given; modes are never pooled silently."""

    KIOSK = "kiosk"
    ONLINE = "online"
    PAPER = "paper"


class Helper(StrEnum):
    """Who helped to give a rating; nobody is the empty text."""

    NOBODY = ""
    OFFICIAL = "official"
    RELATIVE = "relative"
    OTHER = "other"


class Grain(StrEnum):
    """How wide the span of return is that a cell stands for."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


class Cell(Table, tablename="cell"):
    """All dossiers of one agency, field, channel, timeliness and span of return.

    Timeliness, channel and field, in this order, are empty where a small cell was merged.
    """

    id = Serial(primary_key=True)
    agency = ForeignKey(Agency, null=False, on_delete=OnDelete.restrict)
    field = ForeignKey(Field, null=True, default=None, on_delete=OnDelete.restrict)
    channel = Varchar(length=20, choices=Channel, null=True, default=None)
    on_time = Boolean(null=True, default=None)
    grain = Varchar(length=10, choices=Grain)
    returned_from = Date(default=None)

    cell_once = Unique(
        [agency, field, channel, on_time, grain, returned_from], nulls_distinct=False
    )


class CellMerge(Table, tablename="cell_merge"):
    """How the dossiers of a finest cell were placed: in itself, or in a coarser cell.

    `held` is how many finished dossiers it had when that first happened, counted to the minimum;
    `given` how many of its dossiers were given a right in this cell. `moved` is how many ratings
    could not be mixed in a cell, the finest or another, and were mixed in this one.
    """

    id = Serial(primary_key=True)
    fine = ForeignKey(Cell, null=False, on_delete=OnDelete.restrict, index=False)
    cell = ForeignKey(Cell, null=False, on_delete=OnDelete.restrict)
    held = Integer(default=0)
    given = Integer(default=0)
    moved = Integer(default=0)

    merged_once = Unique([fine, cell])


class RightToRate(Table, tablename="right_to_rate"):
    """A one-time right to rate one dossier, as the hash of its token."""

    token_hash = Varchar(length=64, primary_key=True)
    dossier = ForeignKey(Dossier, null=False, on_delete=OnDelete.restrict)
    cell = ForeignKey(Cell, null=False, on_delete=OnDelete.restrict)
    mode = Varchar(length=10, choices=Mode)
    counter = ForeignKey(Counter, null=True, default=None, on_delete=OnDelete.restrict)
    questionnaire = Varchar(length=60)
    opened_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)

    kiosk_right_has_counter = Check((mode != "kiosk") | (counter.is_not_null()))


class SpentRight(Table, tablename="spent_right"):
    """This dossier has been rated with this questionnaire. The key is random on purpose.

    `stirred` once it was rewritten among the others of its day, without their order.
    """

    id = UUID(primary_key=True, default=UUID4())
    dossier = ForeignKey(Dossier, null=False, on_delete=OnDelete.restrict, index=False)
    questionnaire = Varchar(length=60)
    day = Date(default=None)
    stirred = Boolean(default=False)

    one_rating_per_dossier = Unique([dossier, questionnaire])


class ResendKey(Table, tablename="resend_key"):
    """This id has been accepted; kept for some days so that a resend is harmless."""

    id = UUID(primary_key=True, default=None)
    day = Date(default=None, index=True)
    stirred = Boolean(default=False)


class WaitingRating(Table, tablename="waiting_rating"):
    """A rating that has not been mixed yet, under the sender's own id."""

    id = UUID(primary_key=True, default=None)
    version = ForeignKey(QuestionnaireVersion, null=False, on_delete=OnDelete.restrict, index=False)
    mode = Varchar(length=10, choices=Mode)
    cell = ForeignKey(Cell, null=True, default=None, on_delete=OnDelete.restrict, index=False)
    counter = ForeignKey(Counter, null=True, default=None, on_delete=OnDelete.restrict, index=False)
    day = Date(null=True, default=None)
    day_certain = Boolean(default=True)
    assisted = Varchar(length=10, choices=Helper)
    comment = Text(null=True, default=None)
    received_on = Date(default=None)
    stirred = Boolean(default=False)
    judged = Boolean(default=True)
    flag = ForeignKey(
        QualityFlag, null=True, default=None, on_delete=OnDelete.restrict, index=False
    )

    waiting_cell_or_counter = Check(
        (cell.is_not_null() & counter.is_null() & day.is_null())
        | (cell.is_null() & counter.is_not_null() & day.is_not_null())
    )


class WaitingAnswer(Table, tablename="waiting_answer"):
    """One answer of a rating that waits."""

    id = BigSerial(primary_key=True)
    rating = ForeignKey(WaitingRating, null=False, on_delete=OnDelete.restrict, index=False)
    version = SmallInt(default=None)
    item = SmallInt(default=None)
    code = SmallInt(default=None)

    waiting_answer_once = Unique([rating, item])


class Rating(Table, tablename="rating"):
    """A mixed rating: a cell (linked) or a counter's day (unlinked), and nothing else."""

    id = UUID(primary_key=True, default=UUID4())
    version = ForeignKey(QuestionnaireVersion, null=False, on_delete=OnDelete.restrict, index=False)
    mode = Varchar(length=10, choices=Mode)
    cell = ForeignKey(Cell, null=True, default=None, on_delete=OnDelete.restrict)
    counter = ForeignKey(Counter, null=True, default=None, on_delete=OnDelete.restrict)
    day = Date(null=True, default=None)
    day_certain = Boolean(default=True)
    assisted = Varchar(length=10, choices=Helper)
    flag = ForeignKey(QualityFlag, null=True, default=None, on_delete=OnDelete.restrict)

    rating_cell_or_counter = Check(
        (cell.is_not_null() & counter.is_null() & day.is_null())
        | (cell.is_null() & counter.is_not_null() & day.is_not_null())
    )


class Answer(Table, tablename="answer"):
    """One answer of a mixed rating."""

    id = BigSerial(primary_key=True)
    rating = ForeignKey(Rating, null=False, on_delete=OnDelete.restrict, index=False)
    version = SmallInt(default=None)
    item = SmallInt(default=None)
    code = SmallInt(default=None)

    answer_once = Unique([rating, item])


class Comment(Table, tablename="comment"):
    """What a citizen wrote, cut loose from the rating: agency, month and how they felt."""

    id = UUID(primary_key=True, default=UUID4())
    version = ForeignKey(QuestionnaireVersion, null=False, on_delete=OnDelete.restrict)
    agency = ForeignKey(Agency, null=False, on_delete=OnDelete.restrict)
    month = Date(default=None)
    satisfied = Boolean(null=True, default=None)
    text = Text(default=None)
