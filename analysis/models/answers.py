"""The mean answer of a fitted model, or the probability of each ordered one, and its slopes."""

from dataclasses import dataclass
from typing import cast

import numpy as np

from analysis.arrays import Floats
from analysis.models.families import FAMILIES, LINKS, Family, Link, MeanModel, Threshold
from analysis.models.records import Model


@dataclass(frozen=True)
class Point:
    """An answer's curve at linear predictors (n,).

    Attributes
    ----------
    value, first, second : (n,) float
        The curve and its derivatives by the linear predictor.
    value_by_cut, first_by_cut : (n, k) float
        Derivatives of the first two by the thresholds; k is 0 but for ordinal models.
    """

    value: Floats
    first: Floats
    second: Floats
    value_by_cut: Floats
    first_by_cut: Floats


@dataclass(frozen=True)
class MeanAnswer:
    """The mean of a regression."""

    curve: MeanModel
    label: str = ""

    def at(self, eta: Floats) -> Point:
        """The curve at these linear predictors."""
        none = np.zeros((len(eta), 0))
        mean, slope = self.curve.mean(eta), self.curve.slope(eta)
        return Point(mean, slope, self.curve.curvature(eta), none, none)


@dataclass(frozen=True)
class OrderedAnswer:
    """The probability of one answer of an ordinal model."""

    link: Threshold
    cuts: Floats
    place: int
    label: str

    def at(self, eta: Floats) -> Point:
        """The curve at these linear predictors."""
        by_cut = np.zeros((2, len(eta), len(self.cuts)))
        value, first, second = np.zeros(len(eta)), np.zeros(len(eta)), np.zeros(len(eta))
        # Below the threshold above, less below the threshold beneath.
        for cut, sign in ((self.place, 1.0), (self.place - 1, -1.0)):
            if cut == len(self.cuts):
                value += sign
            elif cut >= 0:
                x = self.cuts[cut] - eta
                density, slope = self.link.density(x), self.link.slope(x)
                value += sign * self.link.cumulative(x)
                first -= sign * density
                second += sign * slope
                by_cut[0, :, cut], by_cut[1, :, cut] = sign * density, -sign * slope
        return Point(value, first, second, by_cut[0], by_cut[1])


def list_answers(model: Model) -> list[MeanAnswer] | list[OrderedAnswer]:
    """The mean of a regression, or every answer of an ordinal model."""
    if not model.levels:
        return [MeanAnswer(FAMILIES[cast("Family", model.kind)])]
    name = cast("Link", model.kind.removeprefix("ordinal-"))
    cuts = model.coefficients[1 - len(model.levels) :]
    return [
        OrderedAnswer(LINKS[name], cuts, place, f"{level:g}")
        for place, level in enumerate(model.levels)
    ]
