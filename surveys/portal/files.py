"""A CSV file as rows of text, in whatever letters it was saved."""

import codecs
import csv
import unicodedata
from io import StringIO
from typing import Final

import msgspec

from surveys.accounts import FieldError
from surveys.portal.columns import known_names

N_ = str

MOST_BYTES: Final = 5_000_000
DELIMITERS: Final = ",;\t"
# The number that a spreadsheet shows, and the cells.
Line = tuple[int, list[str]]
# A title may stand above the header.
TOP_ROWS: Final = 10


class Sheet(msgspec.Struct, frozen=True):
    """The header, and the rows below it by the number that a spreadsheet shows."""

    headers: list[str]
    rows: list[tuple[int, list[str]]]
    encoding: str


def read_sheet(content: bytes) -> Sheet:
    """The rows of a file. Raises FieldError (file) when it is no CSV that can be read."""
    if not content.strip():
        raise FieldError("file", N_("Hãy chọn một tệp CSV có dữ liệu."))
    if len(content) > MOST_BYTES:
        raise FieldError("file", N_("Tệp quá lớn: tối đa 5 MB; hãy chia nhỏ."))
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise FieldError("file", N_("Đây là bảng tính; hãy lưu lại dạng CSV rồi nhập."))
    text, encoding = _decode(content)
    filled = max((_take_apart(text, mark) for mark in DELIMITERS), key=_fitness)
    if not filled:
        raise FieldError("file", N_("Hãy chọn một tệp CSV có dữ liệu."))
    top = _header(filled)
    below = [line for line in filled if line[0] > top[0]]
    if not below:
        raise FieldError("file", N_("Tệp chỉ có dòng tiêu đề, không có hàng nào."))
    return Sheet(top[1], below, encoding)


def _decode(content: bytes) -> tuple[str, str]:
    """The text and how it was saved: UTF-8, UTF-16, or the old Vietnamese Windows letters."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif content[1:200:2].count(0) > len(content[1:200:2]) // 3:
        candidates = ["utf-16-le"]
    elif content[0:200:2].count(0) > len(content[0:200:2]) // 3:
        candidates = ["utf-16-be"]
    else:
        candidates = ["utf-8-sig", "cp1258"]
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Windows' letters write tones apart; composed, they are the same words as everybody's.
        return unicodedata.normalize("NFC", text).replace("\0", ""), encoding
    text = N_("Không đọc được chữ trong tệp; trong Excel hãy lưu dạng «CSV UTF-8» rồi nhập lại.")
    raise FieldError("file", text)


def _take_apart(text: str, mark: str) -> list[Line]:
    """The rows that have any cell filled; none where this mark cannot take the text apart."""
    try:
        rows = csv.reader(StringIO(text, newline=""), delimiter=mark, strict=True)
        lines = [
            (number, [" ".join(cell.split(" ")).strip() for cell in row])
            for number, row in enumerate(rows, start=1)
        ]
    except csv.Error:
        return []
    return [(number, cells) for number, cells in lines if any(cells)]


def _header(filled: list[Line]) -> Line:
    """The row among the first that names the most columns that we know, else the fullest."""
    return max(filled[:TOP_ROWS], key=lambda line: (known_names(line[1]), sum(map(bool, line[1]))))


def _fitness(filled: list[Line]) -> tuple[int, int, int]:
    """How well a mark took the text apart: by the names in the header, then by even rows.

    A letter may hold more commas than the file has columns, so the widest row says nothing.
    """
    if not filled:
        return 0, 0, 0
    header = _header(filled)[1]
    even = sum(len(cells) == len(header) for _number, cells in filled) if len(header) > 1 else 0
    return known_names(header), even, len(header)
