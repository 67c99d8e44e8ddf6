"""Critical values of the largest error among many figures, by simulation."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.arrays import Floats

_BLOCK = 1_000  # draws held in memory at once


@dataclass(frozen=True, slots=True)
class Spread:
    """How K figures err together: covariance (K, K) or variances (K,), and df (1,) or (K,)."""

    vcov: Floats
    df: Floats

    @property
    def variance(self) -> Floats:
        """Variances, (K,)."""
        return self.vcov if self.vcov.ndim == 1 else np.diagonal(self.vcov)

    def errors(self, rng: np.random.Generator, draws: int) -> Iterator[Floats]:
        """Blocks (at most 1,000, K) of simulated errors, divided by the chi part of a t."""
        root = self._root()
        for start in range(0, draws, _BLOCK):
            size = min(_BLOCK, draws - start)
            noise = rng.standard_normal((size, len(self.variance)))
            yield (noise * root if root.ndim == 1 else noise @ root.T) / self._chi(size, rng)

    def _root(self) -> Floats:
        if self.vcov.ndim == 1:
            return np.sqrt(self.vcov)
        value, vector = np.linalg.eigh((self.vcov + self.vcov.T) / 2)
        return np.asarray(vector * np.sqrt(np.clip(value, 0, None)))

    def _chi(self, size: int, rng: np.random.Generator) -> Floats:
        finite = np.isfinite(self.df)
        chi = np.ones((size, len(self.df)))
        df = self.df[finite]
        chi[:, finite] = np.sqrt(rng.chisquare(df, (size, len(df))) / df)
        return chi


def largest_error(spread: Spread, level: float, rng: np.random.Generator, draws: int) -> float:
    """Confidence each interval needs for all of them to hold together with `level`."""
    se = np.sqrt(spread.variance)
    largest = [
        np.max(2 * stats.t.cdf(np.abs(_studentised(errors, se)), spread.df) - 1, axis=1)
        for errors in spread.errors(rng, draws)
    ]
    # A figure known exactly is never in error; a confidence of 1 would be an infinite interval.
    return float(np.clip(_quantile(largest, level), level, np.nextafter(1, 0)))


def largest_difference(
    spread: Spread, level: float, rng: np.random.Generator, draws: int
) -> tuple[float, Floats]:
    """Critical value of the largest studentised difference, and standard errors (K, K)."""
    full = np.diag(spread.vcov) if spread.vcov.ndim == 1 else spread.vcov
    both = spread.variance[:, None] + spread.variance
    square = both - 2 * full
    # Rounding leaves specks where two figures move together exactly.
    se = np.sqrt(np.where(square > 1e-14 * both, square, 0))
    largest = []
    for errors in spread.errors(rng, draws):
        top = np.zeros(len(errors))
        for k in range(len(se) - 1):
            gap = np.abs(errors[:, k + 1 :] - errors[:, [k]])
            np.maximum(top, _studentised(gap, se[k, k + 1 :]).max(axis=1), out=top)
        largest.append(top)
    return _quantile(largest, level), se


def _studentised(errors: Floats, se: Floats) -> Floats:
    return np.divide(errors, se, out=np.zeros_like(errors), where=se > 0)


def _quantile(blocks: list[Floats], level: float) -> float:
    # "higher": with few draws rather too wide than too narrow.
    return float(np.quantile(np.concatenate(blocks), level, method="higher"))
