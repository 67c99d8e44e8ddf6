"""svyciprop and svyquantile."""

from typing import Any

import numpy as np
import polars as pl

from analysis.arrays import Floats
from analysis.design import Design
from analysis.estimates import estimate_means
from analysis.intervals import ProportionMethod, bound_proportions
from tests.analysis.reference_estimators.smooth import (
    Rows,
    add_terms,
    count_rows,
    design_df,
    estimate_points,
    read_call,
    read_flag,
    split_terms,
)
from tests.analysis.reference_estimators.stopping import bound_by_profile, measure_drift
from tests.analysis.reference_runner.cases import Case
from tests.analysis.reference_runner.designs import add_column, build_design
from tests.analysis.reference_runner.expressions import evaluate
from tests.analysis.reference_runner.syntax import Call

SHARES: dict[str, ProportionMethod] = {
    "logit": "logit",
    "xlogit": "logit",
    "likelihood": "likelihood",
    "asin": "arcsine",
    "beta": "korn_graubard",
    "mean": "t",
    "wilson": "wilson",
}


def run_share(case: Case) -> tuple[Rows, dict[str, Any]]:
    """svyciprop: a share with an interval of the named kind."""
    design = build_design(case)
    call = read_call(case)
    (term,) = split_terms(call.arguments[0][1])
    _, (name,) = add_terms(design, [term])
    column = evaluate(term, design.data).cast(pl.Float64)
    design = add_column(design, name, column)
    estimates = estimate_means(design, [name])
    df = design_df(design)
    share, se = estimates.estimate, estimates.se
    interval = bound_share(design, call, column.to_numpy(), float(share[0]), float(se[0]))
    row = {
        "component": name,
        "estimate": float(share[0]),
        "se": float(se[0]),
        "ci95": list(interval),
    }
    return [row], {"df": df}


def bound_share(
    design: Design, call: Call, answer: Floats, share: float, se: float
) -> tuple[float, float]:
    """The interval of the kind and level that a call names."""
    kind = read_flag(call, "method") or "logit"
    confidence, df = float(read_flag(call, "level") or 0.95), float(design_df(design))
    rows = float(count_rows(design))
    if kind == "likelihood":
        drift = measure_drift(design, answer)
        return bound_by_profile(share, se, df=df, rows=rows, confidence=confidence, drift=drift)
    if kind == "logit" and share in (0.0, 1.0):
        # R fits a constant whose log-odds run away; its limits all but meet the share.
        return share, share
    if kind == "beta" and share in (0.0, 1.0):
        return np.nan, np.nan
    lower, upper = bound_proportions(
        np.array([share]),
        np.array([se]),
        np.array([df]),
        np.array([rows]),
        method=SHARES[kind],
        confidence=confidence,
        capped=False,
    )
    return float(lower[0]), float(upper[0])


def run_quantiles(case: Case) -> tuple[Rows, dict[str, Any]]:
    """svyquantile: points and Woodruff intervals."""
    design = build_design(case)
    call = read_call(case)
    design, names = add_terms(design, split_terms(call.arguments[0][1]))
    found = estimate_points(design, names, call)
    rows = [
        {
            "component": record["component"],
            "p": record["p"],
            "estimate": record["estimate"],
            "se": record["se"],
            "ci95": [record["lower"], record["upper"]],
        }
        for record in found.table.iter_rows(named=True)
    ]
    return rows, {"df": design_df(design)}


ESTIMATORS = {"svyciprop": run_share, "svyquantile": run_quantiles}
