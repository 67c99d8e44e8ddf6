"""Estimates from rows that need not fit in memory: two passes, and the same code after the sums."""

from analysis.pieces.condensation import Survey, condense
from analysis.pieces.estimation import estimate_in_pieces

__all__ = ["Survey", "condense", "estimate_in_pieces"]
