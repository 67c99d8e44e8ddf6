"""Fay-Herriot as in sae and in metafor."""

import re
from typing import Any

from analysis.small_areas import fit_fay_herriot
from analysis.small_areas.components import Method
from tests.analysis.reference_estimators.smooth import Rows
from tests.analysis.reference_runner.cases import Case

# Paule and Mandel's equation is Fay and Herriot's.
METHODS: dict[str, Method] = {"REML": "reml", "ML": "ml", "FH": "fh", "PM": "fh", "DL": "dl"}


def run_fay_herriot(case: Case) -> tuple[Rows, dict[str, Any]]:
    """Variance between areas, coefficients, predictions and their errors."""
    data = case.read_data(case.design["data"])
    covariates = list(case.design["x"])
    found = re.search(r"method='(\w+)'", case.spec["r_call"])
    assert found is not None, case.id
    areas = fit_fay_herriot(
        data[case.design["y"]],
        data[case.design["vardir"]],
        data.select(covariates).to_numpy(),
        method=METHODS[found[1]],
    )
    rows: Rows = [
        {"component": "sigma2_v", "estimate": areas.sigma2},
        {"component": "loglik", "estimate": areas.loglik},
    ]
    for place, name in enumerate(["0", *covariates]):
        row = {"estimate": areas.beta[place], "se": areas.beta_se[place]}
        rows += [{"component": f"beta_{label}", **row} for label in {name, str(place)}]
    for area, estimate, mse in zip(data["area"], areas.estimate, areas.mse, strict=True):
        rows.append({"component": str(area), "estimate": estimate, "mse": mse})
    return rows, {}


ESTIMATORS = {"fay_herriot": run_fay_herriot}
