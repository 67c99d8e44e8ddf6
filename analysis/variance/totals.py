"""Covariances of estimated totals: exact for any design and any rule for lonely strata."""

import numpy as np

from analysis.arrays import Bools, Floats, Ints
from analysis.cells import sum_by, sum_columns
from analysis.design import Design, refuse_bundles
from analysis.variance.projection import take_residuals
from analysis.variance.stages import StageLayout, lay_out_stages


def estimate_covariance(design: Design, values: Floats, *, rows: Bools | None = None) -> Floats:
    """Covariance matrix of the weighted totals of linearised values, (M, M).

    Parameters
    ----------
    design : Design
    values : (n, M) float
        Values to be totalled (influence of each row on each estimate); 0 outside the domain.
    rows : (n,) bool, optional
        The domain, where it matters which strata are in it: the rules `adjust` and `average`
        look at the strata that have rows in the domain.

    Returns
    -------
    (M, M) float, symmetric. NaN if the rule `average` has nothing to average.

    Raises
    ------
    DesignError
        If a stratum has one unit and the rule is to fail.

    References
    ----------
    Särndal, Swensson & Wretman (1992), section 4.4; Deville & Särndal (1992), equation 3.4 for
    calibration residuals; Binder (1983), International Statistical Review 51, 279-292.
    """
    refuse_bundles(design, "this variance")
    weight = design.weights.final
    scores = values * weight[:, None]
    for calibration in design.weights.calibrations:
        scores = take_residuals(calibration, scores)
    seen = weight != 0
    if rows is not None:
        seen = seen & rows
    covariance = np.zeros((values.shape[1], values.shape[1]))
    for layout in lay_out_stages(design):
        stage = layout.stage
        totals = sum_columns(stage.unit, scores, len(stage.cell))
        active = np.bincount(stage.unit, seen, minlength=len(stage.cell)) > 0
        covariance += cover_stage(design, layout, totals, active)
    return covariance


def cover_stage(design: Design, layout: StageLayout, totals: Floats, active: Bools) -> Floats:
    """Covariance that one stage adds, (M, M), from the totals of its units, (U, M).

    Parameters
    ----------
    active : (U,) bool
        Units with rows in the domain.
    """
    stage = layout.stage
    cells = len(stage.size)
    count = np.bincount(stage.cell, active, minlength=cells)
    # Calibration gives residuals to units outside the domain as well.
    present = np.ones(cells, dtype=np.bool_) if design.weights.calibrations else count > 0
    alone = layout.lonely.copy()
    if design.adjust_domain_lonely and design.lonely in ("adjust", "average"):
        alone |= (count == 1) & (stage.size > 1) & (layout.factor > 0)
    centre = sum_columns(stage.cell, totals, cells) / stage.size[:, None]
    factor = np.where(present, layout.factor, 0.0)
    if design.lonely == "adjust":
        grand = _average_scope(stage.parent, stage.cell, stage.size * present, totals)
        centre = np.where(alone[:, None], grand, centre)
    else:
        factor[alone] = 0.0
    if design.lonely == "average":
        factor = factor * _spread_average(present, alone & present)
    deviation = totals - centre[stage.cell]
    return np.asarray(deviation.T @ (deviation * factor[stage.cell][:, None]))


def _average_scope(parent: Ints, cell: Ints, size: Floats, totals: Floats) -> Floats:
    """Mean unit total over all cells of the same unit above, for each cell (H, M)."""
    scopes = int(parent.max(initial=-1)) + 1
    sums = sum_columns(parent[cell], totals, scopes)
    units = sum_by(parent, size, scopes)
    return np.asarray((sums / np.maximum(units, 1)[:, None])[parent])


def _spread_average(present: Bools, alone: Bools) -> float:
    """What to multiply by so that lonely cells contribute the mean of the others."""
    others = present.sum() - alone.sum()
    return float(present.sum() / others) if others else (np.nan if alone.any() else 1.0)
