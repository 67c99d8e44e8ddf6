"""False discoveries over all counters of a week."""

import numpy as np

from analysis.arrays import Floats


def find_q_values(p: Floats) -> Floats:
    """Benjamini-Hochberg q values: the expected share of honest ones among those up to each.

    Counters of one week are judged by their own rows; what they share is a province-wide rate,
    estimated robustly. Their p values are therefore close to independent, the case that
    Benjamini & Hochberg prove; under positive dependence it holds too (Benjamini & Yekutieli
    theorem 1.2). Their correction for any dependence (theorem 1.3, a factor of about 7 at 600
    counters) would buy nothing here: a counter's detectors, which do depend on one another, are
    joined beforehand by Bonferroni's bound, which needs no assumption.

    Parameters
    ----------
    p : (k,) float
        One p value a counter; NaN is not counted and stays NaN.

    References
    ----------
    Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300; Benjamini
    & Yekutieli (2001), Annals of Statistics 29, 1165-1188.
    """
    q = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    q[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return np.asarray(np.minimum(q, 1.0))
