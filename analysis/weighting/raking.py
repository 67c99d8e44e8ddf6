"""Post-stratification and raking: weights that meet totals of categories."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.calibration import rake_cells
from analysis.cells import sum_by
from analysis.design import Calibration, Design
from analysis.errors import CalibrationError
from analysis.weighting.logs import append_step, measure_change
from analysis.weighting.margins import (
    Margin,
    Term,
    Totals,
    check_agreement,
    compare_margins,
    cross_margins,
    match_margin,
)
from analysis.weighting.replay import replay


def poststratify(design: Design, term: Term, totals: Totals) -> Design:
    """Weights whose sum in every stratum is the known total.

    Parameters
    ----------
    design : Design
    term : str or tuple of str
    totals : mapping of level (or tuple of levels) to total

    Raises
    ------
    CalibrationError
        If a level has respondents but no total, or a total but no respondents.

    References
    ----------
    Holt & Smith (1979), JRSS A 142, 33-46.
    """
    margin = match_margin(design, term, totals)
    levels = len(margin.labels)
    before = design.weights.final
    mass = sum_by(margin.code, before, levels)
    factor = margin.totals / mass
    after = before * factor[margin.code]
    calibration = Calibration(margin.code, np.zeros((levels, 0)), np.arange(levels), before, after)

    def reweigh(masses: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            ratio = margin.totals[:, None] / masses
        return np.where(masses > 0, ratio, np.nan)

    return append_step(
        replace(design, replicates=replay(design, margin.code, levels, reweigh)),
        "poststratify",
        after,
        {
            "margin": margin.name,
            **measure_change(before, after, factor, bundles=design.weights.bundles),
        },
        margins=compare_margins([margin], [np.arange(levels)], mass, mass * factor),
        calibration=calibration,
    )


def rake(
    design: Design,
    totals: Mapping[Term, Totals],
    *,
    tolerance: float = 1e-12,
    sweeps: int = 1000,
    unweighted_residuals: bool = False,
) -> Design:
    """Weights that meet several margins at once, as near to the old ones as raking gives.

    Parameters
    ----------
    totals : mapping of variable (or tuple of variables) to totals by level
        The sums of all margins must agree.
    tolerance : float
        Largest relative error of a margin.
    sweeps : int
    unweighted_residuals : bool
        Whether variances regress on the margins without weights, as R's `rake()` does; the
        default is the regression by the weights before raking, as for any calibration.

    Raises
    ------
    CalibrationError
        If margins disagree (saying by how much), a level has no respondents, or the margins
        cannot be met together (naming the worst level).

    References
    ----------
    Deming & Stephan (1940); the variance treats it as calibration with an exponential distance,
    Deville, Särndal & Sautory (1993), JASA 88, 1013-1020.
    """
    margins = [match_margin(design, term, known) for term, known in totals.items()]
    return rake_coded(
        design,
        margins,
        tolerance=tolerance,
        sweeps=sweeps,
        unweighted_residuals=unweighted_residuals,
    )


def rake_coded(
    design: Design,
    margins: Sequence[Margin],
    *,
    tolerance: float = 1e-12,
    sweeps: int = 1000,
    unweighted_residuals: bool = False,
) -> Design:
    """The same for margins whose levels are coded already; see `rake`."""
    if not margins:
        raise CalibrationError("Raking needs at least one margin.")
    check_agreement(margins)
    cell, levels = cross_margins(margins)
    before = design.weights.final
    mass = sum_by(cell, before, len(levels[0]))
    totals = [margin.totals for margin in margins]
    raking = rake_cells(mass, levels, totals, tolerance=tolerance, sweeps=sweeps)
    if not raking.converged:
        _explain(margins, raking.worst, raking.error, raking.sweeps)
    after = before * raking.factor[cell]
    residual_weight = np.where(before > 0, 1.0, 0.0) if unweighted_residuals else before

    def reweigh(masses: Floats) -> Floats:
        return rake_replicates(masses, levels, totals, tolerance=tolerance, sweeps=sweeps)

    used = raking.factor[mass > 0]
    return append_step(
        replace(design, replicates=replay(design, cell, len(mass), reweigh)),
        "rake",
        after,
        {
            "sweeps": raking.sweeps,
            "error": raking.error,
            **measure_change(before, after, used, bundles=design.weights.bundles),
        },
        margins=compare_margins(margins, levels, mass, mass * raking.factor),
        calibration=_record(cell, levels, margins, (residual_weight, after)),
    )


def rake_replicates(
    masses: Floats, levels: list[Ints], totals: list[Floats], *, tolerance: float, sweeps: int
) -> Floats:
    """Raking factors of every replicate at once, (K, R); NaN in a replicate that fails."""
    weight = masses.copy()
    tables = [
        (level[:, None] == np.arange(len(total))).astype(float).T
        for level, total in zip(levels, totals, strict=True)
    ]
    error = np.full(masses.shape[1], np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(sweeps):
            for level, table, total in zip(levels, tables, totals, strict=True):
                weight = weight * (total[:, None] / (table @ weight))[level]
            gaps = [
                np.abs(table @ weight / total[:, None] - 1).max(axis=0)
                for table, total in zip(tables, totals, strict=True)
            ]
            error = np.max(gaps, axis=0)
            if not (error > tolerance).any():
                break
        factor = np.where(masses > 0, weight / masses, 1.0)
    return np.where(error <= tolerance, factor, np.nan)


def _record(
    cell: Ints, levels: list[Ints], margins: Sequence[Margin], weights: tuple[Floats, Floats]
) -> Calibration:
    """The widest margin as the group, indicators of the others less their first level."""
    widest = int(np.argmax([len(margin.labels) for margin in margins]))
    blocks = [
        (level[:, None] == np.arange(1, len(margin.labels))).astype(np.float64)
        for place, (level, margin) in enumerate(zip(levels, margins, strict=True))
        if place != widest
    ]
    values = np.hstack([np.zeros((len(levels[0]), 0)), *blocks])
    return Calibration(cell, values, levels[widest], *weights)


def _explain(margins: Sequence[Margin], worst: tuple[int, int], error: float, sweeps: int) -> None:
    margin = margins[worst[0]]
    raise CalibrationError(
        f"After {sweeps} sweeps the margins still cannot be met together: {margin.name} is "
        f"{error:.2%} off at {margin.labels[worst[1]]} (total {margin.totals[worst[1]]:,.2f}). "
        "Merge that level with another, or leave the margin out."
    )
