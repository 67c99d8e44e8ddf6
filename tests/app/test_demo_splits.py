"""The arithmetic behind the demo's totals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.demo.periods import (
    FIELD_RATES,
    LEVEL_RATES,
    ON_TIME,
    PROVINCE_RETURNED,
    RETURNED,
    first_quarter_2021,
    list_blocks,
    scale_blocks,
    third_quarter_2025,
)
from app.demo.procedures import list_procedures
from app.demo.splits import Count, NoSplitError, apportion, printed_share, split_levels

TOTAL = Count(RETURNED, RETURNED - ON_TIME)


@given(
    total=st.integers(0, 10**6),
    weights=st.lists(st.floats(0.001, 1e6), min_size=1, max_size=40),
)
def test_parts_add_up_and_stray_less_than_one_from_their_share(
    total: int, weights: list[float]
) -> None:
    parts = apportion(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1 + 1e-6


def test_a_share_is_printed_half_up() -> None:
    assert printed_share(1, 800) == Decimal("0.13")
    assert printed_share(28_301, 130_729) == Decimal("21.65")


@pytest.mark.parametrize("province", [5_000, PROVINCE_RETURNED, 60_000])
def test_levels_meet_the_printed_rates_and_the_total(province: int) -> None:
    split = split_levels(TOTAL, LEVEL_RATES, province)
    assert split["province"].returned == province
    assert sum(count.returned for count in split.values()) == RETURNED
    assert sum(count.late for count in split.values()) == RETURNED - ON_TIME
    for level, count in split.items():
        assert printed_share(count.returned - count.late, count.returned) == LEVEL_RATES[level]


def test_a_province_too_large_for_the_rates_is_refused() -> None:
    with pytest.raises(NoSplitError, match="choose another number"):
        split_levels(TOTAL, LEVEL_RATES, 110_000)


def test_blocks_meet_the_printed_rates_by_field() -> None:
    blocks = list_blocks(first_quarter_2021(), list_procedures())
    for field, rate in FIELD_RATES.items():
        own = [block.count for block in blocks if block.field == field]
        returned = sum(count.returned for count in own)
        assert printed_share(returned - sum(count.late for count in own), returned) == rate


@pytest.mark.parametrize("period", [first_quarter_2021(), third_quarter_2025()])
@pytest.mark.parametrize("scale", [1, 0.1, 0.01])
def test_no_block_has_more_late_ones_than_dossiers(period, scale) -> None:  # type: ignore[no-untyped-def]
    blocks = scale_blocks(list_blocks(period, list_procedures()), scale)
    assert sum(block.count.returned for block in blocks) == round(period.returned * scale)
    assert all(0 <= block.count.late <= block.count.returned for block in blocks)
