"""What can be said of a form from its sheets alone, row by row, before it is converted."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from surveys.questionnaires.errors import N_, Problem
from surveys.questionnaires.workbooks import Row, Sheet

NAMESPACE: Final = "urn:sipas:xform"
TITLE_COLUMN: Final = "attribute::sipas:title_"
MAX_GROUP_DEPTH: Final = 5
MAX_NAME: Final = 40
MAX_TITLE: Final = 200

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_CHOICE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_LANGUAGE = re.compile(r".*\S \((?P<code>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\)")
_SELECT = re.compile(r"select_(?:one|multiple) (?P<list>\S+)")
_BEGIN = re.compile(r"begin[ _]group")
_END = re.compile(r"end[ _]group")
# Filled in by the device; they are in the XForm but no questions.
_METADATA: Final = frozenset(
    {"start", "end", "today", "deviceid", "username", "phonenumber", "email", "audit"}
)
_TRANSLATED: Final = ("label", "hint", "constraint_message", "required_message")
_NEEDED: Final = {
    "survey": ("type", "name"),
    "choices": ("list_name", "name"),
    "settings": ("form_id", "form_title", "default_language", "namespaces"),
}
_KNOWN: Final = {
    "survey": {
        *("type", "name", "required", "relevant", "constraint", "appearance", "default"),
        *("calculation", "readonly", "choice_filter", "parameters", "trigger", "repeat_count"),
        *("bind::sipas:role", "bind::sipas:factor"),
    },
    "settings": {
        *("form_id", "form_title", "default_language", "namespaces", "style", "instance_name"),
    },
}


def language_code(language: str) -> str:
    """The code of a language as columns name it: "vi" of "Tiếng Việt (vi)", else ""."""
    match = _LANGUAGE.fullmatch(language)
    return match["code"] if match else ""


def languages_of(sheets: Mapping[str, Sheet]) -> tuple[str, ...]:
    """Languages that the label and message columns of any sheet name, in order."""
    found = {
        column.partition("::")[2]: None
        for name in ("survey", "choices")
        for column in sheets[name].columns
        if column.startswith(tuple(f"{base}::" for base in _TRANSLATED))
    }
    return tuple(found)


def is_question(row: Row) -> bool:
    """Whether a row of the survey sheet asks something."""
    kind = row.cells.get("type", "")
    marks_group = _BEGIN.fullmatch(kind) or _END.fullmatch(kind)
    return bool(kind) and kind not in _METADATA and not marks_group


def check_sheets(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """Everything to mend that shows in the sheets; the first lacks stop the rest."""
    lacking = [*_missing_parts(sheets)]
    if lacking:
        return lacking
    return [
        *_language_problems(sheets),
        *_translation_problems(sheets),
        *_setting_problems(sheets),
        *_survey_problems(sheets),
        *_group_problems(sheets["survey"]),
        *_choice_problems(sheets["choices"]),
    ]


def unknown_columns(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """Columns that mean nothing here and are left out; not errors."""
    text = N_("Cột “{column}” không có nghĩa ở đây và được bỏ qua.")
    return [
        Problem(sheet=name, row=1, text=text, values={"column": column})
        for name, sheet in sheets.items()
        for column in sheet.columns
        if not is_known(name, column)
    ]


def is_known(sheet: str, column: str) -> bool:
    """Whether the converter is given this column."""
    base, mark, _ = column.partition("::")
    if sheet == "settings":
        return column in _KNOWN["settings"] or column.startswith(TITLE_COLUMN)
    if mark and base in {*_TRANSLATED, "guidance_hint", "media"}:
        return True
    # Extra columns of a choice travel into the XForm: that is how levels say what they mean.
    return column in _KNOWN["survey"] if sheet == "survey" else bool(_NAME.fullmatch(column))


def _missing_parts(sheets: Mapping[str, Sheet]) -> Iterator[Problem]:
    for name, columns in _NEEDED.items():
        if name not in sheets or not sheets[name].rows:
            text = N_("Thiếu trang “{sheet}” hoặc trang không có dòng nào; hãy thêm vào tệp.")
            yield Problem(sheet=name, text=text, values={"sheet": name})
            continue
        for column in columns:
            if column not in sheets[name].columns:
                text = N_("Thiếu cột “{column}”; hãy thêm cột này ở dòng đầu.")
                yield Problem(sheet=name, row=1, text=text, values={"column": column})


def _language_problems(sheets: Mapping[str, Sheet]) -> Iterator[Problem]:
    for name in ("survey", "choices"):
        for column in sheets[name].columns:
            base, _, language = column.partition("::")
            if base in _TRANSLATED and not language_code(language):
                text = N_("Cột “{column}” phải ghi ngôn ngữ và mã, như “label::Tiếng Việt (vi)”.")
                yield Problem(sheet=name, row=1, text=text, values={"column": column})
    languages = languages_of(sheets)
    for code, count in Counter(map(language_code, languages)).items():
        if code and count > 1:
            text = N_("Mã ngôn ngữ “{code}” được ghi bằng hai cách; hãy thống nhất tên cột.")
            yield Problem(sheet="survey", row=1, text=text, values={"code": code})
    default = sheets["settings"].rows[0].cells.get("default_language", "")
    if default not in languages:
        text = N_("default_language là “{default}” nhưng không có cột nào “label::{default}”.")
        yield Problem(sheet="settings", row=2, text=text, values={"default": default})


def _translation_problems(sheets: Mapping[str, Sheet]) -> Iterator[Problem]:
    languages = languages_of(sheets)
    for name in ("survey", "choices"):
        sheet = sheets[name]
        for base in _TRANSLATED:
            labels = base == "label"
            used = labels or any(column.startswith(f"{base}::") for column in sheet.columns)
            columns = [f"{base}::{language}" for language in languages]
            absent = [column for column in columns if used and column not in sheet.columns]
            for column in absent:
                text = N_("Thiếu cột “{column}”; phiếu phải đủ bản dịch cho mọi ngôn ngữ.")
                yield Problem(sheet=name, row=1, text=text, values={"column": column})
            present = [column for column in columns if column not in absent]
            for row in sheet.rows:
                needed = labels and (name == "choices" or is_question(row))
                yield from _untranslated(name, row, present, needed=needed)


def _untranslated(sheet: str, row: Row, columns: list[str], *, needed: bool) -> Iterator[Problem]:
    if not needed and not any(column in row.cells for column in columns):
        return
    for column in columns:
        if column not in row.cells:
            text = N_("Thiếu bản dịch ở cột “{column}”; hãy điền vào ô này.")
            name = row.cells.get("name", "")
            values = {"column": column}
            yield Problem(sheet=sheet, row=row.number, name=name, text=text, values=values)


def _setting_problems(sheets: Mapping[str, Sheet]) -> Iterator[Problem]:
    row, *more = sheets["settings"].rows
    if more:
        text = N_("Trang “settings” chỉ có một dòng dưới tiêu đề; hãy xóa dòng này.")
        yield Problem(sheet="settings", row=more[0].number, text=text)
    key = row.cells.get("form_id", "")
    if not _NAME.fullmatch(key) or len(key) > MAX_NAME:
        text = N_("form_id “{key}” phải gồm chữ thường không dấu, số, gạch dưới (như counter).")
        yield Problem(sheet="settings", row=row.number, text=text, values={"key": key})
    if f'sipas="{NAMESPACE}"' not in row.cells.get("namespaces", "").split():
        text = N_('Ô namespaces phải có sipas="{namespace}"; hãy chép nguyên văn.')
        values = {"namespace": NAMESPACE}
        yield Problem(sheet="settings", row=row.number, text=text, values=values)
    yield from _title_problems(row, languages_of(sheets))


def _title_problems(row: Row, languages: tuple[str, ...]) -> Iterator[Problem]:
    default = row.cells.get("default_language", "")
    others = {language_code(language) for language in languages if language != default} - {""}
    for column in ("form_title", *sorted(f"{TITLE_COLUMN}{code}" for code in others)):
        title = row.cells.get(column, "")
        if not 0 < len(title) <= MAX_TITLE:
            text = N_("Tên phiếu ở cột “{column}” phải có từ 1 đến {limit} ký tự; hãy sửa ô này.")
            values = {"column": column, "limit": str(MAX_TITLE)}
            yield Problem(sheet="settings", row=row.number, text=text, values=values)


def _survey_problems(sheets: Mapping[str, Sheet]) -> Iterator[Problem]:
    lists = {row.cells.get("list_name") for row in sheets["choices"].rows}
    seen: set[str] = set()
    for row in sheets["survey"].rows:
        kind, name = row.cells.get("type", ""), row.cells.get("name", "")
        if _END.fullmatch(kind):
            continue
        for text, values in _row_faults(kind, name, lists, seen):
            yield Problem(sheet="survey", row=row.number, name=name, text=text, values=values)
        seen.add(name)


def _row_faults(
    kind: str, name: str, lists: set[str | None], seen: set[str]
) -> Iterator[tuple[str, dict[str, str]]]:
    if not _NAME.fullmatch(name) or len(name) > MAX_NAME:
        text = N_("Tên “{name}” phải gồm chữ thường không dấu, số, gạch dưới, tối đa 40 ký tự.")
        yield text, {"name": name}
    elif name in seen:
        yield N_("Tên “{name}” đã dùng ở dòng trên; mỗi câu một tên riêng."), {"name": name}
    select = _SELECT.fullmatch(kind)
    if select and select["list"] not in lists:
        text = N_("Danh sách “{list}” không có ở trang “choices”; hãy thêm hoặc sửa tên.")
        yield text, {"list": select["list"]}
    plain = kind == "text" or kind in _METADATA or _BEGIN.fullmatch(kind)
    if not select and not plain:
        text = N_(
            "Loại câu “{kind}” không dùng được; hãy chọn select_one DANH_SÁCH, "
            "select_multiple DANH_SÁCH hoặc text."
        )
        yield text, {"kind": kind}


def _group_problems(survey: Sheet) -> Iterator[Problem]:
    depth = 0
    for row in survey.rows:
        kind = row.cells.get("type", "")
        depth += bool(_BEGIN.fullmatch(kind)) - bool(_END.fullmatch(kind))
        if depth < 0:
            yield Problem(sheet="survey", row=row.number, text=N_("end_group thừa; hãy xóa dòng."))
            return
        if depth > MAX_GROUP_DEPTH:
            text = N_("Nhóm lồng quá {limit} tầng; hãy bớt tầng.")
            values = {"limit": str(MAX_GROUP_DEPTH)}
            yield Problem(sheet="survey", row=row.number, text=text, values=values)
            return
    if depth:
        yield Problem(sheet="survey", text=N_("Thiếu end_group cho nhóm đã mở; hãy thêm dòng."))


def _choice_problems(choices: Sheet) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for row in choices.rows:
        list_name, name = row.cells.get("list_name", ""), row.cells.get("name", "")
        key = (list_name, name)
        values = {"list": list_name, "name": name}
        if not _NAME.fullmatch(list_name) or len(list_name) > MAX_NAME:
            text = N_("list_name “{list}” phải gồm chữ thường không dấu, số và gạch dưới.")
            yield Problem(sheet="choices", row=row.number, text=text, values=values)
        if not _CHOICE_NAME.fullmatch(name) or len(name) > MAX_NAME:
            text = N_("Mã lựa chọn “{name}” phải gồm chữ không dấu, số, gạch, không có dấu cách.")
            yield Problem(sheet="choices", row=row.number, text=text, values=values)
        if key in seen:
            text = N_("Lựa chọn “{name}” có hai lần trong danh sách “{list}”; hãy giữ một.")
            yield Problem(sheet="choices", row=row.number, text=text, values=values)
        seen.add(key)
