"""Which estimates should not be shown as they are, and why."""

import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Floats, Ints

FEW_ROWS = 30
FEW_DF = 8
HIGH_CV = 0.30


def flag_estimates(rows: Ints, df: Floats, cv: Floats) -> NDArray[np.str_]:
    """The gravest doubt about each estimate, or nothing.

    `no_rows`; `no_df` (the standard error cannot be judged, there is no interval); `few_rows`
    (under 30); `few_df` (under 8); `high_cv` (over 0.30).

    References
    ----------
    Parker et al. (2017), National Center for Health Statistics data presentation standards for
    proportions, Vital and Health Statistics 2(175), for the sizes and degrees of freedom.
    """
    return np.select(
        [rows == 0, ~(df > 0), rows < FEW_ROWS, df < FEW_DF, ~(cv <= HIGH_CV)],
        ["no_rows", "no_df", "few_rows", "few_df", "high_cv"],
        default="",
    )


def flag_proportions(
    rows: Ints, df: Floats, share: Floats, lower: Floats, upper: Floats
) -> NDArray[np.str_]:
    """The same for proportions, whose interval is judged by its width instead of the cv.

    `wide`: the Korn-Graubard interval is wider than 0.30, or wider than 0.05 and than 130 % of
    the share or of what it leaves.

    References
    ----------
    Parker et al. (2017), table A.
    """
    width = upper - lower
    smaller = np.minimum(share, 1 - share)
    wide = (width > 0.30) | ((width > 0.05) & (width > 1.3 * smaller))
    return np.select(
        [rows == 0, ~(df > 0), rows < FEW_ROWS, df < FEW_DF, wide],
        ["no_rows", "no_df", "few_rows", "few_df", "wide"],
        default="",
    )
