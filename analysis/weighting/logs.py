"""What a weighting step changed, in plain figures."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from analysis.arrays import Floats
from analysis.design import Calibration, Design, Step
from analysis.errors import CalibrationError


def measure_change(before: Floats, after: Floats, factor: Floats | None = None) -> dict[str, Any]:
    """Sums, range and Kish's design effect before and after, and the range of the factor.

    `factor` may give the factors that occur, where the step knows them by cell.
    """
    whole = len(before) > 0 and before.min() > 0 and after.min() > 0
    positive = after if whole else after[after > 0]
    if factor is None:
        used = slice(None) if whole else before > 0
        factor = after[used] / before[used]
    return {
        "sum_before": float(before.sum()),
        "sum_after": float(after.sum()),
        "min_after": float(positive.min(initial=np.inf)),
        "max_after": float(positive.max(initial=0.0)),
        "deff_before": measure_deff(before if whole else before[before > 0]),
        "deff_after": measure_deff(positive),
        "factor_min": float(factor.min(initial=np.inf)),
        "factor_max": float(factor.max(initial=0.0)),
    }


def measure_deff(weight: Floats) -> float:
    """Kish's design effect of positive weights, n sum w^2 / (sum w)^2; NaN without any.

    References
    ----------
    Kish (1992), Journal of Official Statistics 8, 183-200.
    """
    total = float(weight.sum())
    return len(weight) * float(weight @ weight) / total**2 if total else np.nan


def append_step(
    design: Design,
    name: str,
    after: Floats,
    detail: Mapping[str, Any],
    *,
    margins: pl.DataFrame | None = None,
    calibration: Calibration | None = None,
) -> Design:
    """The design with new weights and one more line in its history.

    Raises
    ------
    CalibrationError
        If a weight is not finite: a step must never spoil weights in silence.
    """
    if not np.isfinite(after).all():
        raise CalibrationError(f"Step {name} gave weights that are not finite; check its totals.")
    weights = design.weights
    step = Step(name, dict(detail), pl.DataFrame() if margins is None else margins)
    extra = () if calibration is None else (calibration,)
    return replace(
        design,
        weights=replace(
            weights,
            final=after,
            calibrations=(*weights.calibrations, *extra),
            steps=(*weights.steps, step),
        ),
    )
