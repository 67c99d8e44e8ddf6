"""What files may look like, and what is said about those that cannot be read."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from surveys.register import ImportFileError, import_file
from surveys.register.files import Source
from surveys.register.sheets import SHEETS
from surveys.transactions import fetch
from tests.surveys.register_files import (
    DOSSIERS,
    GOOD,
    bring,
    bring_register,
    told,
    write,
    write_sheet,
)

COUNTERS = SHEETS["counters"]


def records(path: Path) -> list[tuple[int, list[str]]]:
    return list(Source(path, COUNTERS).records())


def refusal(path: Path) -> str:
    with pytest.raises(ImportFileError) as caught:
        list(Source(path, COUNTERS).records())
    return str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "code,name,agency_code\nQ1,Quầy 1,STP\n",
        "\ufeffcode,name,agency_code\r\nQ1,Quầy 1,STP\r\n",
        "code;name;agency_code\nQ1;Quầy 1;STP",
        "code\tname\tagency_code\nQ1\tQuầy 1\tSTP\n",
        "code,name,agency_code\rQ1,Quầy 1,STP\r",
        '"code";"name";"agency_code"\n"Q1";"Quầy 1";"STP"\n',
        "sep=;\ncode;name;agency_code\nQ1;Quầy 1;STP\n",
        "DANH SÁCH QUẦY,,\n,,\nMã quầy,Tên quầy,Mã cơ quan\nQ1,Quầy 1,STP\n",
        "MA QUAY,ten_quay, Mã  Cơ-Quan (*)\nQ1,Quầy 1,STP\n",
        "Ma\u0303 qua\u0302\u0300y,Te\u0302n qua\u0302\u0300y,Mã cơ quan\nQ1,Quầy 1,STP\n",
        "Agency Code,Counter Name,Counter Code\nSTP,Quầy 1,Q1\n",
        "code,name,agency_code,,\nQ1,Quầy 1,STP\n",
        "code,name,agency_code\nQ1,Quầy 1,STP,,,\n",
    ],
)
async def test_a_counter_is_read_from_every_dialect(
    database: str, tmp_path: Path, text: str
) -> None:
    await bring_register(tmp_path)
    report = await bring("counters", tmp_path, text)
    assert report.counts.new == 1, told(report)
    rows = await fetch("SELECT c.code, c.name, a.code AS agency FROM counter c JOIN agency a"
                       " ON a.id = c.agency")  # fmt: skip
    assert rows == [{"code": "Q1", "name": "Quầy 1", "agency": "STP"}]


async def test_rows_are_numbered_as_a_spreadsheet_shows_them(database: str, tmp_path: Path) -> None:
    text = 'Tiêu đề,,\n\ncode,name,agency_code\nQ1,"hai\ndòng",X\n\n   ,  ,\nQ2,b,X\n'
    report = await bring("counters", tmp_path, text)
    assert [(p.line, p.header) for p in report.problems] == [(4, "agency_code"), (7, "agency_code")]
    assert report.rows == 2


async def test_values_are_trimmed_composed_and_on_one_line(database: str, tmp_path: Path) -> None:
    await bring_register(tmp_path)
    text = 'code,name,agency_code\n\u00a0Q1 ,"  Qua\u0302\u0300y\n số 1\ufeff",STP\u200b\n'
    await bring("counters", tmp_path, text)
    assert await fetch("SELECT code, name FROM counter") == [{"code": "Q1", "name": "Quầy số 1"}]


async def test_a_row_with_too_few_or_too_many_cells_is_told(database: str, tmp_path: Path) -> None:
    await bring_register(tmp_path)
    text = "code,name,agency_code\nQ1,a\nQ2,b,STP,more\nQ3,c,STP\n"
    report = await bring("counters", tmp_path, text, skip_bad=True)
    assert told(report)[0].startswith("Hàng 2: hàng có 2 ô nhưng dòng tiêu đề có 3 ô")
    assert told(report)[1].startswith("Hàng 3: hàng có 4 ô")
    assert (report.counts.new, report.rejected, report.rows) == (1, 2, 3)
    assert report.rejected_file is not None
    again = await bring("counters", tmp_path, report.rejected_file.read_text("utf-8-sig"))
    assert again.rejected == 2


async def test_a_row_with_letters_after_a_quotation_mark_is_told_alone(
    database: str, tmp_path: Path
) -> None:
    await bring_register(tmp_path)
    text = 'code,name,agency_code\nQ1,"Quầy "A"",STP\nQ2,Quầy "B",STP\nQ3,"Quầy ""C""",STP\n'
    report = await bring("counters", tmp_path, text, skip_bad=True)
    assert told(report) == [
        "Hàng 2: sau dấu ngoặc kép đóng còn có chữ; viết dấu ngoặc kép bên trong ô thành hai dấu"
        " liền nhau."
    ]
    assert [row["name"] for row in await fetch("SELECT name FROM counter ORDER BY code")] == [
        'Quầy "B"',
        'Quầy "C"',
    ]
    assert report.rejected_file is not None
    assert "Quầy" in report.rejected_file.read_text("utf-8-sig")


