"""How explained variance is shared out among correlated factors."""

from math import comb

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats
from analysis.errors import DataError

_LARGEST = 12  # factors; 4,096 models are fitted then

Matrix = npt.NDArray[np.inexact]


def share_by_averaging(covariance: npt.ArrayLike) -> Floats:
    """Part of R squared that each factor adds, averaged over all orders of adding them.

    Parameters
    ----------
    covariance : (p + 1, p + 1) float
        Of the p factors, at most 12, and the outcome last.

    Returns
    -------
    (p,) float, not negative; the sum is R squared.

    Raises
    ------
    DataError
        If there are too many factors, or one repeats others.

    References
    ----------
    Lindeman, Merenda & Gold (1980), Introduction to Bivariate and Multivariate Analysis, p. 119;
    Gromping (2007), American Statistician 61, 139-147. The shares are Shapley values.
    """
    S = check_covariance(covariance)
    if len(S) - 1 > _LARGEST:
        raise DataError(f"{len(S) - 1} factors make too many models: use share_by_weights.")
    return np.asarray(average_orders(S).real, dtype=np.float64)


def share_by_weights(covariance: npt.ArrayLike) -> Floats:
    """Johnson's relative weights: shares through the nearest uncorrelated factors.

    Close to `share_by_averaging`, for any number of factors.

    Parameters
    ----------
    covariance : (p + 1, p + 1) float
        Of the factors, and the outcome last.

    Returns
    -------
    (p,) float, not negative; the sum is R squared.

    Raises
    ------
    DataError
        If a factor repeats others.

    References
    ----------
    Johnson (2000), Multivariate Behavioral Research 35, 1-19.
    """
    return weigh_factors(check_covariance(covariance))


def average_orders(S: Matrix) -> Matrix:
    """`share_by_averaging` unchecked; complex numbers pass through, for exact derivatives."""
    p = len(S) - 1
    masks = np.arange(1 << p)
    members = (masks[:, None] >> np.arange(p)) & 1 == 1
    size = members.sum(axis=1)
    explained = np.zeros(1 << p, dtype=S.dtype)
    for count in range(1, p + 1):
        chosen = masks[size == count]
        inside = np.nonzero(members[chosen])[1].reshape(-1, count)
        outside = np.column_stack([inside, np.full(len(inside), p)])
        # The share left over is a ratio of determinants.
        whole = np.linalg.det(S[outside[:, :, None], outside[:, None, :]])
        part = np.linalg.det(S[inside[:, :, None], inside[:, None, :]])
        explained[chosen] = 1 - whole / part / S[p, p]
    # How many orders put just these factors before the one that is added.
    orders = 1 / (p * np.array([comb(p - 1, count) for count in range(p)]))
    shares = np.zeros(p, dtype=S.dtype)
    for factor in range(p):
        before = masks[~members[:, factor]]
        gain = explained[before | (1 << factor)] - explained[before]
        shares[factor] = (orders[size[before]] * gain).sum()
    return shares


def weigh_factors(S: Floats) -> Floats:
    """`share_by_weights` unchecked."""
    scale = np.sqrt(np.diagonal(S))
    R = S / np.outer(scale, scale)
    value, vector = np.linalg.eigh(R[:-1, :-1])
    root = (vector * np.sqrt(value)) @ vector.T
    weight = np.linalg.solve(root, R[:-1, -1])
    return np.asarray(root**2 @ weight**2)


def check_covariance(covariance: npt.ArrayLike) -> Floats:
    """The matrix, if factors and outcome vary and no factor repeats others.

    Raises
    ------
    DataError
        If they do not.
    """
    S = np.asarray(covariance, dtype=float)
    if S.ndim != 2 or S.shape[0] != S.shape[1] or len(S) < 2:
        raise DataError(f"Give the covariances of factors and outcome: {S.shape}.")
    scale = np.sqrt(np.diagonal(S))
    if not (scale > 0).all():
        raise DataError(f"Column {int(np.argmin(scale))} has one value only: leave it out.")
    factors = (S / np.outer(scale, scale))[:-1, :-1]
    if np.linalg.eigvalsh(factors)[0] < 1e-10:
        raise DataError("Some factors repeat others exactly: leave one of them out.")
    return S
