"""Summaries that outlive the quality window: counts by day, gap class and stretches of minutes."""

from itertools import pairwise

import numpy as np
import polars as pl

from analysis.arrays import Bools, Floats, Ints
from analysis.quality.records import GAP_EDGES, Handovers, Taps

BIN_SECONDS = 600
DAY_BINS = 144


def key_days(counter: Ints, day: Ints) -> Ints:
    """One sortable number a counter-day."""
    return np.asarray(counter * 1_000_000 + day, dtype=np.int64)


def list_days(taps: Taps, handovers: Handovers) -> tuple[Ints, Ints]:
    """Counter and day of every counter-day with a tap or a handover, sorted."""
    keys = np.unique(
        np.concatenate(
            [key_days(taps.counter, taps.day), key_days(handovers.counter, handovers.day)]
        )
    )
    return keys // 1_000_000, keys % 1_000_000


def classify_gaps(gap: Floats) -> Ints:
    """The class of each gap, -1 where there is none."""
    known = np.nan_to_num(np.maximum(gap, 0.0), nan=0.0)
    found = np.searchsorted(np.array(GAP_EDGES), known, side="right") - 1
    return np.asarray(np.where(np.isnan(gap), -1, found), dtype=np.int64)


def cross_count(row: Ints, column: Ints, shape: tuple[int, int]) -> Ints:
    """How many pairs fall into each cell of a table."""
    flat = np.bincount(row * shape[1] + column, minlength=shape[0] * shape[1])
    return np.asarray(flat.reshape(shape), dtype=np.int64)


def summarise_days(
    taps: Taps, handovers: Handovers, off: Bools, recent: Floats, *, few: int
) -> pl.DataFrame:
    """The rows of `Judgement.summaries`.

    Parameters
    ----------
    taps : Taps
    handovers : Handovers
    off : (n,) bool
        Which taps came outside office hours.
    recent : (n,) float
        Seconds from the counter's last handover that day; NaN if there was none.
    few : int
        Handovers that a kept stretch of minutes holds at least, unless the day has fewer.

    References
    ----------
    Samarati & Sweeney (1998), Protecting privacy when disclosing information: k-anonymity and its
    enforcement through generalization and suppression, SRI technical report; generalising until
    `few` are alike is theirs.
    """
    counter, day = list_days(taps, handovers)
    keys = key_days(counter, day)
    at_tap = np.searchsorted(keys, key_days(taps.counter, taps.day))
    at_handover = np.searchsorted(keys, key_days(handovers.counter, handovers.day))
    size = len(keys)
    counts = cross_count(at_tap, taps.level - 1, (size, taps.levels))
    kind = classify_gaps(recent)
    after = kind >= 0
    classes = cross_count(at_tap[after], kind[after], (size, len(GAP_EDGES)))
    timed = ~np.isnan(taps.second)
    handed = cross_count(at_handover, _bin(handovers.second), (size, DAY_BINS))
    by_level = [
        cross_count(at_tap[chosen], _bin(taps.second[chosen]), (size, DAY_BINS))
        for chosen in (timed & (taps.level == level) for level in range(1, taps.levels + 1))
    ]
    stacked = np.stack(by_level, axis=2)
    stretches = [merge_bins(*one, few=few) for one in zip(handed, stacked, strict=True)]
    number = pl.List(pl.Int64)
    return pl.DataFrame(
        {
            "counter": counter,
            "day": day,
            "handovers": handed.sum(axis=1),
            "ratings": counts.sum(axis=1),
            "linked": np.bincount(at_tap[~np.isnan(taps.gap)], minlength=size),
            "off_hours": np.bincount(at_tap[off], minlength=size),
            "counts": pl.Series(counts.tolist(), dtype=number),
            "gap_classes": pl.Series(classes.tolist(), dtype=number),
            "bin_start": pl.Series([one[0] for one in stretches], dtype=number),
            "bin_end": pl.Series([one[1] for one in stretches], dtype=number),
            "bin_handovers": pl.Series([one[2] for one in stretches], dtype=number),
            "bin_counts": pl.Series([one[3] for one in stretches], dtype=pl.List(number)),
        }
    )


def merge_bins(
    handed: Ints, counts: Ints, *, few: int
) -> tuple[list[int], list[int], list[int], list[list[int]]]:
    """Start, end, handovers and counts by level of stretches that hold at least `few` handovers.

    The stretches follow one another from the first bin with anything in it to the last; what
    is left over at the end joins the last stretch.
    """
    busy = np.flatnonzero((handed > 0) | (counts.sum(axis=1) > 0))
    if not len(busy):
        return [], [], [], []
    first, last = int(busy[0]), int(busy[-1])
    cuts, held = [first], 0
    for place in range(first, last + 1):
        held += int(handed[place])
        if held >= few and handed[place + 1 : last + 1].sum() >= few:
            cuts.append(place + 1)
            held = 0
    edges = np.array([*cuts, last + 1])
    return (
        (edges[:-1] * 10).tolist(),
        (edges[1:] * 10).tolist(),
        np.add.reduceat(handed, edges[:-1])[: len(edges) - 1].tolist(),
        [counts[low:high].sum(axis=0).tolist() for low, high in pairwise(edges.tolist())],
    )


def _bin(second: Floats) -> Ints:
    return np.asarray(np.clip(second // BIN_SECONDS, 0, DAY_BINS - 1), dtype=np.int64)
