"""svyciprop and svyquantile."""

from typing import Any

import numpy as np
import polars as pl

from analysis.design import Design
from analysis.estimates import (
    Missing,
    QuantileRule,
    WoodruffMethod,
    estimate_means,
    estimate_quantiles,
)
from analysis.intervals import ProportionMethod, bound_proportions
from tests.analysis.reference_estimators.smooth import (
    Rows,
    add_terms,
    design_df,
    read_call,
    read_flag,
    split_terms,
)
from tests.analysis.reference_runner.cases import Case
from tests.analysis.reference_runner.designs import add_column, build_design
from tests.analysis.reference_runner.expressions import evaluate, read_vector

SHARES: dict[str, ProportionMethod] = {
    "logit": "logit",
    "xlogit": "logit",
    "likelihood": "likelihood",
    "asin": "arcsine",
    "beta": "korn_graubard",
    "mean": "t",
    "wilson": "wilson",
}
QUANTILES: dict[str, WoodruffMethod] = {
    "mean": "t",
    "xlogit": "logit",
    "asin": "arcsine",
    "beta": "korn_graubard",
}


def count_rows(design: Design) -> int:
    """Rows as R counts them: a calibrated design keeps those outside a later subset."""
    calibrations = design.weights.calibrations
    return int(np.count_nonzero(calibrations[0].before)) if calibrations else design.size


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
    method = SHARES[read_flag(call, "method") or "logit"]
    rows = np.array([float(count_rows(design))])
    lower, upper = bound_proportions(
        share, se, np.array([float(df)]), rows, method=method, capped=False
    )
    interval = [float(lower[0]), float(upper[0])]
    row = {"component": name, "estimate": float(share[0]), "se": float(se[0]), "ci95": interval}
    return [row], {"df": df}


def run_quantiles(case: Case) -> tuple[Rows, dict[str, Any]]:
    """svyquantile: points and Woodruff intervals."""
    design = build_design(case)
    call = read_call(case)
    design, names = add_terms(design, split_terms(call.arguments[0][1]))
    asked = call.get(2, "quantiles")
    levels = [] if asked is None else [float(str(one)) for one in read_vector(asked)]
    rule: QuantileRule = read_flag(call, "qrule") or "math"
    method = QUANTILES[read_flag(call, "interval.type") or "mean"]
    missing: Missing = "complete" if read_flag(call, "na.rm") else "fail"
    found = estimate_quantiles(
        design,
        names,
        levels,
        interval=method,
        rule=rule,
        missing=missing,
    )
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
