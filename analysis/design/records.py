"""What a sample is: its stages, its weights with their history, and its replicates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import polars as pl

from analysis.arrays import Bools, Floats, Ints
from analysis.errors import DesignError

LonelyRule = Literal["fail", "remove", "certainty", "adjust", "average", "collapse"]
LONELY_RULES = ("fail", "remove", "certainty", "adjust", "average", "collapse")


@dataclass(frozen=True, eq=False)
class Stage:
    """Units drawn at one stage, within cells: strata first, the units of the stage above later.

    Attributes
    ----------
    unit : (n,) int
        Sampled unit of each row, 0 .. U-1; a unit lies in one unit of the stage above.
    cell : (U,) int
        Cell that each unit was drawn in, 0 .. H-1.
    parent : (H,) int
        Unit of the stage above that each cell lies in; 0 at the first stage.
    size : (H,) float
        Units sampled in each cell.
    population : (H,) float
        Units that the cell holds in the population; inf where unknown (drawn with replacement).
    labels : tuple of str
        Name of each cell, for messages.
    """

    unit: Ints
    cell: Ints
    parent: Ints
    size: Floats
    population: Floats
    labels: tuple[str, ...]

    @property
    def fraction(self) -> Floats:
        """Share of each cell that was sampled; 0 where the population is unknown."""
        return self.size / self.population


@dataclass(frozen=True, eq=False)
class Calibration:
    """One calibration, as the variance needs it.

    Attributes
    ----------
    cell : (n,) int
        Rows with the same auxiliary values share a cell.
    values : (K, p) float
        Auxiliary values of each cell.
    group : (K,) int or None
        A margin that is met as well, kept apart because it may have very many levels; 0
        throughout for a constant alone.
    before, after : (n,) float
        Weights before and after; `before` weighs the regression of the residuals.
    """

    cell: Ints
    values: Floats
    group: Ints | None
    before: Floats
    after: Floats


@dataclass(frozen=True)
class Step:
    """What one weighting step did.

    Attributes
    ----------
    name : str
    detail : mapping
        Settings and outcome, in plain values.
    margins : polars.DataFrame
        Totals asked for, and weighted sums before and after; empty for other steps.
    """

    name: str
    detail: Mapping[str, Any]
    margins: pl.DataFrame = field(default_factory=pl.DataFrame)


@dataclass(frozen=True, eq=False)
class Bundles:
    """What rows stood for before rows alike to the design were condensed into one.

    Attributes
    ----------
    count : (n,) float
        Rows in each.
    squares : (n,) float
        Their squared base weights added up, over the square of their sum.
    lowest, highest : (n,) float
        Their smallest and largest share of that sum.
    """

    count: Floats
    squares: Floats
    lowest: Floats
    highest: Floats


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights and their history.

    Attributes
    ----------
    base, final : (n,) float
        Inverse inclusion probability, and the weight after all steps; 0 outside a subset.
    calibrations : tuple of Calibration
        Those that a linearised variance must take into account, in order.
    steps : tuple of Step
        All that was done.
    bundles : Bundles or None
        Where the rows were condensed; weights are then sums over a bundle.
    """

    base: Floats
    final: Floats
    calibrations: tuple[Calibration, ...] = ()
    steps: tuple[Step, ...] = ()
    bundles: Bundles | None = None


@dataclass(frozen=True, eq=False)
class Adjustment:
    """A weighting step replayed on the replicates: factors by cell and replicate.

    Attributes
    ----------
    cell : (n,) int
    factor : (K, R) float
    """

    cell: Ints
    factor: Floats


@dataclass(frozen=True, eq=False)
class Replicates:
    """Replicate weights as multipliers of units.

    The weight of row i in replicate r is `start[i] * multiplier[unit[i], r]` times the factors
    of the adjustments.

    Attributes
    ----------
    kind : str
        JK1, JKn, BRR, Fay, RaoWu, bootstrap or given.
    unit : (n,) int
    start : (n,) float
        Weights when the replicates were made.
    multiplier : (P, R) float
    scale : float
    rscales : (R,) float
        The variance is scale * sum_r rscales_r (theta_r - centre)^2.
    centred : bool
        Around the full-sample estimate (True), or around the mean of the replicates.
    seed : int or None
        Of the random kinds.
    adjustments : tuple of Adjustment
    """

    kind: str
    unit: Ints
    start: Floats
    multiplier: Floats
    scale: float
    rscales: Floats
    centred: bool
    seed: int | None = None
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def count(self) -> int:
        """Number of replicates."""
        return int(self.multiplier.shape[1])


@dataclass(frozen=True, eq=False)
class Design:
    """A sample with all that a standard error needs to know about it.

    Attributes
    ----------
    data : polars.DataFrame
        The rows, n of them.
    stages : tuple of Stage
        From the outermost; those below a stage of unknown population do not matter.
    weights : Weights
    lonely : str
        What a stratum with one unit contributes: `fail` (an error that names it), `remove` and
        `certainty` (nothing), `adjust` (its distance from the grand mean), `average` (the mean
        contribution of the others). `collapse` merges it with a neighbour when the design is
        described.
    adjust_domain_lonely : bool
        Whether `adjust` and `average` also treat strata with one unit left inside a domain.
    inside : (n,) bool
        Rows of the subset the design was narrowed to.
    replicates : Replicates or None
    notes : tuple of str
        Conventions that a reader should know, such as a first stage treated as with replacement.
    """

    data: pl.DataFrame
    stages: tuple[Stage, ...]
    weights: Weights
    lonely: LonelyRule = "fail"
    adjust_domain_lonely: bool = False
    inside: Bools = field(default_factory=lambda: np.ones(0, dtype=np.bool_))
    replicates: Replicates | None = None
    notes: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Rows inside the subset."""
        return int(self.inside.sum())

    @property
    def df(self) -> int:
        """Degrees of freedom: units of the first stage minus strata, among weighted rows."""
        stage = self.stages[0]
        units = np.unique(stage.unit[self.inside & (self.weights.final != 0)])
        return len(units) - len(np.unique(stage.cell[units]))


def refuse_bundles(design: Design, purpose: str) -> None:
    """Stop what needs single rows where rows were condensed.

    Raises
    ------
    DesignError
        Saying for what the rows are needed.
    """
    if design.weights.bundles is not None:
        raise DesignError(
            f"The rows of this design were condensed, and {purpose} needs them one by one; "
            "describe the design from the rows, or ask the survey in pieces."
        )
