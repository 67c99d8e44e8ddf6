"""Iterative proportional fitting on the table of cells, so that the rows are touched once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import Floats, Ints


@dataclass(frozen=True)
class Raking:
    """Factors on the cells and how closely the totals are met.

    Attributes
    ----------
    factor : (K,) float
        What the weights of each cell are multiplied by.
    sweeps : int
        Passes over all margins.
    error : float
        Largest relative difference between a margin and its total after the last sweep.
    worst : tuple of int
        The margin and the level where it stands.
    converged : bool
    """

    factor: Floats
    sweeps: int
    error: float
    worst: tuple[int, int]
    converged: bool


def rake_cells(
    start: Floats,
    margins: Sequence[Ints],
    totals: Sequence[Floats],
    *,
    tolerance: float = 1e-10,
    sweeps: int = 1000,
) -> Raking:
    """Multiply cell weights until every margin meets its totals.

    Parameters
    ----------
    start : (K,) float, non-negative
        Sum of the weights in each cell.
    margins : sequence of (K,) int
        For each margin, the level of each cell, 0 .. L-1.
    totals : sequence of (L,) float
        What the weights of each level should add up to; the same sum for every margin.
    tolerance : float
        Largest relative difference accepted.
    sweeps : int
        Give up after so many.

    References
    ----------
    Deming & Stephan (1940), Annals of Mathematical Statistics 11, 427-444.
    """
    weight = np.array(start, dtype=np.float64)
    error, worst, done = np.inf, (0, 0), 0
    while done < sweeps and error > tolerance:
        for level, total in zip(margins, totals, strict=True):
            weight *= _ratio(weight, level, total)[level]
        error, worst = _find_worst(weight, margins, totals)
        done += 1
    factor = np.divide(weight, start, out=np.ones_like(weight), where=start > 0)
    return Raking(factor, done, error, worst, converged=error <= tolerance)


def _ratio(weight: Floats, level: Ints, total: Floats) -> Floats:
    attained = np.bincount(level, weight, minlength=len(total))
    return np.divide(total, attained, out=np.zeros_like(total), where=attained > 0)


def _find_worst(
    weight: Floats, margins: Sequence[Ints], totals: Sequence[Floats]
) -> tuple[float, tuple[int, int]]:
    error, worst = 0.0, (0, 0)
    for position, (level, total) in enumerate(zip(margins, totals, strict=True)):
        attained = np.bincount(level, weight, minlength=len(total))
        scale = np.where(total > 0, total, 1.0)
        differences = np.abs(attained - total) / scale
        if len(differences) and differences.max() > error:
            error = float(differences.max())
            worst = (position, int(differences.argmax()))
    return error, worst
