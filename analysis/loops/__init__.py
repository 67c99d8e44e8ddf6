"""How voices were answered: shares and medians with intervals, small cells hidden.

Plain Python, so that a page may compute it without loading the numerical libraries.
"""

from analysis.loops.figures import (
    MEASURES,
    Loop,
    Median,
    Share,
    bound_median,
    compute_loop,
    make_share,
)
from analysis.loops.hiding import choose_shown
from analysis.loops.ratios import Ratio, Ratios, compute_ratios
from analysis.loops.voices import Stratum, compute_voices

__all__ = [
    "MEASURES",
    "Loop",
    "Median",
    "Ratio",
    "Ratios",
    "Share",
    "Stratum",
    "bound_median",
    "choose_shown",
    "compute_loop",
    "compute_ratios",
    "compute_voices",
    "make_share",
]
