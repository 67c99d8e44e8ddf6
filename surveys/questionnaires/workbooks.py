"""An .xlsx file as rows of text, read within limits: it comes from outside."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from surveys.questionnaires.errors import N_, Problem, QuestionnaireError

MAX_FILE_BYTES: Final = 2 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 8 * 1024 * 1024
MAX_PARTS: Final = 500
MAX_ROWS: Final = 1000
MAX_COLUMNS: Final = 100
MAX_CELL_LENGTH: Final = 4000
SHEETS: Final = ("survey", "choices", "settings")

_FORMULA_ERRORS: Final = frozenset(
    {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#SPILL!", "#VALUE!"}
)

# What zipfile, zlib and openpyxl raise on damaged or hostile bytes.
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True)
class Row:
    """The filled cells of one row by column header, and its number in the sheet."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """Headers in order, and the rows that have anything in them."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_workbook(xlsx: bytes) -> dict[str, Sheet]:
    """The sheets survey, choices and settings, as far as they are there.

    Raises QuestionnaireError where the bytes are no workbook, or a far too large one.
    """
    _check_size(xlsx)
    try:
        _check_parts(xlsx)
        return dict(_sheets(xlsx))
    except QuestionnaireError:
        raise
    except _UNREADABLE as error:
        text = N_("Tệp không phải là bảng tính .xlsx đọc được ({error}); hãy lưu lại từ Excel.")
        values = {"error": type(error).__name__}
        raise QuestionnaireError([Problem(text=text, values=values)]) from error


def _refuse(text: str, **values: str) -> QuestionnaireError:
    return QuestionnaireError([Problem(text=text, values=values)])


def _check_size(xlsx: bytes) -> None:
    if not xlsx:
        raise _refuse(N_("Tệp rỗng; hãy chọn tệp .xlsx của phiếu hỏi."))
    if len(xlsx) > MAX_FILE_BYTES:
        limit = f"{MAX_FILE_BYTES // 1024**2} MB"
        raise _refuse(N_("Tệp lớn hơn {limit}; hãy bỏ hình ảnh và trang thừa."), limit=limit)


def _check_parts(xlsx: bytes) -> None:
    # zipfile never unpacks more of a part than its directory declares, so the sum is a bound.
    with zipfile.ZipFile(io.BytesIO(xlsx)) as archive:
        parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED_BYTES:
        limit = f"{MAX_UNPACKED_BYTES // 1024**2} MB"
        text = N_("Tệp giải nén ra lớn hơn {limit}; hãy chép phiếu sang một tệp mới.")
        raise _refuse(text, limit=limit)


def _sheets(xlsx: bytes) -> Iterator[tuple[str, Sheet]]:
    # Takes a third of a second to import, which no process that only checks answers should pay.
    from openpyxl.reader.excel import load_workbook

    workbook = load_workbook(io.BytesIO(xlsx), read_only=True, data_only=True)
    try:
        for sheet in workbook.worksheets:
            name = sheet.title.strip().lower()
            if name in SHEETS:
                yield name, _sheet(name, sheet)
    finally:
        workbook.close()


def _sheet(name: str, sheet: Any) -> Sheet:
    # One more than allowed, so that what lies beyond the limit is refused and not cut off.
    rows = sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS + 1, values_only=True)
    header = [_text(value) for value in next(rows, ())]
    columns = tuple(" ".join(cell.split()) for cell in header)
    problems = [*_column_problems(name, columns)]
    filled: list[Row] = []
    for number, values in enumerate(rows, start=2):
        texts = [_text(value) for value in values]
        cells = {c: t for c, t in zip(columns, texts, strict=False) if c and t}
        if cells:
            filled.append(Row(number, cells))
        problems += _row_problems(name, number, columns, texts)
    if problems:
        raise QuestionnaireError(problems)
    return Sheet(tuple(filter(None, columns)), tuple(filled))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).replace("\u00a0", " ").strip()


def _column_problems(sheet: str, columns: tuple[str, ...]) -> Iterator[Problem]:
    if len(columns) > MAX_COLUMNS and columns[MAX_COLUMNS]:
        text = N_("Trang có hơn {limit} cột; hãy xóa các cột thừa.")
        yield Problem(sheet=sheet, text=text, values={"limit": str(MAX_COLUMNS)})
    for column in sorted({c for c in columns if c and columns.count(c) > 1}):
        text = N_("Cột “{column}” có hai lần; hãy giữ một cột.")
        yield Problem(sheet=sheet, row=1, text=text, values={"column": column})


def _row_problems(
    sheet: str, number: int, columns: tuple[str, ...], texts: list[str]
) -> Iterator[Problem]:
    if number > MAX_ROWS and any(texts):
        text = N_("Trang có hơn {limit} dòng; hãy xóa các dòng thừa.")
        yield Problem(sheet=sheet, row=number, text=text, values={"limit": str(MAX_ROWS)})
    for column, cell in zip(columns, texts, strict=False):
        if len(cell) > MAX_CELL_LENGTH:
            text = N_("Ô ở cột “{column}” dài hơn {limit} ký tự; hãy rút ngắn.")
            values = {"column": column, "limit": str(MAX_CELL_LENGTH)}
            yield Problem(sheet=sheet, row=number, text=text, values=values)
        if cell in _FORMULA_ERRORS:
            text = N_("Ô ở cột “{column}” có lỗi công thức {cell}; hãy viết lại.")
            values = {"column": column, "cell": cell}
            yield Problem(sheet=sheet, row=number, text=text, values=values)
