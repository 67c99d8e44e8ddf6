"""Variances of linearised scores: strata, stages, and what calibration takes away."""

from analysis.variance.domains import cover_domains, cover_estimates, settle_constants
from analysis.variance.kernel import Layout, Scores, cross, spread
from analysis.variance.partition import Partition
from analysis.variance.projection import Projection, take_residuals
from analysis.variance.stages import StageLayout, lay_out_stages
from analysis.variance.sums import (
    BlockSums,
    Rows,
    Skeleton,
    StageSums,
    Sums,
    Tally,
    complete_sums,
    gather_sums,
    merge_tallies,
    tally_rows,
)
from analysis.variance.totals import cover_stage, estimate_covariance

__all__ = [
    "BlockSums",
    "Layout",
    "Partition",
    "Projection",
    "Rows",
    "Scores",
    "Skeleton",
    "StageLayout",
    "StageSums",
    "Sums",
    "Tally",
    "complete_sums",
    "cover_domains",
    "cover_estimates",
    "cover_stage",
    "cross",
    "estimate_covariance",
    "gather_sums",
    "lay_out_stages",
    "merge_tallies",
    "settle_constants",
    "spread",
    "take_residuals",
    "tally_rows",
]
