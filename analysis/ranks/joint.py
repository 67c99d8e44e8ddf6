"""Intervals and places that hold for all agencies at once."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.arrays import Bools, Floats, Ints
from analysis.errors import DataError
from analysis.ranks.sets import rank_sets
from analysis.ranks.simulation import Spread, largest_difference, largest_error


def simultaneous_intervals(
    estimate: npt.ArrayLike,
    vcov: npt.ArrayLike,
    *,
    level: float = 0.95,
    df: npt.ArrayLike | None = None,
    rng: np.random.Generator | None = None,
    draws: int = 10_000,
) -> tuple[Floats, Floats]:
    """Intervals that hold for all agencies at once.

    Parameters
    ----------
    estimate : (K,) float
        Figures; NaN gives a NaN interval and takes no part in the simultaneity.
    vcov : (K, K) or (K,) float
        Their covariance matrix, or their variances when they are independent.
    level : float
        Joint confidence, between 0 and 1.
    df : float or (K,) float, optional
        Degrees of freedom; a single number means one shared variance estimate, a column means
        one of its own per agency. None is the normal distribution; df <= 0 gives NaN.
    rng : numpy Generator, optional
        With it, critical values come from the simulated distribution of the largest
        absolute z or t (which knows correlations); without it, from Sidak's inequality.
    draws : int
        Number of simulated draws.

    Returns
    -------
    lower, upper : (K,) float

    Raises
    ------
    DataError
        If shapes do not fit, a variance is negative, or level or draws are out of range.

    References
    ----------
    Sidak (1967), Journal of the American Statistical Association 62, 626-633, theorem 1;
    Hothorn, Bretz & Westfall (2008), Biometrical Journal 50, 346-363.
    """
    figures = _check(estimate, vcov, df, level, draws)
    half = np.full_like(figures.values, np.nan)
    known = figures.known
    if known.any():
        if rng is None:
            single = level ** (1 / known.sum())
        else:
            single = largest_error(figures.spread(), level, rng, draws)
        half[known] = stats.t.ppf((1 + single) / 2, figures.df[known]) * figures.se[known]
    return figures.values - half, figures.values + half


def joint_rank_sets(
    estimate: npt.ArrayLike,
    vcov: npt.ArrayLike,
    *,
    method: Literal["max-t", "sidak", "pairwise"] = "max-t",
    level: float = 0.95,
    df: npt.ArrayLike | None = None,
    rng: np.random.Generator | None = None,
    draws: int = 10_000,
) -> tuple[Ints, Ints]:
    """First and last place of each agency, all correct at once with probability `level`.

    Parameters
    ----------
    estimate, vcov, level, df, draws
        As in `simultaneous_intervals`.
    method : {"max-t", "sidak", "pairwise"}
        Simultaneous intervals by simulation or by Sidak's inequality, or simultaneous
        intervals for all differences, which gives the smallest sets and costs
        draws x K^2 (fit for up to some hundred agencies).
    rng : numpy Generator
        Needed by "max-t" and "pairwise"; not used by "sidak".

    Returns
    -------
    low, high : (K,) int
        1 is the highest figure.

    Raises
    ------
    DataError
        As `simultaneous_intervals`, when `rng` is missing, or for "pairwise" with one df
        per agency.

    References
    ----------
    Klein, Wright & Wieczorek (2020), Journal of the Royal Statistical Society A 183,
    589-606; Mogstad, Romano, Shaikh & Wilhelm (2024), Review of Economic Studies 91,
    476-518 ("pairwise").
    """
    if method == "sidak":
        return rank_sets(*simultaneous_intervals(estimate, vcov, level=level, df=df))
    if rng is None:
        raise DataError(f"Rank sets by {method} are simulated: pass rng, or use method='sidak'.")
    if method == "max-t":
        return rank_sets(
            *simultaneous_intervals(estimate, vcov, level=level, df=df, rng=rng, draws=draws)
        )
    if np.ndim(df if df is not None else 0):
        raise DataError("Pairwise rank sets take one df for all: give a number, or use 'max-t'.")
    return _pairwise(_check(estimate, vcov, df, level, draws), level, rng, draws)


@dataclass(frozen=True, slots=True)
class _Figures:
    values: Floats
    vcov: Floats
    df: Floats
    shared_df: bool

    @property
    def se(self) -> Floats:
        return np.sqrt(self.vcov if self.vcov.ndim == 1 else np.diagonal(self.vcov))

    @property
    def known(self) -> Bools:
        known: Bools = np.isfinite(self.values) & np.isfinite(self.se) & (self.df > 0)
        return known

    def spread(self) -> Spread:
        known = self.known
        kept = self.vcov[known] if self.vcov.ndim == 1 else self.vcov[np.ix_(known, known)]
        if not np.isfinite(kept).all():
            raise DataError("A covariance is missing between two figures that have variances.")
        return Spread(kept, self.df[known][:1] if self.shared_df else self.df[known])


def _check(
    estimate: npt.ArrayLike,
    vcov: npt.ArrayLike,
    df: npt.ArrayLike | None,
    level: float,
    draws: int,
) -> _Figures:
    values, covariance = np.asarray(estimate, dtype=float), np.asarray(vcov, dtype=float)
    if values.ndim != 1 or covariance.shape not in {values.shape, values.shape * 2}:
        raise DataError(f"{values.shape} figures need vcov (K, K) or (K,), not {covariance.shape}.")
    if np.any((covariance if covariance.ndim == 1 else np.diagonal(covariance)) < 0):
        raise DataError("A variance is negative: check vcov before ranking.")
    if not 0 < level < 1 or draws < 1:
        raise DataError(f"Give a level between 0 and 1 and at least one draw: {level}, {draws}.")
    freedom = np.asarray(np.inf if df is None else df, dtype=float)
    if freedom.ndim and freedom.shape != values.shape:
        raise DataError(f"Give one df, or one per figure: {freedom.shape} for {values.shape}.")
    return _Figures(values, covariance, np.broadcast_to(freedom, values.shape), freedom.ndim == 0)


def _pairwise(
    figures: _Figures, level: float, rng: np.random.Generator, draws: int
) -> tuple[Ints, Ints]:
    known = figures.known
    k = len(figures.values)
    above = np.zeros((k, k), dtype=bool)
    if known.sum() > 1:
        critical, se = largest_difference(figures.spread(), level, rng, draws)
        values = figures.values[known]
        above[np.ix_(known, known)] = values[:, None] - values > critical * se
    return 1 + above.sum(axis=0, dtype=np.int64), k - above.sum(axis=1, dtype=np.int64)
