"""Figures that Khánh Hòa's report of Q1/2021 printed, and the splits chosen to meet them."""

from typing import NamedTuple

import polars as pl

from app.demo.periods import (
    FIELD_RATES,
    LEVEL_RATES,
    ON_TIME,
    ONLINE,
    POSTED,
    RECEIVED,
    RETURNED,
    Period,
    list_blocks,
)

SOURCE = "Báo cáo của UBND tỉnh Khánh Hòa, quý I/2021"
NATIONWIDE = "vertical"
"""Offices of central agencies in the province (cơ quan ngành dọc)."""


class Total(NamedTuple):
    """One row of totals.csv."""

    period: str
    indicator: str
    scope: str
    part_of: str
    printed: str
    unit: str = "count"
    assumed: int = 0
    note: str = ""


Q1, Y2020 = "2021-Q1", "2020"

DOSSIERS = (
    Total(Q1, "received", "all", "", str(RECEIVED)),
    Total(Q1, "returned", "all", "", str(RETURNED)),
    Total(Q1, "on_time", "all", "", str(ON_TIME)),
    Total(Q1, "on_time_share", "all", "", "98.63", "percent"),
    Total(Q1, "online", "all", "", str(ONLINE)),
    Total(Q1, "online_share", "all", "", "21.65", "percent", 0, "của số tiếp nhận"),
    *(
        Total(Q1, "on_time_share", f"level:{level}", "", str(rate), "percent")
        for level, rate in LEVEL_RATES.items()
    ),
    *(
        Total(Q1, "on_time_share", f"field:{field}", "", str(rate), "percent")
        for field, rate in FIELD_RATES.items()
    ),
)

POST = "Nguồn viết: gần 1.000 hồ sơ kết nối tự động với VNPost"
CHANNELS = (
    Total(Q1, "received", "channel:online", "all", str(ONLINE)),
    Total(Q1, "received", "channel:post", "all", str(POSTED), "count", 1, POST),
    Total(Q1, "received", "channel:counter", "all", str(RECEIVED - ONLINE - POSTED), "count", 1),
)

RANKED = "Không cộng đủ: 29 + 11 + 3 + 0 = 43, nguồn in 44"
GRADES = (
    Total(Y2020, "agencies_ranked", "all", "", "44", "count", 0, RANKED),
    Total(Y2020, "agencies_ranked", "grade:good", "all", "29"),
    Total(Y2020, "agencies_ranked", "grade:fair", "all", "11"),
    Total(Y2020, "agencies_ranked", "grade:average", "all", "3"),
    Total(Y2020, "agencies_ranked", "grade:weak", "all", "0"),
    Total(Y2020, "agencies_ranked_share", "grade:good", "all", "65.91", "percent"),
)

TWICE = "Không nhất quán: 170.397 in cho cả ngành dọc lẫn riêng Công an"
CENTRAL = (
    Total(Q1, "vertical_returned", f"{NATIONWIDE}:all", "", "362428"),
    Total(Q1, "vertical_returned", f"{NATIONWIDE}:on_time", f"{NATIONWIDE}:all", "362425"),
    Total(Q1, "vertical_returned", f"{NATIONWIDE}:late", f"{NATIONWIDE}:all", "3"),
    Total(
        Q1, "vertical_returned_share", f"{NATIONWIDE}:on_time", f"{NATIONWIDE}:all", "99.99",
        "percent",
    ),
    Total(
        Q1, "vertical_returned_share", f"{NATIONWIDE}:late", f"{NATIONWIDE}:all", "0.01",
        "percent", 0, "Nguồn in 0,01; tính ra 0,0008",
    ),
    Total(Q1, "vertical_online", f"{NATIONWIDE}:all", "", "170397", "count", 0, TWICE),
    Total(Q1, "vertical_online", "office:police", f"{NATIONWIDE}:all", "170397"),
    Total(Q1, "vertical_online", "office:customs", f"{NATIONWIDE}:all", "7021"),
    Total(Q1, "vertical_online", "office:social_insurance", f"{NATIONWIDE}:all", "27253"),
    Total(Q1, "vertical_online", "office:treasury", f"{NATIONWIDE}:all", "90621"),
)  # fmt: skip

OTHERS = (
    Total(Q1, "procedures", "all", "", "1769"),
    Total(Q1, "procedures", "level:province", "all", "1219"),
    Total(Q1, "procedures", "level:district", "all", "215"),
    Total(Q1, "procedures", "level:commune", "all", "97"),
    Total(Q1, "procedures", "level:several", "all", "238"),
    Total(Q1, "electronic_processes", "all", "", "2133"),
    Total(Q1, "electronic_processes", "level:province", "all", "1660"),
    Total(Q1, "electronic_processes", "level:district", "all", "289"),
    Total(Q1, "electronic_processes", "level:commune", "all", "184"),
    Total(Q1, "paid_online", "all", "", "1800"),
    Total(Q1, "petitions_received", "all", "", "25"),
    Total(Q1, "petitions_answered", "all", "", "25"),
)


def list_totals(period: Period, procedures: pl.DataFrame) -> pl.DataFrame:
    """Rows of totals.csv: what was printed, and, marked assumed, the splits of the demo."""
    chosen = [*_split_by_level(period), *_split_by_field(period, procedures)]
    rows = [*DOSSIERS, *CHANNELS, *chosen, *GRADES, *CENTRAL, *OTHERS]
    frame = pl.DataFrame(rows, schema=list(Total._fields), orient="row")
    return frame.select(pl.lit(SOURCE).alias("source"), *Total._fields)


def _split_by_level(period: Period) -> list[Total]:
    return [
        row
        for level, count in period.levels.items()
        for row in _assumed(f"level:{level}", count.returned, count.late)
    ]


def _split_by_field(period: Period, procedures: pl.DataFrame) -> list[Total]:
    returned: dict[str, int] = {}
    late: dict[str, int] = {}
    for block in list_blocks(period, procedures):
        returned[block.field] = returned.get(block.field, 0) + block.count.returned
        late[block.field] = late.get(block.field, 0) + block.count.late
    return [
        row
        for field in returned
        for row in _assumed(f"field:{field}", returned[field], late[field])
    ]


def _assumed(scope: str, returned: int, late: int) -> list[Total]:
    return [
        Total("2021-Q1", "returned", scope, "all", str(returned), "count", 1),
        Total("2021-Q1", "on_time", scope, "all", str(returned - late), "count", 1),
    ]
