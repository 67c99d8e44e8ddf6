"""Weighted quantiles of sorted values by the usual rules."""

from typing import Literal

import numpy as np

from analysis.arrays import Floats
from analysis.errors import DataError

QuantileRule = Literal["math", "school", "hf1", "hf2", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9"]
QUANTILE_RULES = ("math", "school", "hf1", "hf2", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9")


def find_quantiles(
    values: Floats, weight: Floats, probabilities: Floats, rule: QuantileRule = "math"
) -> Floats:
    """Quantiles of weighted values, NaN where a probability is not between 0 and 1.

    Parameters
    ----------
    values : (n,) float, sorted
    weight : (n,) float, positive
    probabilities : (k,) float
    rule : str
        `math` (the lowest value with at least this share at or below it; `hf1`), `school` (halfway
        where the share is met exactly; `hf2`), or the interpolations `hf4` to `hf9`. With tied
        values these six depend on the order of the ties.

    Raises
    ------
    DataError
        If the rule is unknown.

    References
    ----------
    Hyndman & Fan (1996), American Statistician 50, 361-365, with counts replaced by sums of
    weights.
    """
    if rule not in QUANTILE_RULES:
        raise DataError(f"Unknown rule {rule!r}; use one of {', '.join(QUANTILE_RULES)}.")
    known = (probabilities >= 0) & (probabilities <= 1)
    if not len(values):
        return np.full(len(probabilities), np.nan)
    found = np.full(len(probabilities), np.nan)
    if rule in ("math", "hf1", "school", "hf2"):
        halfway = rule in ("school", "hf2")
        found[known] = _step(values, weight, probabilities[known], halfway=halfway)
    else:
        places = _place(weight, rule)
        found[known] = np.interp(probabilities[known], places, values)
    return found


def _step(values: Floats, weight: Floats, probabilities: Floats, *, halfway: bool) -> Floats:
    share = np.cumsum(weight) / weight.sum()
    # A share that misses p by a rounding error has reached it.
    place = np.searchsorted(share, probabilities * (1 - 1e-14), side="left")
    place = np.minimum(place, len(values) - 1)
    if not halfway:
        return values[place]
    exact = np.abs(share[place] - probabilities) <= 1e-14
    following = np.minimum(place + 1, len(values) - 1)
    return np.where(exact, (values[place] + values[following]) / 2, values[place])


def _place(weight: Floats, rule: str) -> Floats:
    """Plotting position of every value."""
    upto, total, last = np.cumsum(weight), weight.sum(), weight[-1]
    if rule == "hf4":
        return np.asarray(upto / total)
    if rule == "hf5":
        return np.asarray((upto - weight / 2) / total)
    if rule == "hf6":
        return np.asarray(upto / (total + last))
    if rule == "hf7":
        return np.asarray((upto - weight) / max(total - last, np.finfo(np.float64).tiny))
    if rule == "hf8":
        return np.asarray((upto - weight / 3) / (total + last / 3))
    return np.asarray((upto - 3 * weight / 8) / (total + last / 4))
