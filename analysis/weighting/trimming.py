"""Extreme weights cut back, with what was cut given to the others."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from analysis.arrays import Floats
from analysis.design import Design, refuse_bundles
from analysis.errors import CalibrationError
from analysis.weighting.logs import append_step, measure_change
from analysis.weighting.replay import replay


def trim(
    design: Design, *, upper: float = np.inf, lower: float = 0.0, strict: bool = False
) -> Design:
    """Weights no larger than `upper` and no smaller than `lower`, their sum unchanged.

    What is cut off (or added at the lower end) is shared equally among the weights that were
    not trimmed. That may lift some of these over the limit: `strict` repeats until none is.

    Raises
    ------
    CalibrationError
        If the limits leave no weights to share with.

    References
    ----------
    Potter (1990), Proceedings of the ASA Survey Research Methods Section, 225-230.
    """
    if not 0 <= lower < upper:
        raise CalibrationError(f"Limits {lower:g} and {upper:g} are in no order; swap them.")
    refuse_bundles(design, "trimming")
    before = design.weights.final
    after = trim_weights(before, lower, upper, strict=strict)

    def reweigh(masses: Floats) -> Floats:
        weights = np.column_stack(
            [trim_weights(column, lower, upper, strict=strict) for column in masses.T]
        )
        return np.divide(weights, masses, out=np.ones_like(masses), where=masses > 0)

    rows = np.arange(len(before))
    detail = {"lower": lower, "upper": upper, "trimmed": int((after != before).sum())}
    return append_step(
        replace(design, replicates=replay(design, rows, len(rows), reweigh)),
        "trim",
        after,
        {**detail, **measure_change(before, after)},
    )


def trim_and_repeat(
    design: Design,
    again: Callable[[Design], Design],
    *,
    upper: float = np.inf,
    lower: float = 0.0,
    rounds: int = 50,
    tolerance: float = 1e-6,
) -> Design:
    """Trim and calibrate in turn until the weights meet both, or as nearly as they can.

    Parameters
    ----------
    again : function of a design
        The calibration to repeat, such as `lambda design: rake(design, totals)`.
    tolerance : float
        Share by which weights may pass the limits after the last calibration.

    Raises
    ------
    CalibrationError
        If calibration keeps pushing weights over the limits.
    """
    current = design
    for _ in range(rounds):
        current = again(trim(current, upper=upper, lower=lower, strict=True))
        weight = current.weights.final[current.weights.final > 0]
        if weight.max() <= upper * (1 + tolerance) and weight.min() >= lower * (1 - tolerance):
            return current
    raise CalibrationError(
        f"After {rounds} rounds weights still reach from {weight.min():g} to {weight.max():g}; "
        "widen the limits or drop a margin."
    )


def trim_weights(weight: Floats, lower: float, upper: float, *, strict: bool) -> Floats:
    """Trimmed weights with the same sum, (n,); zero weights stay zero."""
    current = weight.copy()
    used = weight > 0
    free = used.copy()
    while True:
        cut = used & ((current > upper) | (current < lower))
        if not cut.any():
            return current
        free &= ~cut
        if not free.any():
            raise CalibrationError(
                f"Limits {lower:g} and {upper:g} leave no weights to share with; widen them."
            )
        clipped = np.where(used, np.clip(current, lower, upper), 0.0)
        clipped[free] += (current.sum() - clipped.sum()) / free.sum()
        current = clipped
        if not strict:
            return current
