"""Is there anything common to find: sampling adequacy and sphericity."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.arrays import Floats
from analysis.errors import DataError


@dataclass(frozen=True, slots=True, eq=False)
class Kmo:
    """Kaiser-Meyer-Olkin measure over all items, and of each item, (k,)."""

    overall: float
    items: Floats


@dataclass(frozen=True, slots=True)
class Bartlett:
    """Test that no two items are correlated."""

    statistic: float
    df: int
    p_value: float


def measure_adequacy(correlation: npt.ArrayLike) -> Kmo:
    """Share of the squared correlations that is not partial correlation; 0.6 and more is usable.

    Parameters
    ----------
    correlation : (k, k) float

    Raises
    ------
    DataError
        If it is no correlation matrix, or is singular.

    References
    ----------
    Kaiser (1974), Psychometrika 39, 31-36.
    """
    R = check_correlation(correlation)
    inverse = np.linalg.inv(R)
    scale = np.sqrt(np.diagonal(inverse))
    partial = inverse / np.outer(scale, scale)
    away = ~np.eye(len(R), dtype=bool)
    simple, rest = np.where(away, R**2, 0).sum(axis=0), np.where(away, partial**2, 0).sum(axis=0)
    if simple.sum() + rest.sum() == 0:
        raise DataError("No two items are correlated: there is nothing common to measure.")
    both = simple + rest
    each = np.divide(simple, both, out=np.full_like(both, np.nan), where=both > 0)
    return Kmo(float(simple.sum() / both.sum()), each)


def check_sphericity(correlation: npt.ArrayLike, size: float) -> Bartlett:
    """Bartlett's test that no two items are correlated.

    Parameters
    ----------
    correlation : (k, k) float
    size : float
        Number of respondents, the effective one when they are weighted.

    Raises
    ------
    DataError
        If it is no correlation matrix, is singular, or the size is too small for k items.

    References
    ----------
    Bartlett (1951), Biometrika 38, 337-344.
    """
    R = check_correlation(correlation)
    k = len(R)
    factor = size - 1 - (2 * k + 5) / 6
    if factor <= 0:
        raise DataError(f"{size:.0f} respondents are too few to test {k} items.")
    statistic = -factor * float(np.linalg.slogdet(R)[1])
    df = k * (k - 1) // 2
    return Bartlett(statistic, df, float(stats.chi2.sf(statistic, df)))


def check_correlation(correlation: npt.ArrayLike) -> Floats:
    """The matrix, if it is a correlation matrix that can be inverted.

    Raises
    ------
    DataError
        If it is not.
    """
    R = np.asarray(correlation, dtype=float)
    if R.ndim != 2 or R.shape[0] != R.shape[1] or len(R) < 2:
        raise DataError(f"A correlation matrix of at least two items is needed: {R.shape}.")
    if not (np.allclose(R, R.T, atol=1e-10) and np.allclose(np.diagonal(R), 1, atol=1e-10)):
        raise DataError("A correlation matrix is symmetric with ones on its diagonal.")
    if np.linalg.eigvalsh(R)[0] < 1e-10:
        raise DataError("Some items repeat others exactly: leave one of them out.")
    return R
