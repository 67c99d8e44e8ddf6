"""Which figures of a run may be shown; docs/disclosure.md gives the reasons.

Everything printed is a function of the figures shown, so that no total tells about a hidden
part. What is left to guard is what shown counts tell about hidden ones: other measures of the
same agency, other periods, and the runs published before.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from surveys.periods import Period, parse_period
from surveys.results.measures import (
    BLOCKS,
    FACTOR,
    INDEX,
    UNLINKED,
    block_of,
    blocks_inside,
)
from surveys.results.nesting import ROOM, Printed, Series
from surveys.results.records import AgencyEntry, Figure, PublicDocument, RunDocument

Hidden = set[tuple[str, str]]


@dataclass(frozen=True)
class Shown:
    """The agencies whose block of measures is printed."""

    pairs: frozenset[tuple[str, str]]

    def has(self, agency: str, measure: str) -> bool:
        """Whether this measure of this agency is printed."""
        return (agency, block_of(measure)) in self.pairs


def choose_shown(document: RunDocument, earlier: Sequence[PublicDocument] = ()) -> Shown:
    """What of a run may be printed beside everything that was published before, oldest first.

    A block of an agency is hidden if one of its counts is under the minimum or its figure
    missing; if the block around it is hidden; if with it a count that is hidden, in this or any
    other period, would be known to within `ROOM`; and if it is needed so that nowhere exactly
    one agency of a parent is hidden.
    """
    guard = _Guard(document, tuple(printed_counts(public) for public in earlier))
    hidden: Hidden = set()
    for pair in guard.below_minimum():
        _hide(hidden, *pair)
    while more := guard.exposed(hidden) or guard.next_sibling(hidden):
        for pair in more:
            _hide(hidden, *pair)
    return Shown(frozenset(set(guard.counts) - hidden))


def count_blocks(document: RunDocument) -> dict[tuple[str, str], dict[str, int]]:
    """Counts by measure of every agency and block."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for agency, figures in document.table().items():
        for measure, figure in figures.items():
            found.setdefault((agency, block_of(measure)), {})[measure] = figure.n
    for each in document.unlinked:
        found[each.agency, UNLINKED] = {UNLINKED: each.ratings}
    return found


def printed_counts(public: PublicDocument) -> Printed:
    """The counts of a published document, shown ones only."""
    counts = {
        (agency.code, measure): figure.n
        for agency in public.agencies
        for measure, figure in agency.measures.items()
        if figure is not None
    }
    counts |= {
        (each.agency, UNLINKED): each.ratings
        for each in public.unlinked
        if each.ratings is not None
    }
    listed = {agency.code for agency in public.agencies} | {x.agency for x in public.unlinked}
    return Printed(parse_period(public.period), frozenset(listed), counts)


def has_room(figures: Mapping[str, Figure], questionnaire: Mapping[str, object]) -> bool:
    """Whether the factors can be hidden beside an index that is shown.

    The pooled index is a fraction from which its denominator, the number of all answers, can be
    guessed. Who knows it knows how many answers are missing, and no factor can miss more.
    """
    items = questionnaire.get("factors")
    items = items if isinstance(items, Mapping) else {}
    index = figures.get(INDEX)
    factors = {name: each.n for name, each in figures.items() if name.startswith(FACTOR)}
    if index is None or not factors:
        return True
    size = {name: int(items.get(name.removeprefix(FACTOR), 1)) for name in factors}
    missing = sum(size[name] * (index.n - n) for name, n in factors.items())
    return missing // max(size.values()) >= ROOM


def _hide(hidden: Hidden, agency: str, block: str) -> None:
    hidden |= {(agency, inner) for inner in blocks_inside(block)}


