"""Cells (domain, unit) that occur, domain by domain, so that sums never need units x domains."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse

from analysis.arrays import Floats, Ints
from analysis.cells.groups import MARKED
from analysis.cells.sums import sum_by


@dataclass(frozen=True, eq=False)
class Blocks:
    """Occupied cells in the order of their domain, then of their unit.

    Attributes
    ----------
    unit : (q,) int
    start : (D + 1,) int
        Cells of domain d are start[d] .. start[d + 1] - 1.
    """

    unit: Ints
    start: Ints

    @property
    def domain(self) -> Ints:
        """Domain of each cell, (q,)."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def add(self, place: Ints, weight: Floats, columns: Floats) -> Floats:
        """Weighted sums of (n, m) columns in every cell, (q, m); `place` is each row's cell."""
        rows, cells = len(place), len(self.unit)
        if not rows:
            return np.zeros((cells, columns.shape[1]))
        # Narrow indices spare the product a copy of them.
        small = max(rows, cells) < np.iinfo(np.int32).max
        pointer, target = np.arange(rows + 1), place
        if small:
            pointer, target = pointer.astype(np.int32), place.astype(np.int32, copy=False)
        adder: sparse.csr_array = sparse.csr_array((weight, target, pointer), shape=(rows, cells))
        return np.asarray(adder.T @ columns)


def index_blocks(
    domain: Ints, unit: Ints, domains: int, units: int, *, empty: bool = False
) -> tuple[Blocks, Ints]:
    """The cells that occur and the cell of each row, (n,).

    Parameters
    ----------
    domain : (n,) int, 0 .. domains-1
    unit : (n,) int, 0 .. units-1
    empty : bool
        Whether cells that do not occur may be among them: where they are few, that saves
        looking.
    """
    key = domain * np.int64(units)
    key += unit
    if empty and 4 * domains * units <= len(key):
        every = np.tile(np.arange(units), domains)
        return Blocks(every, np.arange(domains + 1) * units), key
    if domains * units <= MARKED:
        mark = np.zeros(domains * units, dtype=np.bool_)
        mark[key] = True
        cells = np.flatnonzero(mark)
        position = np.zeros(domains * units, dtype=np.int32)
        position[cells] = np.arange(len(cells), dtype=np.int32)
        place = position[key]
    else:
        cells, place = np.unique(key, return_inverse=True)
    start = np.searchsorted(cells, np.arange(domains + 1) * np.int64(units))
    blocks = Blocks((cells % max(units, 1)).astype(np.int64), start.astype(np.int64))
    return blocks, place


def cross_table(
    outer: Ints, inner: Ints, size: tuple[int, int], weight: Floats
) -> sparse.csr_array:
    """Sums of (n,) weights by two codes, as a sparse table of the given size."""
    blocks, place = index_blocks(outer, inner, *size, empty=True)
    values = sum_by(place, weight, len(blocks.unit))
    return sparse.csr_array((values, blocks.unit, blocks.start), shape=size)


def add_runs(values: Floats, first: Ints) -> Floats:
    """Sums of consecutive rows, (r, m); a run goes from its first row to the next run's."""
    rows = len(values)
    # A sparse product adds whole rows at once, which reduceat does not.
    adder = sparse.csr_array(
        (np.ones(rows), np.arange(rows), np.append(first, rows)), shape=(len(first), rows)
    )
    return np.asarray(adder @ values)


def multiply_blocks(left: Floats, right: Floats, start: Ints) -> Floats:
    """Products left' right within every domain, (D, a, b), of (q, a) and (q, b) tables."""
    products = np.zeros((len(start) - 1, left.shape[1], right.shape[1]))
    for place, (first, last) in enumerate(pairwise(start)):
        if last > first:
            products[place] = left[first:last].T @ right[first:last]
    return products
