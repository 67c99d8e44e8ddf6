"""The operator's own texts, uploaded as a CSV file with the columns `key` and `text`."""

import csv
import io
import string
from collections.abc import Mapping
from typing import Final

from surveys.accounts.errors import FieldError
from surveys.kiosks.records import N_

LONGEST: Final = 500
PRINTED: Final = 10

_ENCODING = N_("Tệp không phải UTF-8; trong Excel hãy lưu dạng «CSV UTF-8» rồi nhập lại.")
_HEADER = N_("Tệp phải có dòng tiêu đề với hai cột key và text.")
_ROWS = N_("Chưa ghi gì. Các hàng cần sửa: {rows}")
REASONS: Final = {
    "key": N_("không có khóa «{value}»"),
    "long": N_("văn bản dài hơn 500 ký tự"),
    "names": N_("phải có đúng các chỗ điền {value} như bản tiếng Việt"),
    "twice": N_("khóa «{value}» đã có ở hàng trên"),
}
ALONE: Final = {
    "key": N_("Không có khóa «{value}»; hãy chọn một khóa trong danh sách."),
    "long": N_("Lời dài hơn 500 ký tự; hãy viết ngắn hơn."),
    "names": N_("Hãy giữ đúng các chỗ điền {value} như bản tiếng Việt."),
}


class TextsError(FieldError):
    """Rows of a file of texts that cannot be taken; every one is told by its number."""

    def __init__(self, problems: list[tuple[int, str, str]]) -> None:
        self.problems = problems
        super().__init__("file", _ROWS, rows="")

    def told(self, translate: object = str) -> str:
        """The sentence with every row, in the language of `translate`."""
        say = translate if callable(translate) else str
        rows = [
            f"{line}: {say(REASONS[reason]).format(value=value)}"
            for line, reason, value in self.problems[:PRINTED]
        ]
        more = len(self.problems) - PRINTED
        told = "; ".join(rows) + (f"; … (+{more})" if more > 0 else "")
        return str(say(_ROWS).format(rows=told + "."))


def parse_texts(content: bytes, known: Mapping[str, str]) -> dict[str, str]:
    """Texts by key; an empty text is left out, so that the wider scope or the catalogue speaks.

    Raises
    ------
    FieldError
        The file cannot be read, or a row cannot be taken; nothing may then be stored.
    """
    try:
        lines = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FieldError("file", _ENCODING) from None
    delimiter = ";" if lines.partition("\n")[0].count(";") else ","
    reader = csv.DictReader(io.StringIO(lines.replace("\0", "")), delimiter=delimiter)
    if not {"key", "text"} <= {(name or "").strip() for name in reader.fieldnames or ()}:
        raise FieldError("file", _HEADER)
    texts: dict[str, str] = {}
    problems = []
    for line, row in enumerate(reader, start=2):
        key, text = (row.get("key") or "").strip(), (row.get("text") or "").strip()
        if not key and not text:
            continue
        if reason := _reason(key, text, known, texts):
            problems.append((line, *reason))
        texts[key] = text
    if problems:
        raise TextsError(problems)
    return {key: text for key, text in texts.items() if text}


def check_text(key: str, text: str, known: Mapping[str, str]) -> None:
    """Refuse a single text that cannot stand for its key. Raises FieldError."""
    if wrong := _reason(key, text, known, {}):
        reason, value = wrong
        raise FieldError("key" if reason == "key" else "text", ALONE[reason], value=value)


def _reason(
    key: str, text: str, known: Mapping[str, str], seen: Mapping[str, str]
) -> tuple[str, str] | None:
    if key not in known:
        return "key", key[:60]
    if key in seen:
        return "twice", key
    if len(text) > LONGEST:
        return "long", ""
    wanted = _places(known[key])
    if text and _places(text) != wanted:
        return "names", " ".join(sorted(f"{{{name}}}" for name in wanted)) or "–"
    return None


def _places(text: str) -> set[str]:
    try:
        return {name for _said, name, _spec, _kind in string.Formatter().parse(text) if name}
    except ValueError:
        return {"?"}
