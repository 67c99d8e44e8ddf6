"""Turning factors until each question belongs to few of them."""

from itertools import combinations

import numpy as np

from analysis.arrays import Floats


def rotate_varimax(loadings: Floats) -> Floats:
    """Loadings (k, f) turned at right angles to the largest variance of their squares.

    References
    ----------
    Kaiser (1958), Psychometrika 23, 187-200, with his row normalisation.
    """
    length = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    length[length == 0] = 1
    unit = loadings / length
    pairs = list(combinations(range(loadings.shape[1]), 2))
    for _ in range(1_000):
        if max(_turn_pair(unit, first, second) for first, second in pairs) < 1e-10:
            break
    return np.asarray(unit * length)


def _turn_pair(unit: Floats, first: int, second: int) -> float:
    """Turn two columns in their plane to the best angle, in place; the angle turned by."""
    x, y = unit[:, first].copy(), unit[:, second].copy()
    u, v = x**2 - y**2, 2 * x * y
    count = len(x)
    across = 2 * (u @ v) - 2 * u.sum() * v.sum() / count
    along = u @ u - v @ v - (u.sum() ** 2 - v.sum() ** 2) / count
    angle = float(np.arctan2(across, along)) / 4
    unit[:, first] = x * np.cos(angle) + y * np.sin(angle)
    unit[:, second] = y * np.cos(angle) - x * np.sin(angle)
    return abs(angle)


def rotate_promax(loadings: Floats, power: float = 4.0) -> tuple[Floats, Floats]:
    """Loadings (k, f) let go of the right angle, and the correlations (f, f) of their factors.

    References
    ----------
    Hendrickson & White (1964), British Journal of Statistical Psychology 17, 65-70.
    """
    target = loadings * np.abs(loadings) ** (power - 1)
    turn = np.linalg.lstsq(loadings, target, rcond=None)[0]
    turn = turn * np.sqrt(np.diagonal(np.linalg.inv(turn.T @ turn)))
    correlation = np.linalg.inv(turn.T @ turn)
    return loadings @ turn, correlation
