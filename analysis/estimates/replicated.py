"""Totals of every replicate in every domain, without a table of rows by replicates."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Floats, Ints
from analysis.cells import MARKED, Blocks, index_blocks, sum_columns
from analysis.codes import Codes
from analysis.design import Design, Replicates, group_rows, spread_multipliers

Deviations = NDArray[np.floating[Any]]

# Multiplications at once: few enough that their numbers stay in the processor's cache, and that
# BLAS does them in one thread. Two threads wait for each other thousands of times, and where
# something else keeps the second core busy that costs ten times the work.
CHUNK = 1 << 18
# From this share of occupied cells on, a full table multiplies faster than its parts.
DENSE = 0.15
# Numbers in such a full table.
TABLE = 1 << 22


@dataclass(frozen=True, eq=False)
class _Sums:
    """Weighted columns of groups of rows, domain by domain.

    Attributes
    ----------
    values : (.., m) float
    row : (q,) int
        Row of `values` that each entry takes.
    group : (q,) int
    start : (D + 1,) int
    whole : (D, m) float
        Totals of all entries.
    unique : bool
        Whether a group stands only once in a domain; the entries are then in the order of rows.
    """

    values: Deviations
    row: Ints
    group: Ints
    start: Ints
    whole: Floats
    unique: bool


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
    kind = np.float64 if replicates.seed is None else np.float32
    size = (codes.size, len(first))
    sums = _add_up(inner, group[rows], replicates.start[rows], values, size, kind=kind)
    fixed = replicates.start is design.weights.final
    totals = sums.whole if fixed else _add_rows(inner, design.weights.final[rows], values, size[0])
    apart: Deviations = (spread_multipliers(replicates, first) - 1).astype(kind, copy=False)
    dense = sums.unique and len(sums.group) > DENSE * codes.size * len(first)
    return totals, _multiply_table(sums, apart) if dense else _multiply_chunks(sums, apart)


def _add_up(
    inner: Ints,
    group: Ints,
    weight: Floats,
    values: Floats,
    size: tuple[int, int],
    *,
    kind: type[np.floating[Any]],
) -> _Sums:
    if size[0] * size[1] <= MARKED:
        blocks, place = index_blocks(inner, group, *size)
        added = blocks.add(place, weight, values)
        whole = sum_columns(blocks.domain, added, size[0])
        row = np.arange(len(blocks.unit))
        return _Sums(added, row, blocks.unit, blocks.start, whole, unique=True)
    # So many cells are hardly shared by two rows: the rows themselves, by domain.
    narrow = inner.astype(np.int16) if size[0] < 1 << 15 else inner
    order = np.argsort(narrow, kind="stable")
    start = np.searchsorted(inner[order], np.arange(size[0] + 1))
    # Empty columns up to a multiple of eight: such rows are multiplied faster than narrower ones.
    weighted = np.zeros((len(values), -(-values.shape[1] // 8) * 8), dtype=kind)
    columns = weighted[:, : values.shape[1]]
    np.multiply(values, weight[:, None], out=columns, casting="same_kind")
    whole = _add_rows(inner, weight, values, size[0])
    return _Sums(weighted, order, group[order], start, whole, unique=False)


def _add_rows(inner: Ints, weight: Floats, values: Floats, domains: int) -> Floats:
    """Weighted totals of every domain, (D, m)."""
    return Blocks(np.zeros(domains, dtype=np.int64), inner).add(inner, weight, values)


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
        whole = sums.whole[first:last, None, :]
        np.add(product.transpose(1, 0, 2), whole, out=refits[first:last])
    return refits


def _multiply_chunks(sums: _Sums, apart: Deviations) -> Floats:
    """Domain by domain from the groups that occur in it, (D, R, m)."""
    domains, columns = sums.whole.shape
    refits = np.zeros((domains, columns, apart.shape[1]))
    step = max(1, CHUNK // max(1, columns * apart.shape[1]))
    held = np.empty((step, apart.shape[1]), dtype=apart.dtype)
    for domain, (begin, end) in enumerate(pairwise(sums.start)):
        for first in range(begin, end, step):
            entries = slice(first, min(first + step, end))
            # Several times as fast as an index in brackets.
            values = sums.values.take(sums.row[entries], axis=0).astype(apart.dtype, copy=False)
            taken = held[: len(values)]
            np.take(apart, sums.group[entries], axis=0, out=taken, mode="clip")
            refits[domain] += (values.T @ taken)[:columns]
    refits += sums.whole[:, :, None]
    return refits.transpose(0, 2, 1)
