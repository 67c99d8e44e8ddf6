"""What the rows are reduced to: from here on no formula looks at a row again."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from analysis.arrays import Floats, Ints
from analysis.cells import Blocks, add_runs, cross_table, index_blocks, sum_by
from analysis.design import Design
from analysis.variance.projection import Projection
from analysis.variance.stages import StageLayout, lay_out_stages


@dataclass(frozen=True, eq=False)
class BlockSums:
    """Sums of m columns in the occupied cells of (domain, unit).

    Attributes
    ----------
    blocks : Blocks
    values : (q, m) float
    """

    blocks: Blocks
    values: Floats


@dataclass(frozen=True, eq=False)
class StageSums(BlockSums):
    """Sums by (domain, unit) of one stage, with how its units lie in cells.

    Attributes
    ----------
    layout : StageLayout
    """

    layout: StageLayout

    @cached_property
    def strata(self) -> BlockSums:
        """Sums by (domain, cell): units lie in the order of their cells, so these are runs."""
        start, cell = self.blocks.start, self.layout.cell[self.blocks.unit]
        fresh = np.ones(len(cell), dtype=np.bool_)
        np.not_equal(cell[1:], cell[:-1], out=fresh[1:])
        fresh[start[:-1][start[:-1] < len(cell)]] = True
        runs = np.flatnonzero(fresh)
        blocks = Blocks(cell[runs], np.searchsorted(runs, start))
        return BlockSums(blocks, add_runs(self.values, runs))


@dataclass(frozen=True, eq=False)
class Sums:
    """Sufficient statistics of m columns in D domains.

    Attributes
    ----------
    totals : (D, m) float
        Weighted totals.
    stages : tuple of StageSums
        Weighted sums by (domain, unit) at each stage that contributes to a variance.
    projections : tuple of Projection
        Calibrations, in order.
    moments : tuple of BlockSums
        For each calibration, sums weighted by final x before / after, by (domain, cell).
    auxiliaries : tuple of tuple of (U, K) sparse
        For each stage and calibration, weights after it by (unit, cell).
    links : tuple of tuple of (K, J) sparse
        For each calibration k and each j before it, sums of before_k / after_k x after_j by
        (cell of k, cell of j).
    """

    totals: Floats
    stages: tuple[StageSums, ...]
    projections: tuple[Projection, ...]
    moments: tuple[BlockSums, ...]
    auxiliaries: tuple[tuple[sparse.csr_array, ...], ...]
    links: tuple[tuple[sparse.csr_array, ...], ...]


def gather_sums(
    design: Design, domain: Ints, domains: int, columns: Floats, *, constant: bool = False
) -> Sums:
    """Reduce the rows of a design to sums.

    Parameters
    ----------
    domain : (n,) int
        Domain of each row, 0 .. domains-1; -1 for rows in none.
    columns : (n, m) float, in rows
        Values to be totalled, 0 where a row does not count.
    constant : bool
        Total a column of ones as well, as the last one.

    Raises
    ------
    DesignError
        If a stratum has one unit and the rule is to fail.
    """
    weight = design.weights.final
    counted = (domain >= 0) & (weight != 0)
    # Without a copy of the columns where every row counts.
    rows = slice(None) if counted.all() else np.flatnonzero(counted)
    inner, mass, values = domain[rows], weight[rows], columns[rows]
    layouts = lay_out_stages(design)
    projections = tuple(Projection.prepare(each) for each in design.weights.calibrations)
    stages = []
    for layout in layouts:
        unit = layout.stage.unit[rows]
        size = (domains, len(layout.cell))
        index = index_blocks(inner, unit, *size)
        added = _add_blocks(index, mass, values, constant=constant)
        stages.append(StageSums(index[0], added, layout))
    moments = []
    for projection in projections:
        cell = projection.calibration.cell[rows]
        size = (domains, len(projection.columns))
        scaled = mass * projection.ratio[rows]
        index = index_blocks(inner, cell, *size, empty=True)
        moments.append(BlockSums(index[0], _add_blocks(index, scaled, values, constant=constant)))
    return Sums(
        totals=_add_strata(stages[0].strata),
        stages=tuple(stages),
        projections=projections,
        moments=tuple(moments),
        auxiliaries=tuple(
            tuple(_cross_weights(layout.stage.unit, len(layout.cell), each) for each in projections)
            for layout in layouts
        ),
        links=tuple(
            tuple(_link(later, earlier) for earlier in projections[:place])
            for place, later in enumerate(projections)
        ),
    )


def _add_blocks(
    index: tuple[Blocks, Ints], weight: Floats, columns: Floats, *, constant: bool
) -> Floats:
    blocks, place = index
    sums = blocks.add(place, weight, columns)
    if not constant:
        return sums
    return np.column_stack([sums, sum_by(place, weight, len(blocks.unit))])


def _add_strata(strata: BlockSums) -> Floats:
    """Totals of every domain from those of its strata, (D, m)."""
    filled = np.diff(strata.blocks.start) > 0
    totals = np.zeros((len(filled), strata.values.shape[1]))
    totals[filled] = add_runs(strata.values, strata.blocks.start[:-1][filled])
    return totals


def _cross_weights(unit: Ints, units: int, projection: Projection) -> sparse.csr_array:
    calibration = projection.calibration
    size = (units, len(projection.columns))
    return cross_table(unit, calibration.cell, size, calibration.after)


def _link(later: Projection, earlier: Projection) -> sparse.csr_array:
    weight = later.ratio * earlier.calibration.after
    size = (len(later.columns), len(earlier.columns))
    return cross_table(later.calibration.cell, earlier.calibration.cell, size, weight)
