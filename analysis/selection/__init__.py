"""Volunteers beside a probability sample: weights, imputation, and what neither can mend."""

from analysis.selection.diagnostics import Gap, Overlap, describe_overlap, measure_gap
from analysis.selection.estimation import (
    VolunteerEstimate,
    estimate_by_imputation,
    estimate_by_weighting,
    estimate_doubly_robust,
)
from analysis.selection.outcomes import Outcome, impute_by_model, impute_by_neighbours
from analysis.selection.propensity import Selection, fit_selection

__all__ = [
    "Gap",
    "Outcome",
    "Overlap",
    "Selection",
    "VolunteerEstimate",
    "describe_overlap",
    "estimate_by_imputation",
    "estimate_by_weighting",
    "estimate_doubly_robust",
    "fit_selection",
    "impute_by_model",
    "impute_by_neighbours",
    "measure_gap",
]
