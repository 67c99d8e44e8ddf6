"""What to look at before believing weights of volunteers, and how much they changed."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import stats

from analysis.arrays import Floats
from analysis.selection.estimation import VolunteerEstimate, add_variances
from analysis.selection.propensity import Selection

_CLASSES = 20


@dataclass(frozen=True, eq=False)
class Overlap:
    """Whether there are volunteers like everybody in the population.

    Attributes
    ----------
    balance : polars.DataFrame
        Per column: mean of the volunteers, of the weighted volunteers and of the population, and
        the first two's distance from it in the population's standard deviations.
    outside : float
        Share of the population less likely to volunteer than any volunteer.
    uncovered : float
        Share of the population in classes of propensity (twentieths of it) with no volunteer.
    effective_size, deff : float
        Kish's figures of the pseudo-weights.
    top_share : float
        Share of all pseudo-weight that the heaviest 1 % of volunteers hold.
    flag : str
        Empty, or why the weights deserve little trust.
    """

    balance: pl.DataFrame
    outside: float
    uncovered: float
    effective_size: float
    deff: float
    top_share: float
    flag: str


@dataclass(frozen=True)
class Gap:
    """Plain mean of the volunteers less the adjusted one: what selection did, as far as seen."""

    naive: float
    adjusted: float
    difference: float
    se: float
    p_value: float


def describe_overlap(selection: Selection) -> Overlap:
    """Overlap of volunteers and population along the propensity, and balance of the columns.

    Parameters
    ----------
    selection : Selection

    References
    ----------
    Elliott & Valliant (2017), Statistical Science 32, 249-264; Austin & Stuart
    (2015), Statistics in Medicine 34, 3661-3679 for balance; Kish (1992), Journal of Official
    Statistics 8, 183-200.
    """
    pair, w = selection.pair, selection.weight
    people = pair.weight > 0
    share = pair.weight[people] / pair.size
    propensity = selection.reference[people]
    outside = float(share[propensity < selection.volunteers.min()].sum())
    size = float(w.sum() ** 2 / (w @ w))
    heavy = np.sort(w)[-max(1, round(len(w) / 100)) :]
    balance = _balance(selection)
    uncovered = _uncovered(propensity, share, selection.volunteers)
    flags = [
        text
        for met, text in (
            (uncovered > 0.05, f"{uncovered:.0%} of the population have no volunteers like them"),
            (size < 30, f"the volunteers are worth {size:.0f} equal ones only"),
            (
                len(balance) > 0 and np.nanmax(np.abs(balance["after"].to_numpy())) > 0.1,
                "weighted volunteers still differ from the population",
            ),
        )
        if met
    ]
    return Overlap(
        balance,
        outside,
        uncovered,
        size,
        len(w) / size,
        float(heavy.sum() / w.sum()),
        "; ".join(flags),
    )


def measure_gap(estimate: VolunteerEstimate) -> Gap:
    """How far the volunteers' plain mean lies from the adjusted one.

    A gap of zero does not show that there is no selection: only what depends on the variables
    used is seen.

    Parameters
    ----------
    estimate : VolunteerEstimate

    References
    ----------
    Meng (2018), Annals of Applied Statistics 12, 685-726, for what remains unseen; the standard
    error is that of the difference of both linearised means.
    """
    y = estimate.answers
    naive = float(y.mean())
    plain = (y - naive) / len(y)
    volunteers, reference = add_variances(
        plain - estimate.influence, estimate.thinning, -estimate.counter_influence, estimate.pair
    )
    difference, se = naive - estimate.estimate, float(np.sqrt(volunteers + reference))
    p_value = float(2 * stats.norm.sf(abs(difference) / se)) if se > 0 else np.nan
    return Gap(naive, estimate.estimate, difference, se, p_value)


def _balance(selection: Selection) -> pl.DataFrame:
    pair = selection.pair
    own, others = pair.volunteers[:, 1:], pair.reference[:, 1:]
    population = pair.weight @ others / pair.size
    spread = np.sqrt(pair.weight @ (others - population) ** 2 / pair.size)
    plain, weighted = own.mean(axis=0), selection.weight @ own / selection.weight.sum()

    def apart(mean: Floats) -> Floats:
        return np.divide(
            mean - population, spread, out=np.full_like(mean, np.nan), where=spread > 0
        )

    return pl.DataFrame(
        {
            "column": pair.names[1:],
            "volunteers": plain,
            "weighted": weighted,
            "population": population,
            "before": apart(plain),
            "after": apart(weighted),
        }
    )


def _uncovered(propensity: Floats, share: Floats, volunteers: Floats) -> float:
    """Share of the population in its twentieths by propensity where nobody volunteered."""
    order = np.argsort(propensity, kind="stable")
    position = np.cumsum(share[order]) - share[order] / 2
    block = np.minimum((position * _CLASSES).astype(np.int64), _CLASSES - 1)
    # Classes meet half-way between neighbours, so that equal propensities are never parted.
    edges = [propensity[order][block == number].max(initial=-np.inf) for number in range(_CLASSES)]
    found = np.searchsorted(np.maximum.accumulate(edges), volunteers, side="left")
    mine = np.searchsorted(np.maximum.accumulate(edges), propensity, side="left")
    seen = np.bincount(np.minimum(found, _CLASSES - 1), minlength=_CLASSES) > 0
    return float(share[~seen[np.minimum(mine, _CLASSES - 1)]].sum())
