"""What printed counts of months, quarters and years tell about those that are not printed.

A year's count is the sum of its quarters', a quarter's of its months'. In a tree of sums two
sweeps of interval arithmetic, up and down, give the exact range that each unknown count can have.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import inf
from typing import Final

from surveys.periods import Period, parse_period

# A count is safe if what is printed leaves it at least this much room, more than 2 either way.
ROOM: Final = 5

Bounds = tuple[float, float]
Exposure = tuple[str, Bounds]


@dataclass(frozen=True)
class Printed:
    """The counts of one published table: shown ones by agency and measure, and who is listed."""

    period: Period
    agencies: frozenset[str]
    counts: Mapping[tuple[str, str], int]


@dataclass
class Series:
    """One count of one agency over time, as far as it is printed: a number, or None if hidden.

    Every period of the year in which the agency did not exist counts as a printed zero.
    """

    valid_from: date
    valid_to: date | None
    printed: dict[str, int | None] = field(default_factory=dict)

    def add(self, tables: Iterable[Printed], agency: str, measure: str) -> None:
        """Take in tables, oldest first; the newest number counts, and one shown stays known."""
        for table in tables:
            count = table.counts.get((agency, measure))
            if agency not in table.agencies:
                self.printed.setdefault(table.period.name, 0)
            elif count is not None or self.printed.get(table.period.name) in (None, 0):
                self.printed[table.period.name] = count

    def exposures(self, year: int, minimum: int) -> set[Exposure]:
        """Periods whose count is not printed and yet known to within less than `ROOM`.

        Of periods that have no table (yet) only those count that would have to be hidden; that
        nobody at all rated then may be known, as in a year that began collecting in its autumn.
        """
        found = set()
        for name, (low, high) in self._bound(year).items():
            hidden = name in self.printed and self.printed[name] is None
            future = name not in self.printed and low < minimum and high > 0
            if (hidden or future) and high - low < ROOM:
                found.add((name, (low, high)))
        return found

    def _exists(self, period: Period) -> bool:
        ended = self.valid_to is not None and self.valid_to <= period.first
        return not ended and self.valid_from <= period.last

    def _bound(self, year: int) -> dict[str, Bounds]:
        bounds: dict[str, Bounds] = {}
        self._sweep_up(f"{year:04}", bounds)
        self._sweep_down(f"{year:04}", bounds)
        return bounds

    def _sweep_up(self, name: str, bounds: dict[str, Bounds]) -> Bounds:
        """From the parts to the whole: a printed number, else the sum of what the parts can be."""
        parts = [self._sweep_up(part, bounds) for part in parts_of(name)]
        known = self.printed.get(name)
        if known is not None:
            bounds[name] = (known, known)
        elif not self._exists(parse_period(name)):
            bounds[name] = (0, 0)
        elif parts:
            bounds[name] = (sum(low for low, _ in parts), sum(high for _, high in parts))
        else:
            bounds[name] = (0, inf)
        return bounds[name]

    def _sweep_down(self, name: str, bounds: dict[str, Bounds]) -> None:
        """From the whole to the parts: what the other parts leave.

        Counts printed on different days may contradict one another; then the range is empty,
        which is counted as no room at all.
        """
        low, high = bounds[name]
        before = {part: bounds[part] for part in parts_of(name)}
        for part, (least, most) in before.items():
            if self.printed.get(part) is None:
                others = [bound for other, bound in before.items() if other != part]
                left = high - sum(bound[0] for bound in others)
                needed = low - sum(bound[1] for bound in others)
                bounds[part] = (max(least, needed), min(most, max(left, 0)))
            self._sweep_down(part, bounds)


def parts_of(name: str) -> tuple[str, ...]:
    """The quarters of a year, the months of a quarter, nothing of a month."""
    year, _, part = name.partition("-")
    if not part:
        return tuple(f"{year}-Q{quarter}" for quarter in range(1, 5))
    if part.startswith("Q"):
        last = 3 * int(part[1:])
        return tuple(f"{year}-{month:02}" for month in range(last - 2, last + 1))
    return ()
