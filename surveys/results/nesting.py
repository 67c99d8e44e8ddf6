"""What the printed counts of an agency tell about those that are not printed.

Its counts are tied to one another: over time, since a year is the sum of its quarters and a
quarter that of its months; and among measures, since whoever answered a factor counts for the
index, whoever counts for the index rated, and the answers to all factors add up to a number that
a pooled index may give away.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple

from surveys.periods import parse_period
from surveys.results.measures import (
    FLAGGED,
    FLAGGED_INDEX,
    INDEX,
    KEPT,
    KEPT_INDEX,
    OVERALL,
    PAIRS,
    is_factor,
)
from surveys.results.ranges import UNBOUNDED, Range, Ranges, Sum

# A count is safe if what is printed leaves it at least this much room, more than 2 either way.
ROOM: Final = 5
ANSWERS: Final = "answers"

Cell = tuple[str, str]  # period, measure
Exposure = tuple[Cell, Range]


class Sheet(NamedTuple):
    """One published table as far as it tells about an agency.

    `counts` by measure, None where hidden; empty if the agency is not in the table. `answers` is
    the number of all answers to factors if it must be taken for known.
    """

    period: str
    counts: Mapping[str, int | None]
    answers: int | None = None


@dataclass(frozen=True)
class Books:
    """An agency as its sheets of one year show it, oldest first.

    `items` is the number of questions of each factor that has more than one.
    """

    sheets: Sequence[Sheet]
    valid_from: date
    valid_to: date | None
    minimum: int
    items: Mapping[str, int]

    def exposures(self) -> set[Exposure]:
        """Counts that are not printed and yet known to within less than `ROOM`.

        Of periods that have no table (yet) only those count that would have to be hidden; that
        nobody at all rated then may be known, as in a year that began collecting in its autumn. That
        somebody rated and few of them or none are flagged may not.
        """
        printed = self._print()
        periods = list(self._periods())
        ranges = self._find_ranges(printed, periods)
        found = set()
        for cell in ((period, measure) for period in periods for measure in self._measures):
            low, high = ranges.get(cell)
            hidden = cell in printed and printed[cell] is None
            future = cell not in printed and low < self.minimum and high > 0
            cramped = (hidden or future) and high - low < ROOM
            if cramped or (cell not in printed and self._has_few_flags(cell, ranges)):
                found.add((cell, (low, high)))
        return found

    def _has_few_flags(self, cell: Cell, ranges: Ranges) -> bool:
        """Whether there may be ratings of which too few are flagged to say how many.

        First figures that are printed later can take all room from such a count.
        """
        period, measure = cell
        if measure not in PAIRS:
            return False
        return ranges.get(cell)[1] < self.minimum and ranges.get((period, PAIRS[measure]))[1] > 0

    @cached_property
    def _measures(self) -> list[str]:
        return sorted({measure for sheet in self.sheets for measure in sheet.counts})

    def _print(self) -> dict[Cell, int | None]:
        """Each count as last printed, None if never; one that was shown stays known."""
        printed: dict[Cell, int | None] = {}
        for sheet in self.sheets:
            for measure in self._measures:
                cell = sheet.period, measure
                if not sheet.counts:
                    printed.setdefault(cell, 0)
                elif sheet.counts.get(measure) is not None:
                    printed[cell] = sheet.counts[measure]
                elif measure in sheet.counts and not printed.get(cell):
                    printed[cell] = None
        return printed

    def _periods(self) -> Iterator[str]:
        """The year's tree down to where tables are: a part is there if it or its like is printed."""
        tables = {sheet.period for sheet in self.sheets}
        year = min(tables)[:4]
        yield year
        quarters = parts_of(year)
        months = {quarter: parts_of(quarter) for quarter in quarters}
        if tables != {year}:
            yield from quarters
        for quarter in quarters:
            if tables & {*months[quarter]}:
                yield from months[quarter]

    def _find_ranges(self, printed: Mapping[Cell, int | None], periods: Sequence[str]) -> Ranges:
        known: dict[Hashable, int] = {
            cell: count for cell, count in printed.items() if count is not None
        }
        known |= {(s.period, ANSWERS): s.answers for s in self.sheets if s.answers is not None}
        for period in periods:
            if not self._exists(period):
                known |= {(period, measure): 0 for measure in (*self._measures, ANSWERS)}
        ranges = Ranges(known)
        ranges.narrow([*self._sums_of_time(periods), *self._sums_of_measures(periods)])
        return ranges

    def _exists(self, period: str) -> bool:
        days = parse_period(period)
        ended = self.valid_to is not None and self.valid_to <= days.first
        return not ended and self.valid_from <= days.last

    def _sums_of_time(self, periods: Sequence[str]) -> Iterable[Sum]:
        for period in periods:
            parts = [part for part in parts_of(period) if part in periods]
            if parts:
                for measure in (*self._measures, ANSWERS):
                    terms = [((part, measure), 1) for part in parts]
                    yield Sum((((period, measure), -1), *terms))

    def _sums_of_measures(self, periods: Sequence[str]) -> Iterable[Sum]:
        factors = [measure for measure in self._measures if is_factor(measure)]
        inside = {INDEX: OVERALL} | dict.fromkeys(factors, INDEX)
        for period in periods:
            yield from self._sums_of_pairs(period)
            for inner, outer in inside.items():
                if {inner, outer} <= {*self._measures}:
                    yield Sum((((period, outer), 1), ((period, inner), -1)), most=UNBOUNDED)
            if factors:
                terms = [((period, name), self.items.get(name, 1)) for name in factors]
                yield Sum((((period, ANSWERS), -1), *terms))

    def _sums_of_pairs(self, period: str) -> Iterable[Sum]:
        """What is left out and what is kept are the whole; who counts for the index rated."""
        for whole, *parts in ((OVERALL, FLAGGED, KEPT), (INDEX, FLAGGED_INDEX, KEPT_INDEX)):
            if {whole, *parts} <= {*self._measures}:
                yield Sum((((period, whole), -1), *(((period, part), 1) for part in parts)))
        for inner, outer in ((FLAGGED_INDEX, FLAGGED), (KEPT_INDEX, KEPT)):
            if {inner, outer} <= {*self._measures}:
                yield Sum((((period, outer), 1), ((period, inner), -1)), most=UNBOUNDED)


def parts_of(name: str) -> tuple[str, ...]:
    """The quarters of a year, the months of a quarter, nothing of a month."""
    year, _, part = name.partition("-")
    if not part:
        return tuple(f"{year}-Q{quarter}" for quarter in range(1, 5))
    if part.startswith("Q"):
        last = 3 * int(part[1:])
        return tuple(f"{year}-{month:02}" for month in range(last - 2, last + 1))
    return ()
