"""CSV files and workbooks as records: the number that a spreadsheet shows, and the cells."""

import codecs
import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Final, Self, TextIO

import fastexcel
import polars as pl

from surveys.register.errors import N_, ImportFileError, Sentence
from surveys.register.headers import EMPTY, Heading, find_heading
from surveys.register.sheets import Sheet

Record = tuple[int, list[str]]
# A title and a few empty rows may stand above the header.
HEADER_ROWS: Final = 20
DELIMITERS: Final = ",;\t"
# A record that csv cannot take apart is passed on as one cell that begins with this.
BROKEN: Final = "\N{REPLACEMENT CHARACTER}"

_MISSING = N_("Không tìm thấy tệp {file}; hãy kiểm tra đường dẫn.")
_UNREADABLE = N_("Không đọc được tệp {file}: {why}.")
_ENCODING = N_(
    "Tệp {file} không phải UTF-8 (dòng {line}); trong Excel hãy lưu dạng «CSV UTF-8» rồi nhập lại."
)
_UTF16 = N_("Tệp {file} là UTF-16; trong Excel hãy lưu dạng «CSV UTF-8» rồi nhập lại.")
_QUOTE = N_("Dấu ngoặc kép mở ở hàng {line} của tệp {file} không được đóng; hãy sửa hàng đó.")
_WORKBOOK = N_(
    "Không mở được bảng tính {file}; hãy lưu lại dạng .xlsx (không đặt mật khẩu) hoặc CSV UTF-8."
)
_SHEETS = N_("Chỉ đọc trang tính đầu tiên «{first}»; bỏ qua: {others}.")
_FORMULA = re.compile(r"Error\((\w+)\)")
_FORMULA_ERRORS = {"Div0": "#DIV/0!", "NA": "#N/A", "Name": "#NAME?", "Null": "#NULL!"} | {
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}


class Source:
    """A file whose header has been found; `records` reads it from the first row below."""

    def __init__(self, path: Path, sheet: Sheet) -> None:
        self.path = path
        self.notes: list[Sentence] = []
        self._table: pl.DataFrame | None = None
        self._delimiter = ","
        self.heading = self._find_workbook(sheet) if _is_workbook(path) else self._find_csv(sheet)

    def records(self) -> Iterator[Record]:
        """Every row below the header that has any cell filled."""
        for line, cells in islice(self._all(), self.heading.line, None):
            if any(cells):
                yield line, cells

    def _all(self) -> Iterator[Record]:
        if self._table is not None:
            return enumerate(map(list, self._table.iter_rows()), start=1)
        return _read_csv(self.path, self._delimiter)

    def _find_workbook(self, sheet: Sheet) -> Heading:
        self._table, note = _read_workbook(self.path)
        if note:
            self.notes.append(note)
        return find_heading(list(islice(self._all(), HEADER_ROWS)), sheet, self.path.name)

    def _find_csv(self, sheet: Sheet) -> Heading:
        _check_encoding(self.path)
        tops = {mark: _top_rows(self.path, mark) for mark in DELIMITERS}
        # The mark that takes the first rows apart into the most columns that we know.
        self._delimiter = max(tops, key=lambda mark: sheet.known_cells(tops[mark]))
        return find_heading(tops[self._delimiter], sheet, self.path.name)


def _is_workbook(path: Path) -> bool:
    """Whether the content, whatever the name, is a workbook: zip (XLSX, ODS) or OLE (XLS)."""
    with _readable(path), path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise ImportFileError(EMPTY, file=path.name)
    return start in {b"PK\x03\x04", b"\xd0\xcf\x11\xe0"}


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise ImportFileError(_MISSING, file=str(path)) from None
    except OSError as error:
        why = error.strerror or str(error)
        raise ImportFileError(_UNREADABLE, file=str(path), why=why) from error


def _check_encoding(path: Path) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    with _readable(path), path.open("rb") as file:
        while block := file.read(1 << 20):
            if line == 1 and block[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
                raise ImportFileError(_UTF16, file=path.name)
            line = _decode(decoder, block, line, path)
        _decode(decoder, b"", line, path, final=True)


def _decode(
    decoder: codecs.IncrementalDecoder, block: bytes, line: int, path: Path, *, final: bool = False
) -> int:
    """Line number after a block of bytes that must be UTF-8."""
    try:
        decoder.decode(block, final=final)
    except UnicodeDecodeError as error:
        line += error.object[: error.start].count(b"\n")
        raise ImportFileError(_ENCODING, file=path.name, line=str(line)) from error
    return line + block.count(b"\n")


def _top_rows(path: Path, delimiter: str) -> list[Record]:
    rows: list[Record] = []
    # A wrong delimiter may see an open quotation mark where there is none.
    with suppress(ImportFileError):
        rows.extend(islice(_read_csv(path, delimiter), HEADER_ROWS))
    return rows


def _read_csv(path: Path, delimiter: str) -> Iterator[Record]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        line = 0
        while True:
            line += 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                if "expected after" not in str(error):
                    raise ImportFileError(_QUOTE, file=path.name, line=str(line)) from error
                cells = [BROKEN + lines.last.rstrip("\r\n")]
            if cells is None:
                return
            yield line, cells


class _Lines:
    """The lines of a file, and the one that was read last."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.last = ""

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        self.last = next(self._file)
        return self.last


def _read_workbook(path: Path) -> tuple[pl.DataFrame, Sentence | None]:
    """Every cell of the first sheet as text, formula errors as their own signs."""
    try:
        book = fastexcel.read_excel(path)
        sheet = book.load_sheet(0, header_row=None, skip_rows=0, dtypes="string")
        batch, errors = sheet.to_arrow_with_errors()
    except fastexcel.FastExcelError as error:
        raise ImportFileError(_WORKBOOK, file=path.name) from error
    if not batch.num_columns:
        raise ImportFileError(EMPTY, file=path.name)
    table = _mark_errors(pl.DataFrame(pl.from_arrow(batch)).fill_null(""), errors)
    if not (others := book.sheet_names[1:]):
        return table, None
    first = book.sheet_names[0]
    return table, Sentence(_SHEETS, {"first": first, "others": ", ".join(others)})


def _mark_errors(table: pl.DataFrame, errors: fastexcel.CellErrors | None) -> pl.DataFrame:
    signs: dict[int, dict[int, str]] = defaultdict(dict)
    for found in errors.errors if errors else ():
        row, column = found.offset_position
        sign = _FORMULA.search(found.detail)
        signs[column][row] = _FORMULA_ERRORS.get(sign[1], "#N/A") if sign else "#N/A"
    return table.with_columns(
        table.to_series(column).scatter(list(rows), list(rows.values()))
        for column, rows in signs.items()
    )
