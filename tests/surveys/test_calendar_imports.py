"""Office hours and days off out of files: written whole, told row by row, replaced as a whole."""

from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from surveys.calendars import Calendar, hours_of, load_calendar, plan_of
from surveys.register import import_file
from surveys.transactions import fetch
from tests.factories import make_agency
from tests.surveys.register_files import bring, count, told, write_sheet

HEAD = "agency_code,valid_from,weekday,opens,closes\n"
MONDAY = date(2026, 3, 2)


async def monday(agency: int | None = None) -> list[str]:
    calendar: Calendar = await load_calendar(agency)
    return [f"{a:%H:%M}-{b:%H:%M}" for a, b in hours_of(calendar, MONDAY)]


async def test_a_file_of_hours_replaces_the_timetables_that_it_speaks_of(
    database: str, tmp_path: Path
) -> None:
    agency = await make_agency("STP")
    rows = ",2026-01-01,thứ 2,07:30,11:30\n,2026-01-01,monday,13:30,17:00\n"
    await bring("hours", tmp_path, f"{HEAD}{rows}STP,2026-01-01,T2,8h00,12h00\n")
    assert await monday() == ["07:30-11:30", "13:30-17:00"]
    assert await monday(agency) == ["08:00-12:00"]
    changed = ",2026-01-01,monday,07:30,09:00\n,2026-01-01,monday,10:00,11:30\n"
    report = await bring("hours", tmp_path, HEAD + changed)
    assert (report.counts.new, report.counts.changed) == (1, 1)
    assert await monday() == ["07:30-09:00", "10:00-11:30"]
    assert await monday(agency) == ["08:00-12:00"]
    await bring("hours", tmp_path, f"{HEAD}STP,2026-01-01,theo tỉnh,,\n")
    assert await monday(agency) == ["07:30-09:00", "10:00-11:30"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("XX,2026-01-01,monday,07:30,11:30", "không có cơ quan"),
        (",2026-01-01,2,07:30,11:30", "không có trong các giá trị"),
        (",2026-01-01,monday,25:30,11:30", "không phải là giờ"),
        (",2026-01-01,monday,,11:30", "thiếu giờ"),
        (",2026-01-01,monday,11:30,07:30", "không sau giờ mở"),
        (",2026-01-01,friday,08:30,12:00", "chồng lên"),
        (",2026-01-01,theo tỉnh,,", "chỉ dùng cho một cơ quan"),
        ("STP,2026-01-01,theo tỉnh,07:30,11:30", "không có giờ"),
        (",2026-02-30,monday,07:30,11:30", "không phải là ngày"),
    ],
)
async def test_a_bad_row_of_hours_is_told_by_its_number_and_nothing_written(
    database: str, tmp_path: Path, row: str, reason: str
) -> None:
    await make_agency("STP")
    good = f"{HEAD},2026-01-01,friday,07:30,11:30\n"
    report = await bring("hours", tmp_path, f"{good}{row}\n")
    assert (report.accepted, report.rejected, await count("office_hours")) == (False, 1, 0)
    assert any(line.startswith("Hàng 3") and reason in line for line in told(report)), told(report)
    await bring("hours", tmp_path, f"{good}{row}\n", skip_bad=True)
    assert await count("office_hours") == 1


async def test_days_off_from_a_file_go_before_the_national_ones_and_an_agency_before_both(
    database: str, tmp_path: Path
) -> None:
    agency = await make_agency("STP")
    text = (
        "agency_code,day,kind,name,like_weekday\n,2026-03-02,nghỉ,Lễ của tỉnh,\n"
        "STP,02/03/2026,làm việc,Trực,\n,2026-03-07,làm bù,Bù cho thứ Hai,thứ hai\n"
    )
    await bring("holidays", tmp_path, text)
    assert (await monday(), await monday(agency)) == ([], ["07:30-11:30", "13:30-17:00"])
    saturday = plan_of(await load_calendar(), date(2026, 3, 7))
    assert saturday.spans[0] == (time(7, 30), time(11, 30))
    assert saturday.named is not None
    assert saturday.named.name == "Bù cho thứ Hai"
    again = await bring("holidays", tmp_path, text)
    assert again.counts.unchanged == 3


async def test_times_of_a_workbook_are_read_as_the_spreadsheet_shows_them(
    database: str, tmp_path: Path
) -> None:
    rows: list[list[Any]] = [
        ["Từ ngày", "Thứ", "Giờ mở", "Giờ đóng"],
        ["01/01/2026", "Thứ Hai", 0.3125, "11:30"],
    ]
    report = await import_file("hours", write_sheet(tmp_path, rows))
    assert told(report) == []
    assert await monday() == ["07:30-11:30"]


async def test_the_database_itself_refuses_hours_that_overlap(database: str) -> None:
    store = (
        "INSERT INTO office_hours (valid_from, weekday, opens, closes)"
        " VALUES ('2026-01-01', 1, $1, $2)"
    )
    await fetch(store, time(7, 30), time(11, 30))
    await fetch(store, time(11, 30), time(12))
    with pytest.raises(Exception, match="office_hours_apart"):
        await fetch(store, time(11), time(13))
