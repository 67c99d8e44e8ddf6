"""Where the marks of an interval bar stand, in percent of its width.

The policy forbids style attributes, so bars are inline SVG and these numbers its coordinates.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

Figure = Mapping[str, Any]


@dataclass(frozen=True)
class Axis:
    """A stretch of the scale from 0 to 100."""

    low: float
    high: float

    def place(self, value: float) -> float:
        """Where a value stands, 0 at the left end and 100 at the right."""
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(max(share, 0.0), 1.0), 2)

    @property
    def ticks(self) -> list[tuple[int, float]]:
        """Round values and their places, at most five."""
        span = self.high - self.low
        step = next(step for step in (5, 10, 20, 25) if span / step <= 4)
        first = ceil(self.low / step) * step
        return [(tick, self.place(tick)) for tick in range(first, int(self.high) + 1, step)]


@dataclass(frozen=True)
class Bar:
    """Places of one figure's marks; `reference` is what it is compared with."""

    lower: float
    upper: float
    point: float
    plain: float | None
    reference: float | None


def make_axis(figures: Iterable[Figure]) -> Axis:
    """An axis in steps of ten that holds every interval; the same for a whole page."""
    shown = list(figures)
    low = min((f["lower"] for f in shown), default=0.0)
    high = max((f["upper"] for f in shown), default=100.0)
    low, high = floor(low / 10) * 10, min(ceil(high / 10) * 10, 100)
    # A stretch of ten points would make noise look like news.
    return Axis(max(min(low, high - 20), 0), max(high, 20))


def make_bar(figure: Figure, axis: Axis, reference: float | None = None) -> Bar:
    """The marks of one figure on an axis."""
    plain = figure.get("unweighted")
    return Bar(
        lower=axis.place(figure["lower"]),
        upper=axis.place(figure["upper"]),
        point=axis.place(figure["estimate"]),
        plain=None if plain is None else axis.place(plain),
        reference=None if reference is None else axis.place(reference),
    )
