"""Weights of the replicates, row by row or for rows that all replicates treat alike."""

from analysis.arrays import Floats, Ints
from analysis.cells import group_codes
from analysis.design.records import Replicates


def spread_multipliers(replicates: Replicates, rows: Ints) -> Floats:
    """What the starting weight of these rows is multiplied by in each replicate, (m, R)."""
    factor = replicates.multiplier[replicates.unit[rows]]
    for adjustment in replicates.adjustments:
        factor = factor * adjustment.factor[adjustment.cell[rows]]
    return factor


def group_rows(replicates: Replicates) -> tuple[Ints, Ints]:
    """Rows that all replicates multiply alike: the group of each row, and a row of each group."""
    return group_codes([replicates.unit, *(one.cell for one in replicates.adjustments)])
