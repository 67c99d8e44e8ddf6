"""Replicate weights row by row, and how many degrees of freedom they carry."""

import numpy as np

from analysis.arrays import Floats
from analysis.design import Replicates, group_rows, spread_multipliers


def weigh_replicates(replicates: Replicates) -> Floats:
    """Full weights of every replicate, (n, R): for small samples and for export."""
    rows = np.arange(len(replicates.start))
    return replicates.start[:, None] * spread_multipliers(replicates, rows)


def count_df(replicates: Replicates) -> int:
    """Degrees of freedom: rank of the table of replicate weights, less 1.

    References
    ----------
    Korn & Graubard (1999), Analysis of Health Surveys, section 5.2.
    """
    _, first = group_rows(replicates)
    start = replicates.start[first]
    table = spread_multipliers(replicates, first[start > 0])
    return int(np.linalg.matrix_rank(table, rtol=1e-5)) - 1
