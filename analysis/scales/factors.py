"""How many things a questionnaire measures, and which question measures which."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.optimize import minimize

from analysis.arrays import Floats
from analysis.errors import DataError
from analysis.scales.adequacy import check_correlation
from analysis.scales.rotation import rotate_promax, rotate_varimax

_FLOOR = 0.005  # the smallest uniqueness; a factor that explains an item wholly is a Heywood case


@dataclass(frozen=True, slots=True, eq=False)
class ParallelAnalysis:
    """Eigenvalues (k,) beside those of chance, and the number of factors above chance."""

    eigenvalues: Floats
    chance: Floats
    factors: int


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """Maximum-likelihood factors.

    Attributes
    ----------
    loadings : (k, f) float
        Columns by the variance they explain, each with a positive sum.
    uniqueness : (k,) float
        Share of each item's variance that no factor explains.
    correlation : (f, f) float
        Between factors; the identity unless rotated obliquely.
    statistic, df, p_value : float, int, float
        Test that so many factors are enough.
    explained : (f,) float
        Share of all variance by factor, before any correlation between them.
    heywood : bool
        Whether a uniqueness met its lower bound, so that the solution is not to be trusted.
    """

    loadings: Floats
    uniqueness: Floats
    correlation: Floats
    statistic: float
    df: int
    p_value: float
    explained: Floats
    heywood: bool


def compare_eigenvalues(
    correlation: npt.ArrayLike,
    size: float,
    *,
    rng: np.random.Generator,
    draws: int = 1_000,
    quantile: float = 0.95,
) -> ParallelAnalysis:
    """Horn's parallel analysis: factors whose eigenvalues pass those of unrelated normal items.

    Parameters
    ----------
    correlation : (k, k) float
    size : float, above k
        Number of respondents, the effective one when they are weighted.
    rng : numpy Generator
    draws : int
        Simulated data sets; their cost does not depend on the size.
    quantile : float
        Of the simulated eigenvalues; Horn took the mean, later work the 0.95 quantile.

    Raises
    ------
    DataError
        If it is no correlation matrix, or the size, draws or quantile are out of range.

    References
    ----------
    Horn (1965), Psychometrika 30, 179-185; Glorfeld (1995), Educational and Psychological
    Measurement 55, 377-393.
    """
    R = check_correlation(correlation)
    k = len(R)
    if size <= k + 1 or draws < 1 or not 0 < quantile < 1:
        raise DataError(f"Parallel analysis needs more respondents ({size:.0f}) than items ({k}).")
    # Cross-products of so many normal rows are Wishart, whatever their number.
    products = stats.wishart(df=size - 1, scale=np.eye(k)).rvs(size=draws, random_state=rng)
    spread = np.sqrt(np.diagonal(np.reshape(products, (draws, k, k)), axis1=1, axis2=2))
    random = np.reshape(products, (draws, k, k)) / (spread[:, :, None] * spread[:, None, :])
    drawn = np.linalg.eigvalsh(random)[:, ::-1]
    chance = np.asarray(np.quantile(drawn, quantile, axis=0), dtype=np.float64)
    own = np.asarray(np.linalg.eigvalsh(R)[::-1], dtype=np.float64)
    above = own > chance
    return ParallelAnalysis(own, chance, k if above.all() else int(np.argmin(above)))


def fit_factors(
    correlation: npt.ArrayLike,
    count: int,
    size: float,
    *,
    rotation: Literal["none", "varimax", "promax"] = "varimax",
) -> Factors:
    """Maximum-likelihood factor analysis of a (weighted) correlation matrix.

    Parameters
    ----------
    correlation : (k, k) float
        For instance `weigh_items(...).correlation`.
    count : int
        Number of factors.
    size : float
        Number of respondents, the effective one when they are weighted.
    rotation : {"none", "varimax", "promax"}

    Raises
    ------
    DataError
        If it is no correlation matrix, or k items cannot carry so many factors.

    References
    ----------
    Joreskog (1967), Psychometrika 32, 443-482; Lawley & Maxwell (1971), Factor Analysis as a
    Statistical Method, ch. 4; test: Bartlett (1951), Biometrika 38, 337-344.
    """
    R = check_correlation(correlation)
    k = len(R)
    df = ((k - count) ** 2 - k - count) // 2
    if count < 1 or df < 0:
        raise DataError(f"{k} items cannot carry {count} factors: take fewer.")
    uniqueness, lack = _minimise(R, count)
    loadings, mixing = _rotate(_load(R, uniqueness, count), rotation)
    statistic = max(0.0, (size - 1 - (2 * k + 5) / 6 - 2 * count / 3) * lack)
    explained = (loadings**2).sum(axis=0) / k
    order = np.argsort(-explained, kind="stable")
    sign = np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)[order]
    return Factors(
        loadings[:, order] * sign,
        uniqueness,
        mixing[np.ix_(order, order)] * np.outer(sign, sign),
        statistic,
        df,
        float(stats.chi2.sf(statistic, df)) if df else np.nan,
        explained[order],
        bool((uniqueness <= _FLOOR * (1 + 1e-6)).any()),
    )


def _minimise(R: Floats, count: int) -> tuple[Floats, float]:
    """Uniquenesses, and the discrepancy that remains at them."""

    def lack(log_psi: Floats) -> tuple[float, Floats]:
        psi = np.exp(log_psi)
        value, vector = _eigen(R, psi)
        rest = value[count:]
        discrepancy = float((rest - np.log(rest) - 1).sum())
        slope = (vector[:, count:] ** 2 * (1 - rest)).sum(axis=1)
        return discrepancy, np.asarray(slope)

    start = (1 - 0.5 * count / len(R)) / np.diagonal(np.linalg.inv(R))
    found = minimize(
        lack,
        np.log(np.clip(start, _FLOOR, 1)),
        jac=True,
        method="L-BFGS-B",
        bounds=[(np.log(_FLOOR), 0.0)] * len(R),
        options={"ftol": 1e-16, "gtol": 1e-10, "maxiter": 10_000, "maxfun": 100_000, "maxcor": 30},
    )
    return np.exp(found.x), float(found.fun)


def _eigen(R: Floats, psi: Floats) -> tuple[Floats, Floats]:
    """Eigenvalues, largest first, and vectors of the correlations in units of uniqueness."""
    scale = 1 / np.sqrt(psi)
    value, vector = np.linalg.eigh(R * np.outer(scale, scale))
    return value[::-1], vector[:, ::-1]


def _load(R: Floats, psi: Floats, count: int) -> Floats:
    value, vector = _eigen(R, psi)
    strength = np.sqrt(np.maximum(value[:count] - 1, 0))
    return np.asarray(np.sqrt(psi)[:, None] * vector[:, :count] * strength)


def _rotate(loadings: Floats, rotation: str) -> tuple[Floats, Floats]:
    same = np.eye(loadings.shape[1])
    if rotation == "none" or loadings.shape[1] == 1:
        return loadings, same
    turned = rotate_varimax(loadings)
    return (turned, same) if rotation == "varimax" else rotate_promax(turned)
