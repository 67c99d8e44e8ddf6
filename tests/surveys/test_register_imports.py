"""Importing files: all or nothing, some, none; what is told; and doing it twice."""

import csv
from pathlib import Path

import pytest

from surveys.register import KINDS, ImportFileError, Options, import_file
from surveys.transactions import fetch, transaction
from tests.surveys.register_files import (
    AGENCIES,
    DOSSIERS,
    GOOD,
    PROCEDURES,
    UNITS,
    bring,
    bring_register,
    count,
    told,
    write,
)

SUCCESSIONS = """predecessor_code,successor_code,effective_date,kind,share,assumed
58,56,2025-07-01,merge,,
56,56,2025-07-01,merge,1,0
568,,2025-07-01,dissolve,1,x
"""
AGENCY_SUCCESSIONS = """Mã trước;Mã sau;Ngày hiệu lực;Hình thức;Tỷ lệ;Giả định
NT;STP;01/07/2025;Chia tách;0,4;có
NT;STP-1;01/07/2025;Chia tách;60%;có
"""
COUNTERS = "code,name,agency_code\nQ1,Quầy số 1,STP\n"
TOTALS = """source,period,indicator,scope,part_of,printed,unit,assumed,note
Báo cáo,Quý I/2021,Tiếp nhận,Toàn tỉnh,,130.729,Số lượng,,
"""
HOURS = """Mã cơ quan,Hiệu lực từ,Thứ,Giờ mở,Giờ đóng
,01/01/2026,Thứ 2,7h30,11:30
STP,01/01/2026,theo tỉnh,,
"""
HOLIDAYS = "day,kind,name\n2026-01-02,nghỉ,Nghỉ bù Tết Dương lịch\n10/01/2026,làm bù,Làm bù\n"
FILES = {
    "units": UNITS,
    "unit-successions": SUCCESSIONS,
    "agencies": AGENCIES,
    "agency-successions": AGENCY_SUCCESSIONS,
    "counters": COUNTERS,
    "procedures": PROCEDURES,
    "dossiers": DOSSIERS + GOOD,
    "totals": TOTALS,
    "hours": HOURS,
    "holidays": HOLIDAYS,
}
BAD = "D2,STP,XX,walk,2021-02-30,,,,\n"


async def test_every_kind_is_imported_and_a_second_time_changes_nothing(
    database: str, tmp_path: Path
) -> None:
    assert tuple(FILES) == KINDS
    for kind, text in FILES.items():
        rows = text.count("\n") - 1
        first = await bring(kind, tmp_path, text)
        assert (first.counts.new, first.written) == (rows, True), (kind, told(first))
    before = await snapshot()
    for kind, text in FILES.items():
        again = await bring(kind, tmp_path, text)
        counts = again.counts
        assert (counts.new, counts.changed, counts.unchanged) == (0, 0, text.count("\n") - 1), kind
    assert await snapshot() == before


async def snapshot() -> list[object]:
    tables = "admin_unit unit_succession agency agency_succession counter procedure field dossier"
    return [
        [dict(row) for row in await fetch(f"SELECT xmin::text, * FROM {table} ORDER BY id")]
        for table in [*tables.split(), "published_total"]
    ]


async def test_one_bad_row_keeps_the_whole_file_out(database: str, tmp_path: Path) -> None:
    await bring_register(tmp_path)
    report = await bring("dossiers", tmp_path, DOSSIERS + GOOD + BAD)
    assert not report.accepted
    assert not report.written
    assert report.rejected == 1
    assert await count("dossier") == 0


async def test_every_fault_of_a_row_is_told_by_row_column_and_reason(
    database: str, tmp_path: Path
) -> None:
    await bring_register(tmp_path)
    headers = "Mã hồ sơ,Mã cơ quan,Mã thủ tục,Kênh tiếp nhận,Ngày tiếp nhận\n"
    report = await bring("dossiers", tmp_path, headers + ",STP,XX,walk,2021-02-30\n")
    said = told(report)
    assert [line.split(":")[0] for line in said] == [
        "Hàng 2, cột «Kênh tiếp nhận»",
        "Hàng 2, cột «Mã hồ sơ»",
        "Hàng 2, cột «Mã thủ tục»",
        "Hàng 2, cột «Ngày tiếp nhận»",
    ]
    assert "«walk» không có trong các giá trị được dùng: counter, online, post" in said[0]
    assert "trống" in said[1]
    assert "không có thủ tục mang mã «XX»" in said[2]
    assert "«2021-02-30» không phải là thời điểm" in said[3]


