"""Proof that no weights within the bounds meet the totals, and how near they could come."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from analysis.arrays import Floats
from analysis.errors import CalibrationError


@dataclass(frozen=True)
class Feasibility:
    """What linear programming says about totals and bounds.

    Attributes
    ----------
    gap : float
        Smallest possible largest error of a total, relative to its size; 0: it can be done.
    attained : (p,) float
        Totals of the weights that come closest.
    """

    gap: float
    attained: Floats


def measure_feasibility(
    mass: Floats, values: Floats, totals: Floats, lower: float, upper: float
) -> Feasibility:
    """How closely weights between lower and upper times the base weights can meet the totals.

    Parameters
    ----------
    mass : (K,) float
    values : (K, p) float
    totals : (p,) float
    lower, upper : float
        Bounds on g; infinite ones are allowed.

    Raises
    ------
    CalibrationError
        If the linear program itself fails.

    References
    ----------
    The linear program minimises the largest relative error over the feasible region of Deville &
    Särndal (1992), section 2; it is solved by HiGHS (Huangfu & Hall 2018, Mathematical
    Programming Computation 10, 119-142).
    """
    scale = np.maximum(np.abs(totals), np.abs(mass) @ np.abs(values))
    scale = np.where(scale > 0, scale, 1.0)
    rows = sparse.csr_array((values * mass[:, None] / scale).T)
    slack = sparse.csr_array(np.full((len(totals), 1), -1.0))
    table = sparse.vstack(
        [sparse.hstack([rows, slack]), sparse.hstack([-rows, slack])], format="csr"
    )
    limits = np.concatenate([totals / scale, -totals / scale])
    cells = len(mass)
    result = optimize.linprog(
        np.concatenate([np.zeros(cells), [1.0]]),
        A_ub=table,
        b_ub=limits,
        bounds=[(lower, upper)] * cells + [(0, None)],
        method="highs",
    )
    if result.status != 0 or result.x is None:
        raise CalibrationError(f"The feasibility of the totals is unknown: {result.message}")
    factor = result.x[:cells]
    return Feasibility(float(result.x[cells]), values.T @ (mass * factor))
