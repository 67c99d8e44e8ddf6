"""The two quarters of the demo: what was published of them, and what is assumed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl

from app.demo.procedures import OLD
from app.demo.splits import Count, apportion, split_levels

RECEIVED = 130_729
RETURNED = 113_375
ON_TIME = 111_824
ONLINE = 28_301

LEVEL_RATES = {
    "province": Decimal("99.76"),
    "district": Decimal("91.58"),
    "commune": Decimal("99.19"),
}
FIELD_RATES = {
    "DAU-TU": Decimal("86.84"),
    "DAT-DAI": Decimal("97.16"),
    "XAY-DUNG": Decimal("99.62"),
}

PROVINCE_RETURNED = 26_000
"""Assumed: the one number that the published rates leave free."""

POSTED = 980
"""Assumed: the source says that the post brought nearly 1,000."""

CHOSEN = {
    ("province", "DAU-TU"): Count(152, 20),
    ("province", "DAT-DAI"): Count(11_000, 16),
    ("district", "DAT-DAI"): Count(6_300, 624),
    ("commune", "DAT-DAI"): Count(7_000, 50),
    ("province", "XAY-DUNG"): Count(600, 1),
    ("district", "XAY-DUNG"): Count(1_500, 7),
}
"""Assumed numbers that give the three printed rates by field."""

OFTEN_LATE = {"BAO-TRO": 4.0, "LAO-DONG": 3.0, "CHUNG-THUC": 0.5, "GIAO-THONG": 0.5}
"""Lateness of the other fields beside each other: assumed."""


@dataclass(frozen=True)
class Block:
    """Dossiers of one level and field."""

    level: str
    field: str
    count: Count


@dataclass(frozen=True)
class Period:
    """A quarter: its days, its totals, and how they split."""

    code: str
    first: date
    last: date
    holidays: tuple[date, ...]
    busy: Mapping[date, float]
    """Days with more or fewer dossiers than others, as a factor."""
    received: int
    online: int
    posted: int
    levels: Mapping[str, Count]
    chosen: Mapping[tuple[str, str], Count]
    eras: frozenset[str]

    @property
    def returned(self) -> int:
        """Results handed over in the period."""
        return sum(count.returned for count in self.levels.values())


def first_quarter_2021() -> Period:
    """Q1/2021, whose totals were published."""
    total = Count(RETURNED, RETURNED - ON_TIME)
    return Period(
        code="2021-Q1",
        first=date(2021, 1, 1),
        last=date(2021, 3, 31),
        holidays=(date(2021, 1, 1), *_days(date(2021, 2, 10), 7), date(2021, 4, 21)),
        busy=_around_tet(),
        received=RECEIVED,
        online=ONLINE,
        posted=POSTED,
        levels=split_levels(total, LEVEL_RATES, PROVINCE_RETURNED),
        chosen=CHOSEN,
        eras=frozenset({OLD, "both"}),
    )


def third_quarter_2025() -> Period:
    """Q3/2025, the first under two tiers; every number of it is assumed."""
    return Period(
        code="2025-Q3",
        first=date(2025, 7, 1),
        last=date(2025, 9, 30),
        holidays=(date(2025, 9, 1), date(2025, 9, 2)),
        busy=dict.fromkeys(_days(date(2025, 7, 1), 14), 0.6),
        received=25_000,
        online=13_750,
        posted=300,
        levels={"province": Count(4_600, 92), "commune": Count(16_900, 676)},
        chosen={},
        eras=frozenset({"new", "both"}),
    )


def list_blocks(period: Period, procedures: pl.DataFrame) -> list[Block]:
    """Every level and field of the period; what was not chosen follows the procedures' weights."""
    weights = (
        procedures.filter(pl.col("era").is_in(period.eras))
        .group_by("level", "field_code", maintain_order=True)
        .agg(pl.col("weight").sum())
    )
    return [
        block
        for level, count in period.levels.items()
        for block in _level_blocks(level, count, period.chosen, weights)
    ]


def _level_blocks(
    level: str, total: Count, chosen: Mapping[tuple[str, str], Count], weights: pl.DataFrame
) -> list[Block]:
    fixed = {field: count for (at, field), count in chosen.items() if at == level}
    rest = weights.filter(pl.col("level") == level, ~pl.col("field_code").is_in(list(fixed)))
    fields = rest["field_code"].to_list()
    returned = apportion(
        total.returned - sum(count.returned for count in fixed.values()), rest["weight"].to_list()
    )
    prone = [
        number * OFTEN_LATE.get(field, 1.0) for field, number in zip(fields, returned, strict=True)
    ]
    late = apportion(total.late - sum(count.late for count in fixed.values()), prone)
    open_fields = {
        field: Count(number, tardy)
        for field, number, tardy in zip(fields, returned, late, strict=True)
    }
    return [Block(level, field, count) for field, count in (fixed | open_fields).items()]


def scale_blocks(blocks: list[Block], scale: float) -> list[Block]:
    """The same blocks with a fraction of the dossiers, for quick tests."""
    if scale == 1:
        return blocks
    total = sum(block.count.returned for block in blocks)
    returned = apportion(round(total * scale), [block.count.returned for block in blocks])
    late = apportion(
        round(sum(block.count.late for block in blocks) * scale),
        [block.count.late for block in blocks],
    )
    return [
        Block(block.level, block.field, Count(number, min(tardy, number)))
        for block, number, tardy in zip(blocks, returned, late, strict=True)
    ]


def _around_tet() -> dict[date, float]:
    """Fewer dossiers in the first days of the year, before and after Tết (12 February 2021)."""
    return (
        dict.fromkeys(_days(date(2021, 1, 1), 8), 0.85)
        | dict.fromkeys(_days(date(2021, 2, 1), 9), 0.55)
        | dict.fromkeys(_days(date(2021, 2, 17), 5), 0.5)
        | dict.fromkeys(_days(date(2021, 3, 1), 31), 1.1)
    )


def _days(first: date, number: int) -> list[date]:
    start = np.datetime64(first)
    return [day.item() for day in np.arange(start, start + number)]
