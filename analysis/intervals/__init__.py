"""Confidence intervals from estimates, standard errors and degrees of freedom."""

from analysis.intervals.critical import find_critical_value
from analysis.intervals.proportions import (
    ProportionMethod,
    bound_by_arcsine,
    bound_by_korn_graubard,
    bound_by_likelihood,
    bound_by_logit,
    bound_by_wilson,
    bound_proportions,
    find_effective_size,
)

__all__ = [
    "ProportionMethod",
    "bound_by_arcsine",
    "bound_by_korn_graubard",
    "bound_by_likelihood",
    "bound_by_logit",
    "bound_by_wilson",
    "bound_proportions",
    "find_critical_value",
    "find_effective_size",
]
