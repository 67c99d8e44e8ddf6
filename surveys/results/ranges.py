"""The range that unknown whole numbers can have, given sums of theirs that are known."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

UNBOUNDED: Final = 10**9
# Ranges that still shrink then do so by one a round; they are as good as solved, or wide.
_ROUNDS: Final = 100

Range = tuple[int, int]


@dataclass(frozen=True)
class Sum:
    """A sum of unknowns, each times its factor, that is at least `least` and at most `most`."""

    terms: tuple[tuple[Hashable, int], ...]
    least: int = 0
    most: int = 0


@dataclass
class Ranges:
    """Unknowns with their ranges, narrowed sum by sum until nothing changes.

    Values that are known stay as they are, also where they contradict one another; an unknown
    caught between contradictions ends with an empty range.
    """

    known: Mapping[Hashable, int]
    found: dict[Hashable, Range] = field(default_factory=dict)

    def get(self, name: Hashable) -> Range:
        """What an unknown can be, from the least to the most."""
        if name in self.known:
            return self.known[name], self.known[name]
        return self.found.get(name, (0, UNBOUNDED))

    def narrow(self, sums: Iterable[Sum]) -> None:
        """Use every sum as often as it tells something new."""
        waiting = list(sums)
        for _ in range(_ROUNDS):
            changed = [self._use(each) for each in waiting]
            if not any(changed):
                return

    def _use(self, rule: Sum) -> bool:
        """Narrow each unknown by what the others leave it; whether anything changed."""
        ends = {name: self._ends(name, factor) for name, factor in rule.terms}
        least = sum(low for low, _ in ends.values())
        most = sum(high for _, high in ends.values())
        changed = False
        for name, factor in rule.terms:
            if name in self.known:
                continue
            low, high = ends[name]
            changed |= self._cut(
                name, factor, rule.least - (most - high), rule.most - (least - low)
            )
        return changed

    def _ends(self, name: Hashable, factor: int) -> Range:
        low, high = self.get(name)
        return (factor * low, factor * high) if factor > 0 else (factor * high, factor * low)

    def _cut(self, name: Hashable, factor: int, least: int, most: int) -> bool:
        """Keep `factor` times the unknown between two numbers."""
        if factor < 0:
            factor, least, most = -factor, -most, -least
        before = self.get(name)
        low, high = before
        if low > high:
            return False
        self.found[name] = max(low, -(-least // factor)), min(high, most // factor)
        return self.found[name] != before
