"""Hadamard matrices of many orders, for balanced half-samples."""

import numpy as np
from scipy import linalg

from analysis.arrays import Ints
from analysis.errors import DesignError

LARGEST = 4096


def find_hadamard(order: int) -> Ints:
    """The smallest Hadamard matrix at least as large as asked that is known here.

    Orders come from Sylvester's and both of Paley's constructions and their products, which
    leaves out few multiples of 4 (92 is the first); the next one is then used.

    Parameters
    ----------
    order : int
        At least 1.

    Returns
    -------
    (k, k) int of +1 and -1 with k >= order; the first row and column are +1.

    Raises
    ------
    DesignError
        If more than 4,096 rows are asked for.

    References
    ----------
    Paley (1933), Journal of Mathematics and Physics 12, 311-320; Hedayat & Wallis (1978), Annals
    of Statistics 6, 1184-1238.
    """
    sizes = (1, 2, *range(4, LARGEST + 1, 4))
    for size in sizes:
        if size < order:
            continue
        matrix = _construct(size)
        if matrix is not None:
            return matrix * matrix[:1] * (matrix * matrix[:1])[:, :1]
    raise DesignError(
        f"Balanced replication of {order} strata is too large; use a bootstrap instead."
    )


def _construct(size: int) -> Ints | None:
    """A Hadamard matrix of just this size, or None."""
    if size & (size - 1) == 0:
        return np.asarray(linalg.hadamard(size, dtype=np.int64))
    if size % 4 == 0 and _is_prime(size - 1):
        return _paley_one(size - 1)
    if size % 4 == 0 and _is_prime(size // 2 - 1) and (size // 2 - 1) % 4 == 1:
        return _paley_two(size // 2 - 1)
    if size % 8 == 0:
        half = _construct(size // 2)
        if half is not None:
            return np.kron(np.array([[1, 1], [1, -1]]), half)
    return None


def _is_prime(number: int) -> bool:
    return number > 1 and all(number % divisor for divisor in range(2, int(number**0.5) + 1))


def _jacobsthal(prime: int) -> Ints:
    """Quadratic characters of the differences modulo a prime."""
    character = np.full(prime, -1, dtype=np.int64)
    character[np.arange(1, prime) ** 2 % prime] = 1
    character[0] = 0
    places = np.arange(prime)
    return np.asarray(character[(places[:, None] - places) % prime])


def _paley_one(prime: int) -> Ints:
    core = np.zeros((prime + 1, prime + 1), dtype=np.int64)
    core[0, 1:], core[1:, 0], core[1:, 1:] = 1, -1, _jacobsthal(prime)
    return core + np.eye(prime + 1, dtype=np.int64)


def _paley_two(prime: int) -> Ints:
    core = np.zeros((prime + 1, prime + 1), dtype=np.int64)
    core[0, 1:], core[1:, 0], core[1:, 1:] = 1, 1, _jacobsthal(prime)
    identity = np.eye(prime + 1, dtype=np.int64)
    return np.kron(core, np.array([[1, 1], [1, -1]])) + np.kron(
        identity, np.array([[1, -1], [-1, -1]])
    )
