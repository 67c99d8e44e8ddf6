"""Published totals: what does not add up is told and kept, and compared with the dossiers."""

from decimal import Decimal
from pathlib import Path

import pytest

from surveys.periods import PeriodError
from surveys.register import check_totals
from surveys.transactions import fetch
from tests.surveys.register_files import DOSSIERS, GOOD, bring, bring_register, told

HEADER = "source;period;indicator;scope;part_of;printed;unit\n"
KHANH_HOA = (
    HEADER
    + """BC;2020;Xếp loại CCHC;Toàn tỉnh;;44;số lượng
BC;2020;Xếp loại CCHC;Tốt;Toàn tỉnh;29;số lượng
BC;2020;Xếp loại CCHC;Khá;Toàn tỉnh;11;số lượng
BC;2020;Xếp loại CCHC;Trung bình;Toàn tỉnh;03;số lượng
BC;2020;Xếp loại CCHC;Yếu;Toàn tỉnh;0;số lượng
"""
)
KON_TUM = (
    HEADER
    + """KT;2023;Tiếp nhận;Toàn tỉnh;;239.029;số lượng
KT;2023;Tiếp nhận;Kênh: trực tuyến;Toàn tỉnh;65.888;số lượng
KT;2023;Tiếp nhận;Kênh: trực tiếp;Toàn tỉnh;169.059;số lượng
KT;2023;Tiếp nhận;Kỳ trước chuyển sang;Toàn tỉnh;4.089;số lượng
KT;2023;Giải quyết;Toàn tỉnh;;233.414;số lượng
KT;2023;Đúng hạn;Toàn tỉnh;;229.111;số lượng
KT;2023;Tỷ lệ đúng hạn;Toàn tỉnh;;98,15%;%
"""
)
TWICE = (
    HEADER
    + """BC;Quý I/2021;Trực tuyến ngành dọc;Ngành dọc;;170.397;count
BC;Quý I/2021;Trực tuyến ngành dọc;Công an;Ngành dọc;170.397;count
BC;Quý I/2021;Trực tuyến ngành dọc;Hải quan;Ngành dọc;7.021;count
"""
)


async def kept(scope: str) -> list[int]:
    rows = await fetch(
        "SELECT printed, computed FROM published_total WHERE scope = $1 ORDER BY id", scope
    )
    return [rows[0]["printed"], rows[0]["computed"]]


@pytest.mark.parametrize(
    ("text", "scope", "figures"),
    [
        (KHANH_HOA, "all", [44, 43]),
        (KON_TUM, "all", [239029, 239036]),
        (TWICE, "Ngành dọc", [170397, 177418]),
    ],
)
async def test_a_total_that_is_not_its_parts_is_told_with_both_figures_and_kept(
    database: str, tmp_path: Path, text: str, scope: str, figures: list[int]
) -> None:
    printed, computed = figures
    report = await bring("totals", tmp_path, text)
    assert report.written, told(report)
    assert len(report.warnings) == 1
    said = report.warnings[0].told()
    assert f"số công bố là {printed}" in said
    assert f"cộng lại là {computed}, chênh {abs(printed - computed)}" in said
    assert await kept(scope) == figures


async def test_a_figure_printed_for_a_whole_and_for_its_part_is_named(
    database: str, tmp_path: Path
) -> None:
    report = await bring("totals", tmp_path, TWICE)
    assert "cũng là số công bố cho riêng phần «Công an»" in report.warnings[0].told()


@pytest.mark.parametrize(
    ("share", "agrees"),
    [("98,15", True), ("98,16", True), ("98,14", False), ("98,17", False), ("98.156", True)],
)
async def test_percentages_may_be_rounded_or_cut_off(
    database: str, tmp_path: Path, share: str, agrees: bool
) -> None:
    text = KON_TUM.replace("239.029", "239.036").replace("98,15%", share)
    report = await bring("totals", tmp_path, text)
    assert (report.warnings == ()) is agrees
    if not agrees:
        assert f"{share}% nhưng tính từ số lượng là 98,1565%" in report.warnings[0].told()
    row = (await fetch("SELECT computed FROM published_total WHERE unit = 'percent'"))[0]
    assert row["computed"] == Decimal("98.1565")


async def test_parts_and_whole_may_come_in_different_files(database: str, tmp_path: Path) -> None:
    rows = KHANH_HOA.splitlines(keepends=True)
    first = await bring("totals", tmp_path, HEADER + "".join(rows[2:]))
    assert "không có số công bố cho «all»" in first.warnings[0].told()
    second = await bring("totals", tmp_path, HEADER + rows[1])
    assert "cộng lại là 43" in second.warnings[0].told()
    assert await kept("all") == [44, 43]
    await bring("totals", tmp_path, HEADER + rows[4].replace("03", "4"))
    assert await kept("all") == [44, 44]


