"""Replicates as multipliers of first-stage units: jackknife, half-samples and bootstraps."""

from dataclasses import replace
from typing import Literal

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.design import Design, Replicates, Stage, find_lonely
from analysis.errors import DesignError
from analysis.replicates.hadamard import find_hadamard

FIRST_STAGE = (
    "Replicates resample the first stage; with its finite-population factor they leave out the "
    "share n/N of the variance of later stages. Describe the design without counts to be safe."
)
Kind = Literal["JK1", "JKn", "BRR", "Fay", "RaoWu", "bootstrap"]


def make_replicates(
    design: Design,
    kind: Kind,
    *,
    count: int = 500,
    seed: int | None = None,
    rho: float = 0.5,
    centred: bool = False,
) -> Design:
    """The design with replicates; weighting steps from here on are done on each of them.

    Parameters
    ----------
    kind : str
        `JK1` leaves out one unit of an unstratified design, `JKn` one unit of a stratum, `BRR`
        one unit of each pair, `Fay` lowers it by the factor rho; `RaoWu` draws n - 1 units of a
        stratum with replacement; `bootstrap` draws n units from the stratum's population of
        copies, with its finite-population correction (Canty & Davison).
    count : int
        Number of bootstrap replicates.
    seed : int, optional
        Needed by the bootstraps, and kept in the result.
    rho : float
        Fay's factor, 0 to 1.
    centred : bool
        Whether the variance is taken around the full-sample estimate instead of the mean of the
        replicates.

    Raises
    ------
    DesignError
        If the kind does not fit the design, saying which strata stand in its way.

    References
    ----------
    Jackknife: Wolter (2007), ch. 4. Half-samples: McCarthy (1969), Review of the ISI 37,
    239-264; Judkins (1990), Journal of Official Statistics 6, 223-239 for Fay's. Bootstraps: Rao
    & Wu (1988), JASA 83, 231-241; Rao, Wu & Yue (1992), Survey Methodology 18, 209-217; Canty &
    Davison (1999), The Statistician 48, 379-391.
    """
    stage = design.stages[0]
    if kind in ("RaoWu", "bootstrap"):
        if seed is None:
            raise DesignError("A bootstrap needs a seed, so that it can be done again.")
        rng = np.random.default_rng(seed)
        parts = _draw(stage, kind, count, rng, centred=centred)
    elif kind in ("BRR", "Fay"):
        parts = _balance(stage, 0.0 if kind == "BRR" else rho)
    elif kind in ("JK1", "JKn"):
        parts = _leave_out(stage, kind)
    else:
        raise DesignError(f"Unknown kind {kind!r}; use JK1, JKn, BRR, Fay, RaoWu or bootstrap.")
    multiplier, scale, rscales = parts
    replicates = Replicates(
        kind=kind,
        unit=stage.unit,
        start=design.weights.final,
        multiplier=multiplier,
        scale=scale,
        rscales=rscales,
        centred=centred,
        seed=seed if kind in ("RaoWu", "bootstrap") else None,
    )
    notes = (*design.notes, FIRST_STAGE) if _leaves_out_stages(design) else design.notes
    return replace(design, replicates=replicates, notes=notes)


def _leaves_out_stages(design: Design) -> bool:
    return len(design.stages) > 1 and bool((design.stages[0].fraction > 0).any())


def give_replicates(
    design: Design,
    weights: Floats,
    *,
    scale: float,
    rscales: Floats,
    centred: bool = False,
) -> Design:
    """The design with replicate weights that somebody else made.

    Parameters
    ----------
    weights : (n, R) float
        Full weights of every replicate.
    scale, rscales
        As `Replicates`.

    Raises
    ------
    DesignError
        If the table does not fit the rows, or a row has replicate weights but no weight.
    """
    final = design.weights.final
    if weights.ndim != 2 or len(weights) != len(final) or weights.shape[1] != len(rscales):
        raise DesignError(
            f"Replicate weights of shape {weights.shape} do not fit {len(final)} rows and "
            f"{len(rscales)} scales."
        )
    if (weights[final == 0] != 0).any():
        raise DesignError("A row without weight has replicate weights; give it its weight.")
    multiplier = np.divide(
        weights, final[:, None], out=np.zeros_like(weights), where=final[:, None] != 0
    )
    rows = np.arange(len(final))
    replicates = Replicates("given", rows, final, multiplier, scale, rscales, centred)
    return replace(design, replicates=replicates)


