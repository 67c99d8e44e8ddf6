"""Comparisons that know what estimates share: differences, tests, standardisation, mergers."""

from analysis.compare.association import AssociationTest, check_association
from analysis.compare.contrasts import (
    compare_levels,
    compare_pairs,
    contrast,
    subtract,
    transform,
)
from analysis.compare.figures import Figures, pick
from analysis.compare.groups import GroupTest, check_mean, compare_means, compare_ranks
from analysis.compare.mergers import carry_over
from analysis.compare.multiplicity import adjust_p_values
from analysis.compare.standardisation import standardise

__all__ = [
    "AssociationTest",
    "Figures",
    "GroupTest",
    "adjust_p_values",
    "carry_over",
    "check_association",
    "check_mean",
    "compare_levels",
    "compare_means",
    "compare_pairs",
    "compare_ranks",
    "contrast",
    "pick",
    "standardise",
    "subtract",
    "transform",
]
