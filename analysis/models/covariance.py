"""Covariance of coefficients: linearised, or from refits on replicates."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from analysis.arrays import Floats
from analysis.design import Adjustment, Replicates
from analysis.models.preparation import Problem
from analysis.variance import estimate_covariance
from analysis.weighting.replay import spread_multipliers

_BLOCK = 20  # replicates whose weights are held at once


def covary(
    problem: Problem, influence: Floats, estimate: Floats, refit: Callable[[Floats], Floats]
) -> Floats:
    """Covariance matrix of estimates, (p, p).

    Parameters
    ----------
    influence : (n, p) float
        Linearised values, used when the design has no replicates.
    estimate : (p,) float
    refit : function of (m,) weights of the rows used
        The estimates that these weights give, used when the design has replicates.

    References
    ----------
    Binder (1983), International Statistical Review 51, 279-292; replicates: Wolter (2007),
    Introduction to Variance Estimation, 2nd ed., ch. 3 and 4.
    """
    replicates = problem.design.replicates
    if replicates is None:
        return estimate_covariance(problem.design, influence)
    refits = np.array([refit(weight) for weight in _replicate_weights(problem, replicates)])
    counted = replicates.rscales > 0
    centre = estimate if replicates.centred else refits[counted].mean(axis=0)
    apart = refits - centre
    return np.asarray(replicates.scale * (apart * replicates.rscales[:, None]).T @ apart)


def _replicate_weights(problem: Problem, replicates: Replicates) -> Iterator[Floats]:
    rows = np.flatnonzero(problem.used)
    for start in range(0, replicates.count, _BLOCK):
        block = slice(start, start + _BLOCK)
        part = replace(
            replicates,
            multiplier=replicates.multiplier[:, block],
            adjustments=tuple(
                Adjustment(adjustment.cell, adjustment.factor[:, block])
                for adjustment in replicates.adjustments
            ),
        )
        yield from (replicates.start[rows][:, None] * spread_multipliers(part, rows)).T