Parts = tuple[Floats, float, Floats]


def _leave_out(stage: Stage, kind: str) -> Parts:
    units = len(stage.cell)
    if kind == "JK1":
        if len(stage.size) > 1:
            raise DesignError("JK1 knows no strata; use JKn.")
        scale = (1 - stage.fraction[0]) * (units - 1) / units
        rscales = np.ones(units)
    else:
        _refuse_lonely(stage)
        rscales = ((1 - stage.fraction) * (stage.size - 1) / stage.size)[stage.cell]
        scale = 1.0
    size = stage.size[stage.cell]
    raised = np.divide(size, size - 1, out=np.ones_like(size), where=size > 1)
    same = stage.cell[:, None] == stage.cell
    multiplier = np.where(same, raised[:, None], 1.0)
    # A stratum taken in whole with its one unit keeps it in every replicate.
    np.fill_diagonal(multiplier, np.where(size > 1, 0.0, 1.0))
    return multiplier, float(scale), rscales


def _balance(stage: Stage, rho: float) -> Parts:
    odd = np.flatnonzero(stage.size != 2)
    if len(odd):
        names = ", ".join(stage.labels[cell] for cell in odd[:5])
        raise DesignError(
            f"Half-samples need two units in every stratum; {names} differ. Use JKn or a bootstrap."
        )
    if not 0 <= rho < 1:
        raise DesignError(f"Fay's factor is {rho:g}; it must be at least 0 and less than 1.")
    # The constant first column would leave the same unit out of its stratum every time.
    signs = find_hadamard(len(stage.size) + 1)[:, 1 : len(stage.size) + 1].T
    second = np.zeros(len(stage.cell), dtype=np.int64)
    second[1:] = stage.cell[1:] == stage.cell[:-1]
    side = np.where(second[:, None] == 1, -signs[stage.cell], signs[stage.cell])
    multiplier = 1 + side * (1 - rho)
    count = signs.shape[1]
    return multiplier, 1 / (count * (1 - rho) ** 2), np.ones(count)


def _draw(stage: Stage, kind: str, count: int, rng: np.random.Generator, *, centred: bool) -> Parts:
    _refuse_lonely(stage)
    multiplier = np.ones((len(stage.cell), count))
    for cell in range(len(stage.size)):
        members = np.flatnonzero(stage.cell == cell)
        if len(members) == 1:
            continue
        if kind == "RaoWu":
            size = len(members)
            times = rng.multinomial(size - 1, np.full(size, 1 / size), size=count)
            multiplier[members] = times.T * size / (size - 1)
        else:
            multiplier[members] = _draw_copies(len(members), stage.population[cell], count, rng)
    scale = 1 / count if centred else 1 / (count - 1)
    if kind == "bootstrap":
        # Drawing n of n units shrinks the variance by (n - 1) / n: undone on average.
        scale /= float(np.mean(1 - 1 / stage.size[stage.size > 1]))
    return multiplier, scale, np.ones(count)


def _draw_copies(size: int, population: float, count: int, rng: np.random.Generator) -> Floats:
    """How often each of `size` units is drawn from a population of their copies, (size, R)."""
    if np.isinf(population):
        return rng.multinomial(size, np.full(size, 1 / size), size=count).T.astype(np.float64)
    whole, extra = divmod(round(population), size)
    drawn = np.empty((size, count))
    for replicate in range(count):
        copies: Ints = np.full(size, whole)
        copies[rng.permutation(size)[:extra]] += 1
        drawn[:, replicate] = rng.multivariate_hypergeometric(copies, size)
    return drawn


def _refuse_lonely(stage: Stage) -> None:
    alone = np.flatnonzero(find_lonely(stage))
    if len(alone):
        names = ", ".join(stage.labels[cell] for cell in alone[:5])
        raise DesignError(f"Strata {names} have one unit; collapse them before replication.")
