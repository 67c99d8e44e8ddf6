"""Key drivers of an overall rating, with the uncertainty of their importance."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from analysis.arrays import Bools, Floats
from analysis.codes import require, to_numbers
from analysis.design import Design, narrow
from analysis.drivers.importance import average_orders, check_covariance, weigh_factors
from analysis.errors import DataError
from analysis.estimates import estimate_means, estimate_top_boxes
from analysis.intervals import find_critical_value
from analysis.models import Model, fit_regression
from analysis.variance import estimate_covariance

Method = Literal["averaging", "weights"]


@dataclass(frozen=True, eq=False)
class Drivers:
    """Importance and performance of p factors.

    Attributes
    ----------
    names : tuple of str
    importance, importance_vcov : (p,), (p, p) float
        Share of the explained variance of the overall rating, 0 to 1; they sum to 1.
    performance, performance_se : (p,) float
        Share of satisfied answers, or mean, as asked.
    r_squared : float
        Share of the overall rating's variance that all factors explain.
    model : Model
        Linear regression of the overall rating on all factors.
    method : {"averaging", "weights"}
    used : (n,) bool
        Rows with an overall rating and all factors.
    dropped : int
        Rows inside the design that lack one.
    df : int
    """

    names: tuple[str, ...]
    importance: Floats
    importance_vcov: Floats
    performance: Floats
    performance_se: Floats
    r_squared: float
    model: Model
    method: Method
    used: Bools
    dropped: int
    df: int

    @property
    def importance_se(self) -> Floats:
        """Standard errors of the importance, (p,)."""
        return np.sqrt(np.maximum(np.diagonal(self.importance_vcov), 0.0))

    @property
    def priority(self) -> tuple[str, ...]:
        """Per factor `improve`, `keep_up`, `watch` or `maintain`, against the means of both."""
        matters = self.importance > self.importance.mean()
        well = self.performance > np.nanmean(self.performance)
        names = {(True, False): "improve", (True, True): "keep_up", (False, False): "watch"}
        return tuple(
            names.get(pair, "maintain")
            for pair in zip(matters.tolist(), well.tolist(), strict=True)
        )

    def to_frame(self, confidence: float = 0.95) -> pl.DataFrame:
        """One row per factor, the most important first."""
        reach = find_critical_value(confidence, self.df) * self.importance_se
        table = self.model.to_frame(confidence).filter(pl.col("name") != "(Intercept)")
        return pl.DataFrame(
            {
                "factor": self.names,
                "importance": self.importance,
                "importance_lower": np.clip(self.importance - reach, 0.0, 1.0),
                "importance_upper": np.clip(self.importance + reach, 0.0, 1.0),
                "performance": self.performance,
                "performance_se": self.performance_se,
                "coefficient": table["estimate"],
                "coefficient_se": table["se"],
                "p_value": table["p_value"],
                "priority": self.priority,
            }
        ).sort("importance", descending=True, maintain_order=True)


def find_drivers(
    design: Design,
    overall: str,
    factors: Sequence[str],
    *,
    satisfied_from: float | None = 4,
    method: Method | None = None,
) -> Drivers:
    """How much of the overall rating's variance each factor explains, and how it is rated.

    This is about association: a factor that moves with overall satisfaction need not cause it.

    Parameters
    ----------
    design : Design
    overall : str
        Overall rating.
    factors : sequence of str
        Ratings of the factors; rows that lack one are left out of the importance, and kept in
        the performance of the others.
    satisfied_from : float, optional
        Performance is the share of ratings from here on; None makes it their mean.
    method : {"averaging", "weights"}, optional
        Over all orders of adding factors (the default up to 12), or by relative weights.

    Raises
    ------
    DataError
        If a column is missing, no variance is explained, or factors repeat one another.

    References
    ----------
    Gromping (2007), American Statistician 61, 139-147; Johnson (2000), Multivariate Behavioral
    Research 35, 1-19; standard errors by linearisation of the covariance matrix: Binder (1983),
    International Statistical Review 51, 279-292; performance against importance: Martilla &
    James (1977), Journal of Marketing 41, 77-79.
    """
    names = [*factors, overall]
    require(design.data, names)
    if len(set(names)) < len(names):
        raise DataError("A factor is named twice, or is the overall rating itself.")
    table = np.column_stack([to_numbers(design.data, name) for name in names])
    inside = design.inside & (design.weights.final > 0)
    used = inside & np.isfinite(table).all(axis=1)
    chosen: Method = method or ("averaging" if len(factors) <= 12 else "weights")
    importance, influence, r_squared = _linearise(design, table, used, chosen)
    model = fit_regression(design, f"`{overall}` ~ {' + '.join(f'`{name}`' for name in factors)}")
    if satisfied_from is None:
        rated = estimate_means(design, factors, missing="available")
    else:
        rated = estimate_top_boxes(design, factors, lowest=satisfied_from, missing="available")
    return Drivers(
        names=tuple(factors),
        importance=importance,
        importance_vcov=estimate_covariance(narrow(design, used), influence),
        performance=rated.estimate,
        performance_se=rated.se,
        r_squared=r_squared,
        model=model,
        method=chosen,
        used=used,
        dropped=int(inside.sum() - used.sum()),
        df=model.df,
    )


def _linearise(
    design: Design, table: Floats, used: Bools, method: Method
) -> tuple[Floats, Floats, float]:
    """Shares of importance (p,), their influence (n, p), and R squared."""
    rows, weight = table[used], design.weights.final[used]
    if len(rows) <= table.shape[1] + 1:
        raise DataError(
            f"{len(rows)} rows have all ratings: too few for {table.shape[1] - 1} factors."
        )
    still = np.flatnonzero(np.ptp(rows, axis=0) == 0)
    if len(still):
        raise DataError(f"Rating {still[0]} of {table.shape[1]} has one value only: leave it out.")
    total = weight.sum()
    centred = rows - weight @ rows / total
    S = check_covariance((centred * weight[:, None]).T @ centred / total)
    differentiate = _differentiate_orders if method == "averaging" else _differentiate_weights
    shares, gradients = differentiate(S)
    r_squared = float(shares.sum())
    if r_squared < 1e-12:
        raise DataError("The factors explain nothing of the overall rating: there are no drivers.")
    relative = shares / r_squared
    # Of shares that sum to one.
    slopes = (gradients - relative[:, None, None] * gradients.sum(axis=0)) / r_squared
    influence = np.zeros((len(table), len(shares)))
    for factor, slope in enumerate(slopes):
        moved = ((centred @ slope) * centred).sum(axis=1) - float((slope * S).sum())
        influence[used, factor] = moved / total
    return relative, influence, r_squared


def _differentiate_orders(S: Floats) -> tuple[Floats, Floats]:
    """Shares (p,) and their derivatives by the covariances (p, k, k), exact."""
    k = len(S)
    gradients = np.zeros((k - 1, k, k))
    for row in range(k):
        for column in range(row, k):
            step = S.astype(complex)
            step[row, column] += 1e-25j
            step[column, row] = step[row, column]
            slope = average_orders(step).imag / 1e-25
            gradients[:, row, column] += slope / 2
            gradients[:, column, row] += slope / 2
    return np.asarray(average_orders(S).real), gradients


def _differentiate_weights(S: Floats) -> tuple[Floats, Floats]:
    """The same for relative weights, by central differences."""
    k = len(S)
    gradients = np.zeros((k - 1, k, k))
    scale = np.sqrt(np.diagonal(S))
    for row in range(k):
        for column in range(row, k):
            size = 1e-5 * scale[row] * scale[column]
            moved = []
            for sign in (1.0, -1.0):
                step = S.copy()
                step[row, column] += sign * size
                step[column, row] = step[row, column]
                moved.append(weigh_factors(step))
            slope = (moved[0] - moved[1]) / (2 * size)
            gradients[:, row, column] += slope / 2
            gradients[:, column, row] += slope / 2
    return weigh_factors(S), gradients
