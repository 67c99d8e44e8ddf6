"""Counts of this week by day, and of a counter's earlier weeks."""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import Bools, Floats, Ints
from analysis.quality.records import WEEK
from analysis.quality.sightings import Sightings


@dataclass(frozen=True)
class Past:
    """Sums over a counter's history, each (C,); `clear` are taps on days with a certain clock."""

    days: Floats
    handovers: Floats
    taps: Floats
    tops: Floats
    linked: Floats
    clear: Floats
    gaps: Floats
    prompt: Floats


def count_days(week: Sightings, chosen: Bools) -> Ints:
    """(C, 7) How many of the chosen taps came on each day."""
    cell = week.taps.counter[chosen] * WEEK + week.taps.day[chosen]
    return np.asarray(np.bincount(cell, minlength=week.size * WEEK).reshape(-1, WEEK))


def sum_past(week: Sightings) -> Past:
    """What each counter did before this week."""
    old = week.history

    def add(values: Ints) -> Floats:
        return np.asarray(np.bincount(old.counter, values, minlength=week.size), dtype=np.float64)

    taps = old.counts.sum(axis=1)
    # A day without any linked tap is one whose clock was not certain.
    clear = ~((old.linked == 0) & (taps >= 5))
    return Past(
        clear=add(taps * clear),
        days=add((taps > 0).astype(np.int64)),
        handovers=add(old.handovers),
        taps=add(taps),
        tops=add(old.counts[:, -1]),
        linked=add(old.linked),
        gaps=add(old.gap_classes.sum(axis=1)),
        prompt=add(old.gap_classes[:, 0]),
    )
