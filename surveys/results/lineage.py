"""Which agencies stand for an agency in a period: itself, those before it or those after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from surveys.results.errors import UnknownResultError
from surveys.tables.register import Succession
from surveys.transactions import fetch

# Walks both ways; a circle of successions ends where it meets itself.
_LINKS: Final = """
WITH RECURSIVE before(agency) AS (
    SELECT id FROM agency WHERE code = $1
    UNION SELECT s.predecessor FROM before b JOIN agency_succession s ON s.successor = b.agency
), after(agency) AS (
    SELECT id FROM agency WHERE code = $1
    UNION SELECT s.successor FROM after a JOIN agency_succession s ON s.predecessor = a.agency
    WHERE s.successor IS NOT NULL
)
SELECT p.code AS predecessor, q.code AS successor, s.effective_date AS day, s.kind, s.share,
    s.assumed
FROM agency_succession s JOIN agency p ON p.id = s.predecessor JOIN agency q ON q.id = s.successor
WHERE s.successor IN (SELECT agency FROM before) OR s.predecessor IN (SELECT agency FROM after)
ORDER BY s.effective_date, p.code COLLATE "C", q.code COLLATE "C"
"""
_AGENCIES: Final = "SELECT code, valid_from, valid_to FROM agency WHERE code = ANY($1::text[])"
# What leaves the work as it was is no break in a series.
_HARMLESS: Final = (Succession.RENAME, Succession.UNCHANGED)


@dataclass(frozen=True)
class Link:
    """A share of one agency's work that passed to another on a day."""

    predecessor: str
    successor: str
    day: date
    kind: str
    share: float
    assumed: bool


@dataclass(frozen=True)
class Stand:
    """An agency that stands for another, with the share of the work that counts.

    Before a succession it is the share of the stand's own work, after it the share of the
    other's work that is now found there (`later`).
    """

    code: str
    share: float = 1.0
    assumed: bool = False
    later: bool = False

    def pass_on(self, link: Link, code: str) -> "Stand":
        """The stand one link further."""
        return Stand(code, self.share * link.share, self.assumed or link.assumed, self.later)


@dataclass(frozen=True)
class Lineage:
    """An agency, those it came from and those it passed into, with the days they existed."""

    code: str
    days: Mapping[str, tuple[date, date | None]]
    links: Sequence[Link] = ()

    def stands(self, first: date, last: date) -> list[Stand]:
        """Who stands for the agency in a period, each agency once.

        Until the day of a succession those before stand beside the agency, or alone.
        """
        ended = self.days[self.code][1]
        path = frozenset([self.code])
        if ended is not None and ended <= first:
            found = self._walk_on(Stand(self.code, later=True), first, path)
        else:
            found = self._walk_back(Stand(self.code), first, last, path)
        merged: dict[str, Stand] = {}
        for stand in found:
            known = merged.get(stand.code, Stand(stand.code, 0.0))
            share = min(1.0, known.share + stand.share)
            merged[stand.code] = Stand(
                stand.code, share, known.assumed or stand.assumed, stand.later
            )
        return sorted(merged.values(), key=lambda stand: stand.code)

    def is_reorganised(self, after: date, until: date) -> bool:
        """Whether work changed hands after one day and until another."""
        return any(after < x.day <= until and x.kind not in _HARMLESS for x in self.links)

    def _walk_back(
        self, stand: Stand, first: date, last: date, path: frozenset[str]
    ) -> list[Stand]:
        began, ended = self.days[stand.code]
        lived = began <= last and (ended is None or ended > first)
        found = [stand] if lived else []
        for link in self.links:
            if link.successor == stand.code and link.day > first and link.predecessor not in path:
                before = stand.pass_on(link, link.predecessor)
                found += self._walk_back(before, first, last, path | {before.code})
        return found

    def _walk_on(self, stand: Stand, first: date, path: frozenset[str]) -> list[Stand]:
        found = []
        for link in self.links:
            if link.predecessor == stand.code and link.day <= first and link.successor not in path:
                after = stand.pass_on(link, link.successor)
                ended = self.days[after.code][1]
                if ended is not None and ended <= first:
                    found += self._walk_on(after, first, path | {after.code})
                else:
                    found.append(after)
        return found


async def find_lineage(code: str) -> Lineage:
    """The lineage of an agency; raises UnknownResultError for a code that nobody has."""
    links = [Link(**row) for row in await fetch(_LINKS, code)]
    codes = {code} | {x.predecessor for x in links} | {x.successor for x in links}
    rows = await fetch(_AGENCIES, sorted(codes))
    days = {row["code"]: (row["valid_from"], row["valid_to"]) for row in rows}
    if code not in days:
        raise UnknownResultError
    return Lineage(code, days, links)
