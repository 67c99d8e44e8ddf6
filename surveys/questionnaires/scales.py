"""Scales out of choice lists: codes, what counts as satisfied, what leaves the denominator."""

from typing import Final

from surveys.questionnaires.errors import N_
from surveys.questionnaires.findings import Findings
from surveys.questionnaires.records import Level, Scale
from surveys.questionnaires.xforms import Option

# Codes from here to 99 are answers that do not count: 98 not applicable, 99 no answer.
FIRST_MISSING: Final = 90
LAST_CODE: Final = 99


def scale_of(name: str, options: tuple[Option, ...], findings: Findings) -> Scale:
    """The choice list as a scale; what is wrong with it goes to `findings`."""
    read = [_level(name, option, findings) for option in options]
    levels = tuple(level for level in read if level is not None)
    scale = Scale(name, levels)
    if len(levels) == len(options):
        _check_whole(scale, findings)
    return scale


def _level(name: str, option: Option, findings: Findings) -> Level | None:
    code = int(option.name) if option.name.isascii() and option.name.isdecimal() else -1
    if not 0 <= code <= LAST_CODE or str(code) != option.name:
        text = N_("Mã “{choice}” của thang “{list}” phải là số nguyên từ 0 đến 99, như 1, 2, 3.")
        findings.of_choice(name, option.name, text)
        return None
    satisfied = _flag(name, option, "satisfied", findings)
    missing = _flag(name, option, "missing", findings)
    if missing != (code >= FIRST_MISSING):
        text = N_(
            "Mã {choice}: các mã 90–99 dành cho trả lời không tính (98 không áp dụng, 99 không "
            "trả lời) và chỉ chúng có missing = 1; hãy sửa mã hoặc cột missing."
        )
        findings.of_choice(name, option.name, text)
    if missing and satisfied:
        text = N_("Mã {choice} vừa satisfied = 1 vừa missing = 1; hãy bỏ một trong hai.")
        findings.of_choice(name, option.name, text)
    return Level(code, option.labels, satisfied, missing)


def _flag(name: str, option: Option, column: str, findings: Findings) -> bool:
    value = option.columns.get(column, "")
    if value not in {"", "0", "1"}:
        text = N_("Cột {column} của mã {choice} là “{value}”; hãy ghi 1 hoặc 0.")
        findings.of_choice(name, option.name, text, column=column, value=value)
    return value == "1"


def _check_whole(scale: Scale, findings: Findings) -> None:
    counted = [level for level in scale.levels if not level.missing]
    if len({level.satisfied for level in counted}) != 2:
        text = N_(
            "Thang “{list}” phải có ít nhất một mức satisfied = 1 và một mức satisfied = 0; "
            "hãy điền cột satisfied ở trang choices."
        )
        findings.of_choice(scale.name, "", text)
