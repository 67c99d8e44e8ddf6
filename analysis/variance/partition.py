"""Calibration to one margin of very many levels and a few other columns, without dense tables."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import linalg, sparse

from analysis.arrays import Floats, Ints
from analysis.variance.kernel import Layout, Scores, cross, scale_rows, spread


@dataclass(frozen=True)
class Partition:
    """Auxiliary variables of a calibration: membership in a group, and other columns.

    Attributes
    ----------
    group : (R,) int
        The margin with many levels; every row is in one group and no group is empty.
    columns : (R, q) float
        The other columns, centred within the groups by the base weights.
    base, weight : (R,) float
        Weight of a row before and after calibration.
    layout : Layout
        Strata of the rows.
    """

    group: Ints
    columns: Floats
    base: Floats
    weight: Floats
    layout: Layout

    @classmethod
    def centre(
        cls, group: Ints, columns: Floats, base: Floats, weight: Floats, layout: Layout
    ) -> "Partition":
        """Prepare the columns, of any scale and rank."""
        mass = base * layout.repeats
        total = np.bincount(group, mass)
        centred = columns.copy()
        for place in range(columns.shape[1]):
            mean = np.bincount(group, mass * columns[:, place]) / total
            centred[:, place] -= mean[group]
        return cls(group, centred, base, weight, layout)

    def estimate_variance(self, scores: Scores) -> Floats:
        """Variance of calibrated totals from weighted scores, (M,).

        Parameters
        ----------
        scores : (R, M) sparse
            Weighted linearised values, one column per domain.

        Notes
        -----
        The residual of column m is u - G a - X b with a, b its regression by the base weights.
        Its quadratic form is expanded, so that no (R, M) table is ever filled.

        References
        ----------
        Deville & Särndal (1992), JASA 87, 376-382, equation 3.4; the projection by blocks is
        Frisch & Waugh (1933), Econometrica 1, 387-401.
        """
        means, slopes = self._regress(scores)
        groups = self._member.shape[1]
        outer = cross(scores, self._auxiliaries, self.layout)
        inner = self._inner
        variance = spread(scores, self.layout)
        variance -= 2 * _dot(outer[:, :groups], means)
        variance -= 2 * (outer[:, groups:].toarray() * slopes.T).sum(axis=1)
        variance += _dot(sparse.csr_array(means.T), inner[:groups, :groups] @ means)
        variance += 2 * (slopes * (inner[groups:, :groups] @ means).toarray()).sum(axis=0)
        variance += (slopes * (inner[groups:, groups:].toarray() @ slopes)).sum(axis=0)
        return np.maximum(variance, 0.0)

    @cached_property
    def _member(self) -> Scores:
        rows = np.arange(len(self.group))
        shape = (len(rows), int(self.group.max(initial=-1)) + 1)
        return sparse.csr_array((np.ones(len(rows)), (rows, self.group)), shape=shape)

    @cached_property
    def _auxiliaries(self) -> Scores:
        """Weighted group indicators and columns, (R, G + q)."""
        both = sparse.hstack([self._member, sparse.csr_array(self.columns)], format="csr")
        return scale_rows(both, self.weight)

    @cached_property
    def _inner(self) -> Scores:
        return cross(self._auxiliaries, self._auxiliaries, self.layout)

    def _regress(self, scores: Scores) -> tuple[Scores, Floats]:
        """Group means (G, M) and slopes (q, M) of the unweighted scores."""
        mass = self.base * self.layout.repeats
        values = scale_rows(scores, mass / self.weight)
        total = np.bincount(self.group, mass)
        means = scale_rows(self._member.T @ values, 1 / total)
        gram = self.columns.T @ (self.columns * mass[:, None])
        moments = (values.T @ self.columns).T
        return means, linalg.pinvh(gram) @ moments if gram.size else moments


def _dot(left: Scores, right: Scores) -> Floats:
    """Row by row product of an (M, G) table with the columns of a (G, M) one."""
    return np.asarray(left.multiply(right.T).sum(axis=1)).ravel()
