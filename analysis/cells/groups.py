"""Rows that share several codes, found without sorting where the codes leave few combinations."""

from collections.abc import Sequence

import numpy as np

from analysis.arrays import Ints

# Up to so many combinations a table of marks is faster than sorting.
MARKED = 1 << 26


def group_codes(codes: Sequence[Ints]) -> tuple[Ints, Ints]:
    """Number of each row's combination of codes, and the first row of each combination.

    Parameters
    ----------
    codes : sequence of (n,) int, not negative

    Returns
    -------
    group : (n,) int
        Combinations in the order of the codes.
    first : (G,) int
    """
    rows = len(codes[0])
    key, size = np.zeros(rows, dtype=np.int64), 1
    for code in codes:
        width = int(code.max(initial=0)) + 1
        key, size = key * width + code, size * width
    if size > MARKED:
        _, first, group = np.unique(key, return_index=True, return_inverse=True)
        return group.astype(np.int64), first.astype(np.int64)
    first_row = np.full(size, -1, dtype=np.int64)
    # Written from the end, so that the first row of each combination stays.
    first_row[key[::-1]] = np.arange(rows - 1, -1, -1)
    present = np.flatnonzero(first_row >= 0)
    number = np.zeros(size, dtype=np.int64)
    number[present] = np.arange(len(present))
    return number[key], first_row[present]
