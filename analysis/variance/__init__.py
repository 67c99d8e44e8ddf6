"""Variances of linearised scores: strata, stages, and what calibration takes away."""

from analysis.variance.kernel import Layout, Scores, cross, spread
from analysis.variance.partition import Partition

__all__ = ["Layout", "Partition", "Scores", "cross", "spread"]
