"""Shares and the median of what became of cases."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import comb, sqrt
from statistics import NormalDist
from typing import Any, Final

# Measure: the count above and the count below.
MEASURES: Final = {
    "transferred": ("transferred", "received"),
    "in_time": ("in_time", "due"),
    "settled": ("settled", "judged"),
    "reopened": ("reopened", "judged"),
    "made": ("made", "answered"),
    "planned": ("planned", "answered"),
}
# Under this many cases no two of them bound the median with 95 % confidence.
EXACT: Final = 1000


@dataclass(frozen=True)
class Share:
    """`count` of `n`, with limits; all between 0 and 1."""

    count: int
    n: int
    estimate: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Median:
    """The middle value of `n`; no limits where there are too few."""

    n: int
    estimate: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Loop:
    """The figures of an agency or of several together; None where one is hidden."""

    received: int | None
    shares: Mapping[str, Share | None]
    minutes: Median | None


def compute_loop(
    rows: Sequence[Mapping[str, Any]],
    *,
    shown: Mapping[str, Collection[str]] | None = None,
    minimum: int = 1,
    confidence: float = 0.95,
) -> Loop:
    """Figures of these agencies together.

    Parameters
    ----------
    rows
        Counts of agencies: `code`, `minutes` and the counts that MEASURES names.
    shown
        Agencies by the count below (`received`, `due`, …) that may be told; all where it is None.
        What is put together counts those only, so that no sum tells about a hidden part.
    minimum
        Fewest cases below a figure.
    """

    def told(below: str) -> list[Mapping[str, Any]]:
        return [row for row in rows if shown is None or row["code"] in shown.get(below, ())]

    shares = {
        name: make_share(
            sum(row[above] for row in told(below)),
            sum(row[below] for row in told(below)),
            minimum=minimum,
            confidence=confidence,
        )
        for name, (above, below) in MEASURES.items()
    }
    received = sum(row["received"] for row in told("received"))
    minutes = sorted(one for row in told("answered") for one in row["minutes"])
    return Loop(
        received if received >= minimum else None,
        shares,
        bound_median(minutes, confidence) if len(minutes) >= max(minimum, 1) else None,
    )


def make_share(
    count: int, n: int, *, minimum: int = 1, confidence: float = 0.95, size: float | None = None
) -> Share | None:
    """A share with Wilson's interval; None where it rests on fewer than `minimum`.

    `size` is the effective size where the share is weighted.

    References
    ----------
    Wilson (1927), JASA 22, 209-212; Brown, Cai & DasGupta (2001), Statistical Science 16, 101-133.
    """
    if n < max(minimum, 1):
        return None
    share = count / n
    lower, upper = bound_share(share, n if size is None else size, confidence)
    return Share(count, n, share, lower, upper)


def bound_share(share: float, size: float, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's limits; the same as `analysis.intervals.bound_by_wilson` with the normal quantile."""
    pull = NormalDist().inv_cdf((1 + confidence) / 2) ** 2 / size
    centre = (share + pull / 2) / (1 + pull)
    half = sqrt(pull * share * (1 - share) + pull**2 / 4) / (1 + pull)
    return min(max(centre - half, 0.0), share), max(min(centre + half, 1.0), share)


def bound_median(values: Sequence[float], confidence: float = 0.95) -> Median:
    """The median of sorted values and the order statistics that hold it with this confidence.

    The k-th value from either end, k the greatest with 2 P(B < k) <= 1 - confidence for
    B binomial (n, 1/2); of more than a thousand values by the normal approximation.

    References
    ----------
    David & Nagaraja (2003), Order Statistics, section 7.1.
    """
    n = len(values)
    middle = (values[(n - 1) // 2] + values[n // 2]) / 2
    place = _find_place(n, confidence)
    if place == 0:
        return Median(n, middle, None, None)
    return Median(n, middle, values[place - 1], values[n - place])


def _find_place(n: int, confidence: float) -> int:
    if n > EXACT:
        z = NormalDist().inv_cdf((1 + confidence) / 2)
        return max(int((n - z * sqrt(n)) / 2), 0)
    # Whole numbers: 2^-1000 is nearly too small for a float, its inverse is nothing to Python.
    tail, limit, place = 0, (1 - confidence) / 2 * 2.0**n, 0
    while (tail := tail + comb(n, place)) <= limit:
        place += 1
    return place
