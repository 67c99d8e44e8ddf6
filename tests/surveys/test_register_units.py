"""Units, agencies and their successions: validity, parents, shares."""

from pathlib import Path

import pytest

from surveys.transactions import fetch
from tests.surveys.register_files import AGENCIES, UNITS, bring, told

UNIT = "code,name,level,parent_code,valid_from,valid_to\n"
AGENCY = "code,name,level,unit_code,parent_code,valid_from,valid_to\n"
SUCCESSION = "predecessor_code,successor_code,effective_date,kind,share,assumed\n"


async def parents(table: str) -> dict[str, str | None]:
    rows = await fetch(
        f"SELECT u.code || ' ' || extract(year FROM u.valid_from) AS code, p.code || ' '"
        f" || extract(year FROM p.valid_from) AS parent FROM {table} u"
        f" LEFT JOIN {table} p ON p.id = u.parent"
    )
    return {row["code"]: row["parent"] for row in rows}


async def test_a_parent_is_the_unit_of_that_code_that_was_valid_then(
    database: str, tmp_path: Path
) -> None:
    text = (
        UNIT
        # The child stands before its parent on purpose.
        + "1,Xã A,commune,56,2025-07-01,\n"
        + "2,Xã A cũ,commune,568,2009-04-22,2025-07-01\n"
        + UNITS.replace("Tỉnh,", "").replace("Thành phố,", "").split("\n", 1)[1]
    )
    report = await bring("units", tmp_path, text)
    assert report.written, told(report)
    found = await parents("admin_unit")
    assert found["1 2025"] == "56 2025"
    assert found["2 2009"] == "568 2009"
    assert found["568 2009"] == "56 1989"


async def test_a_parent_may_be_in_the_file_or_already_stored(database: str, tmp_path: Path) -> None:
    await bring("units", tmp_path, UNITS)
    report = await bring("units", tmp_path, UNIT + "1,Xã,commune,56,01/07/2025,\n")
    assert report.counts.new == 1
    assert (await parents("admin_unit"))["1 2025"] == "56 2025"


async def test_ending_a_unit_and_its_next_life_may_come_in_one_file(
    database: str, tmp_path: Path
) -> None:
    await bring("units", tmp_path, UNIT + "56,Khánh Hòa,province,,1989-07-01,\n")
    text = (
        UNIT
        + "56,Khánh Hòa,province,,1989-07-01,2025-07-01\n"
        + "56,Khánh Hòa,province,,2025-07-01,\n"
        + "1,Xã,commune,56,2025-07-01,\n"
    )
    report = await bring("units", tmp_path, text)
    assert (report.counts.new, report.counts.changed) == (2, 1), told(report)
    assert (await parents("admin_unit"))["1 2025"] == "56 2025"
    again = await bring("units", tmp_path, text)
    assert again.counts.unchanged == 3


async def test_a_child_moves_to_another_parent(database: str, tmp_path: Path) -> None:
    await bring("units", tmp_path, UNITS)
    text = UNIT + "568,Thành phố Nha Trang,district,58,2009-04-22,2025-07-01\n"
    report = await bring("units", tmp_path, text)
    assert report.counts.changed == 1
    assert (await parents("admin_unit"))["568 2009"] == "58 1992"
    kinds = await fetch("SELECT kind FROM admin_unit WHERE code = '568'")
    assert kinds == [{"kind": "Thành phố"}]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1,Xã,commune,99,2025-07-01,", "không có cấp trên mang mã «99»"),
        ("1,Xã,commune,568,2025-07-01,", "không có hiệu lực vào ngày bắt đầu"),
        ("1,Xã,commune,568,2025-07-01,", "(hiệu lực: 2009-04-22–2025-07-01)"),
        ("1,Xã,commune,1,2025-07-01,", "«1» là cấp trên của chính mình"),
        ("1,Tỉnh,province,56,2025-07-01,", "«56» không cao hơn cấp của hàng này"),
        ("1,Xã,commune,,2025-07-01,2025-07-01", "không sau ngày bắt đầu 2025-07-01"),
        ("56,K,province,,2030-01-01,", "mã «56» đã có hiệu lực trong 2025-07-01–"),
        ("56,K,province,,1980-01-01,1990-01-01", "mã «56» đã có hiệu lực trong 1989-07-01–2025"),
        ("1,Xã,làng,,2025-07-01,", "«làng» không có trong các giá trị được dùng: central, prov"),
        ("1,Xã,commune,,2025-07,", "«2025-07» không phải là ngày"),
        ("1,Xã,commune,,01/07/25,", "«01/07/25» không phải là ngày"),
        ("1,Xã,commune,,1/7/0025,", "nằm ngoài các năm 1800–2199"),
    ],
)
async def test_what_is_wrong_with_a_unit_is_told(
    database: str, tmp_path: Path, row: str, said: str
) -> None:
    await bring("units", tmp_path, UNITS)
    report = await bring("units", tmp_path, f"{UNIT}{row}\n")
    assert len(told(report)) == 1, told(report)
    assert said in told(report)[0]


