"""Calibration to totals of categories and numbers, with bounds on how far a weight may move."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from analysis.arrays import Floats, Ints
from analysis.calibration import Distance, Method, measure_feasibility, solve_calibration
from analysis.cells import sum_by
from analysis.codes import encode
from analysis.design import Calibration, Design
from analysis.errors import CalibrationError
from analysis.formulas import Formula, build_matrix, parse_formula
from analysis.weighting.logs import append_step, measure_change
from analysis.weighting.replay import replay

UNBOUNDED = (-np.inf, np.inf)


@dataclass(frozen=True, eq=False)
class _Table:
    """Distinct rows of the model matrix."""

    cell: Ints
    values: Floats
    names: tuple[str, ...]
    totals: Floats


def calibrate(
    design: Design,
    formula: Formula | str,
    totals: Mapping[str, float],
    *,
    method: Method = "linear",
    bounds: tuple[float, float] = UNBOUNDED,
    tolerance: float = 1e-11,
) -> Design:
    """Weights closest to the old ones whose totals of the formula's columns are the known ones.

    Parameters
    ----------
    formula : str or Formula
        Auxiliary variables, categories in treatment coding; see `analysis.formulas`.
    totals : mapping of column name to population total
        The intercept's total is the population size.
    method : str
        `linear`, `raking` or `logit`.
    bounds : pair of float
        Smallest and largest factor on a weight, on either side of 1.

    Raises
    ------
    CalibrationError
        If a total is missing, an auxiliary value is missing, or no weights within the bounds
        meet the totals: linear programming proves it, and the message says which total cannot
        be reached and how near one can come.

    References
    ----------
    Deville & Särndal (1992), JASA 87, 376-382; Deville, Särndal & Sautory (1993).
    """
    distance = Distance(method, *bounds)
    table = _tabulate(design, formula, totals)
    before = design.weights.final
    cells = len(table.values)
    mass = sum_by(table.cell, before, cells)
    solution = solve_calibration(mass, table.values, table.totals, distance, tolerance=tolerance)
    if not solution.converged:
        _explain(table, mass, distance, solution.error)
    after = before * solution.factor[table.cell]

    def reweigh(masses: Floats) -> Floats:
        factors = np.full_like(masses, np.nan)
        for place, column in enumerate(masses.T):
            found = solve_calibration(
                column, table.values, table.totals, distance, tolerance=tolerance
            )
            if found.converged:
                factors[:, place] = found.factor
        return factors

    detail = {"method": method, "bounds": tuple(bounds), "iterations": solution.steps}
    return append_step(
        replace(design, replicates=replay(design, table.cell, cells, reweigh)),
        "calibrate",
        after,
        {**detail, **measure_change(before, after, bundles=design.weights.bundles)},
        margins=_compare(table, mass, solution.factor),
        calibration=Calibration(table.cell, table.values, None, before, after),
    )


def _tabulate(design: Design, formula: Formula | str, totals: Mapping[str, float]) -> _Table:
    """The model matrix on the combinations that occur: most formulas have few."""
    parsed = parse_formula(formula) if isinstance(formula, str) else formula
    codes = encode(design.data, parsed.variables)
    used = design.weights.final > 0
    if (codes.code[used] < 0).any():
        raise CalibrationError(
            f"{', '.join(parsed.variables)} are not all there in {(codes.code[used] < 0).sum()} "
            "rows with weight; impute them or drop the rows."
        )
    matrix = build_matrix(codes.labels, parsed)
    _compare_names(matrix.names, totals)
    asked = np.array([float(totals[name]) for name in matrix.names])
    return _Table(np.where(used, codes.code, 0), matrix.values, matrix.names, asked)


def _compare_names(names: Sequence[str], totals: Mapping[str, float]) -> None:
    missing = [name for name in names if name not in totals]
    extra = [name for name in totals if name not in names]
    if missing or extra:
        raise CalibrationError(
            f"Totals are missing for {', '.join(missing) or 'nothing'} and given without a column "
            f"for {', '.join(extra) or 'nothing'}; the columns are {', '.join(names)}."
        )


def _explain(table: _Table, mass: Floats, distance: Distance, error: Floats) -> None:
    """Say which total stops the calibration, proving it where it is impossible."""
    lower = max(distance.lower, 0.0) if distance.method == "raking" else distance.lower
    proof = measure_feasibility(mass, table.values, table.totals, lower, distance.upper)
    gap = np.abs(proof.attained - table.totals)
    if proof.gap > 1e-9:
        worst = int(np.argmax(gap / np.maximum(np.abs(table.totals), 1.0)))
        raise CalibrationError(
            f"No weights between {lower:g} and {distance.upper:g} times the old ones meet these "
            f"totals: for {table.names[worst]} the nearest to {table.totals[worst]:,.2f} is "
            f"{proof.attained[worst]:,.2f}. Widen the bounds or merge levels."
        )
    worst = int(np.argmax(np.abs(error)))
    raise CalibrationError(
        f"The totals can be met, but not by the {distance.method} method: {table.names[worst]} "
        f"stays {abs(error[worst]):.2%} off. Try another method or wider bounds."
    )


def _compare(table: _Table, mass: Floats, factor: Floats) -> pl.DataFrame:
    columns: dict[str, Any] = {
        "margin": ["column"] * len(table.names),
        "level": list(table.names),
        "total": table.totals,
        "before": table.values.T @ mass,
        "after": table.values.T @ (mass * factor),
    }
    return pl.DataFrame(columns)