async def test_a_total_may_be_broken_down_twice(database: str, tmp_path: Path) -> None:
    text = HEADER + "".join(
        f"BC;2021;received;{scope};{part};{figure};count\n"
        for scope, part, figure in [
            ("all", "", 100), ("level:province", "all", 40), ("level:commune", "all", 60),
            ("field:A", "all", 30), ("field:B", "all", 69),
        ]
    )  # fmt: skip
    report = await bring("totals", tmp_path, text)
    assert ["field:A: 30; field:B: 69" in warning.told() for warning in report.warnings] == [True]
    assert await kept("all") == [100, 99]


async def test_a_share_of_any_count_is_checked(database: str, tmp_path: Path) -> None:
    share = "BC;2020;graded_share;Tốt;;{};percent\n"
    text = KHANH_HOA.replace("Xếp loại CCHC", "graded").replace(";44;", ";43;")
    fine = await bring("totals", tmp_path, text.replace(";43;", ";44;") + share.format("65,91"))
    assert len(fine.warnings) == 1
    wrong = await bring("totals", tmp_path, text + share.format("65,91"))
    assert "67,4419%" in wrong.warnings[0].told()


async def test_a_dry_run_warns_and_stores_nothing(database: str, tmp_path: Path) -> None:
    report = await bring("totals", tmp_path, KHANH_HOA, dry_run=True)
    assert len(report.warnings) == 1
    assert await fetch("SELECT id FROM published_total") == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("BC;2021;received;all;;12,5;count", "«12,5» không phải số lượng nguyên"),
        ("BC;2021;received;all;;12.345,6;%", "«12.345,6» không phải tỷ lệ phần trăm"),
        ("BC;Quý V/2021;received;all;;12;count", "«Quý V/2021» không phải kỳ báo cáo"),
        ("BC;2021;received;all;tổng số;12;count", "«all» không thể là một phần của chính nó"),
        ("BC;2021;received;all;;12;tạ", "«tạ» không có trong các giá trị được dùng: count, perc"),
        ("BC;2021;received;all;;12;-", "«-» không có trong các giá trị được dùng: count, percen"),
        (f"BC;2021;{'x' * 81};all;;12;count", "dài hơn 80 ký tự"),
    ],
)
async def test_what_is_wrong_with_a_total_is_told(
    database: str, tmp_path: Path, row: str, said: str
) -> None:
    report = await bring("totals", tmp_path, f"{HEADER}{row}\n")
    assert len(told(report)) == 1, told(report)
    assert said in told(report)[0]


async def test_totals_are_compared_with_the_dossiers_of_the_period(
    database: str, tmp_path: Path
) -> None:
    await bring_register(tmp_path)
    late = GOOD.replace("D1,STP", "D2,NT").replace("01-15 15:40", "01-19 15:40")
    online = GOOD.replace("D1", "D3").replace("counter", "online")
    # Received on the last evening of March in Viet Nam, returned on 1 April there.
    edge = (
        "D4,STP,LLTP,post,2021-03-31T16:59:59Z,2021-04-30,2021-03-31T17:00:00Z,2021-04-02,granted\n"
    )
    await bring("dossiers", tmp_path, DOSSIERS + GOOD + late + online + edge)
    figures = {
        "received;all": 4, "received;level:district": 1, "received;field:HT": 3,
        "received;channel:post": 1, "received;agency:STP": 3, "received;level:commune": 0,
        "returned;all": 3, "on_time;all": 2, "late;level:district": 1, "online;all": 1,
        "on_time_share;all": "66,67", "online_share;level:province": "33,33",
    }  # fmt: skip
    right = [
        f"BC;2021-Q1;{name};;{figure};{'percent' if 'share' in name else 'count'}\n"
        for name, figure in figures.items()
    ]
    await bring("totals", tmp_path, HEADER + "".join(right))
    found = await check_totals("Quý I/2021")
    assert (found.compared, found.differences, found.not_compared) == (12, (), ())
    wrong = "BC2;2021-Q1;{};;{};{}\n"
    await bring(
        "totals",
        tmp_path,
        HEADER
        + wrong.format("returned;all", 4, "count")
        + wrong.format("on_time_share;all", "66,6", "percent")
        + wrong.format("returned;field:XX", 4, "count")
        + wrong.format("petitions;all", 25, "count"),
    )
    found = await check_totals("2021-Q1")
    assert [(d.indicator, d.printed, d.register) for d in found.differences] == [
        ("returned", 4, 3),
        ("on_time_share", Decimal("66.6"), Decimal("66.6667")),
    ]
    assert [(p.indicator, p.scope) for p in found.not_compared] == [
        ("returned", "field:XX"),
        ("petitions", "all"),
    ]


async def test_a_comparison_asks_for_a_period(database: str) -> None:
    with pytest.raises(PeriodError):
        await check_totals("last year")
