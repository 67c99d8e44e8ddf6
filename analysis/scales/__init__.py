"""Do the questions measure one thing, and how well: reliability and factors, with weights."""

from analysis.scales.adequacy import Bartlett, Kmo, check_sphericity, measure_adequacy
from analysis.scales.correlation import Moments, weigh_items
from analysis.scales.factors import Factors, ParallelAnalysis, compare_eigenvalues, fit_factors
from analysis.scales.reliability import Alpha, estimate_alpha

__all__ = [
    "Alpha",
    "Bartlett",
    "Factors",
    "Kmo",
    "Moments",
    "ParallelAnalysis",
    "check_sphericity",
    "compare_eigenvalues",
    "estimate_alpha",
    "fit_factors",
    "measure_adequacy",
    "weigh_items",
]
