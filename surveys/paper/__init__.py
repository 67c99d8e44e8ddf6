"""Paper: sheets with serials, blind double keying, adjudication, and how well operators key."""

from surveys.paper.batches import (
    LEFT_OUT,
    MOST_SHEETS,
    find_batch,
    list_batches,
    print_blank_sheets,
    print_dossier_sheets,
    sheets_of,
)
from surveys.paper.comparing import OUTCOME
from surveys.paper.keying import adjudicate, find_dispute, key_sheet, own_reading
from surveys.paper.records import (
    Batch,
    Dispute,
    Keyed,
    Pending,
    Pile,
    Printed,
    PrintedSheet,
    Sheet,
    Tally,
)
from surveys.paper.sheets import (
    disputed,
    find_sheet,
    open_sheets,
    outcomes_of,
    outstanding,
    pending,
    read_serial,
)
from surveys.paper.tallies import list_tallies
from surveys.tables.paper import SheetOutcome

__all__ = [
    "LEFT_OUT",
    "MOST_SHEETS",
    "OUTCOME",
    "Batch",
    "Dispute",
    "Keyed",
    "Pending",
    "Pile",
    "Printed",
    "PrintedSheet",
    "Sheet",
    "SheetOutcome",
    "Tally",
    "adjudicate",
    "disputed",
    "find_batch",
    "find_dispute",
    "find_sheet",
    "key_sheet",
    "list_batches",
    "list_tallies",
    "open_sheets",
    "outcomes_of",
    "outstanding",
    "own_reading",
    "pending",
    "print_blank_sheets",
    "print_dossier_sheets",
    "read_serial",
    "sheets_of",
]
