"""The one kernel of every linearised variance: a quadratic form centred within strata."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis.arrays import Floats, Ints

Scores = sparse.csr_array


@dataclass(frozen=True)
class Layout:
    """How the units of one stage lie in strata.

    Attributes
    ----------
    stratum : (P,) int
        Stratum of each unit, 0 .. H-1.
    factor : (H,) float
        (1 - n/N) n / (n - 1), times the sampling fractions of the stages above.
    size : (H,) float
        Units sampled in the stratum, those with a zero score included.
    repeats : (P,) float
        How many identical units a row stands for; mostly 1.
    """

    stratum: Ints
    factor: Floats
    size: Floats
    repeats: Floats


def total_by_stratum(scores: Scores, layout: Layout) -> Scores:
    """Sums of the scores in each stratum, (H, M)."""
    units = len(layout.stratum)
    adder = sparse.csr_array(
        (layout.repeats, (layout.stratum, np.arange(units))), shape=(len(layout.size), units)
    )
    return sparse.csr_array(adder @ scores)


def cross(left: Scores, right: Scores, layout: Layout) -> Scores:
    """Covariances between every column of `left` and every column of `right`, (M, L).

    With unit scores u_c and v_c the result is the sum over strata of
    factor * sum_c (u_c - mean u)(v_c - mean v).

    References
    ----------
    Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, equation 4.3.13 for one
    stage; Woodruff (1971), JASA 66, 411-414 for linearised scores.
    """
    spread = sparse.diags_array(layout.factor[layout.stratum] * layout.repeats)
    centre = sparse.diags_array(layout.factor / layout.size)
    raw = left.T @ spread @ right
    means = total_by_stratum(left, layout).T @ centre @ total_by_stratum(right, layout)
    return sparse.csr_array(raw - means)


def spread(scores: Scores, layout: Layout) -> Floats:
    """Variance of each column: the diagonal of `cross(scores, scores)`, (M,)."""
    raw = _weigh_squares(scores, (layout.factor[layout.stratum] * layout.repeats))
    means = _weigh_squares(total_by_stratum(scores, layout), layout.factor / layout.size)
    return raw - means


def _weigh_squares(scores: Scores, weight: Floats) -> Floats:
    entries = sparse.coo_array(scores)
    rows, columns = entries.coords
    values = entries.data**2 * weight[rows]
    return np.bincount(columns, values, minlength=scores.shape[1]).astype(np.float64)
