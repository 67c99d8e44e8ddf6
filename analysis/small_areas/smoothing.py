"""Sampling variances of small samples, smoothed over areas."""

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats
from analysis.errors import DataError


def smooth_variances(
    variance: npt.ArrayLike, size: npt.ArrayLike, covariates: npt.ArrayLike | None = None
) -> Floats:
    """Generalised variance function: log variance as a line in log sample size and covariates.

    Retransformed by the ratio of means, so that the smooth variances of the areas that were used
    add up to the direct ones.

    Parameters
    ----------
    variance : (K,) float
        Direct variances; zero and missing ones are not used, but get a smooth value.
    size : (K,) float
        Sample sizes (effective ones, if known); an area of size 0 gets NaN.
    covariates : (K, q) float, optional
        More columns of the line, complete, such as log p(1-p) of a national model.

    Raises
    ------
    DataError
        If shapes do not fit, a covariate is missing, or too few variances are positive.

    References
    ----------
    Wolter (2007), Introduction to Variance Estimation, 2nd ed., ch. 7; Hawala & Lahiri (2018),
    Statistics in Transition 19(4), 631-644; retransformation: Duan (1983), JASA 78, 605-610.
    """
    direct, n = np.asarray(variance, dtype=float), np.asarray(size, dtype=float)
    if direct.ndim != 1 or n.shape != direct.shape:
        raise DataError(f"Give one sample size per variance: {n.shape} for {direct.shape}.")
    extra = np.zeros((len(n), 0)) if covariates is None else np.asarray(covariates, dtype=float)
    extra = extra[:, None] if extra.ndim == 1 else extra
    if len(extra) != len(n) or not np.isfinite(extra).all():
        raise DataError(f"Covariates need one complete row per area ({len(n)}): {extra.shape}.")
    known = n > 0
    X = np.column_stack([np.ones(len(n)), np.log(np.where(known, n, 1.0)), extra])
    used = known & np.isfinite(direct) & (direct > 0)
    if used.sum() < X.shape[1] + 1:
        raise DataError(
            f"Only {used.sum()} areas have a variance: too few to smooth {X.shape[1]} terms."
        )
    # lstsq takes equal sample sizes as well: the line is then flat.
    coefficients = np.linalg.lstsq(X[used], np.log(direct[used]), rcond=None)[0]
    smooth = np.exp(X @ coefficients)
    smooth *= direct[used].sum() / smooth[used].sum()
    return np.where(known, smooth, np.nan)
