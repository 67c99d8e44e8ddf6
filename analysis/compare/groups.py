"""Design-based tests of means and ranks between groups."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.arrays import Floats
from analysis.design import Design, narrow
from analysis.errors import DataError
from analysis.intervals import find_critical_value
from analysis.models import Model, check_terms, fit_regression

Ties = Literal["half", "order"]
RankScore = Literal["wilcoxon", "van-der-waerden", "median"]


@dataclass(frozen=True)
class GroupTest:
    """A test of groups.

    Attributes
    ----------
    estimate, lower, upper : float
        Mean, or second group's mean less the first's; NaN for three groups and more.
    statistic : float
        t; F for three groups and more.
    df : tuple of float
        Degrees of freedom of the denominator, before it those of the numerator for F.
    p_value : float
    """

    estimate: float
    lower: float
    upper: float
    statistic: float
    df: tuple[float, ...]
    p_value: float


def check_mean(
    design: Design,
    variable: str,
    *,
    null: float = 0.0,
    response: npt.ArrayLike | None = None,
    df: float | None = None,
    confidence: float = 0.95,
) -> GroupTest:
    """Design-based t test that a mean has a given value.

    Parameters
    ----------
    design : Design
    variable : str
    null : float
    response : (n,) float, optional
        Values to use instead of the column.
    df : float, optional
        By default those of the design on the rows used.
    confidence : float

    Raises
    ------
    DataError
        If the variable is missing or holds text.

    References
    ----------
    Korn & Graubard (1999), Analysis of Health Surveys.
    """
    model = fit_regression(design, f"{variable} ~ 1", response=response)
    return _test_coefficient(model, 0, model.df if df is None else df, null, confidence)


def compare_means(
    design: Design,
    variable: str,
    group: str,
    *,
    response: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> GroupTest:
    """Design-based test that groups have the same mean: t for two, Wald's F for more.

    Parameters
    ----------
    design : Design
    variable, group : str
    response : (n,) float, optional
        Values to use instead of the column.
    confidence : float

    Raises
    ------
    DataError
        If a column is missing or there is one group only.

    References
    ----------
    Korn & Graubard (1999), Analysis of Health Surveys.
    """
    model = fit_regression(design, f"{variable} ~ {_as_groups(design, group)}", response=response)
    return _conclude(model, group, confidence)


def compare_ranks(
    design: Design,
    variable: str,
    group: str,
    *,
    score: RankScore = "wilcoxon",
    ties: Ties = "half",
    confidence: float = 0.95,
) -> GroupTest:
    """Design-based rank test that groups have the same distribution.

    Ranks are estimated for the population, 0 to 1; the test compares their mean scores.

    Parameters
    ----------
    design : Design
    variable, group : str
    score : {"wilcoxon", "van-der-waerden", "median"}
        The rank itself, its normal quantile, or whether it lies above one half.
    ties : {"half", "order"}
        Equal values share the middle of their ranks; or the plain mean of the ranks they have in
        the order of rows, as R's survey package does, which depends on that order.
    confidence : float

    Raises
    ------
    DataError
        If a column is missing or there is one group only.

    References
    ----------
    Lumley & Scott (2013), Biometrika 100, 831-842.
    """
    frame = design.data
    groups = _as_groups(design, group)
    values = fit_regression(design, f"{variable} ~ {groups}")
    complete = narrow(design, values.used)
    y = frame[variable].cast(float).to_numpy()
    ranks = _rank_population(y, complete.weights.final, ties)
    if score == "van-der-waerden":
        ranks = stats.norm.ppf(ranks)
    elif score == "median":
        ranks = (ranks > 0.5).astype(np.float64)
    model = fit_regression(complete, f"{variable} ~ {groups}", response=ranks)
    return _conclude(model, group, confidence)


def _as_groups(design: Design, group: str) -> str:
    if group in design.data.columns and design.data[group].dtype.is_numeric():
        raise DataError(f"{group} holds numbers: turn it into text to compare its groups.")
    return f"`{group}`"


def _conclude(model: Model, group: str, confidence: float) -> GroupTest:
    if len(model.coefficients) == 2:
        return _test_coefficient(model, 1, model.df_residual, 0.0, confidence)
    wald = check_terms(model, [group])
    df = (float(wald.df_numerator), float(wald.df_denominator))
    return GroupTest(np.nan, np.nan, np.nan, wald.statistic, df, wald.p_value)


def _test_coefficient(
    model: Model, place: int, df: float, null: float, confidence: float
) -> GroupTest:
    estimate, se = float(model.coefficients[place]), float(model.se[place])
    reach = float(find_critical_value(confidence, df)) * se
    statistic = (estimate - null) / se if se > 0 else np.nan
    p_value = float(2 * stats.t.sf(abs(statistic), df)) if df > 0 else np.nan
    return GroupTest(estimate, estimate - reach, estimate + reach, statistic, (df,), p_value)


def _rank_population(y: Floats, weight: Floats, ties: Ties) -> Floats:
    """Estimated share of the population below each value, with half of itself, (n,)."""
    used = np.flatnonzero(weight > 0)
    order = used[np.argsort(y[used], kind="stable")]
    mass = weight[order]
    level = np.cumsum(np.r_[False, y[order][1:] != y[order][:-1]])
    single = np.cumsum(mass) - mass / 2
    # The weighted mean of the ranks that ties hold in any order is the same for every order.
    share = mass if ties == "half" else np.ones_like(mass)
    middle = np.bincount(level, share * single) / np.bincount(level, share)
    ranks = np.full(len(y), np.nan)
    ranks[order] = middle[level] / mass.sum()
    return ranks
