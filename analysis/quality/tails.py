"""Upper tails of counts that spread more than plain chance, and how far they do."""

import numpy as np
from scipy import special, stats

from analysis.arrays import Bools, Floats, Ints, Numbers

# The middle of the counters says how far honest ones spread. A tenth that cheats moves the
# share below LEVEL by less than a tenth, and makes the bound only more careful.
LEVEL = 0.2
PRECISIONS = np.geomspace(2.0, 2000.0, 19)


def clumped_tail(count: Numbers, mean: Numbers, clump: Numbers) -> Floats:
    """P(X >= count), X negative binomial with variance `clump` times its mean.

    The sum of a Poisson number of groups of logarithmic size: families, or a child at the kiosk.

    Parameters
    ----------
    count, mean, clump : (n,) float
        clump > 1.

    References
    ----------
    Quenouille (1949), Biometrics 5, 162-164.
    """
    found = stats.nbinom.sf(count - 1, np.maximum(mean, 1e-12) / (clump - 1), 1 / clump)
    return np.asarray(np.where(count <= 0, 1.0, found))


def shared_tail(count: Ints, total: Ints, mean: Numbers, precision: Numbers) -> Floats:
    """P(X >= count), X beta-binomial: a share that differs between counters and weeks.

    Parameters
    ----------
    count, total : (n,) int
    mean, precision : (n,) float
        Of the beta distribution of the share; its variance is mean (1 - mean) / (precision + 1).

    References
    ----------
    Skellam (1948), Journal of the Royal Statistical Society B 10, 257-261.
    """
    terms = np.maximum(total - count + 1, 0)
    row = np.repeat(np.arange(len(count)), terms)
    first = np.r_[0, np.cumsum(terms)[:-1]] if len(terms) else np.zeros(0)
    value = count[row] + np.arange(len(row)) - first[row]
    a, b = np.clip(mean, 1e-6, 1 - 1e-6) * precision, np.clip(1 - mean, 1e-6, 1) * precision
    constant = special.gammaln(total + 1) - special.betaln(a, b)
    rest = total[row] - value
    logs = constant[row] - special.gammaln(value + 1) - special.gammaln(rest + 1)
    logs += special.betaln(a[row] + value, b[row] + rest)
    tail = np.bincount(row, np.exp(logs), minlength=len(count))
    return np.where(count <= 0, 1.0, np.minimum(tail, 1.0))


def add_precisions(precision: float, held: Numbers) -> Floats:
    """The precision of a share that varies about a mean which is itself uncertain."""
    return np.asarray(1 / (1 / precision + 1 / held))


def fit_precision(
    count: Ints, total: Ints, mean: Numbers, held: Numbers | None, usable: Bools, *,
    level: float = LEVEL,
) -> float:  # fmt: skip
    """The largest precision at which not more than `level` of the counters have p up to `level`.

    Parameters
    ----------
    count, total, mean : (C,)
        As in `shared_tail`.
    held : (C,) float, optional
        The precision with which each mean is known; without, it is taken as known.
    usable : (C,) bool
        Counters with enough taps to tell.

    References
    ----------
    Efron (2004), Journal of the American Statistical Association 99, 96-104: the null is taken
    from the middle of many cases, most of which are honest.
    """
    rows = np.flatnonzero(usable)
    if len(rows) < 20:
        return float(PRECISIONS[6])
    sure = np.full(len(rows), 1e9) if held is None else held[rows]
    for precision in PRECISIONS[::-1]:
        wide = add_precisions(float(precision), sure)
        p = shared_tail(count[rows], total[rows], mean[rows], wide)
        if np.mean(p <= level) <= level:
            return float(precision)
    return float(PRECISIONS[0])


def winsorised_mean(share: Numbers, *, above: float = 0.9) -> float:
    """The mean after everything above a quantile is set to it; 0 without any."""
    if not len(share):
        return 0.0
    return float(np.minimum(share, np.quantile(share, above)).mean())
