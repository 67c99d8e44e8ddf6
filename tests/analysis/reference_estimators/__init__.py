"""What runs each estimator of the reference files: one module a family, one function each.

A function takes a `Case` and gives rows like the case's `results`, and further values (`df`,
`vcov`) by name. A new family adds its module to FAMILIES and takes its names out of PENDING.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tests.analysis.reference_estimators import contrasts, nonresponse, proportions, smooth, weights
from tests.analysis.reference_runner.cases import Case

Outcome = tuple[list[dict[str, Any]], dict[str, Any]]
Estimator = Callable[[Case], Outcome]

FAMILIES = (smooth, weights, nonresponse, contrasts, proportions)
ESTIMATORS: Mapping[str, Estimator] = {
    name: function for family in FAMILIES for name, function in family.ESTIMATORS.items()
}
# Rooms that do not exist yet; the test fails as soon as one of these is supported.
PENDING = frozenset(
    {
        "cronbach_alpha",
        "cronbach_alpha_drop",
        "doubly_robust",
        "eigenvalues",
        "factor_analysis_ml",
        "fay_herriot",
        "ipw_variance",
        "kmo",
        "mass_imputation",
        "nonprob",
        "pseudo_weights",
        "regTermTest",
        "selection_coefficients",
        "svychisq",
        "svycontrast",
        "svycralpha",
        "svyglm",
        "svyolr",
        "svyranktest",
        "svyttest",
    }
)
