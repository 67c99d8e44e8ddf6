"""Ranks as sets: which places an agency may hold once its uncertainty is admitted."""

from analysis.ranks.joint import joint_rank_sets, simultaneous_intervals
from analysis.ranks.sets import bands, rank_sets

__all__ = ["bands", "joint_rank_sets", "rank_sets", "simultaneous_intervals"]
