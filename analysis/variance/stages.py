"""How much each stage of a design counts: factors from sampling fractions, and lonely strata."""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import Bools, Floats, Ints
from analysis.design import Design, Stage, find_lonely, suggest_partners
from analysis.errors import DesignError


@dataclass(frozen=True, eq=False)
class StageLayout:
    """One stage as the variance sees it.

    Attributes
    ----------
    stage : Stage
    factor : (H,) float
        Sampling fractions of the stages above, times 1 - n/N, times n / (n - 1) where n > 1.
    lonely : (H,) bool
        Cells with one unit out of several.
    """

    stage: Stage
    factor: Floats
    lonely: Bools

    @property
    def settled(self) -> Floats:
        """The factor where lonely cells contribute nothing, (H,)."""
        return np.where(self.lonely, 0.0, self.factor)

    @property
    def cell(self) -> Ints:
        """Cell of each unit, (U,)."""
        return self.stage.cell


def lay_out_stages(design: Design) -> tuple[StageLayout, ...]:
    """The stages that contribute to a variance: down to the first of unknown population.

    Raises
    ------
    DesignError
        If a stratum has one unit and the design's rule is to fail; the strata are named, and
        with whom to merge them.

    References
    ----------
    Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, result 4.3.1 and its
    recursion over stages in section 4.4: V1 + sum of (n/N) V2 within units.
    """
    layouts: list[StageLayout] = []
    share = np.ones(1)
    for stage in design.stages:
        above = share[stage.parent]
        if not above.any():
            break
        layout = _lay_out(stage, above)
        if design.lonely == "fail":
            _refuse_lonely(layout)
        layouts.append(layout)
        share = (above * stage.fraction)[stage.cell]
    return tuple(layouts)


def _lay_out(stage: Stage, above: Floats) -> StageLayout:
    correction = np.where(stage.size > 1, stage.size / np.maximum(stage.size - 1, 1), 1.0)
    factor = above * np.clip(1 - stage.fraction, 0, 1) * correction
    return StageLayout(stage, factor, find_lonely(stage) & (above > 0))


def _refuse_lonely(layout: StageLayout) -> None:
    alone = np.flatnonzero(layout.lonely)
    if not len(alone):
        return
    labels, partner = layout.stage.labels, suggest_partners(layout.stage)
    advice = [f"{labels[cell]} (merge with {labels[partner[cell]]})" for cell in alone[:5]]
    more = f" and {len(alone) - 5} more" if len(alone) > 5 else ""
    raise DesignError(
        f"{len(alone)} strata have one unit: {', '.join(advice)}{more}. Collapse them, or "
        "describe the design with another lonely rule."
    )
