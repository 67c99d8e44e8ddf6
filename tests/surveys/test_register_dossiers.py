"""Dossiers, procedures and counters: references, order of times, days without a time."""

from pathlib import Path

import pytest

from surveys.transactions import fetch
from tests.surveys.register_files import (
    DOSSIERS,
    GOOD,
    PROCEDURES,
    bring,
    bring_register,
    told,
)

TIMES = "code,agency_code,procedure_code,channel,received_at,due_at,returned_at,closed_at\n"
LOCAL = ", ".join(
    f"to_char({name} AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD HH24:MI:SS') AS {name}"
    for name in ("received_at", "due_at", "returned_at", "closed_at")
)


async def times(folder: Path, received: str, due: str, returned: str, closed: str) -> list[str]:
    """The times of a dossier as they are stored, in Viet Nam."""
    await bring_register(folder)
    row = f"D1,STP,KS,counter,{received},{due},{returned},{closed}\n"
    report = await bring("dossiers", folder, TIMES + row)
    assert report.written, told(report)
    return list((await fetch(f"SELECT {LOCAL} FROM dossier"))[0].values())


async def test_times_without_a_zone_are_times_in_viet_nam(database: str, tmp_path: Path) -> None:
    found = await times(
        tmp_path, "04/01/2021 08:15", "2021-01-18T17:00:00Z", "14h05 15/01/2021",
        "2021-01-15 16:00:00+09:00",
    )  # fmt: skip
    assert found == [
        "2021-01-04 08:15:00",
        "2021-01-19 00:00:00",
        "2021-01-15 14:05:00",
        "2021-01-15 14:00:00",
    ]
    assert await fetch("SELECT received_at = '2021-01-04 01:15Z' AS same FROM dossier") == [
        {"same": True}
    ]


async def test_a_day_without_a_time_does_a_dossier_no_wrong(database: str, tmp_path: Path) -> None:
    found = await times(tmp_path, "2021-01-04 08:15", "2021-01-04", "2021-01-04", "04/01/2021")
    assert found == [
        "2021-01-04 08:15:00",
        "2021-01-04 23:59:59",
        "2021-01-04 08:15:00",
        "2021-01-04 08:15:00",
    ]


async def test_midnight_is_a_day_and_other_days_keep_their_start(
    database: str, tmp_path: Path
) -> None:
    found = await times(
        tmp_path, "2021-01-04 00:00:00", "2021-01-18 00:00", "2021-01-15", "2021-01-16 00:00:00"
    )
    assert found == [
        "2021-01-04 00:00:00",
        "2021-01-18 23:59:59",
        "2021-01-15 00:00:00",
        "2021-01-16 00:00:00",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("STP", "99", "không có cơ quan mang mã «99»; nhập cơ quan trước hoặc sửa mã."),
        ("KS", "99", "không có thủ tục mang mã «99»; nhập thủ tục trước hoặc sửa mã."),
        ("counter", "fax", "«fax» không có trong các giá trị được dùng: counter, online, post."),
        ("granted", "won", "được dùng: granted, refused, withdrawn, stopped."),
        ("2021-01-18", "2021-01-03", "hạn trả 03/01/2021 23:59 trước lúc tiếp nhận 04/01/2021"),
        ("15 15:40", "03 15:40", "lúc trả kết quả 03/01/2021 15:40 trước lúc tiếp nhận"),
        ("15 16:00", "03 16:00", "lúc kết thúc 03/01/2021 16:00 trước lúc tiếp nhận"),
        ("2021-01-18", "18-13-2021", "«18-13-2021» không phải là thời điểm"),
        ("2021-01-18", "01/18/2021", "«01/18/2021» không phải là thời điểm"),
        ("2021-01-18", "2021-01-18 25:00", "không phải là thời điểm; viết như 28/02/2021 14:05"),
        ("2021-01-04", "1970-01-01", "nằm ngoài các năm 1990–2199; kiểm tra năm"),
        ("2021-01-18", "2921-01-18", "nằm ngoài các năm 1990–2199; kiểm tra năm"),
    ],
)
async def test_what_is_wrong_with_a_dossier_is_told(
    database: str, tmp_path: Path, old: str, new: str, said: str
) -> None:
    await bring_register(tmp_path)
    report = await bring("dossiers", tmp_path, DOSSIERS + GOOD.replace(old, new))
    assert len(told(report)) == 1, told(report)
    assert said in told(report)[0]


async def test_order_is_checked_against_times_already_stored(database: str, tmp_path: Path) -> None:
    await bring_register(tmp_path)
    await bring("dossiers", tmp_path, DOSSIERS + GOOD)
    short = "code,agency_code,procedure_code,channel,received_at\n"
    report = await bring("dossiers", tmp_path, short + "D1,STP,KS,counter,2021-01-17 08:00\n")
    assert [problem.header for problem in report.problems] == ["closed_at", "returned_at"]


