"""Critical values of the normal and Student distributions."""

import numpy as np
from scipy import stats

from analysis.arrays import Floats


def find_critical_value(confidence: float, df: Floats | float) -> Floats:
    """Two-sided quantile of Student's t, the normal one where df is infinite, NaN where df <= 0.

    Parameters
    ----------
    confidence : float
        Between 0 and 1, 0.95 for a 95 % interval.
    df : (k,) float
        Degrees of freedom.
    """
    degrees = np.asarray(df, dtype=np.float64)
    usable = np.where(degrees > 0, degrees, np.nan)
    normal = stats.norm.ppf((1 + confidence) / 2)
    critical = np.where(np.isinf(usable), normal, stats.t.ppf((1 + confidence) / 2, usable))
    return np.asarray(critical, dtype=np.float64)