async def test_periods_of_one_code_must_not_overlap_within_a_file_either(
    database: str, tmp_path: Path
) -> None:
    text = UNIT + "1,A,commune,,2000-01-01,2010-01-01\n1,A,commune,,2009-12-31,\n"
    report = await bring("units", tmp_path, text)
    assert [problem.line for problem in report.problems] == [3]


async def test_children_of_a_rejected_new_unit_are_rejected_with_it(
    database: str, tmp_path: Path
) -> None:
    text = (
        UNIT
        + "1,A,tổng,,2025-07-01,\n"
        + "11,B,commune,1,2025-07-01,\n"
        + "2,C,province,,2025-07-01,\n"
        + "22,D,commune,2,2025-07-01,\n"
    )
    report = await bring("units", tmp_path, text, skip_bad=True)
    assert (report.counts.new, report.rejected) == (2, 2)
    assert "cấp trên «1» ở hàng 2 bị loại" in told(report)[1]
    # Without --skip-bad only what is wrong is told, not what hangs on it.
    assert len(told(await bring("units", tmp_path, text))) == 1


async def test_the_first_of_two_equal_parents_keeps_its_children(
    database: str, tmp_path: Path
) -> None:
    text = (
        UNIT
        + "2,C,province,,2025-07-01,\n"
        + "22,D,commune,2,2025-07-01,\n"
        + "2,C,province,,2025-07-01,\n"
    )
    report = await bring("units", tmp_path, text, skip_bad=True)
    assert (report.counts.new, report.rejected) == (2, 1)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["X,X,province,99,,2000-01-01,"], "không có đơn vị mang mã «99»"),
        (["X,X,district,568,,2025-07-01,"], "đơn vị «568» không có hiệu lực vào ngày này"),
        (["X,X,province,,NT,2025-07-01,"], "cấp trên «NT» không có hiệu lực"),
        (["X,X,province,,X,2025-07-01,"], "«X» là cấp trên của chính mình"),
        (["STP,S,province,,STP-1,2000-01-01,"], "quay lại chính hàng này"),
        (["X,X,province,,,2000-01-01,1999-01-01"], "không sau ngày bắt đầu"),
    ],
)
async def test_what_is_wrong_with_an_agency_is_told(
    database: str, tmp_path: Path, rows: list[str], said: str
) -> None:
    await bring("units", tmp_path, UNITS)
    await bring("agencies", tmp_path, AGENCIES)
    report = await bring("agencies", tmp_path, AGENCY + "\n".join(rows) + "\n")
    assert len(told(report)) == 1, told(report)
    assert said in told(report)[0]


async def test_a_circle_of_new_agencies_is_told_at_each_of_them(
    database: str, tmp_path: Path
) -> None:
    rows = ["A,A,province,,C,", "B,B,province,,A,", "C,C,province,,B,", "D,D,province,,A,"]
    text = AGENCY + "".join(f"{row}2000-01-01,\n" for row in rows)
    report = await bring("agencies", tmp_path, text)
    assert [problem.line for problem in report.problems] == [2, 3, 4]


