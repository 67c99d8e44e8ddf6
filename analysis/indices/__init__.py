"""The satisfaction index of a period: weighted to its dossiers, with intervals and rank sets."""

from analysis.indices.computation import compute_index
from analysis.indices.recipe import (
    INDEX,
    OVERALL,
    Aggregation,
    Factors,
    IndexRecipe,
    IndexResult,
)
from analysis.indices.unlinked import share_unlinked

__all__ = [
    "INDEX",
    "OVERALL",
    "Aggregation",
    "Factors",
    "IndexRecipe",
    "IndexResult",
    "compute_index",
    "share_unlinked",
]
