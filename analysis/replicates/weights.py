"""Replicate weights row by row, and how many degrees of freedom they carry."""

import numpy as np

from analysis.arrays import Floats, Ints
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
    rows = first[replicates.start[first] > 0]
    # Some of the rows tell already where the replicates are as independent as they can be.
    step = len(rows) // (2 * replicates.count)
    if step > 1 and _find_rank(replicates, rows[::step]) == replicates.count:
        return replicates.count - 1
    return _find_rank(replicates, rows) - 1


def _find_rank(replicates: Replicates, rows: Ints) -> int:
    return int(np.linalg.matrix_rank(spread_multipliers(replicates, rows), rtol=1e-5))
