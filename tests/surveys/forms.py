"""XLSForms for tests: the counter form as rows that a test changes before it is compiled."""

import io
import tomllib
from pathlib import Path
from typing import Any

import xlsxwriter

FORMS = Path(__file__).parents[2] / "surveys" / "forms"
VI = "Tiếng Việt (vi)"
EN = "English (en)"

Cells = dict[str, Any]
Sheets = dict[str, list[Cells]]


def counter_sheets() -> Sheets:
    """The rows of the counter form by sheet, each as {column: cell}."""
    source = tomllib.loads((FORMS / "counter.toml").read_text("utf-8"))
    return {
        name: [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
        for name, table in source.items()
    }


def labels(vi: str, en: str = "x") -> Cells:
    return {f"label::{VI}": vi, f"label::{EN}": en}


def row_of(sheets: Sheets, name: str, sheet: str = "survey") -> Cells:
    """The first row of that name, to be changed in place."""
    return next(row for row in sheets[sheet] if str(row["name"]) == name)


def workbook(sheets: Sheets) -> bytes:
    """The rows as .xlsx bytes; columns stand in the order in which they are first seen."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        columns = list(dict.fromkeys(column for row in rows for column in row))
        sheet.write_row(0, 0, columns)
        for number, row in enumerate(rows, start=1):
            for column, cell in row.items():
                if cell not in {"", None}:
                    sheet.write(number, columns.index(column), cell)
    book.close()
    return stream.getvalue()


# The five factors of the official questionnaire with as many items as it has; wording of our own.
SIPAS_ITEMS = {
    "access": ("I. Tiếp cận dịch vụ", ["Đủ ghế chờ", "Đủ trang thiết bị", "Thiết bị còn mới", "Thiết bị dễ dùng"]),
    "procedures": ("II. Thủ tục hành chính", ["Niêm yết đủ", "Niêm yết dễ đọc", "Giấy tờ đúng quy định", "Mức phí đúng quy định", "Thời hạn đúng quy định"]),
    "officials": ("III. Công chức trực tiếp giải quyết công việc", ["Nói năng lịch sự", "Biết lắng nghe", "Trả lời đủ ý", "Hướng dẫn kê khai tận tình", "Hướng dẫn dễ hiểu", "Làm đúng quy định"]),
    "result": ("IV. Kết quả cung ứng dịch vụ", ["Kết quả đúng quy định", "Kết quả đủ thông tin", "Kết quả chính xác"]),
    "feedback": ("V. Tiếp nhận, xử lý góp ý, phản ánh, kiến nghị", ["Có nơi góp ý", "Góp ý dễ dàng", "Góp ý được xử lý", "Được báo kết quả kịp thời"]),
}  # fmt: skip


def sipas_sheets() -> Sheets:
    """A form of 22 items in five groups, the overall rating last, and a question that skips."""
    sheets = counter_sheets()
    overall, reason, text = (row_of(sheets, one) for one in ("overall", "reasons", "reflection"))
    rows: list[Cells] = []
    number = 0
    for factor, (title, items) in SIPAS_ITEMS.items():
        rows.append({"type": "begin_group", "name": f"group_{factor}"} | labels(title))
        for item in items:
            number += 1
            asked = {"type": "select_one five_level", "name": f"q{number:02}", "required": "yes"}
            roles = {"bind::sipas:role": "factor", "bind::sipas:factor": factor}
            rows.append(asked | labels(f"{number}. {item}") | roles)
        rows.append({"type": "end_group", "name": ""})
    text["relevant"] = "${overall} <= 2"
    sheets["survey"] = [*rows, overall, text, reason]
    sheets["settings"][0] |= {"form_id": "sipas_household", "form_title": "Khảo sát hài lòng"}
    return sheets
