"""Which figures of a run may be shown; docs/disclosure.md gives the reasons.

Everything printed is a function of the figures shown, so that no total tells about a hidden
part. What is left to guard is what shown counts tell about hidden ones: other measures of the
same agency, other periods, and the runs published before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from surveys.results.counting import Counts, count_blocks, items_of
from surveys.results.measures import (
    BLOCKS,
    CHAIN,
    GROUPS,
    PAIRS,
    UNLINKED,
    block_of,
    blocks_inside,
    is_factor,
)
from surveys.results.nesting import Books, Exposure, Sheet
from surveys.results.records import AgencyEntry, Figure, PublicDocument, RunDocument

Hidden = set[tuple[str, str]]


class Published(NamedTuple):
    """A run that was published, and what of it was printed."""

    document: RunDocument
    public: PublicDocument


@dataclass(frozen=True)
class Shown:
    """The agencies whose block of measures is printed."""

    pairs: frozenset[tuple[str, str]]

    def has(self, agency: str, measure: str) -> bool:
        """Whether this measure of this agency is printed."""
        return (agency, block_of(measure)) in self.pairs

    def has_pair(self, agency: str, measure: str) -> bool:
        """Whether the measure is printed a second time, without flagged ratings."""
        return any((agency, block) in self.pairs for block, of in PAIRS.items() if of == measure)


def choose_shown(document: RunDocument, earlier: Sequence[Published] = ()) -> Shown:
    """What of a run may be printed beside everything that was published before, oldest first.

    A block of an agency is hidden if one of its counts is under the minimum or its figure
    missing; if the block around it is hidden; if with it a count that is hidden, in this or any
    other period, would be known to within `ROOM`; and if it is needed so that nowhere exactly
    one agency of a parent is hidden.
    """
    guard = _Guard(document, tuple(earlier))
    hidden: Hidden = set()
    for agency, block in guard.below_minimum():
        hidden |= {(agency, inner) for inner in blocks_inside(block)}
    while more := guard.telling(hidden) or guard.next_sibling(hidden):
        hidden |= {(agency, inner) for agency, block in more for inner in blocks_inside(block)}
    return Shown(frozenset(guard.counts.keys() - hidden))


def printed_pairs(public: PublicDocument) -> Shown:
    """The agencies and blocks that a published document shows."""
    pairs = {
        (agency.code, block_of(measure))
        for agency in public.agencies
        for measure, figure in agency.measures.items()
        if figure is not None
    }
    pairs |= {(each.agency, UNLINKED) for each in public.unlinked if each.ratings is not None}
    pairs |= {
        (agency.code, block)
        for agency in public.agencies
        for block, measure in PAIRS.items()
        if agency.unflagged.get(measure) is not None
    }
    return Shown(frozenset(pairs))


@dataclass(frozen=True)
class _Table:
    """Counts of a run by agency and block, and which of them are printed."""

    document: RunDocument
    shown: Shown

    @cached_property
    def counts(self) -> Counts:
        return count_blocks(self.document)

    def sheet(self, agency: str, blocks: Sequence[str], shown: frozenset[str]) -> Sheet:
        """What the table tells about some blocks of an agency if these of them are shown."""
        counts: dict[str, int | None] = {}
        for block in blocks:
            for measure, n in self.counts.get((agency, block), {}).items():
                counts[measure] = n if block in shown else None
        answers = self._count_answers(agency) if "index" in shown else None
        return Sheet(self.document.period, counts, answers)

    def printed(self, agency: str, blocks: Sequence[str]) -> Sheet:
        """What the table tells about some blocks of an agency."""
        return self.sheet(agency, blocks, self.shown_blocks(agency))

    def shown_blocks(self, agency: str) -> frozenset[str]:
        blocks = (*BLOCKS, *PAIRS)
        return frozenset(block for block in blocks if (agency, block) in self.shown.pairs)

    def _count_answers(self, agency: str) -> int | None:
        """The answers to all factors; a factor of several questions counts as fully answered."""
        factors = self.counts.get((agency, "factors"), {})
        items = items_of(self.document)
        return sum(items.get(name, 1) * n for name, n in factors.items() if is_factor(name))


@dataclass(frozen=True)
class _Guard:
    """A run, what was published before it, and the reasons to hide one more block."""

    document: RunDocument
    earlier: tuple[Published, ...]
    _memory: dict[tuple[str, frozenset[str]], frozenset[Exposure]] = field(default_factory=dict)

    @cached_property
    def table(self) -> _Table:
        return _Table(self.document, Shown(frozenset()))

    @cached_property
    def counts(self) -> Counts:
        return self.table.counts

    @cached_property
    def families(self) -> list[frozenset[str]]:
        """Agencies with the same parent, smallest families first: agencies above, and levels."""
        found: dict[tuple[str, str], set[str]] = {}
        for entry in self.document.agencies:
            found.setdefault(("level", entry.level), set()).add(entry.code)
            if entry.parent is not None:
                found.setdefault(("agency", entry.parent), set()).add(entry.code)
        return [frozenset(found[name]) for name in sorted(found, key=lambda n: (len(found[n]), n))]

    def below_minimum(self) -> Iterable[tuple[str, str]]:
        """Blocks with too few ratings for one of their measures, or without its figure."""
        figures = self.document.table()
        for (agency, block), counts in self.counts.items():
            given = [figures[agency][name] for name in counts if name in figures[agency]]
            few = min(counts.values()) < self.document.minimum
            if few or any(map(_is_missing, given)) or self._moved_little(agency, block):
                yield agency, block

    def _moved_little(self, agency: str, block: str) -> bool:
        """Whether a second figure would stand beside one that it differs from by a few ratings.

        A flag that is dismissed gives its ratings back: of two published runs of one period the
        difference must be nobody, or many enough.
        """
        if block not in PAIRS:
            return False
        now = self.counts[agency, block]
        past = [
            table.counts[agency, block]
            for table in self._tables
            if table.document.period == self.document.period
            and (agency, block) in table.shown.pairs
        ]
        steps = {abs(now[name] - counts[name]) for counts in past for name in now}
        return any(0 < step < self.document.minimum for step in steps)

    def telling(self, hidden: Hidden) -> Hidden:
        """The innermost block of every agency that would tell too much about what is hidden."""
        found = set()
        for agency in {agency for agency, _ in self.counts}:
            for blocks in GROUPS:
                shown = [
                    block
                    for block in blocks
                    if (agency, block) in self.counts and (agency, block) not in hidden
                ]
                if blocks[-1] in PAIRS and not PAIRS.keys() & {*shown}:
                    continue
                if shown and self._tells(agency, blocks, frozenset(shown)):
                    found.add((agency, shown[-1]))
        return found

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
                if not (out and left):
                    continue
                unknown = {agency for agency in out if not self._is_known(agency, block)}
                fresh = {agency for agency in left if not self._is_known(agency, block)}
                if len(out) == 1 or (len(unknown) == 1 and fresh):
                    return {(min(fresh or left, key=lambda a: self._loss(a, block)), block)}
        return set()

    def _loss(self, agency: str, block: str) -> tuple[bool, int, str]:
        """What hiding costs: the index too where it would tell about the factors, then ratings."""
        cramped = block == "factors" and self._tells(agency, CHAIN, frozenset(CHAIN[:-1]))
        return cramped, min(self.counts[agency, block].values()), agency

    def _is_known(self, agency: str, block: str) -> bool:
        """Whether a count of the block was printed before, or follows from what was."""
        if (agency, block) in self._seen:
            return True
        cells = {cell for cell, _ in self._expose(agency, _group(block), frozenset())}
        return any((self.document.period, name) in cells for name in self.counts[agency, block])

    def _tells(self, agency: str, blocks: Sequence[str], shown: frozenset[str]) -> bool:
        """Whether printing these of the blocks says more about hidden counts than printing none.

        Second figures are held against printing the first ones only.
        """
        before = frozenset(shown - PAIRS.keys()) if PAIRS.keys() & shown else frozenset()
        more = self._expose(agency, blocks, shown) - self._expose(agency, blocks, before)
        return bool(more)

    @cached_property
    def _seen(self) -> Hidden:
        """Blocks that were printed for this very period before."""
        same = [each for each in self._tables if each.document.period == self.document.period]
        return {pair for table in same for pair in table.shown.pairs}

    @cached_property
    def _tables(self) -> list[_Table]:
        """What was published for the same year, oldest first."""
        year = self.document.first.year
        same = [each for each in self.earlier if each.document.first.year == year]
        return [_Table(each.document, printed_pairs(each.public)) for each in same]

    @cached_property
    def _entries(self) -> dict[str, AgencyEntry]:
        return {entry.code: entry for entry in self.document.agencies}

    def _expose(
        self, agency: str, blocks: Sequence[str], shown: frozenset[str]
    ) -> frozenset[Exposure]:
        """Hidden counts that come to light if these blocks are shown and the others hidden."""
        key = f"{agency}/{blocks[-1]}", shown
        if key not in self._memory:
            sheets = [table.printed(agency, blocks) for table in self._tables]
            entry = self._entries[agency]
            books = Books(
                sheets=[*sheets, self.table.sheet(agency, blocks, shown)],
                valid_from=entry.valid_from,
                valid_to=entry.valid_to,
                minimum=self.document.minimum,
                items=items_of(self.document),
            )
            self._memory[key] = frozenset(books.exposures())
        return self._memory[key]


def _group(block: str) -> Sequence[str]:
    """The blocks whose counts tell about one another."""
    return next(group for group in GROUPS if block in group)


def _is_missing(figure: Figure) -> bool:
    return None in {figure.estimate, figure.se, figure.lower, figure.upper}
