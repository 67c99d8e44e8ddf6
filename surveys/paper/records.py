"""What the rooms of paper and the pages see of batches, sheets and keyings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from surveys.tables.paper import SheetOutcome

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """Sheets that were printed together; counter and day are empty for those of dossiers."""

    id: UUID
    version: int
    title: str
    agency_id: int
    agency: str
    counter: str
    day: date | None
    made_on: date
    sheets: int
    settled: int
    disputed: int


@dataclass(frozen=True, slots=True)
class Pile:
    """Sheets of one cell within a batch: any of them may go to any of its dossiers."""

    letter: str
    field: str
    dossiers: tuple[str, ...]
    serials: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """What became of a wish for sheets: the batch, its piles, and who was left out and why."""

    batch: UUID | None
    piles: tuple[Pile, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """One sheet as it is printed."""

    serial: str
    place: int
    pile: str
    field: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as an operator finds it; `mine` says that this operator keyed it already."""

    serial: str
    place: int
    batch: UUID
    version: int
    agency_id: int
    agency: str
    counter: str
    day: date | None
    state: str
    mine: bool
    done: int
    sheets: int


@dataclass(frozen=True, slots=True)
class Keyed:
    """What a sheet says: its outcome, and the answers by question if it has any."""

    outcome: SheetOutcome
    answers: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two readings of one sheet, in an order that tells nothing, and where they differ."""

    sheet: Sheet
    readings: tuple[Keyed, Keyed]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """A batch as one operator's work: how many sheets are behind them, and how many ahead."""

    batch: UUID
    agency: str
    counter: str
    day: date | None
    made_on: date
    sheets: int
    done: int

    @property
    def left(self) -> int:
        """Sheets that this operator may still key."""
        return self.sheets - self.done


@dataclass(frozen=True, slots=True)
class Tally:
    """Fields keyed by one operator in one month, and how many of them were wrong."""

    month: date
    operator: str
    sheets: int
    fields: int
    wrong: int
