"""svyglm, regTermTest and svyolr."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from analysis.codes import encode_series
from analysis.design import Design
from analysis.models import Model, check_terms, fit_ordinal, fit_regression
from analysis.models.families import Family, Link
from tests.analysis.reference_estimators.smooth import (
    Rows,
    design_df,
    keep_levels,
    read_call,
    read_flag,
)
from tests.analysis.reference_estimators.stopping import covary_as_r
from tests.analysis.reference_runner.cases import Case
from tests.analysis.reference_runner.designs import add_column, build_design
from tests.analysis.reference_runner.expressions import evaluate, read_number
from tests.analysis.reference_runner.syntax import Call, Constant, Expression, Name, deparse

FAMILIES: dict[str, Family] = {
    "gaussian": "gaussian",
    "binomial": "binomial",
    "quasibinomial": "binomial",
    "poisson": "poisson",
    "quasipoisson": "poisson",
}
LINKS: dict[str, Link] = {"logistic": "logit", "probit": "probit", "cloglog": "cloglog"}


def split_formula(call: Call) -> tuple[Expression, Expression]:
    """Response and right-hand side of the first formula of a call."""
    formula = call.get(0, "formula")
    assert isinstance(formula, Call), call
    assert len(formula.arguments) == 2, call
    (_, left), (_, right) = formula.arguments
    return left, right


def write_terms(design: Design, right: Expression) -> tuple[Design, str]:
    """The right-hand side in our notation, with a column for every term that is an expression."""
    if isinstance(right, Constant):
        return design, f"{right.value:g}"
    if isinstance(right, Call) and right.function == "(":
        return write_terms(design, right.arguments[0][1])
    if isinstance(right, Call) and right.function in ("+", "-", ":", "*"):
        parts = []
        for _, part in right.arguments:
            design, text = write_terms(design, part)
            parts.append(text)
        return design, f" {right.function} ".join(parts if len(parts) > 1 else ["", *parts])
    name = right.name if isinstance(right, Name) else deparse(right)
    if name not in design.data.columns:
        design = add_column(design, name, evaluate(right, design.data))
    return design, f"`{name}`"


def fit_glm(design: Design, call: Call) -> Model:
    """The model of an svyglm call."""
    left, right = split_formula(call)
    response = evaluate(left, design.data).cast(pl.Float64).to_numpy()
    design, terms = write_terms(keep_levels(design), right)
    asked = call.get(99, "family")
    family = FAMILIES[asked.function if isinstance(asked, Call) else "gaussian"]
    model = fit_regression(
        design, f"response ~ {terms}", family, response=response, collinear="drop"
    )
    if family == "gaussian" or design.replicates is not None:
        return model
    control = call.get(99, "control")
    told = control.get(99, "epsilon") if isinstance(control, Call) else None
    epsilon = 1e-8 if told is None else read_number(told)
    return replace(
        model, vcov=covary_as_r(design, f"response ~ {terms}", response, family, epsilon)
    )


def make_rows(model: Model, names: Sequence[str]) -> Rows:
    """Rows of a table of coefficients."""
    keys = ("estimate", "se", "t", "p_value", "lower", "upper")
    rows = []
    for name, record in zip(names, model.to_frame().select(keys).rows(), strict=True):
        row: dict[str, Any] = dict(zip(keys, record, strict=True))
        if model.df_residual <= 1:
            # R's intervals are unbounded then, and JSON knows no infinity.
            row |= {"lower": np.nan, "upper": np.nan}
        rows.append({"component": name, **row, "ci95_t": [row["lower"], row["upper"]]})
    return rows


def run_glm(case: Case) -> tuple[Rows, dict[str, Any]]:
    """svyglm: coefficients with their covariance."""
    design = build_design(case)
    model = fit_glm(design, read_call(case))
    extra = {"df": design_df(design), "df_residual": model.df_residual, "vcov": model.vcov}
    return make_rows(model, model.names), extra


def run_term_test(case: Case) -> tuple[Rows, dict[str, Any]]:
    """regTermTest: Wald's F of some terms."""
    call = read_call(case)
    inner, asked = call.arguments[0][1], call.arguments[1][1]
    assert isinstance(inner, Call)
    design = build_design(case)
    model = fit_glm(design, inner)
    test = check_terms(model, _name_terms(asked))
    row = {
        "component": "Wald",
        "statistic": test.statistic,
        "df_num": test.df_numerator,
        "df_den": test.df_denominator,
        "p_value": test.p_value,
    }
    return [row], {"df": design_df(design)}


def _name_terms(expression: Expression) -> list[str]:
    if isinstance(expression, Constant):
        return [str(expression.value)]
    if isinstance(expression, Call) and expression.function == "~":
        return _name_terms(expression.arguments[-1][1])
    if isinstance(expression, Call) and expression.function == "+":
        return [name for _, part in expression.arguments for name in _name_terms(part)]
    return [expression.name if isinstance(expression, Name) else deparse(expression)]


def run_ordinal(case: Case) -> tuple[Rows, dict[str, Any]]:
    """svyolr: slopes and thresholds."""
    design, call = build_design(case), read_call(case)
    left, right = split_formula(call)
    codes = encode_series(evaluate(left, design.data))
    labels = [str(label) for label in codes.labels.to_series()]
    response = np.where(codes.code < 0, np.nan, codes.code).astype(np.float64)
    design, terms = write_terms(keep_levels(design), right)
    link = LINKS[read_flag(call, "method") or "logistic"]
    model = fit_ordinal(design, f"response ~ {terms}", link, response=response, collinear="drop")
    slopes = len(model.names) - len(model.levels) + 1
    shown = [labels[int(level)] for level in model.levels]
    names = [
        *model.names[:slopes],
        *(f"{low}|{high}" for low, high in pairwise(shown)),
    ]
    return make_rows(model, names), {"df": design_df(design), "vcov": model.vcov}


ESTIMATORS = {"svyglm": run_glm, "regTermTest": run_term_test, "svyolr": run_ordinal}
