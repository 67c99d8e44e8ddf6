"""A weighting step done again on every replicate, on cells instead of rows."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from analysis.arrays import Bools, Floats, Ints
from analysis.cells import group_codes, sum_by, sum_columns
from analysis.design import Adjustment, Design, Replicates, spread_multipliers
from analysis.errors import CalibrationError


def replay(
    design: Design, cell: Ints, cells: int, reweigh: Callable[[Floats], Floats]
) -> Replicates | None:
    """The replicates with one more adjustment, or None where there are none.

    Parameters
    ----------
    cell : (n,) int
        Rows that the step treats alike.
    reweigh : function of (K, R) masses
        Gives the (K, R) factors of the step; NaN in a column that failed.

    Raises
    ------
    CalibrationError
        If more than a tenth of the replicates fail.
    """
    replicates = design.replicates
    if replicates is None:
        return None
    factor = reweigh(mass_by_replicate(replicates, cell, cells))
    good: Bools = np.asarray(np.isfinite(factor).all(axis=0))
    if good.sum() < 0.9 * len(good):
        raise CalibrationError(
            f"The step failed on {(~good).sum()} of {len(good)} replicates; merge thin levels."
        )
    kept = keep_replicates(replicates, good)
    adjustments = (*kept.adjustments, Adjustment(cell, factor[:, good]))
    return replace(kept, adjustments=adjustments)


def mass_by_replicate(replicates: Replicates, cell: Ints, cells: int) -> Floats:
    """Sum of the replicate weights in each cell, (K, R)."""
    codes = [replicates.unit, *(one.cell for one in replicates.adjustments), cell]
    group, first = group_codes(codes)
    start = sum_by(group, replicates.start, len(first))
    weights = start[:, None] * spread_multipliers(replicates, first)
    return sum_columns(cell[first], weights, cells)


def keep_replicates(replicates: Replicates, good: Bools) -> Replicates:
    """The replicates that worked, with the scale raised for those that did not."""
    if good.all():
        return replicates
    return replace(
        replicates,
        multiplier=replicates.multiplier[:, good],
        rscales=replicates.rscales[good],
        scale=replicates.scale * len(good) / good.sum(),
        adjustments=tuple(
            Adjustment(adjustment.cell, adjustment.factor[:, good])
            for adjustment in replicates.adjustments
        ),
    )
