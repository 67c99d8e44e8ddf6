"""From intervals to places and to bands of agencies that cannot be told apart."""

import numpy as np
import numpy.typing as npt

from analysis.arrays import Bools, Floats, Ints
from analysis.errors import DataError


def rank_sets(lower: npt.ArrayLike, upper: npt.ArrayLike) -> tuple[Ints, Ints]:
    """First and last place each agency may hold; 1 is the highest figure.

    The sets hold jointly with the confidence of the intervals, so these should be
    simultaneous (see `simultaneous_intervals`). Intervals that only touch are not told apart.

    Parameters
    ----------
    lower, upper : (K,) float
        Interval of each agency. A NaN on either side means "unknown": that agency may hold
        any place and separates nobody.

    Returns
    -------
    low, high : (K,) int
        1 + the number of agencies surely above, and K - the number surely below.

    Raises
    ------
    DataError
        If the two columns differ in length or a lower limit lies above its upper limit.

    References
    ----------
    Klein, Wright & Wieczorek (2020), Journal of the Royal Statistical Society A 183,
    589-606, theorem 1.
    """
    low, high = _intervals(lower, upper)
    above = len(low) - np.searchsorted(np.sort(low), high, side="right")
    below = np.searchsorted(np.sort(high), low, side="left")
    return (1 + above).astype(np.int64), (len(low) - below).astype(np.int64)


def bands(lower: npt.ArrayLike, upper: npt.ArrayLike) -> Bools:
    """Largest groups of agencies that cannot be told apart, from the highest to the lowest.

    Two agencies share a band exactly when their intervals meet, so an agency can stand in
    several bands; the bands are the maximal cliques of the interval graph.

    Parameters
    ----------
    lower, upper : (K,) float
        As in `rank_sets`; an unknown interval meets every other.

    Returns
    -------
    bands : (B, K) bool
        Row b marks the members of band b. Every agency is in at least one.

    Raises
    ------
    DataError
        As `rank_sets`.

    References
    ----------
    Piepho (2004), Journal of Computational and Graphical Statistics 13, 456-466, for the
    display; Golumbic (1980), Algorithmic Graph Theory and Perfect Graphs, ch. 8.
    """
    low, high = _intervals(lower, upper)
    # Intervals that all meet share a point; the highest one is their smallest upper end. The
    # group is a largest one when some member starts above the next smaller upper end.
    ends = np.unique(high)[::-1]
    starts = np.sort(low)
    before = np.searchsorted(starts, ends, side="right")
    largest = np.append(before[:-1] > before[1:], [True] * min(1, len(ends))).astype(bool)
    points = ends[largest][:, None]
    return np.asarray((low <= points) & (high >= points))


def _intervals(lower: npt.ArrayLike, upper: npt.ArrayLike) -> tuple[Floats, Floats]:
    low, high = np.asarray(lower, dtype=float), np.asarray(upper, dtype=float)
    if low.ndim != 1 or low.shape != high.shape:
        raise DataError(f"Give one lower and one upper limit each: {low.shape}, {high.shape}.")
    if np.any(low > high):
        raise DataError(f"Interval {int(np.argmax(low > high))} is upside down: lower > upper.")
    unknown = np.isnan(low) | np.isnan(high)
    return np.where(unknown, -np.inf, low), np.where(unknown, np.inf, high)
