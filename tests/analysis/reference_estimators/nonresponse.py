"""Weights for nonresponse by classes and by propensity."""

import re
from typing import Any

from analysis.design import Design, describe_design
from analysis.weighting import adjust_by_propensity, adjust_nonresponse, fit_propensity
from tests.analysis.reference_estimators.weights import check_vector, summarise
from tests.analysis.reference_runner.cases import Case


def build_gross(case: Case) -> Design:
    """Everybody drawn, with base weights."""
    return describe_design(case.read_data(case.design["data"]), weight="w_base")


def run_adjustment(case: Case) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The respondents' weights that the case describes in words."""
    design = build_gross(case)
    text = case.spec["r_call"]
    if "class" in case.id or (" within " in text and " x " in text):
        cells = re.findall(r"within (.+)$", text)[0].split(" x ")
        adjusted = adjust_nonresponse(design, "resp", [cell.strip() for cell in cells])
    else:
        formula = _read_formula(text)
        adjusted = adjust_by_propensity(
            design,
            "resp",
            formula,
            classes=5 if "quintile" in text else None,
            weighted="weighted" in text and "unweighted" not in text,
        )
    weight = adjusted.weights.final[adjusted.inside]
    check_vector(case, weight)
    return summarise(weight), {}


def _read_formula(text: str) -> str:
    found = re.search(r"resp~([\w+]+)", text)
    return found.group(1) if found else "agegrp+sex+area+dist_km"


def run_propensity(case: Case) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Coefficients of the logistic model of answering."""
    model = fit_propensity(build_gross(case), "resp", _read_formula(case.spec["r_call"]))
    rows = zip(model.names, model.coefficients, model.errors, strict=True)
    return [{"component": a, "estimate": b, "se": c} for a, b, c in rows], {}


ESTIMATORS = {"nonresponse_weights": run_adjustment, "glm": run_propensity}
