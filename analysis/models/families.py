"""Distributions and links: mean, slope and variance at a linear predictor."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special, stats

from analysis.arrays import Floats

Family = Literal["gaussian", "binomial", "poisson"]
Link = Literal["logit", "probit", "cloglog"]

_Curve = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class MeanModel:
    """Canonical mean curve of a family, with the mean that a fit starts from.

    Attributes
    ----------
    mean, slope, curvature : functions of the linear predictor
        The curve and its first two derivatives; the slope is the variance as well.
    start : function of (response, its weighted mean)
        First guess of the linear predictor.
    allowed : function
        Which responses the family can produce.
    wanted : str
        What they are, in words.
    """

    mean: _Curve
    slope: _Curve
    curvature: _Curve
    start: Callable[[float], float]
    allowed: Callable[[Floats], np.ndarray[tuple[int], np.dtype[np.bool_]]]
    wanted: str


def _logit_slope(eta: Floats) -> Floats:
    mean = special.expit(eta)
    return np.asarray(mean * special.expit(-eta))


def _logit_curvature(eta: Floats) -> Floats:
    return np.asarray(_logit_slope(eta) * (special.expit(-eta) - special.expit(eta)))


FAMILIES: dict[Family, MeanModel] = {
    "gaussian": MeanModel(
        lambda eta: eta, np.ones_like, np.zeros_like, lambda mean: mean, np.isfinite, "numbers"
    ),
    "binomial": MeanModel(
        special.expit,
        _logit_slope,
        _logit_curvature,
        lambda mean: float(special.logit(np.clip(mean, 1e-6, 1 - 1e-6))),
        lambda y: (y >= 0) & (y <= 1),
        "0 and 1",
    ),
    "poisson": MeanModel(
        np.exp,
        np.exp,
        np.exp,
        lambda mean: float(np.log(max(mean, 1e-6))),
        lambda y: y >= 0,
        "counts, not negative",
    ),
}


@dataclass(frozen=True, slots=True)
class Threshold:
    """Distribution behind an ordered answer: F, 1 - F, its density and the density's slope."""

    cumulative: _Curve
    survival: _Curve
    density: _Curve
    slope: _Curve
    quantile: _Curve


def _cloglog_density(x: Floats) -> Floats:
    bounded = np.minimum(x, 700.0)
    return np.asarray(np.exp(bounded - np.exp(bounded)))


def _cloglog_slope(x: Floats) -> Floats:
    return np.asarray(_cloglog_density(x) * -np.expm1(np.minimum(x, 700.0)))


LINKS: dict[Link, Threshold] = {
    "logit": Threshold(
        special.expit,
        lambda x: special.expit(-x),
        _logit_slope,
        _logit_curvature,
        special.logit,
    ),
    "probit": Threshold(
        special.ndtr,
        lambda x: special.ndtr(-x),
        stats.norm.pdf,
        lambda x: -x * stats.norm.pdf(x),
        special.ndtri,
    ),
    "cloglog": Threshold(
        lambda x: -np.expm1(-np.exp(np.minimum(x, 700.0))),
        lambda x: np.exp(-np.exp(np.minimum(x, 700.0))),
        _cloglog_density,
        _cloglog_slope,
        lambda p: np.log(-np.log1p(-p)),
    ),
}
