"""Cronbach's alpha with and without a design, adequacy, eigenvalues and factors."""

import re
from typing import Any

import numpy as np
import polars as pl

from analysis.scales import (
    Moments,
    check_sphericity,
    estimate_alpha,
    fit_factors,
    measure_adequacy,
    weigh_items,
)
from tests.analysis.reference_estimators.smooth import (
    Rows,
    add_terms,
    design_df,
    read_call,
    split_terms,
)
from tests.analysis.reference_runner.cases import Case
from tests.analysis.reference_runner.designs import build_design


def run_survey_alpha(case: Case) -> tuple[Rows, dict[str, Any]]:
    """svycralpha: alpha of weighted items."""
    design = build_design(case)
    design, names = add_terms(design, split_terms(read_call(case).arguments[0][1]))
    items = design.data.select(names).cast(pl.Float64).to_numpy()
    alpha = estimate_alpha(items, np.where(design.inside, design.weights.final, 0.0))
    return [{"component": "*alpha*", "estimate": alpha.alpha}], {"df": design_df(design)}


def find_items(case: Case) -> list[str]:
    """The items of a case: those that its call or its results name, and their like."""
    columns = case.read_data(case.design["data"]).columns
    text = " ".join([case.spec["r_call"], case.id, *_components(case)])
    first = next(
        name for name in re.findall(r"[a-z]+\d+", text.replace("_", " ")) if name in columns
    )
    last = re.search(r"([a-z]+\d+)\.\.([a-z]+\d+)", text)
    stem = first.rstrip("0123456789")
    like = [name for name in columns if re.fullmatch(stem + r"\d+", name)]
    return like if last is None else like[like.index(last[1]) : like.index(last[2]) + 1]


def _components(case: Case) -> list[str]:
    return [str(row.get("component", "")) for row in case.spec["results"]]


def read_items(case: Case) -> tuple[list[str], np.ndarray[Any, np.dtype[np.float64]]]:
    """Names and answers, without weights."""
    names = find_items(case)
    table = case.read_data(case.design["data"]).select(names).cast(pl.Float64).to_numpy()
    return names, table


def read_moments(case: Case) -> tuple[list[str], Moments]:
    """Names and moments, without weights."""
    names, table = read_items(case)
    return names, weigh_items(table)


def run_alpha(case: Case) -> tuple[Rows, dict[str, Any]]:
    """Alpha from covariances and from correlations."""
    alpha = estimate_alpha(read_items(case)[1])
    values = {"alpha": alpha.alpha, "alpha_std": alpha.standardised}
    return [{"component": name, "estimate": value} for name, value in values.items()], {}


def run_alpha_drop(case: Case) -> tuple[Rows, dict[str, Any]]:
    """Alpha without the item that the case's name ends with, and its item-rest correlation."""
    names, table = read_items(case)
    place = names.index(case.id.rsplit("_", maxsplit=1)[-1])
    alpha = estimate_alpha(table)
    values = {"alpha_drop": alpha.if_dropped[place], "item_rest_r": alpha.item_rest[place]}
    return [{"component": name, "estimate": value} for name, value in values.items()], {}


def run_kmo(case: Case) -> tuple[Rows, dict[str, Any]]:
    """Kaiser-Meyer-Olkin and Bartlett."""
    names, moments = read_moments(case)
    kmo = measure_adequacy(moments.correlation)
    bartlett = check_sphericity(moments.correlation, moments.size)
    values = {
        "KMO": kmo.overall,
        "bartlett_chisq": bartlett.statistic,
        "bartlett_p": bartlett.p_value,
        **{f"MSA_{name}": value for name, value in zip(names, kmo.items, strict=True)},
    }
    return [{"component": name, "estimate": value} for name, value in values.items()], {}


def run_factors(case: Case) -> tuple[Rows, dict[str, Any]]:
    """factanal with one factor."""
    names, moments = read_moments(case)
    found = re.search(r"factanal\(X,\s*(\d+)", case.spec["r_call"])
    assert found is not None, case.id
    factors = fit_factors(moments.correlation, int(found[1]), moments.size, rotation="none")
    values = {"chisq": factors.statistic, "chisq_df": factors.df}
    for place, name in enumerate(names):
        values[f"loading_{name}"] = factors.loadings[place, 0]
        values[f"uniq_{name}"] = factors.uniqueness[place]
    return [{"component": name, "estimate": value} for name, value in values.items()], {}


def run_eigenvalues(case: Case) -> tuple[Rows, dict[str, Any]]:
    """Eigenvalues of the correlation matrix of the items of the scale."""
    data = case.read_data(case.design["data"])
    names = [name for name in data.columns if re.fullmatch(r"c\d+", name)]
    table = data.select(names).cast(pl.Float64).to_numpy()
    values = np.linalg.eigvalsh(weigh_items(table).correlation)[::-1]
    return [
        {"component": f"ev{place}", "estimate": value} for place, value in enumerate(values, 1)
    ], {}


ESTIMATORS = {
    "svycralpha": run_survey_alpha,
    "cronbach_alpha": run_alpha,
    "cronbach_alpha_drop": run_alpha_drop,
    "kmo": run_kmo,
    "factor_analysis_ml": run_factors,
    "eigenvalues": run_eigenvalues,
}
