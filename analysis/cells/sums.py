"""Sums of columns by code."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.arrays import Floats, Ints


def sum_by(code: NDArray[np.signedinteger[Any]], values: Floats, size: int) -> Floats:
    """Sums of (n,) values by code 0 .. size-1, (size,)."""
    # Without rows bincount forgets that its weights were floats.
    return np.bincount(code, values, minlength=size).astype(np.float64, copy=False)


def sum_columns(code: Ints, values: Floats, size: int) -> Floats:
    """Sums of every column of (n, M) values by code 0 .. size-1, (size, M)."""
    if 0 < values.shape[1] <= 4:
        return np.column_stack([sum_by(code, column, size) for column in values.T])
    rows = len(code)
    adder = sparse.csr_array((np.ones(rows), code, np.arange(rows + 1)), shape=(rows, size))
    return np.asarray(adder.T @ values)
