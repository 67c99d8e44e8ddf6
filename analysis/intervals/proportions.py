"""Intervals for proportions that stay between 0 and 1."""

from typing import Literal

import numpy as np
from scipy import optimize, stats

from analysis.arrays import Floats
from analysis.errors import DataError
from analysis.intervals.critical import find_critical_value

ProportionMethod = Literal["t", "logit", "arcsine", "likelihood", "korn_graubard", "wilson"]


def bound_proportions(
    share: Floats,
    se: Floats,
    df: Floats,
    rows: Floats,
    *,
    method: ProportionMethod = "wilson",
    confidence: float = 0.95,
    capped: bool = True,
) -> tuple[Floats, Floats]:
    """Limits of the confidence intervals of proportions, (k,) each.

    Parameters
    ----------
    share, se : (k,) float
        Estimates, 0 to 1, and their standard errors.
    df : (k,) float
        Degrees of freedom; where they are 0 or less the limits are NaN.
    rows : (k,) float
        Rows used; they stand in for the effective size where a share is 0 or 1, and limit it.
    capped : bool
        Whether the effective size may not exceed the rows used.
    method : str
        `t` (symmetric; may leave 0..1), `logit`, `arcsine`, `likelihood`, `korn_graubard` or
        `wilson`.

    Raises
    ------
    DataError
        If the method is unknown.

    References
    ----------
    Dean & Pagano (2015), Journal of Survey Statistics and Methodology 3, 484-503 compare them.
    """
    critical = find_critical_value(confidence, df)
    if method == "t":
        return share - critical * se, share + critical * se
    if method == "logit":
        return bound_by_logit(share, se, critical)
    if method == "arcsine":
        return bound_by_arcsine(share, se, critical)
    size = find_effective_size(share, se, rows, capped=capped)
    if method == "likelihood":
        return bound_by_likelihood(share, size * (rows - 1) / rows, critical)
    if method == "korn_graubard":
        return bound_by_korn_graubard(share, size, df, rows, confidence=confidence)
    if method == "wilson":
        return bound_by_wilson(share, size, critical)
    raise DataError(
        f"Unknown interval {method!r}; use one of t, logit, arcsine, likelihood, korn_graubard, wilson."
    )


def find_effective_size(share: Floats, se: Floats, rows: Floats, *, capped: bool = True) -> Floats:
    """Size of a simple random sample with the same variance, at most `rows`; that where p is 0 or 1.

    References
    ----------
    Korn & Graubard (1998), Survey Methodology 24, 193-201, section 2.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        size = share * (1 - share) / se**2
    whole = ~(se > 0) | (share <= 0) | (share >= 1)
    found = np.where(whole, rows, size)
    return np.minimum(found, rows) if capped else found


def bound_by_logit(share: Floats, se: Floats, critical: Floats) -> tuple[Floats, Floats]:
    """Symmetric on the log-odds scale; NaN where the share is 0 or 1.

    References
    ----------
    Korn & Graubard (1999), Analysis of Health Surveys, equation 3.2-7.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = np.log(share) - np.log1p(-share)
        half = critical * se / (share * (1 - share))
        known = (share > 0) & (share < 1)
        limits = [
            np.where(known, 1 / (1 + np.exp(-side)), np.nan)
            for side in (centre - half, centre + half)
        ]
    return limits[0], limits[1]


def bound_by_arcsine(share: Floats, se: Floats, critical: Floats) -> tuple[Floats, Floats]:
    """Symmetric on the scale of the arcsine of the root, where the variance is stable.

    References
    ----------
    Bartlett (1947), Biometrics 3, 39-52; for surveys Dean & Pagano (2015).
    """
    spread = np.sqrt(share * (1 - share))
    half = np.divide(critical * se, 2 * spread, out=np.full_like(share, np.nan), where=spread > 0)
    centre = np.arcsin(np.sqrt(share))
    lower, upper = np.maximum(centre - half, 0.0), np.minimum(centre + half, np.pi / 2)
    return np.sin(lower) ** 2, np.sin(upper) ** 2


def bound_by_likelihood(share: Floats, size: Floats, critical: Floats) -> tuple[Floats, Floats]:
    """Where the binomial deviance of the effective size reaches the squared critical value.

    References
    ----------
    Rao & Scott (1984), Annals of Statistics 12, 46-60 for the scaling by the design effect.
    """
    lower, upper = np.full_like(share, np.nan), np.full_like(share, np.nan)
    for place in np.flatnonzero(np.isfinite(critical) & (size > 0) & np.isfinite(share)):
        p, limit = float(share[place]), float(critical[place]) ** 2 / (2 * float(size[place]))
        lower[place] = _solve_deviance(p, limit, 0.0) if p > 0 else 0.0
        upper[place] = _solve_deviance(p, limit, 1.0) if p < 1 else 1.0
    return lower, upper


def _solve_deviance(p: float, limit: float, end: float) -> float:
    def excess(x: float) -> float:
        above = p * np.log(p / x) if p > 0 else 0.0
        below = (1 - p) * np.log((1 - p) / (1 - x)) if p < 1 else 0.0
        return float(above + below) - limit

    near = end + (1e-300 if end == 0 else -1e-16)
    if excess(near) < 0:
        return end
    return float(optimize.brentq(excess, near, p, xtol=1e-14))


def bound_by_korn_graubard(
    share: Floats, size: Floats, df: Floats, rows: Floats, *, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """Clopper-Pearson with the effective size, reduced for the degrees of freedom.

    Where the share is 0 or 1 the interval is one-sided in the sense of Clopper and Pearson: one
    limit is the share, the other keeps its own tail.

    References
    ----------
    Korn & Graubard (1998), Survey Methodology 24, 193-201, equation 2 and section 3.
    """
    simple = find_critical_value(confidence, np.asarray(rows, dtype=np.float64) - 1)
    reduced = size * (simple / find_critical_value(confidence, df)) ** 2
    hits, tail = reduced * share, (1 - confidence) / 2
    known = np.isfinite(reduced) & (reduced > 0)
    with np.errstate(invalid="ignore"):
        lower = stats.beta.ppf(tail, hits, reduced - hits + 1)
        upper = stats.beta.ppf(1 - tail, hits + 1, reduced - hits)
    lower = np.where(share <= 0, 0.0, lower)
    upper = np.where(share >= 1, 1.0, upper)
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan)


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
