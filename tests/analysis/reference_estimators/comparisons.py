"""svycontrast, svychisq, svyttest and svyranktest."""

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
from scipy import stats

from analysis.arrays import Floats
from analysis.compare import (
    Figures,
    GroupTest,
    check_association,
    check_mean,
    compare_means,
    compare_ranks,
    contrast,
    pick,
    transform,
)
from analysis.compare.association import Statistic
from analysis.compare.groups import RankScore
from analysis.design import Design
from analysis.intervals import find_critical_value
from tests.analysis.reference_estimators.models import fit_glm, split_formula
from tests.analysis.reference_estimators.smooth import (
    Rows,
    add_terms,
    design_df,
    estimate_statistic,
    is_category,
    keep_levels,
    keep_rows,
    read_call,
    read_flag,
    split_terms,
)
from tests.analysis.reference_runner.cases import Case
from tests.analysis.reference_runner.designs import add_column, build_design
from tests.analysis.reference_runner.expressions import evaluate, read_number
from tests.analysis.reference_runner.syntax import Call, Constant, Expression, Name, deparse

STATISTICS: dict[str, Statistic] = {
    "F": "second-order",
    "Chisq": "first-order",
    "Wald": "wald",
    "adjWald": "adjusted-wald",
}
SCORES: dict[str, RankScore] = {
    "wilcoxon": "wilcoxon",
    "KruskalWallis": "wilcoxon",
    "vanderWaerden": "van-der-waerden",
    "median": "median",
}


def divide(left: complex, right: complex) -> complex:
    """The quotient; by zero it is none, for the files write infinity and NaN alike as null."""
    return left / right if right else complex(np.nan, np.nan)


ARITHMETIC: dict[str, Callable[..., complex]] = {
    "+": lambda *sides: sum(sides),
    "-": lambda left, right=None: -left if right is None else left - right,
    "*": lambda left, right: left * right,
    "/": divide,
    "^": lambda left, right: left**right,
    "(": lambda inner: inner,
    "log": np.log,
    "exp": np.exp,
    "sqrt": np.sqrt,
}


def run_contrast(case: Case) -> tuple[Rows, dict[str, Any]]:
    """svycontrast: linear and other functions of estimates."""
    design, call = build_design(case), read_call(case)
    inner, asked = call.arguments[0][1], call.arguments[1][1]
    assert isinstance(inner, Call)
    figures = name_figures(design, inner)
    names = figures.labels["component"].to_list()
    made = apply_contrasts(figures, names, read_contrasts(asked))
    df = design_df(design)
    normal, student = stats.norm.ppf(0.975), float(find_critical_value(0.95, float(df)))
    rows = [
        {
            "component": name,
            "estimate": estimate,
            "se": se,
            "ci95_normal": [estimate - normal * se, estimate + normal * se],
            "ci95_t": [estimate - student * se, estimate + student * se],
        }
        for name, estimate, se in zip(made.labels["contrast"], made.estimate, made.se, strict=True)
    ]
    return rows, {"df": df, "vcov": made.vcov}


def name_figures(design: Design, inner: Call) -> Figures:
    """The estimates of an inner call, named as R names them."""
    if inner.function == "svyglm":
        model = fit_glm(design, inner)
        labels = pl.DataFrame({"component": model.names})
        df = np.full(len(model.names), float(model.df_residual))
        return Figures(labels, model.coefficients, model.vcov, df)
    by: list[str] = []
    statistic = inner.function
    if statistic == "svyby":
        design, by = add_terms(design, split_terms(inner.arguments[1][1]))
        names = [value.name for _, value in inner.arguments[2:] if isinstance(value, Name)]
        statistic = names[-1]
    estimates = estimate_statistic(design, statistic, inner, by)
    several = estimates.table["component"].n_unique() > 1
    figures = pick(estimates)
    components = []
    for record in figures.labels.iter_rows(named=True):
        level = ".".join(str(record[name]) for name in by)
        tail = record["component"] if several or not by else ""
        components.append(f"{level}:{tail}" if level and tail else level or tail)
    return Figures(
        pl.DataFrame({"component": components}), figures.estimate, figures.vcov, figures.df
    )


def read_contrasts(asked: Expression) -> dict[str, Expression]:
    """Contrasts by name; a single one is called contrast."""
    if isinstance(asked, Call) and asked.function == "list":
        return {key or "contrast": value for key, value in asked.arguments}
    return {"contrast": asked}


