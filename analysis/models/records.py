"""A fitted model, and the tables and tests that are read off it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import stats

from analysis.arrays import Bools, Floats
from analysis.errors import DataError
from analysis.formulas import Formula
from analysis.intervals import find_critical_value


@dataclass(frozen=True, eq=False)
class Model:
    """Coefficients of a model with their design-based covariance.

    Attributes
    ----------
    kind : str
        gaussian, binomial, poisson, or ordinal-logit, ordinal-probit, ordinal-cloglog.
    response : str
    formula : Formula
        Right-hand side.
    names : tuple of str, p
        Columns of the model matrix; for ordinal models the thresholds ("1|2") follow.
    term : tuple of int, p
        Term of the formula that a coefficient belongs to; -1 for intercept and thresholds.
    coefficients, vcov : (p,), (p, p) float
    influence : (n, p) float
        Linearised variable of each row of the design; weighted totals of it have the covariance
        of the coefficients.
    used : (n,) bool
        Rows inside the design that were complete.
    dropped : int
        Rows inside the design that were not.
    df : int
        Degrees of freedom of the design on the rows used.
    df_residual : int
        df + 1 less the coefficients: those of tests and intervals.
    levels : tuple of float
        Ordered answers of an ordinal model.
    """

    kind: str
    response: str
    formula: Formula
    names: tuple[str, ...]
    term: tuple[int, ...]
    coefficients: Floats
    vcov: Floats
    influence: Floats
    used: Bools
    dropped: int
    df: int
    df_residual: int
    levels: tuple[float, ...] = ()

    @property
    def se(self) -> Floats:
        """Standard errors, (p,)."""
        return np.sqrt(np.diagonal(self.vcov))

    def to_frame(self, confidence: float = 0.95) -> pl.DataFrame:
        """One row per coefficient: estimate, se, t, p_value, lower, upper."""
        return tabulate(self.names, self.coefficients, self.se, self.df_residual, confidence)


@dataclass(frozen=True)
class WaldTest:
    """Test that several coefficients are zero: F with its degrees of freedom."""

    statistic: float
    df_numerator: int
    df_denominator: int
    p_value: float


def tabulate(
    names: Sequence[str], estimate: Floats, se: Floats, df: float, confidence: float
) -> pl.DataFrame:
    """Estimates with t tests and t intervals; without degrees of freedom those are NaN."""
    t = np.divide(estimate, se, out=np.full_like(estimate, np.nan), where=se > 0)
    p_value = 2 * stats.t.sf(np.abs(t), df) if df > 0 else np.full_like(t, np.nan)
    reach = find_critical_value(confidence, df) * se
    return pl.DataFrame(
        {
            "name": list(names),
            "estimate": estimate,
            "se": se,
            "t": t,
            "p_value": p_value,
            "lower": estimate - reach,
            "upper": estimate + reach,
        }
    )


def check_terms(model: Model, terms: Sequence[str]) -> WaldTest:
    """Whether whole terms of the formula matter, all their coefficients together.

    Parameters
    ----------
    model : Model
    terms : sequence of str
        As in the formula, interactions with a colon.

    Raises
    ------
    DataError
        If a term is not in the formula, or its coefficients have no covariance of full rank.

    References
    ----------
    Korn & Graubard (1990), American Statistician 44, 270-276.
    """
    known = {frozenset(term): number for number, term in enumerate(model.formula.terms)}
    asked = []
    for text in terms:
        term = frozenset(part.strip() for part in text.split(":"))
        if term not in known:
            raise DataError(f"The formula has no term {text!r}: take one of it.")
        asked.append(known[term])
    columns = np.flatnonzero(np.isin(np.array(model.term), asked))
    beta, vcov = model.coefficients[columns], model.vcov[np.ix_(columns, columns)]
    q = len(columns)
    scale = np.sqrt(np.diagonal(vcov))
    if not q or not (scale > 0).all() or np.linalg.matrix_rank(vcov / np.outer(scale, scale)) < q:
        raise DataError(
            f"{q} coefficients of {', '.join(terms)} have a covariance of lower rank: the design "
            f"has {model.df} degrees of freedom."
        )
    statistic = float(beta @ np.linalg.solve(vcov, beta)) / q
    df = model.df_residual
    p_value = float(stats.f.sf(statistic, q, df)) if df > 0 else np.nan
    return WaldTest(statistic, q, df, p_value)
