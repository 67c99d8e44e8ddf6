"""The forms that come with the program, from readable tables to workbooks.

    python -m surveys.questionnaires.authoring surveys/forms

writes the .xlsx beside every .toml of the folder. The .toml is what is reviewed and edited
here; an office edits its own copy of the .xlsx and never needs this.
"""

import io
import sys
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter

# A fixed date keeps the bytes the same from one run to the next.
_CREATED: Final = datetime(2026, 1, 1)  # noqa: DTZ001 - xlsx times have no zone
_WIDE: Final = ("label", "hint", "constraint", "required", "form_title", "attribute")


def build_workbook(source: str) -> bytes:
    """The XLSForm that a TOML text describes: one table a sheet, with `columns` and `rows`."""
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True})
    workbook.set_properties({"created": _CREATED, "author": "SIPAS"})
    heading = workbook.add_format({"bold": True, "bg_color": "#DCE6F1", "text_wrap": True})
    body = workbook.add_format({"text_wrap": True, "valign": "top"})
    for name, table in tomllib.loads(source).items():
        sheet = workbook.add_worksheet(name)
        sheet.freeze_panes(1, 2)
        _write_table(sheet, table, heading, body)
    workbook.close()
    return stream.getvalue()


def _write_table(sheet: Any, table: dict[str, list[Any]], heading: Any, body: Any) -> None:
    for number, column in enumerate(table["columns"]):
        sheet.write(0, number, column, heading)
        sheet.set_column(number, number, 40 if column.startswith(_WIDE) else 18)
    for number, row in enumerate(table["rows"], start=1):
        for column, cell in enumerate(row):
            if cell != "":
                sheet.write(number, column, cell, body)


def main(folder: Path) -> None:
    """Write the workbook of every form in the folder."""
    for source in sorted(folder.glob("*.toml")):
        source.with_suffix(".xlsx").write_bytes(build_workbook(source.read_text("utf-8")))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
