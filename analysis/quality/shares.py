"""A counter's share of suspicious taps against its own past and the province."""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import Bools, Floats, Ints, Numbers
from analysis.quality.tails import add_precisions, fit_precision, shared_tail, winsorised_mean

ENOUGH = 15
ENOUGH_COUNTERS = 20
# Counters differ more than they wander, and with a long tail: without a past, the twentieth tells.
TAIL = 0.05
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


def expect_shares(count: Ints, total: Ints, past_count: Numbers, past_total: Numbers) -> Expected:
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
    between = fit_precision(count, total, flat, None, usable, level=TAIL)
    weight = np.minimum(1.0, MOST_PAST / np.maximum(past_total, 1)) * (past_total >= ENOUGH)
    held = between + weight * past_total
    mean = (between * middle + weight * past_count) / held
    past = usable & (weight > 0)
    if past.sum() < ENOUGH_COUNTERS:
        return Expected(flat, np.full(len(count), between))
    # A province in which everything rose this week raises what is expected of each.
    mean = np.where(weight > 0, np.clip(mean * _rise(share, mean, past), 1e-6, 0.99), middle)
    within = fit_precision(count, total, mean, held, past)
    return Expected(mean, np.where(weight > 0, add_precisions(within, held), between))


def _rise(share: Numbers, mean: Numbers, usable: Bools) -> float:
    """By how much the middle of the counters stands above what was expected; at least 1."""
    inner = share[usable] - mean[usable]
    return max(1.0, 1.0 + float(np.median(inner)) / max(float(mean[usable].mean()), 1e-9))
