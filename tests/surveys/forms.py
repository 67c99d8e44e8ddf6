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
