"""Regression of answers on what may explain them, with the variance of the design."""

from analysis.models.effects import Effects, average_effects
from analysis.models.ordinal import fit_ordinal
from analysis.models.records import Model, WaldTest, check_terms
from analysis.models.regression import fit_regression

__all__ = [
    "Effects",
    "Model",
    "WaldTest",
    "average_effects",
    "check_terms",
    "fit_ordinal",
    "fit_regression",
]