async def test_skip_bad_writes_the_rest_and_a_file_that_can_be_mended_and_imported(
    database: str, tmp_path: Path
) -> None:
    await bring_register(tmp_path)
    report = await bring("dossiers", tmp_path, DOSSIERS + GOOD + BAD, skip_bad=True)
    assert report.accepted
    assert (report.counts.new, report.rejected) == (1, 1)
    assert await count("dossier") == 1
    assert report.rejected_file == tmp_path / "file.rejected.csv"
    with report.rejected_file.open(encoding="utf-8-sig", newline="") as file:
        header, row = csv.reader(file)
    assert header[:2] == ["code", "agency_code"]
    assert row[:4] == ["D2", "STP", "XX", "walk"]
    assert row[-2] == "3"
    assert "cột «channel»: «walk» không có" in row[-1]
    mended = report.rejected_file.read_text("utf-8-sig")
    mended = mended.replace("XX,walk,2021-02-30", "KS,post,2021-02-28")
    again = await bring("dossiers", tmp_path, mended)
    assert again.counts.new == 1
    assert "Hàng trong tệp gốc, Lý do" in again.notes[0].told()


async def test_a_dry_run_counts_and_writes_nothing(database: str, tmp_path: Path) -> None:
    await bring_register(tmp_path)
    await bring("dossiers", tmp_path, DOSSIERS + GOOD)
    text = DOSSIERS + GOOD.replace("granted", "refused") + GOOD.replace("D1", "D2")
    report = await bring("dossiers", tmp_path, text, dry_run=True)
    assert (report.counts.new, report.counts.changed, report.written) == (1, 1, False)
    assert report.accepted
    assert await fetch("SELECT code, outcome FROM dossier") == [
        {"code": "D1", "outcome": "granted"}
    ]


async def test_a_dry_run_of_fields_units_and_totals_writes_nothing_either(
    database: str, tmp_path: Path
) -> None:
    for kind, text in (("units", UNITS), ("procedures", PROCEDURES), ("totals", TOTALS)):
        report = await bring(kind, tmp_path, text, dry_run=True)
        assert report.counts.new == text.count("\n") - 1
    for table in ("admin_unit", "field", "procedure", "published_total"):
        assert await count(table) == 0


async def test_a_dry_run_with_bad_rows_says_that_the_file_would_be_refused(
    database: str, tmp_path: Path
) -> None:
    report = await bring("dossiers", tmp_path, DOSSIERS + BAD, dry_run=True)
    assert not report.accepted
    assert report.rejected == 1


async def test_changes_are_counted_and_their_dossiers_handed_on(
    database: str, tmp_path: Path
) -> None:
    await bring_register(tmp_path)
    await bring("dossiers", tmp_path, DOSSIERS + GOOD + GOOD.replace("D1", "D2"))
    changed: list[int] = []

    async def collect(ids: list[int]) -> None:
        changed.extend(ids)

    text = DOSSIERS + GOOD + GOOD.replace("D1,STP", "D2,NT")
    report = await import_file("dossiers", write(tmp_path, text), on_changed=collect)
    assert (report.counts.changed, report.counts.unchanged) == (1, 1)
    rows = await fetch("SELECT id FROM dossier WHERE code = 'D2'")
    assert changed == [rows[0]["id"]]
    changed.clear()
    text = PROCEDURES.replace("KS,Đăng ký khai sinh,HT,Hộ tịch", "KS,Đăng ký khai sinh,TP,")
    await import_file("procedures", write(tmp_path, text), on_changed=collect)
    assert len(changed) == 2


async def test_new_dossiers_and_other_kinds_hand_no_dossiers_on(
    database: str, tmp_path: Path
) -> None:
    async def refuse(ids: list[int]) -> None:
        raise AssertionError(ids)

    for kind, text in FILES.items():
        await import_file(kind, write(tmp_path, text), on_changed=refuse)
    await import_file(
        "agencies", write(tmp_path, AGENCIES.replace("Sở Tư", "Sở  Tư Pháp và")), on_changed=refuse
    )
    assert (await fetch("SELECT name FROM agency WHERE code = 'STP'"))[0]["name"] == (
        "Sở Tư Pháp và pháp"
    )


async def test_a_failure_after_the_write_undoes_it(database: str, tmp_path: Path) -> None:
    await bring_register(tmp_path)
    await bring("dossiers", tmp_path, DOSSIERS + GOOD)

    async def fail(ids: list[int]) -> None:
        raise RuntimeError("no")

    text = DOSSIERS + GOOD.replace("granted", "refused")
    with pytest.raises(RuntimeError):
        await import_file("dossiers", write(tmp_path, text), on_changed=fail)
    assert (await fetch("SELECT outcome FROM dossier"))[0]["outcome"] == "granted"