def test_an_open_quotation_mark_is_told_by_its_row(tmp_path: Path) -> None:
    said = refusal(write(tmp_path, 'code,name,agency_code\nQ1,"a,STP\nQ2,b,STP\n'))
    assert "hàng 2" in said
    assert "không được đóng" in said


@pytest.mark.parametrize("encoding", ["cp1258", "utf-16", "latin-1"])
def test_another_encoding_is_told_with_what_to_do(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes("code,name,agency_code\nQ1,Thuê bàn,STP\n".encode(encoding))
    assert "CSV UTF-8" in refusal(path)


def test_the_line_of_the_first_wrong_byte_is_told(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"code,name,agency_code\n" + b"Q,a,STP\n" * 300_000 + b"\xff,b,STP\n")
    assert "(dòng 300002)" in refusal(path)
    path.write_bytes("code,name,agency_code\nQ1,Quầ".encode()[:-1])
    assert "(dòng 2)" in refusal(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "không có dữ liệu"),
        ("\n \n,,\n", "không có dữ liệu"),
        ("\ufeff", "không có dữ liệu"),
        ("code,name\nQ1,a\n", "thiếu cột «Mã cơ quan» (agency_code); tìm thấy: «code», «name»"),
        ("a\nb\n", "thiếu cột «Mã quầy» (code), «Tên quầy» (name), «Mã cơ quan» (agency_code)"),
        ("code,name,agency_code,Mã quầy\nQ,a,b,c\n", "cùng là «Mã quầy»: code, Mã quầy"),
        ("code,name,Đơn vị giải quyết,Mã đơn vị giải quyết,Cơ quan\n", "«Mã cơ quan»"),
    ],
)
def test_a_file_that_is_no_table_is_told(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(write(tmp_path, text))


async def test_a_header_without_rows_is_told(database: str, tmp_path: Path) -> None:
    for text in ("code,name,agency_code\n", "code,name,agency_code\n,,\n  , ,\n"):
        with pytest.raises(ImportFileError, match="chỉ có dòng tiêu đề"):
            await bring("counters", tmp_path, text)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "Không tìm thấy tệp" in refusal(tmp_path / "none.csv")
    assert "Không đọc được tệp" in refusal(tmp_path)


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", b"\xd0\xcf\x11\xe0 no workbook"])
def test_a_broken_workbook_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.xlsx"
    path.write_bytes(content)
    assert "Không mở được bảng tính" in refusal(path)


async def test_columns_that_nobody_knows_are_named(database: str, tmp_path: Path) -> None:
    await bring_register(tmp_path)
    report = await bring("counters", tmp_path, "code,name,agency_code,Màu,\nQ1,Quầy 1,STP,đỏ,\n")
    assert [note.told() for note in report.notes] == ["Bỏ qua các cột không dùng đến: Màu."]


async def test_a_column_by_its_own_header_goes_before_one_that_only_resembles_it(
    database: str, tmp_path: Path
) -> None:
    text = "Cơ quan,Mã cơ quan,Mã quầy,Tên quầy\nSở Tư pháp,STP,Q1,Quầy 1\n"
    await bring_register(tmp_path)
    report = await bring("counters", tmp_path, text)
    assert report.counts.new == 1, told(report)
    assert report.notes[0].told() == "Bỏ qua các cột không dùng đến: Cơ quan."
    fields = "Mã TTHC,Tên TTHC,Mã lĩnh vực,Lĩnh vực,Cấp\nX,X,DD,Đất đai,xã\n"
    report = await bring("procedures", tmp_path, fields)
    assert await fetch("SELECT name FROM field WHERE code = 'DD'") == [{"name": "Đất đai"}]


async def test_a_footer_under_unknown_columns_is_not_dropped_silently(
    database: str, tmp_path: Path
) -> None:
    report = await bring("counters", tmp_path, "code,name,agency_code,Ghi chú\n,,,Người lập biểu\n")
    assert {problem.header for problem in report.problems} == {"code", "name", "agency_code"}


async def test_a_workbook_is_read_by_its_first_sheet(database: str, tmp_path: Path) -> None:
    await bring_register(tmp_path)
    rows: list[list[Any]] = [
        ["Danh sách hồ sơ"],
        [],
        ["Mã hồ sơ", "Mã cơ quan", "Mã thủ tục", "Kênh", "Ngày tiếp nhận", "Hạn trả", "Ngày trả"],
        [
            2021001,
            "STP",
            "KS",
            "Trực tiếp",
            datetime(2021, 1, 4, 8, 15),  # noqa: DTZ001 - Excel has no zones
            date(2021, 1, 18),
            44211.5,
        ],
        [],
        ["D2", "STP", "KS", "Trực tuyến", "04/01/2021", "18/01/2021 17:00", None],
    ]
    report = await import_file("dossiers", write_sheet(tmp_path, rows, others=("Khác", "Nữa")))
    assert report.counts.new == 2, told(report)
    assert report.notes[0].told() == ("Chỉ đọc trang tính đầu tiên «Dữ liệu»; bỏ qua: Khác, Nữa.")
    local = "to_char({0} AT TIME ZONE 'Asia/Ho_Chi_Minh', 'DD/MM HH24:MI:SS') AS {0}"
    columns = ", ".join(local.format(name) for name in ("received_at", "due_at", "returned_at"))
    assert await fetch(f"SELECT code, {columns} FROM dossier ORDER BY code") == [
        {
            "code": "2021001",
            "received_at": "04/01 08:15:00",
            "due_at": "18/01 23:59:59",
            "returned_at": "15/01 12:00:00",
        },
        {
            "code": "D2",
            "received_at": "04/01 00:00:00",
            "due_at": "18/01 17:00:00",
            "returned_at": None,
        },
    ]


async def test_formula_errors_and_trailing_rows_of_a_workbook(
    database: str, tmp_path: Path
) -> None:
    await bring_register(tmp_path)
    rows = [
        ["", "code", "name", "agency_code"],
        ["", "Q1", "#N/A", "STP"],
        ["", "Q2", "Quầy 2", "#REF!"],
        ["", "Q3", "Quầy 3", "STP"],
        ["", " ", "", ""],
    ]
    report = await import_file("counters", write_sheet(tmp_path, rows))
    assert told(report) == [
        "Hàng 2, cột «name»: ô bị lỗi công thức; sửa công thức hoặc gõ thẳng giá trị.",
        "Hàng 3, cột «agency_code»: ô bị lỗi công thức; sửa công thức hoặc gõ thẳng giá trị.",
    ]
    assert report.rows == 3
    assert report.rejected_file is not None
    assert "#N/A" in report.rejected_file.read_text("utf-8-sig")


async def test_formula_errors_that_a_csv_kept_are_told(database: str, tmp_path: Path) -> None:
    await bring_register(tmp_path)
    report = await bring("dossiers", tmp_path, DOSSIERS + GOOD.replace("2021-01-18", "#VALUE!"))
    assert "lỗi công thức" in told(report)[0]


async def test_empty_workbooks_are_told(tmp_path: Path) -> None:
    assert "không có dữ liệu" in refusal(write_sheet(tmp_path, []))


async def test_codes_that_a_spreadsheet_has_spoilt_are_told(database: str, tmp_path: Path) -> None:
    await bring_register(tmp_path)
    report = await bring("dossiers", tmp_path, DOSSIERS + GOOD.replace("D1", "3.2E+13"))
    assert "đã bị Excel đổi thành số" in told(report)[0]


async def test_control_characters_and_long_values_are_told(database: str, tmp_path: Path) -> None:
    await bring_register(tmp_path)
    text = f"code,name,agency_code\nQ\x001,a,STP\nQ2,{'x' * 201},STP\n{'Q' * 41},b,STP\n"
    report = await bring("counters", tmp_path, text)
    assert [line.partition(": ")[2][:30] for line in told(report)] == [
        "ô có ký tự điều khiển không đọ",
        f"«{'x' * 29}",
        f"«{'Q' * 29}",
    ]
    assert "dài hơn 200 ký tự" in told(report)[1]
    assert "dài hơn 40 ký tự" in told(report)[2]