async def test_successions_find_the_units_valid_before_and_after(
    database: str, tmp_path: Path
) -> None:
    await bring("units", tmp_path, UNITS)
    text = SUCCESSION + "56,56,2025-07-01,sáp nhập,,\n58,56,2025-07-01,merge,1,0\n"
    report = await bring("unit-successions", tmp_path, text)
    assert report.counts.new == 2, told(report)
    rows = await fetch(
        "SELECT p.valid_from::text AS before, n.valid_from::text AS after, l.kind, l.share,"
        " l.assumed FROM unit_succession l JOIN admin_unit p ON p.id = l.predecessor"
        " JOIN admin_unit n ON n.id = l.successor WHERE p.code = '56'"
    )
    expected = {"before": "1989-07-01", "after": "2025-07-01", "kind": "merge", "share": 1.0}
    assert rows == [expected | {"assumed": False}]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["99,56,2025-07-01,merge,,"], "không có đơn vị mang mã «99»"),
        (["58,99,2025-07-01,merge,,"], "không có đơn vị mang mã «99»"),
        (["58,56,2026-07-01,merge,,"], "đơn vị «58» không có hiệu lực vào ngày này"),
        (["56,58,2025-07-01,merge,,"], "đơn vị «58» không có hiệu lực vào ngày này"),
        (["58,,2025-07-01,merge,,"], "thiếu mã sau"),
        (["58,56,2025-07-01,dissolve,,"], "giải thể thì không có mã sau; xóa mã «56»"),
        (["58,56,2025-07-01,merge,0,"], "«0» không phải tỷ lệ"),
        (["58,56,2025-07-01,merge,1.2,"], "«1.2» không phải tỷ lệ"),
        (["58,56,2025-07-01,merge,,maybe"], "«maybe» không phải có hay không"),
        (["58,56,2025-07-01,split,0.7,", "58,,2025-07-01,dissolve,0.4,"], "cộng lại là 1.1"),
    ],
)
async def test_what_is_wrong_with_a_succession_is_told(
    database: str, tmp_path: Path, rows: list[str], said: str
) -> None:
    await bring("units", tmp_path, UNITS)
    report = await bring("unit-successions", tmp_path, SUCCESSION + "\n".join(rows) + "\n")
    assert len(told(report)) == len(rows), told(report)
    assert said in told(report)[0]


async def test_shares_are_summed_with_those_already_stored(database: str, tmp_path: Path) -> None:
    await bring("units", tmp_path, UNITS)
    first = await bring("unit-successions", tmp_path, SUCCESSION + "58,56,2025-07-01,split,0.7,\n")
    assert [warning.told()[:60] for warning in first.warnings] == [
        "Các phần của mã 58 ngày 2025-07-01 cộng lại là 0.7000, nhỏ h"
    ]
    again = await bring("unit-successions", tmp_path, SUCCESSION + "58,,2025-07-01,dissolve,0.4,\n")
    assert "cộng lại là 1.1000" in told(again)[0]
    rest = await bring("unit-successions", tmp_path, SUCCESSION + "58,,2025-07-01,dissolve,0.3,\n")
    assert (rest.counts.new, rest.warnings) == (1, ())


async def test_a_dissolution_has_no_successor_and_is_known_again(
    database: str, tmp_path: Path
) -> None:
    await bring("units", tmp_path, UNITS)
    text = SUCCESSION + "568,,2025-07-01,giải thể,,có\n"
    assert (await bring("unit-successions", tmp_path, text)).counts.new == 1
    assert (await bring("unit-successions", tmp_path, text)).counts.unchanged == 1
    changed = await bring("unit-successions", tmp_path, text.replace("có", "không"))
    assert changed.counts.changed == 1
    rows = await fetch("SELECT successor, assumed FROM unit_succession")
    assert rows == [{"successor": None, "assumed": False}]


async def test_an_agency_cannot_follow_itself(database: str, tmp_path: Path) -> None:
    await bring("units", tmp_path, UNITS)
    await bring("agencies", tmp_path, AGENCIES)
    text = SUCCESSION + "STP,STP,2025-07-01,rename,,\n"
    report = await bring("agency-successions", tmp_path, text)
    assert "không thể kế tục chính mình" in told(report)[0]
