"""How far a weight may move, and how dearly: the calibration functions."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.arrays import Floats
from analysis.errors import CalibrationError

Method = Literal["linear", "raking", "logit"]


@dataclass(frozen=True)
class Distance:
    """A calibration function g = F(u) with bounds on g.

    Attributes
    ----------
    method : str
        `linear` 1 + u, `raking` exp(u), `logit` between the bounds along a logistic curve.
    lower, upper : float
        Bounds L < 1 < U on g; `linear` and `raking` are cut off there.

    References
    ----------
    Deville & Särndal (1992), JASA 87, 376-382, cases 1, 2, 6 and 7.
    """

    method: Method
    lower: float = -np.inf
    upper: float = np.inf

    def __post_init__(self) -> None:
        if self.method not in ("linear", "raking", "logit"):
            raise CalibrationError(f"Unknown method {self.method!r}; use linear, raking or logit.")
        if not self.lower < 1 < self.upper:
            raise CalibrationError(
                f"Bounds {self.lower:g} and {self.upper:g} must lie on either side of 1."
            )
        if self.method == "logit" and not (np.isfinite(self.lower) and np.isfinite(self.upper)):
            raise CalibrationError("The logit method needs two finite bounds, such as 0.3 and 3.")

    def weigh(self, u: Floats) -> tuple[Floats, Floats]:
        """Factors g = F(u) and its derivative, each (K,)."""
        if self.method == "logit":
            return self._weigh_logit(u)
        if self.method == "linear":
            raw, slope = 1 + u, np.ones_like(u)
        else:
            raw = np.exp(np.clip(u, -700, 700))
            slope = raw
        inside = (raw > self.lower) & (raw < self.upper)
        return np.clip(raw, self.lower, self.upper), np.where(inside, slope, 0.0)

    def _weigh_logit(self, u: Floats) -> tuple[Floats, Floats]:
        low, high = self.lower, self.upper
        steepness = (high - low) / ((1 - low) * (high - 1))
        growth = np.exp(np.clip(steepness * u, -700, 700))
        below = (high - 1) + (1 - low) * growth
        g = (low * (high - 1) + high * (1 - low) * growth) / below
        return g, (g - low) * (high - g) * steepness / (high - low)
