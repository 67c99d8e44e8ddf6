"""Many tests at once without finding differences by luck."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats
from analysis.errors import DataError

Adjustment = Literal["none", "holm", "bh"]


def adjust_p_values(p_values: npt.ArrayLike, method: Adjustment = "holm") -> Floats:
    """P values that may be compared with the level as if each were alone.

    Parameters
    ----------
    p_values : (k,) float
        0 to 1; NaN stays NaN and is not counted.
    method : {"holm", "bh", "none"}
        Holm bounds the chance of any false finding; Benjamini-Hochberg the expected share of
        false findings among all.

    Raises
    ------
    DataError
        If a value lies outside 0 to 1 or the method is unknown.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70; Benjamini & Hochberg (1995), Journal
    of the Royal Statistical Society B 57, 289-300.
    """
    p = np.asarray(p_values, dtype=float)
    if ((p < 0) | (p > 1)).any():
        raise DataError("A p value lies between 0 and 1.")
    if method not in {"none", "holm", "bh"}:
        raise DataError(f"Unknown adjustment {method!r}: use 'holm', 'bh' or 'none'.")
    if method == "none":
        return p.copy()
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    count, rank = len(order), np.arange(1, len(order) + 1)
    adjusted = np.full_like(p, np.nan)
    if method == "holm":
        adjusted[order] = np.maximum.accumulate(p[order] * (count + 1 - rank))
    else:
        adjusted[order] = np.minimum.accumulate((p[order] * count / rank)[::-1])[::-1]
    return np.asarray(np.minimum(adjusted, 1.0))