@dataclass(frozen=True)
class _Guard:
    """A run, what was printed before it, and the reasons to hide one more block."""

    document: RunDocument
    earlier: tuple[Printed, ...]
    _memory: dict[tuple[str, str, str], bool] = field(default_factory=dict)

    @cached_property
    def table(self) -> dict[str, dict[str, Figure]]:
        return self.document.table()

    @cached_property
    def counts(self) -> dict[tuple[str, str], dict[str, int]]:
        return count_blocks(self.document)

    @cached_property
    def families(self) -> list[frozenset[str]]:
        """Agencies with the same parent, smallest families first: agencies above, and levels."""
        found: dict[tuple[str, str], set[str]] = {}
        for entry in self.document.agencies:
            found.setdefault(("level", entry.level), set()).add(entry.code)
            if entry.parent is not None:
                found.setdefault(("agency", entry.parent), set()).add(entry.code)
        return [frozenset(found[name]) for name in sorted(found, key=lambda n: (len(found[n]), n))]

    @cached_property
    def entries(self) -> dict[str, AgencyEntry]:
        return {entry.code: entry for entry in self.document.agencies}

    @cached_property
    def period(self) -> Period:
        return parse_period(self.document.period)

    def below_minimum(self) -> Iterable[tuple[str, str]]:
        """Blocks with too few ratings for one of their measures, or without its figure."""
        for (agency, block), counts in self.counts.items():
            figures = [self.table[agency][name] for name in counts if name != UNLINKED]
            missing = any(None in (f.estimate, f.se, f.lower, f.upper) for f in figures)
            if missing or min(counts.values()) < self.document.minimum:
                yield agency, block

    def exposed(self, hidden: Hidden) -> Hidden:
        """Blocks that would tell too much about what is hidden."""
        return {
            (agency, block)
            for agency, block in self.counts.keys() - hidden
            if (block == "index" and (agency, "factors") in hidden and self._is_cramped(agency))
            or self._remember(agency, block, self._is_telling)
        }

    def next_sibling(self, hidden: Hidden) -> Hidden:
        """One more block to hide where a parent has just one, the least loss first.

        A number that was shown, or can be worked out, hides nobody beside it: first choice is
        what is not known yet.
        """
        for block in BLOCKS:
            for family in self.families:
                members = {agency for agency in family if (agency, block) in self.counts}
                out = {agency for agency in members if (agency, block) in hidden}
                left = members - out
                unknown = {agency for agency in out if not self._is_known(agency, block)}
                fresh = {agency for agency in left if not self._is_known(agency, block)}
                if left and (len(out) == 1 or (len(unknown) == 1 and fresh)):
                    return {(min(fresh or left, key=lambda a: self._loss(a, block)), block)}
        return set()

    def _loss(self, agency: str, block: str) -> tuple[bool, int, str]:
        """What hiding costs: the index too where it has no room, then ratings."""
        cramped = block == "factors" and self._is_cramped(agency)
        return cramped, min(self.counts[agency, block].values()), agency

    def _is_cramped(self, agency: str) -> bool:
        """Whether the agency's index, if shown, tells about its factors, if hidden."""
        return not has_room(self.table[agency], self.document.questionnaire)

    @cached_property
    def _seen(self) -> Hidden:
        """Blocks of which a count was printed for this very period before."""
        tables = [table for table in self.earlier if table.period == self.period]
        return {(agency, block_of(name)) for table in tables for agency, name in table.counts}

    @cached_property
    def _neighbours(self) -> tuple[Printed, ...]:
        """Tables of the same year, if any is of another period."""
        year = [x for x in self.earlier if x.period.first.year == self.period.first.year]
        other = any(table.period != self.period for table in year)
        return tuple(year) if other else ()

    def _is_known(self, agency: str, block: str) -> bool:
        """Whether hiding the block would come too late for one of its counts."""
        return (agency, block) in self._seen or self._remember(agency, block, self._is_deducible)

    def _is_telling(self, agency: str, measure: str) -> bool:
        """Whether printing a count brings hidden ones to light."""
        before = self._follow(agency, measure)
        after = self._follow(agency, measure, self._print(agency, measure))
        year, minimum = self.period.first.year, self.document.minimum
        return bool(after.exposures(year, minimum) - before.exposures(year, minimum))

    def _is_deducible(self, agency: str, measure: str) -> bool:
        """Whether a count, if hidden now, follows from what was printed before."""
        series = self._follow(agency, measure, self._print(agency))
        found = series.exposures(self.period.first.year, self.document.minimum)
        return self.period.name in {name for name, _ in found}

    def _remember(self, agency: str, block: str, ask: Callable[[str, str], bool]) -> bool:
        """Whether the answer is yes for a measure of the block; always no in an only period."""
        if not self._neighbours:
            return False
        key = agency, block, ask.__name__
        if key not in self._memory:
            self._memory[key] = any(ask(agency, name) for name in self.counts[agency, block])
        return self._memory[key]

    def _follow(self, agency: str, measure: str, *tables: Printed) -> Series:
        """A count as printed so far, and in further tables."""
        entry = self.entries[agency]
        series = Series(entry.valid_from, entry.valid_to)
        series.add((*self._neighbours, *tables), agency, measure)
        return series

    def _print(self, agency: str, measure: str | None = None) -> Printed:
        """This table with one count of one agency, or none."""
        counts = {}
        if measure is not None:
            counts[agency, measure] = self.counts[agency, block_of(measure)][measure]
        return Printed(self.period, frozenset([agency]), counts)
