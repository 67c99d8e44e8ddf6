"""Sums by cell: every way gives the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cells import (
    add_runs,
    cross_table,
    group_codes,
    index_blocks,
    multiply_blocks,
    sum_by,
    sum_columns,
)
from tests.analysis.samples import seeds


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(1, 9))
def test_sums_of_columns_are_sums_of_each(seed: int, columns: int) -> None:
    rng = np.random.default_rng(seed)
    code, values = rng.integers(0, 5, 40), rng.normal(size=(40, columns))
    together = sum_columns(code, values, 6)
    for place in range(columns):
        np.testing.assert_allclose(together[:, place], sum_by(code, values[:, place], 6))
    assert (together[5] == 0).all()


def test_no_rows_have_no_sums() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert sum_by(none, np.zeros(0), 2).dtype == np.float64
    assert sum_columns(none, np.zeros((0, 0)), 2).shape == (2, 0)
    blocks, place = index_blocks(none, none, 2, 3)
    assert blocks.add(place, np.zeros(0), np.zeros((0, 4))).shape == (0, 4)


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_runs_add_up_from_their_first_row_to_the_next(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(30, 3))
    first = np.unique(np.append(0, rng.integers(0, 30, 6)))
    np.testing.assert_allclose(add_runs(values, first), np.add.reduceat(values, first), atol=1e-12)


@pytest.mark.parametrize("marked", [1, 1 << 20])
def test_combinations_are_numbered_in_order_with_their_first_row(
    marked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.cells.groups.MARKED", marked)
    group, first = group_codes([np.array([1, 0, 1, 1]), np.array([0, 2, 0, 1])])
    assert group.tolist() == [1, 0, 1, 2]
    assert first.tolist() == [1, 0, 3]


def test_blocks_with_empty_cells_add_the_same() -> None:
    rng = np.random.default_rng(1)
    domain, unit = rng.integers(0, 3, 200), rng.integers(0, 4, 200)
    values, weight = rng.normal(size=(200, 2)), rng.random(200)
    tables = []
    for empty in (False, True):
        blocks, place = index_blocks(domain, unit, 3, 5, empty=empty)
        table = np.zeros((3, 5, 2))
        table[blocks.domain, blocks.unit] = blocks.add(place, weight, values)
        tables.append(table)
    np.testing.assert_allclose(tables[0], tables[1])
    crossed = cross_table(domain, unit, (3, 5), weight).toarray()
    assert crossed[2, 1] == pytest.approx(weight[(domain == 2) & (unit == 1)].sum())


def test_products_of_blocks_are_zero_in_empty_domains() -> None:
    left = np.arange(6.0).reshape(3, 2)
    products = multiply_blocks(left, left, np.array([0, 2, 2, 3]))
    np.testing.assert_allclose(products[0], left[:2].T @ left[:2])
    assert (products[1] == 0).all()