async def test_an_empty_cell_empties_and_a_missing_column_keeps(
    database: str, tmp_path: Path
) -> None:
    await bring_register(tmp_path)
    await bring("dossiers", tmp_path, DOSSIERS + GOOD)
    short = "code,agency_code,procedure_code,channel,received_at,closed_at\n"
    report = await bring("dossiers", tmp_path, short + "D1,STP,KS,counter,2021-01-04 08:15,\n")
    assert report.counts.changed == 1
    row = (await fetch("SELECT due_at, closed_at, outcome FROM dossier"))[0]
    assert row["closed_at"] is None
    assert row["due_at"] is not None
    assert row["outcome"] == "granted"


async def test_a_key_that_stands_twice_is_told_and_its_first_good_row_is_kept(
    database: str, tmp_path: Path
) -> None:
    await bring_register(tmp_path)
    bad = GOOD.replace("counter", "walk")
    report = await bring("dossiers", tmp_path, DOSSIERS + bad + GOOD + GOOD, skip_bad=True)
    duplicates = [line for line in told(report) if "đã có ở hàng 3" in line]
    assert [line[:6] for line in duplicates] == ["Hàng 2", "Hàng 4"]
    assert report.counts.new == 1


async def test_many_bad_rows_are_printed_by_the_first_fifty_and_counted_by_reason(
    database: str, tmp_path: Path
) -> None:
    await bring_register(tmp_path)
    bad = "".join(GOOD.replace("D1", f"D{n}").replace("counter", "walk") for n in range(300))
    strange = GOOD.replace("D1", "Z").replace("STP", "YY")
    report = await bring("dossiers", tmp_path, DOSSIERS + bad + strange)
    assert len(report.problems) == 50
    assert report.more_problems == 251
    assert [(reason.cells, reason.example.line) for reason in report.reasons] == [
        (300, 2),
        (1, 302),
    ]
    assert report.rejected_file is not None
    assert report.rejected_file.read_text("utf-8-sig").count("\n") == 302


async def test_the_rejected_rows_go_where_they_are_told_to_and_never_over_the_file(
    database: str, tmp_path: Path
) -> None:
    file = write(tmp_path, DOSSIERS + BAD)
    chosen = tmp_path / "loại.csv"
    report = await import_file("dossiers", file, Options(rejected=chosen))
    assert report.rejected_file == chosen
    assert chosen.exists()
    with pytest.raises(ImportFileError, match="chính tệp đang nhập"):
        await import_file("dossiers", file, Options(rejected=tmp_path / "." / "file.csv"))
    with pytest.raises(ImportFileError, match="--rejected"):
        await import_file("dossiers", file, Options(rejected=tmp_path / "none" / "x.csv"))


async def test_bad_rows_are_told_even_where_their_file_cannot_be_written(
    database: str, tmp_path: Path
) -> None:
    file = write(tmp_path, DOSSIERS + BAD)
    (tmp_path / "file.rejected.csv").mkdir()
    report = await import_file("dossiers", file)
    assert report.rejected_file is None
    assert len(report.problems) == 4
    assert "Không ghi được tệp" in report.notes[0].told()
    with pytest.raises(ImportFileError, match="Không ghi được tệp"):
        await import_file("dossiers", file, Options(skip_bad=True))


async def test_reasons_follow_the_language_of_the_reader(database: str, tmp_path: Path) -> None:
    def english(text: str) -> str:
        return "required" if text.startswith("ô bắt buộc") else text

    report = await bring("counters", tmp_path, "code,name,agency_code\nQ1,,\n", translate=english)
    assert report.problems[0].told(english) == "Hàng 2, cột «agency_code»: required"
    assert report.rejected_file is not None
    assert "cột «name»: required" in report.rejected_file.read_text("utf-8-sig")


async def test_files_with_different_columns_may_share_a_connection(
    database: str, tmp_path: Path
) -> None:
    short = "source,period,indicator,scope,printed,unit\nBC,2021,graded,all,2,count\n"
    long = "source,period,indicator,scope,part_of,printed,unit\nBC,2021,graded,good,all,1,count\n"
    async with transaction():
        await bring("totals", tmp_path, short)
        report = await bring("totals", tmp_path, long)
    assert len(report.warnings) == 1
    assert await count("published_total") == 2
