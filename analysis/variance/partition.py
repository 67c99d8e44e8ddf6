"""Calibration to one margin of very many levels and a few other columns, without dense tables."""

from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse

from analysis.arrays import Floats, Ints
from analysis.variance.kernel import Layout, Scores, cross, spread


@dataclass(frozen=True)
class Partition:
    """Auxiliary variables of a calibration: membership in a group, and other columns.

    Attributes
    ----------
    group : (R,) int
        The margin with many levels; every row is in one group.
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
        groups, columns = self._weighted_auxiliaries()
        layout = self.layout
        variance = spread(scores, layout)
        variance -= 2 * _dot(cross(scores, groups, layout), means)
        variance += _dot(sparse.csr_array(means.T), cross(groups, groups, layout) @ means)
        if self.columns.shape[1]:
            across = cross(scores, columns, layout).toarray()
            variance -= 2 * (across * slopes.T).sum(axis=1)
            between = (cross(columns, groups, layout) @ means).toarray()
            variance += 2 * (slopes * between).sum(axis=0)
            within = cross(columns, columns, layout).toarray()
            variance += (slopes * (within @ slopes)).sum(axis=0)
        return np.maximum(variance, 0.0)

    def _regress(self, scores: Scores) -> tuple[Scores, Floats]:
        """Group means (G, M) and slopes (q, M) of the unweighted scores."""
        mass = self.base * self.layout.repeats
        ratio = sparse.diags_array(mass / self.weight)
        values = ratio @ scores
        total = np.bincount(self.group, mass)
        member = sparse.csr_array(
            (np.ones(len(mass)), (np.arange(len(mass)), self.group)),
            shape=(len(mass), len(total)),
        )
        means = sparse.csr_array(sparse.diags_array(1 / total) @ (member.T @ values))
        gram = self.columns.T @ (self.columns * mass[:, None])
        moments = (values.T @ self.columns).T
        slopes = linalg.pinvh(gram) @ moments if gram.size else moments
        return means, slopes

    def _weighted_auxiliaries(self) -> tuple[Scores, Scores]:
        rows = np.arange(len(self.weight))
        groups = sparse.csr_array((self.weight, (rows, self.group)))
        return groups, sparse.csr_array(self.columns * self.weight[:, None])


def _dot(left: Scores, right: Scores) -> Floats:
    """Row by row product of an (M, G) table with the columns of a (G, M) one."""
    return np.asarray(left.multiply(right.T).sum(axis=1)).ravel()
