"""Whole weight vectors, and their sums, ranges and design effects."""

from typing import Any

import numpy as np

from tests.analysis.reference_runner.cases import Case, read_table
from tests.analysis.reference_runner.designs import build_design


def summarise(weight: np.ndarray[Any, np.dtype[np.float64]]) -> list[dict[str, Any]]:
    """What the cases record of a weight vector."""
    deff = len(weight) * float(weight @ weight) / float(weight.sum()) ** 2
    values = {
        "sum": weight.sum(),
        "min": weight.min(),
        "max": weight.max(),
        "kish_deff": deff,
        "kish_neff": len(weight) / deff,
    }
    return [{"component": name, "estimate": float(value)} for name, value in values.items()]


def check_vector(case: Case, weight: np.ndarray[Any, np.dtype[np.float64]]) -> None:
    """The whole vector against the file, row by row."""
    if "weights_file" not in case.spec:
        return
    table = read_table(case.directory / case.spec["weights_file"])
    expected = table[case.spec["weights_column"]].drop_nulls().to_numpy()
    np.testing.assert_allclose(weight, expected, rtol=float(case.spec["tolerance_rel"]))


def run_weights(case: Case) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Weights after the steps of the design."""
    design = build_design(case)
    weight = design.weights.final[design.inside]
    check_vector(case, weight)
    return summarise(weight), {}


ESTIMATORS = {"weights": run_weights}
