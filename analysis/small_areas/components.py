"""The variance between areas: five estimators of one number."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import brentq

from analysis.arrays import Floats

Method = Literal["reml", "ml", "fh", "pr", "dl"]


@dataclass(frozen=True, slots=True)
class Areas:
    """Direct estimates (m,), their sampling variances (m,) > 0 and covariates (m, p)."""

    y: Floats
    psi: Floats
    X: Floats


@dataclass(frozen=True, slots=True)
class Fit:
    """Generalised least squares at one value of the variance between areas."""

    V: Floats
    beta: Floats
    vcov: Floats
    residual: Floats
    logdet: float


def fit_at(areas: Areas, sigma2: float) -> Fit:
    """Coefficients (p,) and their covariance (p, p) when the variance between areas is sigma2."""
    V = sigma2 + areas.psi
    root = areas.X / np.sqrt(V)[:, None]
    q, r = np.linalg.qr(root)
    beta = np.linalg.solve(r, q.T @ (areas.y / np.sqrt(V)))
    inverse = np.linalg.inv(r)
    logdet = 2 * float(np.log(np.abs(np.diagonal(r))).sum())
    return Fit(V, beta, inverse @ inverse.T, areas.y - areas.X @ beta, logdet)


def estimate_component(areas: Areas, method: Method, *, adjusted: bool) -> float:
    """Variance between areas, in the squared unit of the figures; 0 where the data ask for less.

    References
    ----------
    Rao & Molina (2015), Small Area Estimation, 2nd ed., section 6.1.2, for all but "dl". REML
    and ML: Datta & Lahiri (2000), Statistica Sinica 10, 613-627; "fh": Fay & Herriot (1979),
    JASA 74, 269-277 (also known as Paule & Mandel 1982); "pr": Prasad & Rao (1990), JASA 85,
    163-171; "dl": DerSimonian & Laird (1986), Controlled Clinical Trials 7, 177-188; `adjusted`:
    Li & Lahiri (2010), Journal of Multivariate Analysis 101, 882-892.
    """
    if method in {"pr", "dl"}:
        return _solve_linear_moment(
            areas, np.ones_like(areas.psi) if method == "pr" else 1 / areas.psi
        )
    if method == "fh":
        return _solve_moment(areas)
    return _maximise(areas, restricted=method == "reml", adjusted=adjusted)


def _solve_linear_moment(areas: Areas, weight: Floats) -> float:
    """Moment of the residuals of a fit with weights that do not depend on the answer."""
    root = areas.X * np.sqrt(weight)[:, None]
    q = np.linalg.qr(root)[0]
    scaled = np.sqrt(weight) * areas.y
    square = float(((scaled - q @ (q.T @ scaled)) ** 2).sum())
    leverage = (q**2).sum(axis=1)
    expected = float((weight * areas.psi * (1 - leverage)).sum())
    return max(0.0, (square - expected) / float((weight * (1 - leverage)).sum()))


def _solve_moment(areas: Areas) -> float:
    m, p = areas.X.shape

    def excess(sigma2: float) -> float:
        fit = fit_at(areas, sigma2)
        return float((fit.residual**2 / fit.V).sum() - (m - p))

    if excess(0.0) <= 0:
        return 0.0
    return _root(excess, 0.0, _beyond(excess, _scale(areas)))


def log_likelihood(areas: Areas, fit: Fit, *, restricted: bool = False) -> float:
    """Log-likelihood at a fit, with all constants (those of REML as in Harville 1974)."""
    m, p = areas.X.shape
    deviance = np.log(fit.V).sum() + (fit.residual**2 / fit.V).sum()
    count = m
    if restricted:
        deviance += fit.logdet - np.linalg.slogdet(areas.X.T @ areas.X)[1]
        count = m - p
    return float(-0.5 * (count * np.log(2 * np.pi) + deviance))


def _maximise(areas: Areas, *, restricted: bool, adjusted: bool) -> float:
    """The highest of all maxima: a likelihood of few areas may have more than one."""

    def score(sigma2: float) -> float:
        fit = fit_at(areas, sigma2)
        slope = (fit.residual**2 / fit.V**2).sum() - (1 / fit.V).sum()
        if restricted:
            slope += np.trace(fit.vcov @ ((areas.X / fit.V[:, None] ** 2).T @ areas.X))
        return float(slope) / 2 + (1 / sigma2 if adjusted else 0.0)

    def height(sigma2: float) -> float:
        value = log_likelihood(areas, fit_at(areas, sigma2), restricted=restricted)
        return value + (math.log(sigma2) if adjusted else 0.0)

    scale = _scale(areas)
    top = _beyond(score, scale)
    grid = np.concatenate([[0.0] if not adjusted else [], np.geomspace(1e-10 * scale, top, 120)])
    slopes = np.array([score(point) for point in grid])
    falls = np.flatnonzero((slopes[:-1] > 0) & (slopes[1:] <= 0))
    peaks = [_root(score, grid[k], grid[k + 1]) for k in falls]
    if not adjusted and slopes[0] <= 0:
        peaks.append(0.0)
    return float(max(peaks, key=height))


def _scale(areas: Areas) -> float:
    return float(np.mean(areas.psi) + np.var(areas.y))


def _beyond(function: Callable[[float], float], start: float) -> float:
    """A place where a function that falls in the end has become negative."""
    place = start
    while function(place) > 0:
        place *= 4
    return place


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    return float(brentq(function, low, high, xtol=1e-300, rtol=8.9e-16, maxiter=500))
