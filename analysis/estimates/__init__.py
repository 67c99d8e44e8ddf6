"""Estimates with standard errors that know the design, by any crossing of domains."""

from analysis.estimates.coded import estimate_coded_means, summarise_means
from analysis.estimates.estimation import (
    Parts,
    estimate_plan,
    linearise_sums,
    tabulate,
)
from analysis.estimates.ordering import QuantileRule, find_quantiles
from analysis.estimates.quantiles import Quantiles, WoodruffMethod, estimate_quantiles
from analysis.estimates.requests import Missing, Plan, Workbook
from analysis.estimates.shares import (
    Aggregation,
    estimate_index,
    estimate_level_shares,
    estimate_level_totals,
    estimate_top_boxes,
    plan_index,
    plan_level_shares,
    plan_level_totals,
    plan_top_boxes,
)
from analysis.estimates.smooth import (
    estimate_covariances,
    estimate_means,
    estimate_ratios,
    estimate_totals,
    estimate_variances,
    plan_means,
    plan_ratios,
    plan_totals,
)
from analysis.estimates.table import DomainMeans, Estimates, Linearised, Replicated

__all__ = [
    "Aggregation",
    "DomainMeans",
    "Estimates",
    "Linearised",
    "Missing",
    "Parts",
    "Plan",
    "QuantileRule",
    "Quantiles",
    "Replicated",
    "WoodruffMethod",
    "Workbook",
    "estimate_coded_means",
    "estimate_covariances",
    "estimate_index",
    "estimate_level_shares",
    "estimate_level_totals",
    "estimate_means",
    "estimate_plan",
    "estimate_quantiles",
    "estimate_ratios",
    "estimate_top_boxes",
    "estimate_totals",
    "estimate_variances",
    "find_quantiles",
    "linearise_sums",
    "plan_index",
    "plan_level_shares",
    "plan_level_totals",
    "plan_means",
    "plan_ratios",
    "plan_top_boxes",
    "plan_totals",
    "summarise_means",
    "tabulate",
]
