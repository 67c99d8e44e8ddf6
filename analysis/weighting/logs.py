"""What a weighting step changed, in plain figures."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from analysis.arrays import Bools, Floats
from analysis.design import Bundles, Calibration, Design, Step
from analysis.errors import CalibrationError


def measure_change(
    before: Floats,
    after: Floats,
    factor: Floats | None = None,
    *,
    bundles: Bundles | None = None,
) -> dict[str, Any]:
    """Sums, range and Kish's design effect before and after, and the range of the factor.

    `factor` may give the factors that occur, where the step knows them by cell.
    """
    whole = len(before) > 0 and before.min() > 0 and after.min() > 0
    positive = after if whole else after[after > 0]
    if factor is None:
        used = slice(None) if whole else before > 0
        factor = after[used] / before[used]
    lowest, highest = positive, positive
    if bundles is not None:
        lowest = (after * bundles.lowest)[after > 0]
        highest = (after * bundles.highest)[after > 0]
    return {
        "sum_before": float(before.sum()),
        "sum_after": float(after.sum()),
        "min_after": float(lowest.min(initial=np.inf)),
        "max_after": float(highest.max(initial=0.0)),
        "deff_before": measure_deff(before if whole else before[before > 0], bundles, before > 0),
        "deff_after": measure_deff(positive, bundles, after > 0),
        "factor_min": float(factor.min(initial=np.inf)),
        "factor_max": float(factor.max(initial=0.0)),
    }


def measure_deff(
    weight: Floats, bundles: Bundles | None = None, used: Bools | None = None
) -> float:
    """Kish's design effect of positive weights, n sum w^2 / (sum w)^2; NaN without any.

    Parameters
    ----------
    weight : (n,) float
    bundles : Bundles, optional
        Of all rows, where weights are sums over bundles; `used` tells those of `weight`.

    References
    ----------
    Kish (1992), Journal of Official Statistics 8, 183-200.
    """
    total = float(weight.sum())
    if not total:
        return np.nan
    if bundles is None:
        return len(weight) * float(weight @ weight) / total**2
    rows = slice(None) if used is None else used
    squares = float((weight**2) @ bundles.squares[rows])
    return float(bundles.count[rows].sum()) * squares / total**2


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
