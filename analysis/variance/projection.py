"""Regression on the calibration variables: what of a score calibration takes away."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import linalg, sparse

from analysis.arrays import Floats, Ints
from analysis.cells import sum_by, sum_columns
from analysis.design import Calibration


@dataclass(frozen=True, eq=False)
class Projection:
    """A calibration ready to be projected on.

    Attributes
    ----------
    calibration : Calibration
    ratio : (n,) float
        Weight before over weight after; 0 where the latter is 0.
    group : (K,) int
        Level of the large margin; one group of all cells stands for a constant.
    total : (G,) float
        Weight before calibration in each group; 1 where there is no group to take out.
    columns : (K, p) float
        Values centred within the groups.
    inverse : (p, p) float
        Inverse of their cross-products by the weights before.
    """

    calibration: Calibration
    ratio: Floats
    group: Ints
    total: Floats
    columns: Floats
    inverse: Floats

    @classmethod
    def prepare(cls, calibration: Calibration) -> "Projection":
        """Centre and invert once, for any number of scores."""
        before, after = calibration.before, calibration.after
        ratio = np.divide(before, after, out=np.zeros_like(before), where=after > 0)
        mass = sum_by(calibration.cell, before, len(calibration.values))
        columns = calibration.values
        group = np.zeros(len(mass), dtype=np.int64)
        total = np.zeros(1)
        if calibration.group is not None:
            group = calibration.group
            total = sum_by(group, mass, int(group.max(initial=-1)) + 1)
            means = sum_columns(group, columns * mass[:, None], len(total))
            columns = columns - (means / np.where(total > 0, total, 1.0)[:, None])[group]
        inverse = _invert(columns.T @ (columns * mass[:, None]))
        return cls(calibration, ratio, group, total, columns, inverse)

    @cached_property
    def basis(self) -> sparse.csr_array:
        """Indicators of the groups that are taken out, then the columns, (K, b)."""
        columns = sparse.csr_array(self.columns)
        if self.calibration.group is None:
            return columns
        member = sparse.csr_array(
            (np.ones(len(self.group)), self.group, np.arange(len(self.group) + 1)),
            shape=(len(self.group), len(self.total)),
        )
        return sparse.csr_array(sparse.hstack([member, columns], format="csr"))

    def solve(self, moments: Floats) -> Floats:
        """Regression coefficients on the basis, (.., b, M), from its moments, (.., b, M)."""
        if self.calibration.group is None:
            return np.asarray(self.inverse @ moments)
        groups = len(self.total)
        divisor = np.where(self.total > 0, self.total, np.inf)[:, None]
        return np.concatenate(
            [moments[..., :groups, :] / divisor, self.inverse @ moments[..., groups:, :]], axis=-2
        )


def take_residuals(calibration: Calibration, scores: Floats) -> Floats:
    """Weighted scores less their projection on the calibration variables, (n, M).

    The regression uses the weights before calibration, the residual carries those after.

    References
    ----------
    Deville & Särndal (1992), JASA 87, 376-382, equation 3.4.
    """
    projection = Projection.prepare(calibration)
    cell = calibration.cell
    moments = sum_columns(cell, scores * projection.ratio[:, None], len(calibration.values))
    fit = projection.basis @ projection.solve(projection.basis.T @ moments)
    return scores - fit[cell] * calibration.after[:, None]


def _invert(gram: Floats) -> Floats:
    scale = np.sqrt(np.maximum(np.diag(gram), np.finfo(np.float64).tiny))
    # Scaled, so that dropping collinear directions does not depend on the units of measure.
    outer = np.outer(scale, scale)
    inverse: Floats = linalg.pinvh(gram / outer, rtol=1e-11) / outer if gram.size else gram
    return inverse
