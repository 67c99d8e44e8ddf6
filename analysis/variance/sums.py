"""What the rows are reduced to: from here on no formula looks at a row again."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from analysis.arrays import Floats, Ints
from analysis.cells import Blocks, add_runs, cross_table, index_blocks, sum_by
from analysis.design import Design, refuse_bundles
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
class Skeleton:
    """What rows are added up by: the stages that count, and the calibrations.

    Attributes
    ----------
    layouts : tuple of StageLayout
    projections : tuple of Projection
    """

    layouts: tuple[StageLayout, ...]
    projections: tuple[Projection, ...]

    @classmethod
    def of(cls, design: Design) -> "Skeleton":
        """Lay out the stages and invert the calibrations of a design.

        Raises
        ------
        DesignError
            If a stratum has one unit and the rule is to fail.
        """
        return cls(
            lay_out_stages(design),
            tuple(Projection.prepare(each) for each in design.weights.calibrations),
        )


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows to be added up.

    Attributes
    ----------
    place : (r,) int or slice
        Row of the design that tells each row's units and calibration cells.
    domain : (r,) int
    weight : (r,) float
        Final weights.
    columns : (r, m) float, in rows
    """

    place: Ints | slice
    domain: Ints
    weight: Floats
    columns: Floats


@dataclass(frozen=True, eq=False)
class Tally:
    """Sums of rows: all of them, or those of one piece.

    Attributes
    ----------
    stages : tuple of BlockSums
        Weighted sums by (domain, unit) at each stage.
    moments : tuple of BlockSums
        For each calibration, sums weighted by final x before / after, by (domain, cell).
    """

    stages: tuple[BlockSums, ...]
    moments: tuple[BlockSums, ...]


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
    refuse_bundles(design, "this estimate")
    weight = design.weights.final
    counted = (domain >= 0) & (weight != 0)
    # Without a copy of the columns where every row counts.
    rows = slice(None) if counted.all() else np.flatnonzero(counted)
    skeleton = Skeleton.of(design)
    used = Rows(rows, domain[rows], weight[rows], columns[rows])
    tally = tally_rows(skeleton, used, domains, constant=constant)
    return complete_sums(skeleton, tally)


def tally_rows(skeleton: Skeleton, rows: Rows, domains: int, *, constant: bool = False) -> Tally:
    """Add up weighted columns by unit and by calibration cell within every domain.

    Parameters
    ----------
    constant : bool
        Total a column of ones as well, as the last one.
    """
    stages = []
    for layout in skeleton.layouts:
        size = (domains, len(layout.cell))
        index = index_blocks(rows.domain, layout.stage.unit[rows.place], *size)
        added = _add_blocks(index, rows.weight, rows.columns, constant=constant)
        stages.append(BlockSums(index[0], added))
    moments = []
    for projection in skeleton.projections:
        cell, size = projection.calibration.cell[rows.place], (domains, len(projection.columns))
        scaled = rows.weight * projection.ratio[rows.place]
        index = index_blocks(rows.domain, cell, *size, empty=True)
        added = _add_blocks(index, scaled, rows.columns, constant=constant)
        moments.append(BlockSums(index[0], added))
    return Tally(tuple(stages), tuple(moments))


def complete_sums(skeleton: Skeleton, tally: Tally) -> Sums:
    """A tally of all rows with what the design alone determines beside it."""
    layouts, projections = skeleton.layouts, skeleton.projections
    stages = tuple(
        StageSums(sums.blocks, sums.values, layout)
        for sums, layout in zip(tally.stages, layouts, strict=True)
    )
    return Sums(
        totals=_add_strata(stages[0].strata),
        stages=stages,
        projections=projections,
        moments=tally.moments,
        auxiliaries=tuple(
            tuple(_cross_weights(layout.stage.unit, len(layout.cell), each) for each in projections)
            for layout in layouts
        ),
        links=tuple(
            tuple(_link(later, earlier) for earlier in projections[:place])
            for place, later in enumerate(projections)
        ),
    )


def merge_tallies(left: Tally, right: Tally, skeleton: Skeleton, moves: Sequence[Ints]) -> Tally:
    """Both tallies in one.

    Parameters
    ----------
    moves : pair of (D,) int
        For each tally the number that each of its domains has in the result, in the same order.
    """
    domains = max(int(move.max(initial=-1)) for move in moves) + 1
    stages = [
        _merge_blocks(both, moves, domains, len(layout.cell))
        for *both, layout in zip(left.stages, right.stages, skeleton.layouts, strict=True)
    ]
    moments = [
        _merge_blocks(both, moves, domains, len(projection.columns))
        for *both, projection in zip(left.moments, right.moments, skeleton.projections, strict=True)
    ]
    return Tally(tuple(stages), tuple(moments))


def _merge_blocks(
    sides: Sequence[BlockSums], moves: Sequence[Ints], domains: int, units: int
) -> BlockSums:
    """Sums of two tables of sorted cells: the second's are put among the first's."""
    keys = [
        move[side.blocks.domain] * np.int64(units) + side.blocks.unit
        for side, move in zip(sides, moves, strict=True)
    ]
    held, added = keys
    place = np.searchsorted(held, added)
    known = place < len(held)
    known[known] = held[place[known]] == added[known]
    fresh = np.flatnonzero(~known)
    cells = np.insert(held, place[fresh], added[fresh])
    values = np.insert(sides[0].values, place[fresh], 0.0, axis=0)
    values[np.searchsorted(cells, added)] += sides[1].values
    start = np.searchsorted(cells, np.arange(domains + 1) * np.int64(units))
    return BlockSums(Blocks(cells % max(units, 1), start.astype(np.int64)), values)


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
