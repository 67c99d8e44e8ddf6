"""The Fay-Herriot model: direct estimates drawn towards a regression, area by area."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.arrays import Bools, Floats
from analysis.errors import DataError
from analysis.small_areas.components import (
    Areas,
    Fit,
    Method,
    estimate_component,
    fit_at,
    log_likelihood,
)


@dataclass(frozen=True, slots=True, eq=False)
class SmallAreas:
    """Modelled figures of K areas.

    Attributes
    ----------
    estimate, mse : (K,) float
        Empirical best predictor and its estimated mean squared error.
    direct, variance : (K,) float
        What went in.
    synthetic, gamma : (K,) float
        Regression value, and the share of the direct estimate in the prediction.
    fitted : (K,) bool
        Whether the area's own data took part; the others are synthetic only.
    sigma2 : float
        Variance between areas; `at_zero` says that the data asked for none, so that every
        figure is synthetic.
    beta, beta_vcov : (p,), (p, p) float
        Coefficients and their covariance.
    X : (K, p) float
        Covariates with the intercept first.
    loglik : float
        Log-likelihood at the solution.
    method, adjusted, benchmarked : str, bool, str
        How it was made; `benchmarked` is "" until totals are matched.
    """

    estimate: Floats
    mse: Floats
    direct: Floats
    variance: Floats
    synthetic: Floats
    gamma: Floats
    fitted: Bools
    sigma2: float
    beta: Floats
    beta_vcov: Floats
    X: Floats
    loglik: float
    method: Method
    adjusted: bool
    benchmarked: str = ""

    @property
    def at_zero(self) -> bool:
        """Whether no variance between areas was found."""
        return self.sigma2 == 0

    @property
    def beta_se(self) -> Floats:
        """Standard errors of the coefficients, (p,)."""
        return np.sqrt(np.diagonal(self.beta_vcov))

    def to_frame(self) -> pl.DataFrame:
        """One row per area, with the column `kind`: "modelled" or "synthetic", never "direct"."""
        return pl.DataFrame(
            {
                "estimate": self.estimate,
                "rmse": np.sqrt(self.mse),
                "direct": self.direct,
                "direct_se": np.sqrt(self.variance),
                "synthetic": self.synthetic,
                "gamma": self.gamma,
                "kind": np.where(self.fitted & ~np.array(self.at_zero), "modelled", "synthetic"),
                "benchmarked": [self.benchmarked] * len(self.estimate),
            }
        )


def fit_fay_herriot(
    direct: npt.ArrayLike,
    variance: npt.ArrayLike,
    covariates: npt.ArrayLike | None = None,
    *,
    method: Method = "reml",
    adjusted: bool = False,
) -> SmallAreas:
    """Fay-Herriot predictions of every area with their mean squared errors.

    Areas without a direct estimate, or whose sampling variance is missing or zero (which a
    handful of equal answers gives), stay out of the fit and get the regression value.

    Parameters
    ----------
    direct : (K,) float
        Direct estimates.
    variance : (K,) float
        Their sampling variances; noisy ones should be smoothed first (`smooth_variances`).
    covariates : (K, p) float, optional
        Covariates; an intercept is added.
    method : {"reml", "ml", "fh", "pr", "dl"}
        Estimator of the variance between areas.
    adjusted : bool
        Multiply the (restricted) likelihood by the variance, so that it is never estimated as
        zero; "reml" and "ml" only.

    Raises
    ------
    DataError
        If shapes do not fit, a covariate is missing, covariates are collinear, too few areas
        remain, or `adjusted` is asked of a moment estimator.

    References
    ----------
    Fay & Herriot (1979), JASA 74, 269-277; mean squared errors: Prasad & Rao (1990), JASA 85,
    163-171; Datta & Lahiri (2000), Statistica Sinica 10, 613-627; Datta, Rao & Smith (2005),
    Biometrika 92, 183-196; Li & Lahiri (2010), Journal of Multivariate Analysis 101, 882-892.
    Overview: Rao & Molina (2015), Small Area Estimation, 2nd ed., sections 6.1 and 6.2.
    """
    if adjusted and method not in {"reml", "ml"}:
        raise DataError(f"Only 'reml' and 'ml' can be adjusted, not {method!r}.")
    y, psi, X = _check(direct, variance, covariates)
    fitted = np.isfinite(y) & np.isfinite(psi) & (psi > 0)
    areas = Areas(y[fitted], psi[fitted], X[fitted])
    _check_rank(areas)
    sigma2 = estimate_component(areas, method, adjusted=adjusted)
    fit = fit_at(areas, sigma2)
    synthetic = X @ fit.beta
    gamma = np.zeros_like(y)
    gamma[fitted] = sigma2 / fit.V
    estimate = synthetic.copy()
    estimate[fitted] += gamma[fitted] * fit.residual
    # Without own data an area differs from the regression by its whole random effect.
    mse = sigma2 + _lines(X, fit.vcov)
    mse[fitted] = _mean_squared_error(areas, fit, sigma2, method, adjusted=adjusted)
    loglik = log_likelihood(areas, fit)
    return SmallAreas(
        estimate,
        mse,
        y,
        psi,
        synthetic,
        gamma,
        fitted,
        sigma2,
        fit.beta,
        fit.vcov,
        X,
        loglik,
        method,
        adjusted,
    )


def _check(
    direct: npt.ArrayLike, variance: npt.ArrayLike, covariates: npt.ArrayLike | None
) -> tuple[Floats, Floats, Floats]:
    y, psi = np.asarray(direct, dtype=float), np.asarray(variance, dtype=float)
    if y.ndim != 1 or psi.shape != y.shape:
        raise DataError(f"Give one variance per direct estimate: {psi.shape} for {y.shape}.")
    if np.any(psi < 0):
        raise DataError(f"The variance of area {int(np.argmax(psi < 0))} is negative.")
    given = np.zeros((len(y), 0)) if covariates is None else np.asarray(covariates, dtype=float)
    given = given[:, None] if given.ndim == 1 else given
    if given.shape[0] != len(y) or not np.isfinite(given).all():
        raise DataError(f"Covariates need one complete row per area ({len(y)}): {given.shape}.")
    return y, psi, np.column_stack([np.ones(len(y)), given])


def _check_rank(areas: Areas) -> None:
    m, p = areas.X.shape
    if m < p + 2:
        raise DataError(f"{m} areas with a variance cannot carry {p} coefficients: use fewer.")
    scaled = areas.X / np.sqrt((areas.X**2).sum(axis=0))
    if not np.isfinite(scaled).all() or np.linalg.matrix_rank(scaled, tol=1e-10) < p:
        raise DataError("The covariates are collinear (an intercept is added): drop one.")


def _lines(X: Floats, vcov: Floats) -> Floats:
    """Variance of the regression value of each area, (K,)."""
    return np.asarray(np.einsum("ij,jk,ik->i", X, vcov, X))


def _mean_squared_error(
    areas: Areas, fit: Fit, sigma2: float, method: Method, *, adjusted: bool
) -> Floats:
    shrink = areas.psi / fit.V
    spread, bias = _component_moments(areas, fit, sigma2, method, adjusted=adjusted)
    g1 = sigma2 * shrink
    g2 = shrink**2 * _lines(areas.X, fit.vcov)
    g3 = shrink**2 / fit.V * spread
    error = g1 + g2 + 2 * g3
    corrected = error - bias * shrink**2
    # Few areas can make the correction larger than the error; then it is better left out.
    return np.asarray(np.where(corrected > 0, corrected, error))


def _component_moments(
    areas: Areas, fit: Fit, sigma2: float, method: Method, *, adjusted: bool
) -> tuple[float, float]:
    """Asymptotic variance and bias of the estimated variance between areas."""
    m = len(fit.V)
    first, second = float((1 / fit.V).sum()), float((fit.V**-2.0).sum())
    if method == "pr":
        return 2 * float((fit.V**2).sum()) / m**2, 0.0
    if method == "dl":
        weight = 1 / areas.psi
        return 2 * float((weight**2 * fit.V**2).sum()) / float(weight.sum()) ** 2, 0.0
    if method == "fh":
        return 2 * m / first**2, 2 * (m * second - first**2) / first**3
    bias = 2 / (sigma2 * second) if adjusted else 0.0
    if method == "ml":
        cross = (areas.X / fit.V[:, None] ** 2).T @ areas.X
        bias -= float(np.trace(fit.vcov @ cross)) / second
    return 2 / second, bias
