"""What the rows are reduced to: from here on no formula looks at a row again."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis.arrays import Floats, Ints
from analysis.cells import Blocks, cross_table, index_blocks, sum_columns
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
class Sums:
    """Sufficient statistics of m columns in D domains.

    Attributes
    ----------
    totals : (D, m) float
        Weighted totals.
    layouts : tuple of StageLayout
        Stages that contribute to a variance.
    stages : tuple of BlockSums
        Weighted sums by (domain, unit) at each of them.
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
    layouts: tuple[StageLayout, ...]
    stages: tuple[BlockSums, ...]
    projections: tuple[Projection, ...]
    moments: tuple[BlockSums, ...]
    auxiliaries: tuple[tuple[sparse.csr_array, ...], ...]
    links: tuple[tuple[sparse.csr_array, ...], ...]


def gather_sums(design: Design, domain: Ints, domains: int, columns: Floats) -> Sums:
    """Reduce the rows of a design to sums.

    Parameters
    ----------
    domain : (n,) int
        Domain of each row, 0 .. domains-1; -1 for rows in none.
    columns : (n, m) float, in rows
        Values to be totalled, 0 where a row does not count.

    Raises
    ------
    DesignError
        If a stratum has one unit and the rule is to fail.
    """
    weight = design.weights.final
    used = np.flatnonzero((domain >= 0) & (weight != 0))
    everything = len(used) == len(weight)
    rows = slice(None) if everything else used
    inner, mass, values = domain[rows], weight[rows], columns[rows]
    layouts = lay_out_stages(design)
    projections = tuple(Projection.prepare(each) for each in design.weights.calibrations)
    stages = []
    for layout in layouts:
        unit = layout.stage.unit[rows]
        stages.append(_sum_blocks(inner, unit, (domains, len(layout.cell)), mass, values))
    moments = []
    for projection in projections:
        cell = projection.calibration.cell[rows]
        size = (domains, len(projection.columns))
        moments.append(_sum_blocks(inner, cell, size, mass * projection.ratio[rows], values))
    return Sums(
        totals=sum_columns(stages[0].blocks.domain, stages[0].values, domains),
        layouts=layouts,
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


def _sum_blocks(
    domain: Ints, unit: Ints, size: tuple[int, int], weight: Floats, columns: Floats
) -> BlockSums:
    blocks, place = index_blocks(domain, unit, *size)
    return BlockSums(blocks, blocks.add(place, weight, columns))


def _cross_weights(unit: Ints, units: int, projection: Projection) -> sparse.csr_array:
    calibration = projection.calibration
    size = (units, len(projection.columns))
    return cross_table(unit, calibration.cell, size, calibration.after)


def _link(later: Projection, earlier: Projection) -> sparse.csr_array:
    weight = later.ratio * earlier.calibration.after
    size = (len(later.columns), len(earlier.columns))
    return cross_table(later.calibration.cell, earlier.calibration.cell, size, weight)
