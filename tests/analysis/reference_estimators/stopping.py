"""Where R stops short of the exact value, by more than some cases allow: the same steps here.

R's glm takes its standard errors from the working weights before the last step, which are off by
about 1e-7. Its likelihood intervals of a proportion are read off a profile of the deviance at a
few points of the log-odds, joined by a spline: off by about 1e-6.
"""

from collections.abc import Callable

import numpy as np
from scipy import special, stats

from analysis.arrays import Floats
from analysis.design import Design
from analysis.models.families import FAMILIES, Family, MeanModel
from analysis.models.preparation import Problem, prepare
from analysis.models.regression import invert_gram
from analysis.variance import estimate_covariance

DEVIANCES: dict[Family, Callable[[Floats, Floats], Floats]] = {
    "binomial": lambda y, mean: np.asarray(
        special.xlogy(y, y / mean) + special.xlogy(1 - y, (1 - y) / (1 - mean)), dtype=np.float64
    ),
    "poisson": lambda y, mean: np.asarray(
        special.xlogy(y, y / mean) - (y - mean), dtype=np.float64
    ),
}
STARTS: dict[Family, Callable[[Floats, Floats], Floats]] = {
    "binomial": lambda y, weight: special.logit((weight * y + 0.5) / (weight + 1)),
    "poisson": lambda y, _: np.log(y + 0.1),
}


def covary_as_r(
    design: Design, formula: str, response: Floats, family: Family, epsilon: float
) -> Floats:
    """Covariance of the coefficients with R's last working weights, (p, p)."""
    problem = prepare(design, formula, response, collinear="drop")
    curve = FAMILIES[family]
    before, after = _step_until_settled(problem, curve, family, epsilon)
    final = problem.design.weights.final[problem.used]
    pull = (problem.y - curve.mean(after)) * curve.slope(before) / curve.slope(after)
    bread = invert_gram(problem.X, final * curve.slope(before))
    influence = np.zeros((len(problem.used), problem.X.shape[1]))
    influence[problem.used] = (problem.X * pull[:, None]) @ bread
    return estimate_covariance(problem.design, influence)


def _step_until_settled(
    problem: Problem, curve: MeanModel, family: Family, epsilon: float
) -> tuple[Floats, Floats]:
    """Linear predictors before and after the step at which the deviance settles."""
    y, weight = problem.y, problem.weight
    before = after = STARTS[family](y, weight)
    deviance = float(2 * weight @ DEVIANCES[family](y, curve.mean(after)))
    for _ in range(200):
        before = after
        root = np.sqrt(weight * curve.slope(before))
        working = before + (y - curve.mean(before)) / curve.slope(before)
        beta = np.linalg.lstsq(problem.X * root[:, None], working * root, rcond=None)[0]
        after = problem.X @ beta
        reached = float(2 * weight @ DEVIANCES[family](y, curve.mean(after)))
        if abs(reached - deviance) / (abs(reached) + 0.1) < epsilon:
            break
        deviance = reached
    return before, after


def measure_drift(design: Design, answer: Floats) -> float:
    """How much larger the variance of the last step of a constant's fit is than the final one."""
    problem, curve = prepare(design, "answer ~ 1", answer), FAMILIES["binomial"]
    before, after = _step_until_settled(problem, curve, "binomial", 1e-8)
    return float(curve.slope(before)[0] / curve.slope(after)[0])


def bound_by_profile(
    share: float, se: float, *, df: float, rows: float, confidence: float, drift: float = 1.0
) -> tuple[float, float]:
    """Limits where the interpolated signed root of the deviance reaches the critical value.

    References
    ----------
    Venables & Ripley (2002), Modern Applied Statistics with S, section 8.4, for the profile;
    Forsythe, Malcolm & Moler (1977), Computer Methods for Mathematical Computations, ch. 4, for
    the spline.
    """
    if not (0 < share < 1 and se > 0):
        return (share, share)
    spread = share * (1 - share)
    reach = stats.t.ppf((1 + confidence) / 2, df) * se * np.sqrt(drift * rows / spread)
    far = np.sqrt(stats.f.isf(stats.norm.sf(reach) / 2, 1, rows - 1))
    centre, step = special.logit(share), far / 5 * se / spread
    sides = [_profile(share, centre, sign * step, far, rows) for sign in (-1.0, 1.0)]
    at = np.array([*sides[0][0][::-1], centre, *sides[1][0]])
    root = np.array([*sides[0][1][::-1], 0.0, *sides[1][1]])
    dense = np.linspace(at[0], at[-1], 3 * len(at))
    found = np.interp([-reach, reach], _join(at, root, dense), dense, left=np.nan, right=np.nan)
    lower, upper = special.expit(found)
    return float(lower), float(upper)


def _profile(
    share: float, centre: float, step: float, far: float, rows: float
) -> tuple[list[float], list[float]]:
    """Log-odds and signed roots of the deviance, from the estimate outwards until far enough."""
    at: list[float] = []
    roots: list[float] = []
    while len(at) < 9 and (not roots or abs(roots[-1]) < far):
        at.append(centre + (len(at) + 1) * step)
        x = float(special.expit(at[-1]))
        apart = special.xlogy(share, share / x) + special.xlogy(1 - share, (1 - share) / (1 - x))
        roots.append(float(np.sign(step) * np.sqrt(2 * (rows - 1) * apart)))
    return at, roots


def _join(at: Floats, value: Floats, wanted: Floats) -> Floats:
    """The cubic spline whose third derivatives at the ends are those of cubics through 4 points."""
    gap, slope = np.diff(at), np.diff(value) / np.diff(at)
    n = len(at)
    system, right = np.zeros((n, n)), np.zeros(n)
    for place in range(1, n - 1):
        system[place, place - 1 : place + 2] = (
            gap[place - 1],
            2 * (gap[place - 1] + gap[place]),
            gap[place],
        )
        right[place] = 6 * (slope[place] - slope[place - 1])
    for row, first in ((0, 0), (-1, n - 4)):
        second = np.diff(slope[first : first + 3]) / (
            at[first + 2 : first + 4] - at[first : first + 2]
        )
        third = np.diff(second)[0] / (at[first + 3] - at[first])
        place = 0 if row == 0 else n - 2
        system[row, place : place + 2] = -1.0, 1.0
        right[row] = 6 * third * gap[place]
    bend = np.linalg.solve(system, right)
    inner = np.clip(np.searchsorted(at, wanted, side="right") - 1, 0, n - 2)
    left, after = wanted - at[inner], at[inner + 1] - wanted
    width = gap[inner]
    return np.asarray(
        (bend[inner] * after**3 + bend[inner + 1] * left**3) / (6 * width)
        + (value[inner] / width - bend[inner] * width / 6) * after
        + (value[inner + 1] / width - bend[inner + 1] * width / 6) * left
    )
