"""A tap takes the oldest open right of its counter, as the house does."""

from itertools import pairwise

import numpy as np

from analysis.arrays import Floats, Ints


def take_rights(
    tap_day: Ints, tap_second: Floats, handed_day: Ints, handed_second: Floats, *, seconds: float
) -> Floats:
    """Seconds from the handover whose right each tap takes; NaN for a tap that finds none.

    Parameters
    ----------
    tap_day, handed_day : int
        A number of the counter-day, sorted.
    tap_second, handed_second : float
        Sorted within the counter-day.
    seconds : float
        How long a right is open.
    """
    span = 1_000_000.0
    given, handed = tap_day * span + tap_second, handed_day * span + handed_second
    oldest = np.searchsorted(handed, given - seconds, side="left")
    newest = np.searchsorted(handed, given, side="right")
    start = np.r_[True, tap_day[1:] != tap_day[:-1]] if len(tap_day) else np.zeros(0, dtype=bool)
    place = np.arange(len(tap_day))
    nth = place - np.maximum.accumulate(np.where(start, place, 0))
    order = np.argsort(nth, kind="stable")
    cuts = np.searchsorted(nth[order], np.arange(nth.max() + 2 if len(nth) else 1))
    taken = np.full(len(given), -1)
    free = np.zeros(len(given), dtype=np.int64)
    line = np.cumsum(start) - 1
    # All counter-days go on together: their first taps, then their second ones.
    for low, high in pairwise(cuts.tolist()):
        rows = order[low:high]
        right = np.maximum(free[line[rows]], oldest[rows])
        found = right < newest[rows]
        taken[rows[found]] = right[found]
        free[line[rows]] = right + found
    gap = np.full(len(given), np.nan)
    linked = taken >= 0
    gap[linked] = given[linked] - handed[taken[linked]]
    return gap
