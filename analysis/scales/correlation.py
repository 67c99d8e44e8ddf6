"""Means, covariances and correlations of weighted items."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.arrays import Bools, Floats
from analysis.errors import DataError


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Weighted moments of k items over the respondents who answered all of them.

    Attributes
    ----------
    items, weight : (m, k), (m,) float
        The complete rows that were used, and their weights.
    mean, covariance, correlation : (k,), (k, k), (k, k) float
        With divisor 1 - 1/m, as for an unweighted sample.
    used : (n,) bool
        Rows that were used: complete, with a positive weight.
    size : float
        Kish's effective number of respondents.
    """

    items: Floats
    weight: Floats
    mean: Floats
    covariance: Floats
    correlation: Floats
    used: Bools
    size: float


def weigh_items(items: npt.ArrayLike, weight: npt.ArrayLike | None = None) -> Moments:
    """Weighted moments of items; rows with a missing answer are left out and counted.

    Parameters
    ----------
    items : (n, k) float
        Answers; NaN is "not applicable" or "no answer".
    weight : (n,) float, optional
        Weights, not negative; by default all 1.

    Raises
    ------
    DataError
        If there are fewer than two items, shapes do not fit, a weight is negative or missing,
        fewer than three respondents answered all items, or an item does not vary.

    References
    ----------
    Kish (1992), Journal of Official Statistics 8, 183-200, for the effective size.
    """
    table = np.asarray(items, dtype=float)
    if table.ndim != 2 or table.shape[1] < 2:
        raise DataError(f"A scale has at least two items in columns: {table.shape}.")
    given = np.ones(len(table)) if weight is None else np.asarray(weight, dtype=float)
    if given.shape != (len(table),) or not (given >= 0).all():
        raise DataError(
            f"Give one weight per row, not negative: {given.shape} for {len(table)} rows."
        )
    used = ~np.isnan(table).any(axis=1) & (given > 0)
    x, w = table[used], given[used]
    if len(x) < 3:
        raise DataError(f"Only {len(x)} respondents answered all items; at least 3 are needed.")
    mean = w @ x / w.sum()
    centred = x - mean
    covariance = (centred * w[:, None]).T @ centred / w.sum() / (1 - 1 / len(x))
    spread = np.sqrt(np.diagonal(covariance))
    still = spread <= 1e-12 * np.maximum(np.abs(mean), 1)
    if still.any():
        raise DataError(f"Item {int(np.argmax(still))} has one answer only: leave it out.")
    correlation = covariance / np.outer(spread, spread)
    np.fill_diagonal(correlation, 1.0)
    size = float(w.sum() ** 2 / (w @ w))
    return Moments(x, w, mean, covariance, correlation, used, size)
