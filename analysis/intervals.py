"""Confidence intervals from estimates, standard errors and degrees of freedom."""

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


def bound_by_wilson(share: Floats, size: Floats, critical: Floats | float) -> tuple[Floats, Floats]:
    """Wilson's score interval with an effective sample size; never of zero width.

    Parameters
    ----------
    share : (k,) float
        Estimated shares, 0 to 1.
    size : (k,) float, positive
        Effective sample sizes.
    critical : (k,) float
        Quantile of the normal or t distribution.

    Returns
    -------
    lower, upper : (k,) float
        Limits, 0 to 1; they always contain the share.

    References
    ----------
    Wilson (1927), JASA 22, 209-212; with the effective size Dean & Pagano (2015), Journal of
    Survey Statistics and Methodology 3, 484-503, section 2.
    """
    pull = np.asarray(critical, dtype=np.float64) ** 2 / size
    centre = (share + pull / 2) / (1 + pull)
    half = np.sqrt(pull * share * (1 - share) + pull**2 / 4) / (1 + pull)
    # Rounding may leave a limit a hair inside the share when it is 0 or 1.
    lower = np.minimum(np.maximum(centre - half, 0.0), share)
    upper = np.maximum(np.minimum(centre + half, 1.0), share)
    return lower, upper
