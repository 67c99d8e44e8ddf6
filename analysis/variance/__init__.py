"""Variances of linearised scores: strata, stages, and what calibration takes away."""

from analysis.variance.kernel import Layout, Scores, cross, spread
from analysis.variance.partition import Partition
from analysis.variance.projection import Projection, take_residuals
from analysis.variance.stages import StageLayout, lay_out_stages
from analysis.variance.totals import estimate_covariance

__all__ = [
    "Layout",
    "Partition",
    "Projection",
    "Scores",
    "StageLayout",
    "cross",
    "estimate_covariance",
    "lay_out_stages",
    "spread",
    "take_residuals",
]
