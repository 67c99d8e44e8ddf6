"""The likelihood of ordered answers with thresholds on a latent scale."""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.models.families import Threshold


@dataclass(frozen=True)
class CumulativeLikelihood:
    """Log-likelihood in (b, thresholds), concave for the three links.

    Attributes
    ----------
    X : (m, p) float
    code : (m,) int
        Answer 0 .. L-1.
    count : int
        L.
    link : Threshold
    """

    X: Floats
    code: Ints
    count: int
    link: Threshold

    def start(self, weight: Floats) -> Floats:
        """No slopes, and the thresholds of the weighted shares."""
        share = np.bincount(self.code, weight, self.count)
        cut = np.cumsum(share)[:-1] / share.sum()
        return np.concatenate([np.zeros(self.X.shape[1]), self.link.quantile(cut)])

    def probability(self, theta: Floats) -> Floats:
        """Of each row's own answer, (m,); not positive where thresholds are out of order."""
        upper, lower = self._ends(theta)
        below = self.link.cumulative(upper) - self.link.cumulative(lower)
        above = self.link.survival(lower) - self.link.survival(upper)
        # From the nearer tail, so that a rare answer keeps its digits.
        return np.where(lower > 0, above, below)

    def value(self, theta: Floats, weight: Floats) -> float:
        """Weighted log-likelihood, -inf where it does not exist."""
        probability = self.probability(theta)
        if not (probability > 0).all():
            return -np.inf
        return float(weight @ np.log(probability))

    def derive(self, theta: Floats, weight: Floats) -> tuple[Floats, Floats]:
        """Score of each row (m, k), unweighted, and the weighted information (k, k)."""
        upper, lower = self._ends(theta)
        probability = self.probability(theta)
        high, low = self._directions()
        score = (
            high * self._density(upper)[:, None] - low * self._density(lower)[:, None]
        ) / probability[:, None]
        information = (score * weight[:, None]).T @ score
        information -= (high * (weight * self._slope(upper) / probability)[:, None]).T @ high
        information += (low * (weight * self._slope(lower) / probability)[:, None]).T @ low
        return score, information

    def _ends(self, theta: Floats) -> tuple[Floats, Floats]:
        p = self.X.shape[1]
        cut = np.concatenate([[-np.inf], theta[p:], [np.inf]])
        eta = self.X @ theta[:p]
        return cut[self.code + 1] - eta, cut[self.code] - eta

    def _directions(self) -> tuple[Floats, Floats]:
        """Derivatives of both ends by the parameters, (m, k) each."""
        steps = np.eye(self.count + 1)[:, 1:-1]
        return (
            np.column_stack([-self.X, steps[self.code + 1]]),
            np.column_stack([-self.X, steps[self.code]]),
        )

    def _density(self, at: Floats) -> Floats:
        finite = np.isfinite(at)
        return np.where(finite, self.link.density(np.where(finite, at, 0.0)), 0.0)

    def _slope(self, at: Floats) -> Floats:
        finite = np.isfinite(at)
        return np.where(finite, self.link.slope(np.where(finite, at, 0.0)), 0.0)
