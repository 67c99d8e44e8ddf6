"""Small-area figures that add up to the totals published for the whole."""

from dataclasses import replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats, Ints
from analysis.errors import DataError
from analysis.small_areas.model import SmallAreas


def benchmark(
    areas: SmallAreas,
    share: npt.ArrayLike,
    *,
    total: npt.ArrayLike | None = None,
    group: npt.ArrayLike | None = None,
    method: Literal["difference", "ratio", "you-rao"] = "difference",
) -> SmallAreas:
    """The same areas, moved as little as needed for their weighted sums to meet the totals.

    The squared move is added to the mean squared error.

    Parameters
    ----------
    areas : SmallAreas
    share : (K,) float, not negative
        Weight of each area in the total: population shares for a mean, sizes for a total.
    total : float or (G,) float, optional
        Sums to meet; by default those of the direct estimates, which all must then exist.
    group : (K,) int, optional
        Group 0..G-1 of each area, when several totals must be met; by default one.
    method : {"difference", "ratio", "you-rao"}
        Spread the gap in proportion to share x mean squared error (so the surest move least);
        multiply all areas of a group by one factor; or re-estimate the regression so that the sum
        of all direct estimates is met by itself ("you-rao": one group, no total of its own).

    Raises
    ------
    DataError
        If shapes do not fit, a share is negative, a group has nothing to move, or a direct
        estimate that the total needs is missing.

    References
    ----------
    Difference: Wang, Fuller & Qu (2008), Survey Methodology 34, 29-36, with the weights of
    Battese, Harter & Fuller (1988), JASA 83, 28-36; "you-rao": You & Rao (2002), Canadian
    Journal of Statistics 30, 431-439, and You, Rao & Hidiroglou (2013), Survey Methodology 39,
    217-230; the squared move: Steorts & Ghosh (2013), Statistica Sinica 23, 749-767. Overview:
    Rao & Molina (2015), Small Area Estimation, 2nd ed., section 6.4.6.
    """
    weight, code = _check(areas, share, group)
    count = int(code.max()) + 1
    sums = _sum(code, weight * areas.estimate, count)
    goal = _goal(areas, weight, code, total, count)
    if method == "you-rao":
        if count > 1 or total is not None:
            raise DataError("You-Rao meets the direct total of one group: use 'difference'.")
        move = _own_regression(areas, weight) - areas.estimate
    elif method == "ratio":
        _need(sums != 0, "sums to zero and has no ratio: use method='difference'")
        move = areas.estimate * ((goal / sums) - 1)[code]
    else:
        pull = weight * areas.mse
        room = _sum(code, weight * pull, count)
        _need(room > 0, "has no area that may move: give it a share")
        move = pull * ((goal - sums) / room)[code]
    return replace(
        areas, estimate=areas.estimate + move, mse=areas.mse + move**2, benchmarked=method
    )


def _own_regression(areas: SmallAreas, weight: Floats) -> Floats:
    """Predictions whose weighted sum is the direct one, by the choice of coefficients."""
    pull = weight * (1 - areas.gamma)
    direct = np.where(weight > 0, areas.direct, 0.0)
    beta = np.linalg.lstsq(
        (areas.X * pull[:, None]).T @ areas.X, areas.X.T @ (pull * direct), rcond=None
    )[0]
    synthetic = areas.X @ beta
    own = areas.gamma * np.where(areas.fitted, areas.direct, 0.0)
    return np.asarray(own + (1 - areas.gamma) * synthetic)


def _check(
    areas: SmallAreas, share: npt.ArrayLike, group: npt.ArrayLike | None
) -> tuple[Floats, Ints]:
    weight = np.asarray(share, dtype=float)
    code = np.zeros(len(areas.estimate), dtype=np.int64) if group is None else np.asarray(group)
    if weight.shape != areas.estimate.shape or code.shape != weight.shape or not len(weight):
        raise DataError(
            f"Give one share and one group per area ({len(areas.estimate)}): "
            f"{weight.shape}, {code.shape}."
        )
    if not (weight >= 0).all():
        raise DataError("A share is negative or missing: give 0 to areas outside the total.")
    if not np.issubdtype(code.dtype, np.integer) or (code < 0).any():
        raise DataError("Groups are whole numbers from 0.")
    return weight, code.astype(np.int64)


def _goal(
    areas: SmallAreas, weight: Floats, code: Ints, total: npt.ArrayLike | None, count: int
) -> Floats:
    if total is not None:
        goal = np.asarray(total, dtype=float)
        if goal.shape not in {(), (count,)} or (goal.ndim == 0 and count > 1):
            raise DataError(f"{count} groups need as many totals, not {goal.shape}.")
        return np.broadcast_to(goal, count)
    missing = (weight > 0) & np.isnan(areas.direct)
    if missing.any():
        raise DataError(
            f"Area {int(np.argmax(missing))} has no direct estimate to add up: pass the total."
        )
    return _sum(code, np.where(weight > 0, weight * areas.direct, 0.0), count)


def _sum(code: Ints, values: Floats, count: int) -> Floats:
    return np.bincount(code, values, count).astype(np.float64)


def _need(met: npt.NDArray[np.bool_], otherwise: str) -> None:
    if not met.all():
        raise DataError(f"Group {int(np.argmin(met))} {otherwise}.")
