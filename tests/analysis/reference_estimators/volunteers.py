"""nonprobsvy's estimators, and the same written out in base R."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from analysis.design import Design, describe_design
from analysis.models.families import Family
from analysis.selection import (
    Outcome,
    Selection,
    VolunteerEstimate,
    estimate_by_imputation,
    estimate_by_weighting,
    estimate_doubly_robust,
    fit_selection,
    impute_by_model,
    impute_by_neighbours,
)
from tests.analysis.reference_estimators.smooth import Rows
from tests.analysis.reference_runner.cases import Case


@dataclass(frozen=True)
class Study:
    """Both samples of a case and what its call asks for."""

    volunteers: pl.DataFrame
    reference: Design
    call: str
    formula: str
    answer: str

    def select(self) -> Selection:
        """Propensities by likelihood, or by calibration where the call says gee."""
        method = "calibration" if "est_method='gee'" in self.call else "likelihood"
        selection = re.search(r"selection=~([\w+: *]+)", self.call)
        formula = self.formula if selection is None else selection[1]
        return fit_selection(self.volunteers, self.reference, formula, method=method)  # type: ignore[arg-type]

    def impute(self) -> Outcome:
        """Predictions by regression or by neighbours."""
        asked = re.search(r"outcome=\w+~([\w+: *]+)", self.call)
        formula = self.formula if asked is None else asked[1]
        samples = (self.volunteers, self.reference, formula, self.answers)
        if "method_outcome='nn'" in self.call:
            count = re.search(r"\bk=(\d+)", self.call)
            return impute_by_neighbours(
                *samples, count=int(count[1]) if count else 5, standardise=False
            )
        asked_family = re.search(r"family_outcome='(\w+)'", self.call)
        family: Family = asked_family[1] if asked_family else "gaussian"  # type: ignore[assignment]
        return impute_by_model(*samples, family=family)

    @property
    def answers(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """The volunteers' answers."""
        return self.volunteers[self.answer].cast(pl.Float64).to_numpy()


def read_study(case: Case) -> Study:
    """The samples of a case; the answer that its call names, or the first."""
    spec, call = case.design, case.spec["r_call"]
    named = re.search(r"(?:target=~|outcome=)(\w+)", call)
    return Study(
        case.read_data(spec["nonprob"]),
        describe_design(case.read_data(spec["prob"]), weight=spec["prob_weights"]),
        call,
        " + ".join(spec["x"]),
        named[1] if named else spec["y"][0],
    )


def run_call(case: Case) -> tuple[Rows, dict[str, Any]]:
    """nonprob(): it divides by the population size that the probability sample gives."""
    study = read_study(case)
    if "selection=" in study.call and "outcome=" in study.call:
        found = estimate_doubly_robust(study.select(), study.impute(), denominator="population")
    elif "selection=" in study.call:
        found = estimate_by_weighting(study.select(), study.answers, denominator="population")
    else:
        found = estimate_by_imputation(study.impute())
    asked = "se=FALSE" not in study.call
    row = {
        "component": study.answer,
        "estimate": found.estimate,
        "se": found.se if asked else None,
        "ci95": list(found.interval()) if asked else [None, None],
    }
    return [row], {}


def run_selection(case: Case) -> tuple[Rows, dict[str, Any]]:
    """Coefficients of the propensity model, and means with its weights."""
    study = read_study(case)
    selection = study.select()
    y = study.answers
    values = {
        **dict(zip(selection.names, selection.coefficients, strict=True)),
        f"ipw_hajek_{study.answer}": estimate_by_weighting(selection, y).estimate,
        f"ipw_ht_{study.answer}_N=sum(d)": estimate_by_weighting(
            selection, y, denominator="population"
        ).estimate,
        "sum_w": selection.weight.sum(),
        "naive_mean": y.mean(),
    }
    return [{"component": name, "estimate": float(value)} for name, value in values.items()], {}


def run_weights(case: Case) -> tuple[Rows, dict[str, Any]]:
    """Sum, largest and design effect of the pseudo-weights."""
    w = read_study(case).select().weight
    deff = len(w) * float(w @ w) / float(w.sum()) ** 2
    values = {"sum": w.sum(), "max": w.max(), "kish_deff": deff}
    return [{"component": name, "estimate": float(value)} for name, value in values.items()], {}


def run_weighting(case: Case) -> tuple[Rows, dict[str, Any]]:
    """The weighted mean and both parts of its variance."""
    study = read_study(case)
    found = estimate_by_weighting(study.select(), study.answers)
    parts = (found.variance_volunteers, found.variance_reference)
    return _write(f"ipw_hajek_{study.answer}", found, parts), {}


def run_imputation(case: Case) -> tuple[Rows, dict[str, Any]]:
    """The imputed mean; here the first part of the variance is the probability sample's."""
    study = read_study(case)
    found = estimate_by_imputation(study.impute())
    parts = (found.variance_reference, found.variance_volunteers)
    return _write(f"mi_{study.answer}", found, parts), {}


def run_doubly_robust(case: Case) -> tuple[Rows, dict[str, Any]]:
    """The doubly robust mean, and the imputed one beside it."""
    study = read_study(case)
    outcome = study.impute()
    found = estimate_doubly_robust(study.select(), outcome)
    parts = (found.variance_volunteers, found.variance_reference)
    rows = _write(f"dr_{study.answer}", found, parts)
    imputed = estimate_by_imputation(outcome)
    return [*rows, {"component": f"mi_{study.answer}", "estimate": imputed.estimate}], {}


def _write(name: str, found: VolunteerEstimate, parts: tuple[float, float]) -> Rows:
    first, second = parts
    return [
        {"component": name, "estimate": found.estimate, "se": found.se},
        {"component": "V1", "estimate": first},
        {"component": "V2", "estimate": second},
    ]


ESTIMATORS = {
    "nonprob": run_call,
    "selection_coefficients": run_selection,
    "pseudo_weights": run_weights,
    "ipw_variance": run_weighting,
    "mass_imputation": run_imputation,
    "doubly_robust": run_doubly_robust,
}
