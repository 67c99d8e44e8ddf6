"""What runs each estimator of the reference files: one module a family, one function each.

A function takes a `Case` and gives rows like the case's `results`, and further values (`df`,
`vcov`) by name. A new family adds its module to FAMILIES.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tests.analysis.reference_estimators import (
    comparisons,
    models,
    nonresponse,
    proportions,
    scales,
    small_areas,
    smooth,
    volunteers,
    weights,
)
from tests.analysis.reference_runner.cases import Case

Outcome = tuple[list[dict[str, Any]], dict[str, Any]]
Estimator = Callable[[Case], Outcome]

FAMILIES = (
    smooth,
    weights,
    nonresponse,
    proportions,
    models,
    comparisons,
    scales,
    small_areas,
    volunteers,
)
ESTIMATORS: Mapping[str, Estimator] = {
    name: function for family in FAMILIES for name, function in family.ESTIMATORS.items()
}
