"""Covariance of coefficients: linearised, or from refits on replicates."""

from collections.abc import Callable

import numpy as np

from analysis.arrays import Floats
from analysis.design import group_rows, spread_multipliers
from analysis.models.preparation import Problem
from analysis.variance import estimate_covariance


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
    start, group = replicates.start[problem.used], group_rows(replicates)[0][problem.used]
    factors = _factors(problem)
    refits = np.array([refit(start * factor[group]) for factor in factors.T])
    counted = replicates.rscales > 0
    centre = estimate if replicates.centred else refits[counted].mean(axis=0)
    apart = refits - centre
    return np.asarray(replicates.scale * (apart * replicates.rscales[:, None]).T @ apart)


def count_freedom(problem: Problem) -> int:
    """Degrees of freedom of the design on the rows used.

    References
    ----------
    Korn & Graubard (1999), Analysis of Health Surveys, section 5.2; with replicates, the rank of
    their weights less 1.
    """
    if problem.design.replicates is None:
        return problem.design.df
    group = group_rows(problem.design.replicates)[0][problem.used]
    return int(np.linalg.matrix_rank(_factors(problem)[np.unique(group)], rtol=1e-5)) - 1


def _factors(problem: Problem) -> Floats:
    """What each replicate multiplies the rows of a group by, (G, R)."""
    replicates = problem.design.replicates
    if replicates is None:
        return np.ones((1, 0))
    return spread_multipliers(replicates, group_rows(replicates)[1])
