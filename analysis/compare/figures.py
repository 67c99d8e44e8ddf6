"""A few figures with their covariance: what every comparison takes and gives."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import stats

from analysis.arrays import Floats
from analysis.compare.multiplicity import Adjustment, adjust_p_values
from analysis.errors import DataError
from analysis.estimates import Estimates
from analysis.intervals import find_critical_value


@dataclass(frozen=True, eq=False)
class Figures:
    """Figures with their joint covariance.

    Attributes
    ----------
    labels : polars.DataFrame
        One row per figure saying which it is.
    estimate, vcov, df : (M,), (M, M), (M,) float
    """

    labels: pl.DataFrame
    estimate: Floats
    vcov: Floats
    df: Floats

    @property
    def se(self) -> Floats:
        """Standard errors, (M,)."""
        # Rounding may leave a variance of zero a hair below it.
        return np.sqrt(np.maximum(np.diagonal(self.vcov), 0.0))

    def to_frame(
        self, confidence: float = 0.95, *, null: float = 0.0, adjust: Adjustment = "none"
    ) -> pl.DataFrame:
        """Labels with estimate, se, df, t, p_value (adjusted if asked for), lower and upper.

        Parameters
        ----------
        confidence : float
            Of each interval by itself.
        null : float
            Value that the t tests are against.
        adjust : {"none", "holm", "bh"}
            See `adjust_p_values`.
        """
        se = self.se
        t = np.divide(
            self.estimate - null, se, out=np.full_like(se, np.nan), where=(se > 0) & (self.df > 0)
        )
        p_value = 2 * stats.t.sf(np.abs(t), np.where(self.df > 0, self.df, np.nan))
        reach = find_critical_value(confidence, self.df) * se
        return self.labels.with_columns(
            pl.Series("estimate", self.estimate),
            pl.Series("se", se),
            pl.Series("df", self.df),
            pl.Series("t", t),
            pl.Series("p_value", adjust_p_values(p_value, adjust)),
            pl.Series("lower", self.estimate - reach),
            pl.Series("upper", self.estimate + reach),
        )


def pick(source: Estimates | Figures, places: Sequence[int] | None = None) -> Figures:
    """Some figures, all by default, with the covariance they have.

    Parameters
    ----------
    source : Estimates or Figures
    places : sequence of int, optional
        Rows of its table; `Estimates.find` tells them.

    Raises
    ------
    DataError
        If a place is not there, or the covariance would be too large.
    """
    size = len(source.estimate)
    chosen = np.arange(size) if places is None else np.asarray(places, dtype=np.int64)
    if ((chosen < 0) | (chosen >= size)).any():
        raise DataError(
            f"There are {size} figures, counted from 0; {list(places or [])} has others."
        )
    if isinstance(source, Figures):
        vcov = source.vcov[np.ix_(chosen, chosen)]
        return Figures(source.labels[chosen], source.estimate[chosen], vcov, source.df[chosen])
    labels = source.table.select(*source.by, "component")[chosen]
    df = source.table["df"].to_numpy().astype(np.float64)
    return Figures(
        labels, source.estimate[chosen], source.covariance([int(k) for k in chosen]), df[chosen]
    )
