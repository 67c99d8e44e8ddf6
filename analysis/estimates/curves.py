"""Totals, ratios, variances and means of ratios as functions of totals, with derivatives."""

import numpy as np

from analysis.arrays import Floats
from analysis.estimates.requests import Curve


def total_curve() -> Curve:
    """The total itself; one column."""
    return Curve(lambda totals: totals[..., 0], np.ones_like)


def ratio_curve(offset: float = 0.0) -> Curve:
    """First total over the second, plus what the first column was centred by.

    References
    ----------
    Woodruff (1971), JASA 66, 411-414.
    """

    def value(totals: Floats) -> Floats:
        return offset + _divide(totals[..., 0], totals[..., 1])

    def slope(totals: Floats) -> Floats:
        ratio = _divide(totals[..., 0], totals[..., 1])
        below = _divide(np.ones_like(ratio), totals[..., 1])
        return np.stack([below, -ratio * below], axis=-1)

    return Curve(value, slope)


def mean_of_ratios_curve(ratios: int, *, scale: float = 1.0) -> Curve:
    """Plain mean of so many ratios, those without a denominator left out, times a scale.

    The totals are numerator, denominator, numerator, denominator and so on.
    """

    def split(totals: Floats) -> tuple[Floats, Floats, Floats]:
        above, below = totals[..., 0::2], totals[..., 1::2]
        known = below > 0
        share = scale / np.maximum(known.sum(axis=-1, keepdims=True), 1)
        inverse = np.divide(1.0, below, out=np.zeros_like(below), where=known)
        return above * inverse, inverse, share

    def value(totals: Floats) -> Floats:
        ratio, inverse, share = split(totals)
        mean = (ratio * share).sum(axis=-1)
        return np.where((inverse > 0).any(axis=-1), mean, np.nan)

    def slope(totals: Floats) -> Floats:
        ratio, inverse, share = split(totals)
        result = np.empty(totals.shape)
        result[..., 0::2] = inverse * share
        result[..., 1::2] = -ratio * inverse * share
        return result

    if ratios < 1:
        raise ValueError("A mean of ratios needs one ratio or more.")
    return Curve(value, slope)


def covariance_curve(correction: Floats) -> Curve:
    """Population covariance from the totals of x, y, xy and 1, times a correction by domain.

    References
    ----------
    Särndal, Swensson & Wretman (1992), example 5.5.4.
    """

    def scale(like: Floats) -> Floats:
        shaped = correction.reshape(correction.shape + (1,) * (like.ndim - 1))
        return np.asarray(np.broadcast_to(shaped, like.shape), dtype=np.float64)

    def split(totals: Floats) -> tuple[Floats, Floats, Floats]:
        return (
            _divide(totals[..., 0], totals[..., 3]),
            _divide(totals[..., 1], totals[..., 3]),
            _divide(totals[..., 2], totals[..., 3]),
        )

    def value(totals: Floats) -> Floats:
        left, right, product = split(totals)
        result: Floats = scale(product) * (product - left * right)
        return result

    def slope(totals: Floats) -> Floats:
        left, right, product = split(totals)
        parts = (-right, -left, np.ones_like(left), 2 * left * right - product)
        factor = _divide(scale(left), totals[..., 3])
        return np.stack([factor * part for part in parts], axis=-1)

    return Curve(value, slope)


def _divide(above: Floats, below: Floats) -> Floats:
    shape = np.broadcast_shapes(above.shape, below.shape)
    ratio: Floats = np.full(shape, np.nan)
    return np.divide(above, below, out=ratio, where=below != 0)
