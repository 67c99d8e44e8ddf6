"""How likely somebody with given properties is to volunteer."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from analysis.arrays import Floats
from analysis.codes import Columns
from analysis.design import Design
from analysis.errors import DataError
from analysis.selection.pairing import Pair, pair_samples
from analysis.variance import estimate_covariance

Method = Literal["likelihood", "calibration"]


@dataclass(frozen=True, eq=False)
class Selection:
    """Estimated propensities to volunteer.

    Attributes
    ----------
    pair : Pair
    method : {"likelihood", "calibration"}
    coefficients, vcov : (p,), (p, p) float
        Of the logistic model.
    volunteers, reference : (m,), (n,) float
        Propensities of both samples; 0 in rows outside the reference design.
    weight : (m,) float
        Pseudo-weights, 1 / propensity.
    information : (p, p) float
        Derivative of the estimating equation, sign turned.
    score, counter_score : (m, p), (n, p) float
        Terms of the estimating equation: the sum over volunteers plus the weighted sum over the
        probability sample is zero.
    """

    pair: Pair
    method: Method
    coefficients: Floats
    vcov: Floats
    volunteers: Floats
    reference: Floats
    weight: Floats
    information: Floats
    score: Floats
    counter_score: Floats

    @property
    def names(self) -> tuple[str, ...]:
        """Columns of the model."""
        return self.pair.names

    @property
    def se(self) -> Floats:
        """Standard errors of the coefficients, (p,)."""
        return np.sqrt(np.diagonal(self.vcov))


def fit_selection(
    volunteers: Columns, reference: Design, formula: str, *, method: Method = "likelihood"
) -> Selection:
    """Logistic propensity to volunteer, from volunteers and a probability sample.

    Whether somebody volunteers must depend on the formula's variables only, everybody must have
    some chance to, and the two samples must not be matched; see `describe_overlap`.

    Parameters
    ----------
    volunteers : frame or mapping of columns
    reference : Design
        Probability sample of the same population, with the same columns.
    formula : str
        Right-hand side; a constant is always in.
    method : {"likelihood", "calibration"}
        Pseudo-likelihood, or weights that meet the totals of the formula's columns exactly.

    Raises
    ------
    DataError
        If the samples do not fit each other, or no propensities solve the equation.

    References
    ----------
    Chen, Li & Wu (2020), JASA 115, 2011-2021, for the pseudo-likelihood; Wu (2022), Survey
    Methodology 48, 283-311, for the calibrated equation.
    """
    pair = pair_samples(volunteers, reference, formula)
    beta = _solve(pair, method)
    own, others = special.expit(pair.volunteers @ beta), special.expit(pair.reference @ beta)
    others = np.where(pair.weight > 0, others, 0.0)
    if method == "likelihood":
        score, counter = pair.volunteers, -others[:, None] * pair.reference
        pull = pair.weight * others * (1 - others)
        information = (pair.reference * pull[:, None]).T @ pair.reference
    else:
        score, counter = pair.volunteers / own[:, None], -pair.reference
        information = (pair.volunteers * ((1 - own) / own)[:, None]).T @ pair.volunteers
    meat = (score * (1 - own)[:, None]).T @ score + estimate_covariance(reference, counter)
    bread = np.linalg.inv(information)
    return Selection(
        pair, method, beta, bread @ meat @ bread, own, others, 1 / own, information, score, counter
    )


def _solve(pair: Pair, method: Method) -> Floats:
    """Newton's method on a concave function whose slope is the estimating equation."""
    X, Z, d = pair.volunteers, pair.reference, pair.weight
    total = d @ Z

    def climb(beta: Floats) -> tuple[float, Floats, Floats]:
        if method == "likelihood":
            eta = Z @ beta
            p = special.expit(eta)
            height = float((X @ beta).sum() - d @ np.logaddexp(0, eta))
            return height, X.sum(axis=0) - (d * p) @ Z, (Z * (d * p * (1 - p))[:, None]).T @ Z
        odds = np.exp(np.clip(-(X @ beta), -700, 700))
        height = float((X @ beta - odds).sum() - total @ beta)
        return height, (1 + odds) @ X - total, (X * odds[:, None]).T @ X

    beta = np.zeros(X.shape[1])
    # Start where the shares agree, so that the first steps are short.
    beta[0] = special.logit(min(len(X) / pair.size, 0.9))
    height, slope, bend = climb(beta)
    for _ in range(200):
        if np.linalg.cond(bend) > 1e14:
            break
        step = np.linalg.solve(bend, slope)
        part = 1.0
        while climb(beta + part * step)[0] < height - 1e-12 * abs(height) and part > 1e-10:
            part /= 2
        beta = beta + part * step
        height, slope, bend = climb(beta)
        if np.abs(step).max() <= 1e-12 * (1 + np.abs(beta).max()):
            return beta
    raise DataError(
        "No propensities fit: the volunteers differ too much from the probability sample, or are "
        "more than the population holds. Look at the margins and merge or leave out variables."
    )
