"""Regression of an ordered answer: proportional odds and its relatives."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats
from analysis.design import Design
from analysis.errors import DataError
from analysis.models.covariance import count_freedom, covary
from analysis.models.families import LINKS, Link
from analysis.models.likelihood import CumulativeLikelihood
from analysis.models.preparation import Collinear, prepare
from analysis.models.records import Model


def fit_ordinal(
    design: Design,
    model: str,
    link: Link = "logit",
    *,
    response: npt.ArrayLike | None = None,
    collinear: Collinear = "refuse",
) -> Model:
    """Cumulative-link regression, P(answer <= j) = F(threshold_j - x'b), by pseudo-likelihood.

    A positive coefficient goes with higher answers.

    Parameters
    ----------
    design : Design
    model : str
        `response ~ terms`; the response holds ordered numbers, its levels are those that occur.
    link : {"logit", "probit", "cloglog"}
        Logit is proportional odds.
    response : (n,) float, optional
        Values to use instead of the column that the formula names.
    collinear : {"refuse", "drop"}
        As `fit_regression`.

    Raises
    ------
    DataError
        As `fit_regression`, or when fewer than three answers occur.

    References
    ----------
    McCullagh (1980), Journal of the Royal Statistical Society B 42, 109-142; covariance: Binder
    (1983), International Statistical Review 51, 279-292.
    """
    problem = prepare(design, model, response, intercept=False, collinear=collinear)
    levels, code = np.unique(problem.y, return_inverse=True)
    if len(levels) < 3:
        raise DataError(f"{problem.response} has {len(levels)} answers; an ordered one needs 3.")
    likelihood = CumulativeLikelihood(problem.X, code.astype(np.int64), len(levels), LINKS[link])
    theta = _climb(likelihood, problem.weight, likelihood.start(problem.weight), problem.response)
    final = problem.design.weights.final[problem.used]
    scores, information = likelihood.derive(theta, final)
    influence = np.zeros((len(problem.used), len(theta)))
    influence[problem.used] = np.linalg.solve(information, scores.T).T

    def refit(weight: Floats) -> Floats:
        return _climb(likelihood, weight / weight.mean(), theta, problem.response)

    df, slopes = count_freedom(problem), problem.X.shape[1]
    thresholds = tuple(f"{low:g}|{high:g}" for low, high in pairwise(levels))
    return Model(
        kind=f"ordinal-{link}",
        response=problem.response,
        formula=problem.formula,
        names=problem.names + thresholds,
        term=problem.term + (-1,) * len(thresholds),
        coefficients=theta,
        vcov=covary(problem, influence, theta, refit),
        influence=influence,
        used=problem.used,
        dropped=problem.dropped,
        df=df,
        df_residual=df - slopes,
        levels=tuple(float(level) for level in levels),
    )


def _climb(likelihood: CumulativeLikelihood, weight: Floats, start: Floats, name: str) -> Floats:
    """Newton's method with halved steps; the likelihood is concave, so it cannot stray."""
    theta, height = start, likelihood.value(start, weight)
    for _ in range(100):
        scores, information = likelihood.derive(theta, weight)
        step = _solve(information, weight @ scores)
        size = float(np.abs(step).max() / (np.abs(theta).max() + 1e-8))
        if not size < 1e6:
            break
        part = 1.0
        # Rounding alone may take a hair off the top.
        floor = height - 1e-12 * abs(height)
        while likelihood.value(theta + part * step, weight) < floor:
            part /= 2
        theta = theta + part * step
        height = likelihood.value(theta, weight)
        if size < 1e-12:
            return theta
    raise DataError(
        f"The model of {name} does not settle: some answers are separated by the variables. "
        "Leave one out, or merge rare levels or answers."
    )


def _solve(information: Floats, score: Floats) -> Floats:
    """Newton's step; NaN where the information has no inverse."""
    try:
        return np.asarray(np.linalg.solve(information, score), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.full_like(score, np.nan)
