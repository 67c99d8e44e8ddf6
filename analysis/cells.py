"""Sums by cell: everything that estimates and variances need of the rows."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Floats


def sum_by(code: NDArray[np.signedinteger[Any]], values: Floats, size: int) -> Floats:
    """Sums of (n,) values by code 0 .. size-1, (size,)."""
    # Without rows bincount forgets that its weights were floats.
    return np.bincount(code, values, minlength=size).astype(np.float64, copy=False)
