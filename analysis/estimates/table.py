"""Estimates with everything needed to judge, compare and combine them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.arrays import Floats, Ints
from analysis.design import Design, Replicates
from analysis.errors import DataError
from analysis.variance import Sums, cover_estimates


@dataclass(frozen=True, eq=False)
class Linearised:
    """Where the covariance of any two estimates comes from without replicates.

    Attributes
    ----------
    sums : Sums
    domain : (M,) int
        Domain of each estimate.
    gradient : (M, m) float
        Its derivative by the column totals of that domain.
    """

    design: Design
    sums: Sums
    domain: Ints
    gradient: Floats

    def cover(self, places: Ints) -> Floats:
        """Covariance matrix of these estimates."""
        return cover_estimates(self.design, self.sums, self.domain[places], self.gradient[places])


@dataclass(frozen=True, eq=False)
class Replicated:
    """Where the covariance of any two estimates comes from with replicates.

    Attributes
    ----------
    estimate : (M,) float
    refits : (M, R) float
        Estimates of every replicate.
    """

    replicates: Replicates
    estimate: Floats
    refits: Floats

    def cover(self, places: Ints) -> Floats:
        """Covariance matrix of these estimates.

        References
        ----------
        Wolter (2007), Introduction to Variance Estimation, 2nd ed., ch. 3 and 4.
        """
        apart = self._deviate()[places]
        return np.asarray(self.replicates.scale * (apart * self.replicates.rscales) @ apart.T)

    def spread(self) -> Floats:
        """Variance of every estimate, (M,)."""
        return np.asarray(self.replicates.scale * self._deviate() ** 2 @ self.replicates.rscales)

    def _deviate(self) -> Floats:
        counted = self.replicates.rscales > 0
        mean = self.refits[:, counted].mean(axis=1)
        centre = self.estimate if self.replicates.centred else mean
        return self.refits - centre[:, None]


@dataclass(frozen=True, eq=False)
class DomainMeans:
    """Means of V scores in D domains.

    Attributes
    ----------
    estimate, se : (D, V) float
        NaN in domains without rows.
    df : (D,) float
        Units minus strata of the domain.
    weight : (D,) float
        Sum of the weights.
    """

    estimate: Floats
    se: Floats
    df: Floats
    weight: Floats


@dataclass(frozen=True, eq=False)
class Estimates:
    """Figures by domain.

    Attributes
    ----------
    table : polars.DataFrame
        One row per domain and component: the domain's columns, `component`, `estimate`, `se`,
        `df`, `n` (rows used), `missing` (rows of the domain left out), `weight` (their sum),
        `lower`, `upper`, `cv`, `flag`, and `deff` where it was asked for.
    by : tuple of str
        Names of the domain's columns.
    confidence : float
    source : Linearised or Replicated
    """

    table: pl.DataFrame
    by: tuple[str, ...]
    confidence: float
    source: Linearised | Replicated

    def covariance(self, places: Sequence[int] | None = None) -> Floats:
        """Covariance matrix of the estimates in these rows of the table, of all by default.

        Raises
        ------
        DataError
            If that would be a matrix of more than 5,000 rows.
        """
        chosen = np.arange(len(self.table)) if places is None else np.asarray(places)
        if len(chosen) > 5000:
            raise DataError(
                f"A covariance matrix of {len(chosen)} estimates is too large; name the rows."
            )
        return self.source.cover(chosen.astype(np.int64))

    def find(self, component: str, **domain: object) -> int:
        """Row of one estimate.

        Raises
        ------
        DataError
            If there is none, or more than one.
        """
        condition = pl.col("component") == component
        for name, value in domain.items():
            condition &= pl.col(name).eq_missing(pl.lit(value))
        rows = self.table.with_row_index("place").filter(condition)["place"]
        if len(rows) != 1:
            raise DataError(f"{len(rows)} estimates match {component!r} {domain}; name one.")
        return int(rows[0])

    @property
    def estimate(self) -> Floats:
        """Estimates in the order of the table, (M,)."""
        return self.table["estimate"].to_numpy().astype(np.float64)

    @property
    def se(self) -> Floats:
        """Standard errors in the order of the table, (M,)."""
        return self.table["se"].to_numpy().astype(np.float64)