def apply_contrasts(figures: Figures, names: list[str], asked: dict[str, Expression]) -> Figures:
    """Linear contrasts together, so that their covariance is known; other functions likewise."""
    if all(isinstance(one, Call) and one.function == "quote" for one in asked.values()):
        functions = {}
        for name, one in asked.items():
            assert isinstance(one, Call)
            functions[name] = _follow(one.arguments[0][1], names)
        return transform(figures, functions)
    calls = {name: one for name, one in asked.items() if isinstance(one, Call)}
    named = any(key for one in calls.values() for key, _ in one.arguments)
    coefficients = {}
    for name, one in calls.items():
        # Beside a contrast with names R finds nothing for one without: all of it is zero.
        coefficients[name] = {
            names.index(key) if key else place: read_number(value) if key or not named else 0.0
            for place, (key, value) in enumerate(one.arguments)
        }
    return contrast(figures, coefficients)


def _follow(expression: Expression, names: list[str]) -> Callable[[Floats], Floats]:
    def compute(figures: Floats) -> Floats:
        return np.asarray(_compute(expression, names, figures))

    return compute


def _compute(expression: Expression, names: list[str], figures: Floats) -> complex:
    if isinstance(expression, Name):
        return complex(figures[names.index(expression.name)])
    if isinstance(expression, Constant):
        return complex(float(expression.value or 0))
    parts = [_compute(value, names, figures) for _, value in expression.arguments]
    return ARITHMETIC[expression.function](*parts)


def run_association(case: Case) -> tuple[Rows, dict[str, Any]]:
    """svychisq: independence of two factors."""
    design, call = build_design(case), read_call(case)
    design, (first, second) = add_terms(design, split_terms(call.arguments[0][1]))
    kind = STATISTICS[read_flag(call, "statistic") or "F"]
    test = check_association(design, first, second, statistic=kind)
    row = {"statistic": test.statistic, "parameter": list(test.df), "p_value": test.p_value}
    pearson = kind in ("second-order", "first-order")
    if pearson and any(has_empty_level(design, name) for name in (first, second)):
        # R divides by the expected count of a level that is there without a row.
        row |= {"statistic": np.nan, "p_value": np.nan}
    return [row], {"df": design_df(design)}


def has_empty_level(design: Design, name: str) -> bool:
    """Whether R's factor has a level that a subset emptied: a number's levels are those kept."""
    column = design.data[name]
    if not is_category(design, name):
        column = column.filter(pl.Series(keep_rows(design)))
    there = design.data[name].filter(pl.Series(design.inside & (design.weights.final != 0)))
    return column.drop_nulls().n_unique() > there.drop_nulls().n_unique()


def run_t_test(case: Case) -> tuple[Rows, dict[str, Any]]:
    """svyttest: a mean against zero, or two groups."""
    design, call = build_design(case), read_call(case)
    left, right = split_formula(call)
    response = evaluate(left, design.data).cast(pl.Float64).to_numpy()
    df = design_df(design)
    if isinstance(right, Constant):
        # R takes one degree of freedom away here too.
        return [_write(check_mean(design, "response", response=response, df=df - 1))], {"df": df}
    design, group = _name_group(design, right)
    test = compare_means(design, "response", group, response=response)
    return [_write(test)], {"df": df}


def run_rank_test(case: Case) -> tuple[Rows, dict[str, Any]]:
    """svyranktest: scores of ranks between groups."""
    design, call = build_design(case), read_call(case)
    left, right = split_formula(call)
    name = left.name if isinstance(left, Name) else deparse(left)
    design = add_column(design, name, evaluate(left, design.data).cast(pl.Float64))
    design, group = _name_group(design, right)
    score = SCORES[read_flag(call, "test") or "wilcoxon"]
    test = compare_ranks(design, name, group, score=score, ties="order")
    row = _write(test)
    if len(test.df) > 1:
        # R gives the degrees of freedom as the statistic, and chi-square as its parameter.
        row |= {"statistic": test.df[0], "parameter": test.statistic * test.df[0]}
    return [row], {"df": design_df(design)}


def _name_group(design: Design, right: Expression) -> tuple[Design, str]:
    """The grouping variable as a category."""
    name = right.name if isinstance(right, Name) else deparse(right)
    values = evaluate(right, design.data)
    return keep_levels(add_column(design, name, values.cast(pl.String))), name


def _write(test: GroupTest) -> dict[str, Any]:
    return {
        "statistic": test.statistic,
        "parameter": list(test.df),
        "p_value": test.p_value,
        "estimate": test.estimate,
        "ci95": [test.lower, test.upper],
    }


ESTIMATORS = {
    "svycontrast": run_contrast,
    "svychisq": run_association,
    "svyttest": run_t_test,
    "svyranktest": run_rank_test,
}
