"""Tables as CSV files that spreadsheets open without harm."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any

Value = str | int | float | None


def as_csv(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows as CSV in UTF-8 with a mark at the start, without which Excel garbles the letters."""
    text = StringIO(newline="")
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(_safe(row) for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _safe(row: Mapping[str, Any]) -> dict[str, Any]:
    # A name that begins like a formula would be run by the spreadsheet that opens the file.
    return {
        name: f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t" and value else value
        for name, value in row.items()
    }
