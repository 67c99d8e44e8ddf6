"""The one kernel of every linearised variance: a quadratic form centred within strata."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from analysis.arrays import Floats, Ints
from analysis.cells import sum_by

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

    @cached_property
    def adder(self) -> Scores:
        """Matrix that sums unit scores in strata, (H, P)."""
        units = len(self.stratum)
        return sparse.csr_array(
            (self.repeats, (self.stratum, np.arange(units))), shape=(len(self.size), units)
        )


def cross(left: Scores, right: Scores, layout: Layout) -> Scores:
    """Covariances between every column of `left` and every column of `right`, (M, L).

    With unit scores u_c and v_c the result is the sum over strata of
    factor * sum_c (u_c - mean u)(v_c - mean v).

    References
    ----------
    Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, equation 4.3.13 for one
    stage; Woodruff (1971), JASA 66, 411-414 for linearised scores.
    """
    factor = layout.factor[layout.stratum] * layout.repeats
    raw = left.T @ scale_rows(right, factor)
    means = (layout.adder @ left).T @ scale_rows(layout.adder @ right, layout.factor / layout.size)
    return sparse.csr_array(raw - means)


def spread(scores: Scores, layout: Layout) -> Floats:
    """Variance of each column: the diagonal of `cross(scores, scores)`, (M,)."""
    raw = _weigh_squares(scores, layout.factor[layout.stratum] * layout.repeats)
    return raw - _weigh_squares(layout.adder @ scores, layout.factor / layout.size)


def scale_rows(matrix: Scores, factor: Floats) -> Scores:
    """The matrix with every row multiplied by its factor."""
    rows = sparse.csr_array(matrix)
    values = rows.data * np.repeat(factor, np.diff(rows.indptr))
    return sparse.csr_array((values, rows.indices, rows.indptr), shape=rows.shape)


def _weigh_squares(scores: Scores, weight: Floats) -> Floats:
    rows = sparse.csr_array(scores)
    values = rows.data**2 * np.repeat(weight, np.diff(rows.indptr))
    return sum_by(rows.indices, values, rows.shape[1])
