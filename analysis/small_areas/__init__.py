"""Figures of small areas borrowed from a model, always marked as modelled."""

from analysis.small_areas.benchmarking import benchmark
from analysis.small_areas.model import SmallAreas, fit_fay_herriot
from analysis.small_areas.smoothing import smooth_variances

__all__ = ["SmallAreas", "benchmark", "fit_fay_herriot", "smooth_variances"]
