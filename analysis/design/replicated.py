"""Weights of the replicates, row by row or for rows that all replicates treat alike."""

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.design.records import Replicates


def spread_multipliers(replicates: Replicates, rows: Ints) -> Floats:
    """What the starting weight of these rows is multiplied by in each replicate, (m, R)."""
    factor = replicates.multiplier[replicates.unit[rows]]
    for adjustment in replicates.adjustments:
        factor = factor * adjustment.factor[adjustment.cell[rows]]
    return factor


def group_rows(replicates: Replicates) -> tuple[Ints, Ints]:
    """Rows that all replicates multiply alike: the group of each row, and a row of each group."""
    key = replicates.unit.astype(np.int64)
    for adjustment in replicates.adjustments:
        key = key * (int(adjustment.cell.max(initial=0)) + 1) + adjustment.cell
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    return group.astype(np.int64), first.astype(np.int64)
