"""Replicates: many slightly different weights whose spread shows the variance."""

from analysis.replicates.hadamard import find_hadamard
from analysis.replicates.making import Kind, give_replicates, make_replicates
from analysis.replicates.weights import count_df, weigh_replicates

__all__ = [
    "Kind",
    "count_df",
    "find_hadamard",
    "give_replicates",
    "make_replicates",
    "weigh_replicates",
]
