"""Totals of every replicate in every domain, without a table of rows by replicates."""

import numpy as np

from analysis.arrays import Floats
from analysis.cells import index_blocks, sum_columns
from analysis.codes import Codes
from analysis.design import Design, Replicates, group_rows, spread_multipliers

# Multipliers of so many groups times replicates are held at once; beyond, made per domain.
HELD = 1 << 26


def total_replicates(
    design: Design, replicates: Replicates, codes: Codes, columns: Floats
) -> tuple[Floats, Floats]:
    """Full-sample totals (D, m) and those of every replicate (D, R, m).

    Rows that all replicates multiply alike are added up first; what is left is one small matrix
    product per domain.
    """
    used = np.flatnonzero((codes.code >= 0) & (design.weights.final != 0))
    inner, values = codes.code[used], columns[used]
    totals = sum_columns(inner, values * design.weights.final[used, None], codes.size)
    group, first = group_rows(replicates)
    blocks, place = index_blocks(inner, group[used], codes.size, len(first))
    sums = blocks.add(place, replicates.start[used], values)
    held = None
    if len(first) * replicates.count <= HELD:
        held = spread_multipliers(replicates, first)
    refits = np.zeros((codes.size, replicates.count, columns.shape[1]))
    for domain in range(codes.size):
        cells = slice(blocks.start[domain], blocks.start[domain + 1])
        members = blocks.unit[cells]
        factor = spread_multipliers(replicates, first[members]) if held is None else held[members]
        refits[domain] = factor.T @ sums[cells]
    return totals, refits
