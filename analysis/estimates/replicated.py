"""Totals of every replicate in every domain, without a table of rows by replicates."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Floats, Ints
from analysis.cells import MARKED, index_blocks, sum_by, sum_columns
from analysis.codes import Codes
from analysis.design import Design, Replicates, group_rows, spread_multipliers

Deviations = NDArray[np.floating[Any]]

# Rows whose multipliers are held at once: small enough to stay in the processor's cache.
CHUNK = 512
# From this share of occupied cells on, a full table multiplies faster than its parts.
DENSE = 0.15
# Numbers in such a full table.
TABLE = 1 << 22


@dataclass(frozen=True, eq=False)
class _Sums:
    """Columns of groups of rows, domain by domain.

    Attributes
    ----------
    row : (q,) int
        Row of `values` and `weight` that each entry takes.
    group : (q,) int
    start : (D + 1,) int
    unique : bool
        Whether a group stands only once in a domain.
    """

    values: Floats
    weight: Floats
    row: Ints
    group: Ints
    start: Ints
    unique: bool

    @property
    def domain(self) -> Ints:
        """Domain of every entry, (q,)."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def take(self, entries: slice) -> Floats:
        """Weighted columns of some entries."""
        if self.unique:
            return self.values[entries]
        rows = self.row[entries]
        return self.values[rows] * self.weight[rows, None]


def total_replicates(
    design: Design, replicates: Replicates, codes: Codes, columns: Floats
) -> tuple[Floats, Floats]:
    """Full-sample totals (D, m) and those of every replicate (D, R, m).

    Rows that all replicates multiply alike are added up first where that saves work; what is
    left is a matrix product per domain, of the deviations from the full sample. A bootstrap's are
    multiplied in single precision: what that loses, some 1e-7 of a deviation, is nothing beside
    the chance in them, and it halves the time.
    """
    used = np.flatnonzero((codes.code >= 0) & (design.weights.final != 0))
    whole = len(used) == len(codes.code)
    rows = slice(None) if whole else used
    inner, values = codes.code[rows], columns[rows]
    group, first = group_rows(replicates)
    sums = _add_up(inner, group[rows], replicates.start[rows], values, (codes.size, len(first)))
    if sums.unique and replicates.start is design.weights.final:
        totals = sum_columns(sums.domain, sums.values, codes.size)
    else:
        weight = design.weights.final[rows]
        totals = np.column_stack([sum_by(inner, weight * each, codes.size) for each in values.T])
    kind = np.float64 if replicates.seed is None else np.float32
    apart: Deviations = (spread_multipliers(replicates, first) - 1).astype(kind, copy=False)
    dense = sums.unique and len(sums.group) > DENSE * codes.size * len(first)
    return totals, _multiply_table(sums, apart) if dense else _multiply_chunks(sums, apart)


def _add_up(
    inner: Ints, group: Ints, weight: Floats, values: Floats, size: tuple[int, int]
) -> _Sums:
    if size[0] * size[1] <= MARKED:
        blocks, place = index_blocks(inner, group, *size)
        added = blocks.add(place, weight, values)
        cells = len(blocks.unit)
        return _Sums(
            added, np.ones(cells), np.arange(cells), blocks.unit, blocks.start, unique=True
        )
    # So many cells are hardly shared by two rows: the rows themselves, by domain.
    narrow = inner.astype(np.int16) if size[0] < 1 << 15 else inner
    order = np.argsort(narrow, kind="stable")
    start = np.searchsorted(inner[order], np.arange(size[0] + 1))
    return _Sums(values, weight, order, group[order], start, unique=False)


def _multiply_table(sums: _Sums, apart: Deviations) -> Floats:
    """Domains side by side in a table of all groups, (D, R, m)."""
    domains, columns = len(sums.start) - 1, sums.values.shape[1]
    groups, count = apart.shape
    refits = np.empty((domains, count, columns))
    step = max(1, TABLE // (groups * columns))
    turned = np.ascontiguousarray(apart.T)
    for first in range(0, domains, step):
        last = min(first + step, domains)
        cells = slice(sums.start[first], sums.start[last])
        domain = np.repeat(np.arange(last - first), np.diff(sums.start[first : last + 1]))
        table = np.zeros((groups, last - first, columns), dtype=apart.dtype)
        table[sums.group[cells], domain] = sums.values[cells]
        product = (turned @ table.reshape(groups, -1)).reshape(count, last - first, columns)
        whole = sum_columns(domain, sums.values[cells], last - first)
        np.add(product.transpose(1, 0, 2), whole[:, None, :], out=refits[first:last])
    return refits


def _multiply_chunks(sums: _Sums, apart: Deviations) -> Floats:
    """Domain by domain from the groups that occur in it, (D, R, m)."""
    domains, columns = len(sums.start) - 1, sums.values.shape[1]
    refits = np.zeros((domains, columns, apart.shape[1]))
    held = np.empty((CHUNK, apart.shape[1]), dtype=apart.dtype)
    for domain in range(domains):
        for first in range(int(sums.start[domain]), int(sums.start[domain + 1]), CHUNK):
            last = min(first + CHUNK, int(sums.start[domain + 1]))
            taken = held[: last - first]
            np.take(apart, sums.group[first:last], axis=0, out=taken, mode="clip")
            values = sums.take(slice(first, last))
            refits[domain] += values.T.astype(apart.dtype, copy=False) @ taken
            refits[domain] += values.sum(axis=0)[:, None]
    return refits.transpose(0, 2, 1)
