"""Paper: batches of printed sheets, what operators keyed of them, and how well they key.

A sheet names a cell or, through its batch, a counter's day; never a dossier. What was keyed stands
here only until the sheet is settled (docs/paper.md).
"""

from enum import StrEnum

from piccolo.columns import (
    JSONB,
    UUID,
    BigSerial,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    Serial,
    SmallInt,
    Varchar,
)
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from surveys.tables.accounts import Account
from surveys.tables.questionnaires import QuestionnaireVersion
from surveys.tables.ratings import Cell
from surveys.tables.register import Agency, Counter


class SheetState(StrEnum):
    """How far a sheet has come."""

    PRINTED = "printed"
    KEYED = "keyed"
    DISPUTED = "disputed"
    SETTLED = "settled"


class SheetOutcome(StrEnum):
    """What a sheet turned out to be; only answers become a rating."""

    ANSWERS = "answers"
    BLANK = "blank"
    INCOMPLETE = "incomplete"
    ILLEGIBLE = "illegible"
    SPOILED = "spoiled"


class PaperBatch(Table, tablename="paper_batch"):
    """Sheets that were printed together: for a counter's day, or for finished dossiers."""

    id = UUID(primary_key=True, default=UUID4())
    version = ForeignKey(QuestionnaireVersion, null=False, on_delete=OnDelete.restrict)
    agency = ForeignKey(Agency, null=False, on_delete=OnDelete.restrict)
    counter = ForeignKey(Counter, null=True, default=None, on_delete=OnDelete.restrict)
    day = Date(null=True, default=None)
    made_on = Date(default=None)
    made_by = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    sheets = Integer(default=0)

    paper_counter_has_day = Check(
        (counter.is_null() & day.is_null()) | (counter.is_not_null() & day.is_not_null())
    )
    paper_batch_size = Check(sheets > 0)


class PaperSheet(Table, tablename="paper_sheet"):
    """One printed sheet, known by the serial on it. `place` is its number within the batch."""

    serial = Varchar(length=8, primary_key=True)
    batch = ForeignKey(PaperBatch, null=False, on_delete=OnDelete.restrict, index=False)
    place = SmallInt(default=None)
    cell = ForeignKey(Cell, null=True, default=None, on_delete=OnDelete.restrict)
    state = Varchar(length=10, choices=SheetState, default=SheetState.PRINTED)
    outcome = Varchar(length=12, choices=SheetOutcome, null=True, default=None)

    paper_place_once = Unique([batch, place])
    paper_settled_has_outcome = Check(
        ((state == "settled") & outcome.is_not_null()) | ((state != "settled") & outcome.is_null())
    )


class PaperKeying(Table, tablename="paper_keying"):
    """One operator keyed one sheet. Outcome and answers go when the sheet is settled."""

    id = BigSerial(primary_key=True)
    sheet = ForeignKey(PaperSheet, null=False, on_delete=OnDelete.restrict, index=False)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    turn = SmallInt(default=None)
    outcome = Varchar(length=12, choices=SheetOutcome, null=True, default=None)
    answers = JSONB(null=True, default=None)

    paper_turn_once = Unique([sheet, turn])
    paper_keyed_once_by_each = Unique([sheet, account])
    paper_two_turns = Check((turn == 1) | (turn == 2))
    paper_answers_have_outcome = Check(
        (outcome.is_null() & answers.is_null()) | (outcome.is_not_null() & answers.is_not_null())
    )


class KeyingTally(Table, tablename="keying_tally"):
    """How many fields an operator keyed in a month, and how many of them were wrong."""

    id = Serial(primary_key=True)
    month = Date(default=None)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    sheets = Integer(default=0)
    fields = Integer(default=0)
    wrong = Integer(default=0)

    keying_tally_once = Unique([month, account])
    keying_tally_counts = Check((wrong >= 0) & (fields >= wrong) & (sheets >= 0))
