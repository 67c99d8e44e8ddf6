"""Calibration weights by Newton's method on the dual problem, over cells of equal rows."""

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from analysis.arrays import Floats
from analysis.calibration.distances import Distance


@dataclass(frozen=True)
class Solution:
    """Factors on the cells and how closely the totals are met.

    Attributes
    ----------
    factor : (K,) float
        g of every cell.
    error : (p,) float
        Total attained minus total asked, relative to the size of the total.
    steps : int
    converged : bool
    """

    factor: Floats
    error: Floats
    steps: int
    converged: bool


def solve_calibration(
    mass: Floats,
    values: Floats,
    totals: Floats,
    distance: Distance,
    *,
    tolerance: float = 1e-11,
    steps: int = 200,
) -> Solution:
    """Find the g closest to 1 that meet the totals: sum_k mass_k g_k values_k = totals.

    Parameters
    ----------
    mass : (K,) float
        Weight of each cell.
    values : (K, p) float
        Auxiliary values; collinear columns are fine if their totals agree.
    totals : (p,) float
    distance : Distance
    tolerance : float
        Largest relative error of a total.
    steps : int

    References
    ----------
    Deville, Särndal & Sautory (1993), JASA 88, 1013-1020, section 2.
    """
    scale = np.maximum(np.abs(totals), np.abs(mass) @ np.abs(values))
    scale = np.where(scale > 0, scale, 1.0)
    dual = _Dual(mass, values / scale, totals / scale, distance)
    point = dual.evaluate(np.zeros(len(totals)))
    best, done = point, 0
    while best.size > tolerance and done < steps:
        point, moved = dual.advance(point)
        done += 1
        if point.size < best.size:
            best = point
        if not moved:
            break
    return Solution(best.factor, best.error, done, converged=best.size <= tolerance)


@dataclass(frozen=True)
class _Point:
    """Where the search stands: multipliers, weights and what the totals still lack."""

    place: Floats
    factor: Floats
    slope: Floats
    error: Floats

    @property
    def size(self) -> float:
        return float(np.abs(self.error).max(initial=0.0))


@dataclass(frozen=True)
class _Dual:
    mass: Floats
    values: Floats
    target: Floats
    distance: Distance

    def evaluate(self, place: Floats) -> _Point:
        factor, slope = self.distance.weigh(self.values @ place)
        error = self.values.T @ (self.mass * factor) - self.target
        return _Point(place, factor, slope, error)

    def advance(self, point: _Point) -> tuple[_Point, bool]:
        """Take the largest halving of Newton's step that brings the totals closer."""
        gram = self.values.T @ (self.values * (self.mass * point.slope)[:, None])
        # The cut-off drops collinear columns; their totals are checked by the error.
        move = -linalg.pinvh(gram, rtol=1e-12) @ point.error
        before, length = float(np.linalg.norm(point.error)), 1.0
        while length > 1e-6:
            after = self.evaluate(point.place + length * move)
            if np.linalg.norm(after.error) < before:
                return after, True
            length /= 2
        return point, False
