"""Cronbach's alpha: how much of a scale's spread its items share."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.arrays import Bools, Floats
from analysis.errors import DataError
from analysis.scales.correlation import Moments, weigh_items


@dataclass(frozen=True, slots=True, eq=False)
class Alpha:
    """Cronbach's alpha of k items.

    Attributes
    ----------
    alpha, standardised : float
        From covariances and from correlations.
    se, lower, upper : float
        Standard error by linearisation, and the interval asked for.
    if_dropped : (k,) float
        Alpha of the others; NaN for a scale of two items.
    item_rest : (k,) float
        Correlation of each item with the sum of the others.
    influence : (n,) float
        Linearised variable per row given (0 where it was left out): the standard error of its
        weighted total under any design is that of alpha.
    used : (n,) bool
    size : float
        Effective number of respondents.
    """

    alpha: float
    standardised: float
    se: float
    lower: float
    upper: float
    if_dropped: Floats
    item_rest: Floats
    influence: Floats
    used: Bools
    size: float


def estimate_alpha(
    items: npt.ArrayLike,
    weight: npt.ArrayLike | None = None,
    *,
    confidence: float = 0.95,
    interval: Literal["feldt", "linearised"] = "feldt",
) -> Alpha:
    """Cronbach's alpha with its interval, alpha if an item is dropped, and item-rest correlations.

    Parameters
    ----------
    items : (n, k) float
        Answers, all pointing the same way; rows with a missing one are left out.
    weight : (n,) float, optional
    confidence : float
        Of the interval, 0 to 1.
    interval : {"feldt", "linearised"}
        Feldt's F interval with the effective number of respondents (normal, parallel items), or
        a normal interval for log(1 - alpha) with the linearised standard error (any items).

    Raises
    ------
    DataError
        As `weigh_items`, when the items cancel out, or when the confidence is not between 0 and 1.

    References
    ----------
    Cronbach (1951), Psychometrika 16, 297-334; Feldt (1965), Psychometrika 30, 357-370;
    linearised: Maydeu-Olivares, Coffman & Hartmann (2007), Psychological Methods 12, 157-176,
    and Bonett & Wright (2015), Journal of Organizational Behavior 36, 3-15.
    """
    if not 0 < confidence < 1:
        raise DataError(f"The confidence lies between 0 and 1: {confidence}.")
    moments = weigh_items(items, weight)
    S = moments.covariance
    if S.sum() <= 1e-12 * np.trace(S):
        raise DataError(
            "The sum of the items does not vary: reverse the items worded the other way."
        )
    alpha = _alpha(S)
    influence = np.zeros(len(moments.used))
    influence[moments.used] = _linearise(moments)
    m = len(moments.items)
    parts = moments.weight * influence[moments.used]
    se = float(np.sqrt(m / (m - 1) * (parts @ parts)))
    if interval == "feldt":
        lower, upper = _feldt(alpha, moments.size, len(S), confidence)
    else:
        lower, upper = _log_interval(alpha, se, confidence)
    return Alpha(
        alpha,
        _alpha(moments.correlation),
        se,
        lower,
        upper,
        np.array([_alpha(_without(S, item)) for item in range(len(S))]),
        _item_rest(S),
        influence,
        moments.used,
        moments.size,
    )


def _alpha(S: Floats) -> float:
    k = len(S)
    return float(k / (k - 1) * (1 - np.trace(S) / S.sum())) if k > 1 else np.nan


def _without(S: Floats, item: int) -> Floats:
    return np.delete(np.delete(S, item, axis=0), item, axis=1)


def _item_rest(S: Floats) -> Floats:
    own = np.diagonal(S)
    rest = S.sum(axis=0) - own
    spread = S.sum() - 2 * rest - own
    return np.asarray(rest / np.sqrt(own * spread))


def _linearise(moments: Moments) -> Floats:
    """Influence of each respondent on alpha, divided by the sum of weights."""
    centred = moments.items - moments.mean
    k = centred.shape[1]
    squares, total = (centred**2).sum(axis=1), centred.sum(axis=1) ** 2
    W = moments.weight.sum()
    T, S = moments.weight @ squares / W, moments.weight @ total / W
    return np.asarray(-k / (k - 1) * (squares / S - T * total / S**2) / W)


def _feldt(alpha: float, size: float, k: int, confidence: float) -> tuple[float, float]:
    tails = np.array([(1 + confidence) / 2, (1 - confidence) / 2])
    quantile = stats.f.ppf(tails, size - 1, (size - 1) * (k - 1))
    lower, upper = 1 - (1 - alpha) * quantile
    return float(lower), float(upper)


def _log_interval(alpha: float, se: float, confidence: float) -> tuple[float, float]:
    # Alpha is 1 only when the items are equal: then nothing is uncertain.
    reach = np.exp(stats.norm.ppf((1 + confidence) / 2) * se / (1 - alpha)) if alpha < 1 else 1.0
    return float(1 - (1 - alpha) * reach), float(1 - (1 - alpha) / reach)
