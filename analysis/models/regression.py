"""Linear, logistic and Poisson regression with design-based covariance."""

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats
from analysis.design import Design
from analysis.errors import DataError
from analysis.models.covariance import count_freedom, covary
from analysis.models.families import FAMILIES, Family, MeanModel
from analysis.models.preparation import Collinear, Problem, prepare
from analysis.models.records import Model


def fit_regression(
    design: Design,
    model: str,
    family: Family = "gaussian",
    *,
    response: npt.ArrayLike | None = None,
    collinear: Collinear = "refuse",
) -> Model:
    """Pseudo-maximum-likelihood regression.

    Parameters
    ----------
    design : Design
        Rows outside it, without weight or with a missing value take no part; strata keep their
        units.
    model : str
        `response ~ terms`; see `analysis.formulas.parse_formula`.
    family : {"gaussian", "binomial", "poisson"}
        With the canonical link.
    response : (n,) float, optional
        Values to use instead of the column that the formula names.
    collinear : {"refuse", "drop"}
        What to do about a column that those before it already say, such as that of a level a
        subset has emptied: an error that names it, or a model without it.

    Raises
    ------
    DataError
        If a variable is missing, columns are collinear, the response does not fit the family, or
        the fit does not settle because the answers are separated.

    References
    ----------
    Binder (1983), International Statistical Review 51, 279-292; Fuller (1975), Sankhya C
    37, 117-132; fit: McCullagh & Nelder (1989), Generalized Linear Models,
    2nd ed., section 2.5.
    """
    problem = prepare(design, model, response, collinear=collinear)
    curve = FAMILIES[family]
    if not curve.allowed(problem.y).all():
        raise DataError(f"A {family} model needs {curve.wanted} in {problem.response}.")
    beta = _iterate(problem, curve, None)
    eta = problem.X @ beta
    final = problem.design.weights.final[problem.used]
    scores = problem.X * (problem.y - curve.mean(eta))[:, None]
    influence = np.zeros((len(problem.used), len(beta)))
    influence[problem.used] = scores @ invert_gram(problem.X, final * curve.slope(eta))

    def refit(weight: Floats) -> Floats:
        return _iterate(problem.reweigh(weight), curve, beta)

    df = count_freedom(problem)
    return Model(
        kind=family,
        response=problem.response,
        formula=problem.formula,
        names=problem.names,
        term=problem.term,
        coefficients=beta,
        vcov=covary(problem, influence, beta, refit),
        influence=influence,
        used=problem.used,
        dropped=problem.dropped,
        df=df,
        df_residual=df + 1 - len(beta),
    )


def _iterate(problem: Problem, curve: MeanModel, start: Floats | None) -> Floats:
    """Newton's method, which for a canonical link is iterated weighted least squares."""
    X, y, weight = problem.X, problem.y, problem.weight
    level = curve.start(float(weight @ y / weight.sum()))
    eta = np.full(len(y), level) if start is None else X @ start
    beta, change = np.zeros(X.shape[1]), np.inf
    for _ in range(100):
        slope = curve.slope(eta)
        if not (np.isfinite(slope).all() and (slope > 0).all()):
            break
        root = np.sqrt(weight * slope)
        q, r = np.linalg.qr(X * root[:, None])
        if _is_singular(r):
            break
        found = np.linalg.solve(r, q.T @ (root * (eta + (y - curve.mean(eta)) / slope)))
        change = float(np.abs(found - beta).max() / (np.abs(found).max() + 1e-8))
        beta, eta = found, X @ found
        if change < 1e-13:
            break
    if change > 1e-9:
        raise DataError(
            f"The model of {problem.response} does not settle: some answers are separated by "
            "the variables. Leave one out, or merge rare levels."
        )
    return beta


def invert_gram(X: Floats, weight: Floats) -> Floats:
    """Inverse of the weighted cross-products of the columns, (p, p)."""
    inverse = np.linalg.inv(np.linalg.qr(X * np.sqrt(weight)[:, None], mode="r"))
    return np.asarray(inverse @ inverse.T)


def _is_singular(r: Floats) -> bool:
    diagonal = np.abs(np.diagonal(r))
    return bool(diagonal.min() < 1e-12 * diagonal.max())
