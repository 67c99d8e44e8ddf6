"""A counter's share of suspicious taps against its own past and the province."""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import Bools, Floats, Ints
from analysis.quality.tails import fit_precision, shared_tail, winsorised_mean

ENOUGH = 15
# However long its past, a counter's share may wander from week to week.
MOST_PAST = 400.0


@dataclass(frozen=True)
class Expected:
    """What share each counter is expected to have, and how sure that is."""

    mean: Floats
    precision: Floats

    def tail(self, count: Ints, total: Ints, rows: Ints | None = None) -> Floats:
        """P value of so many, or more; `rows` tells the counter of each."""
        at = np.arange(len(count)) if rows is None else rows
        return shared_tail(count, total, self.mean[at], self.precision[at])


def expect_shares(count: Ints, total: Ints, past_count: Ints, past_total: Ints) -> Expected:
    """The share a counter is expected to have this week, from its past and from the province.

    The province's mean is that of all counters, the highest tenth cut down; a counter's own past
    draws its mean away from it as far as the past is long (empirical Bayes). How far honest
    counters spread about that is read off the middle of all counters, apart for those with a
    past and those without.

    Parameters
    ----------
    count, total : (C,) int
        This week's.
    past_count, past_total : (C,) int

    References
    ----------
    Skellam (1948), Journal of the Royal Statistical Society B 10, 257-261; Efron (2004), Journal
    of the American Statistical Association 99, 96-104; Morris (1983), Journal of the American
    Statistical Association 78, 47-55.
    """
    usable = total >= ENOUGH
    share = count / np.maximum(total, 1)
    middle = max(winsorised_mean(share[usable]), 0.5 / max(1, int(total.sum())), 1e-4)
    flat = np.full(len(count), middle)
    between = fit_precision(count, total, flat, usable)
    past = past_total >= ENOUGH
    weight = np.minimum(1.0, MOST_PAST / np.maximum(past_total, 1))
    known = (between * middle + weight * past_count) / (between + weight * past_total)
    mean = np.where(past, known, middle)
    # A province in which everything rose this week raises what is expected of each.
    ratio = _rise(share, mean, usable & past)
    mean = np.where(past, np.clip(mean * ratio, 1e-6, 0.999), mean)
    within = fit_precision(count, total, mean, usable & past)
    few = (usable & past).sum() < 20
    return Expected(mean, np.where(past & ~few, within, between))


def _rise(share: Floats, mean: Floats, usable: Bools) -> float:
    """By how much the middle of the counters stands above what was expected; at least 1."""
    if usable.sum() < 20:
        return 1.0
    inner = share[usable] - mean[usable]
    return max(1.0, 1.0 + float(np.median(inner)) / max(float(mean[usable].mean()), 1e-9))
