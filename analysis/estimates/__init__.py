"""Estimates with standard errors that know the design, by any crossing of domains."""

from analysis.estimates.coded import DomainMeans, estimate_coded_means, summarise_means
from analysis.estimates.coded_replicates import replicate_coded_means
from analysis.estimates.ordering import QuantileRule, find_quantiles
from analysis.estimates.quantiles import Quantiles, WoodruffMethod, estimate_quantiles
from analysis.estimates.requests import Missing
from analysis.estimates.shares import (
    Aggregation,
    estimate_index,
    estimate_level_shares,
    estimate_level_totals,
    estimate_top_boxes,
)
from analysis.estimates.smooth import (
    estimate_covariances,
    estimate_means,
    estimate_ratios,
    estimate_totals,
    estimate_variances,
)
from analysis.estimates.table import Estimates, Linearised, Replicated

__all__ = [
    "Aggregation",
    "DomainMeans",
    "Estimates",
    "Linearised",
    "Missing",
    "QuantileRule",
    "Quantiles",
    "Replicated",
    "WoodruffMethod",
    "estimate_coded_means",
    "estimate_covariances",
    "estimate_index",
    "estimate_level_shares",
    "estimate_level_totals",
    "estimate_means",
    "estimate_quantiles",
    "estimate_ratios",
    "estimate_top_boxes",
    "estimate_totals",
    "estimate_variances",
    "find_quantiles",
    "replicate_coded_means",
    "summarise_means",
]