async def test_words_are_vietnamese_or_english_in_any_writing(
    database: str, tmp_path: Path
) -> None:
    await bring_register(tmp_path)
    words = ["Trực tiếp", "TRUC TUYEN", "bưu chính công ích", "Online", "Một cửa", "tại quầy"]
    rows = "".join(
        GOOD.replace("D1", f"D{n}").replace("counter", word) for n, word in enumerate(words)
    )
    report = await bring("dossiers", tmp_path, DOSSIERS + rows)
    assert report.written, told(report)
    rows_found = await fetch("SELECT channel FROM dossier ORDER BY code")
    assert [row["channel"] for row in rows_found] == [
        "counter", "online", "post", "online", "counter", "counter",
    ]  # fmt: skip


async def test_odd_dossiers_are_written_with_a_warning(database: str, tmp_path: Path) -> None:
    await bring_register(tmp_path)
    future = GOOD.replace("D1", "D2").replace("2021", "2121")
    ended = GOOD.replace("D1,STP", "D3,NT").replace("2021", "2026")
    report = await bring("dossiers", tmp_path, DOSSIERS + GOOD + future + ended)
    assert report.counts.new == 3
    assert [warning.told()[:50] for warning in report.warnings] == [
        "1 hồ sơ có ngày ở tương lai (trước hết là hàng 3);",
        "1 hồ sơ được trả kết quả khi cơ quan giải quyết kh",
    ]
    taken = DOSSIERS + GOOD.replace("2021-01-15 15:40", "")
    report = await bring("dossiers", tmp_path, taken)
    assert "nay không còn ngày trả (trước hết là hàng 2)" in report.warnings[0].told()


async def test_procedures_make_and_rename_their_fields(database: str, tmp_path: Path) -> None:
    await bring("procedures", tmp_path, PROCEDURES)
    text = "Mã thủ tục,Tên thủ tục,Lĩnh vực,Cấp\nKH,Đăng ký kết hôn,HT,Cấp xã\nX,X,Đất đai,tỉnh\n"
    report = await bring("procedures", tmp_path, text)
    assert report.counts.new == 2
    fields = {row["code"]: row["name"] for row in await fetch("SELECT code, name FROM field")}
    assert fields == {"HT": "Hộ tịch", "TP": "Tư pháp", "Đất đai": "Đất đai"}
    await bring("procedures", tmp_path, PROCEDURES.replace("Hộ tịch", "Hộ tịch và quốc tịch"))
    rows = await fetch("SELECT name FROM field WHERE code = 'HT'")
    assert rows == [{"name": "Hộ tịch và quốc tịch"}]


async def test_one_field_has_one_name_in_a_file(database: str, tmp_path: Path) -> None:
    text = PROCEDURES + "KT,Khai tử,HT,Hộ tịnh,commune,1\n"
    report = await bring("procedures", tmp_path, text, skip_bad=True)
    assert told(report) == [
        "Hàng 4, cột «field_name»: lĩnh vực này đã được gọi là «Hộ tịch»; dùng cùng một tên cho"
        " một mã."
    ]
    assert report.counts.new == 2


async def test_a_field_of_rejected_procedures_only_is_not_made(
    database: str, tmp_path: Path
) -> None:
    text = PROCEDURES + "KT,Khai tử,XX,Khác,làng,1\n"
    await bring("procedures", tmp_path, text, skip_bad=True)
    assert [row["code"] for row in await fetch("SELECT code FROM field ORDER BY 1")] == ["HT", "TP"]


@pytest.mark.parametrize("days", ["-1", "1,5", "40000", "nhiều"])
async def test_days_are_small_whole_numbers(database: str, tmp_path: Path, days: str) -> None:
    text = PROCEDURES.replace(",10\n", f',"{days}"\n')
    report = await bring("procedures", tmp_path, text)
    assert f"«{days}» không phải số nguyên từ 0 đến 32767" in told(report)[0]


async def test_a_counter_is_renamed_by_a_later_file(database: str, tmp_path: Path) -> None:
    await bring_register(tmp_path)
    text = "Mã quầy,Tên quầy,Mã cơ quan\nQ1,Quầy 1,STP\n"
    await bring("counters", tmp_path, text)
    report = await bring("counters", tmp_path, text.replace("Quầy 1", "Quầy số 1"))
    assert report.counts.changed == 1
    assert await fetch("SELECT name FROM counter") == [{"name": "Quầy số 1"}]
    bad = await bring("counters", tmp_path, text.replace("STP", "99"))
    assert "không có cơ quan mang mã «99»" in told(bad)[0]
