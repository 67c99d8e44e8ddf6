"""An XLSForm, converted by pyxform and compiled from the XForm that comes out."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import ParseError

from surveys.questionnaires import expressions as xpath
from surveys.questionnaires.errors import N_, Problem, QuestionnaireError
from surveys.questionnaires.findings import Findings
from surveys.questionnaires.functions import UnknownFunctionError
from surveys.questionnaires.questions import Trees, questions_of
from surveys.questionnaires.records import CompiledForm, Question, Questionnaire
from surveys.questionnaires.scales import scale_of
from surveys.questionnaires.sheets import check_sheets, is_known, unknown_columns
from surveys.questionnaires.tokens import SyntaxFaultError
from surveys.questionnaires.workbooks import Sheet, read_workbook
from surveys.questionnaires.xforms import XForm, read_xform

MAX_ITEMS: Final = 300


def compile_form(xlsx: bytes, *, version: int = 1) -> CompiledForm:
    """The form of a workbook, ready to publish under `version`.

    Raises QuestionnaireError with everything that is to be mended.
    """
    sheets = read_workbook(xlsx)
    problems = check_sheets(sheets)
    if any(name not in sheets for name in ("survey", "choices", "settings")):
        raise QuestionnaireError(problems)
    try:
        xml, notes = _convert(sheets, version)
        form = read_xform(xml)
    except _CONVERTER_FAULTS as error:
        # What pyxform stumbles over is mostly told already, and with its row.
        raise QuestionnaireError(problems or [_told_by_converter(error)]) from error
    questionnaire = _questionnaire(form, version, Findings(sheets, problems))
    if problems:
        raise QuestionnaireError(problems)
    warnings = [*notes, *(column.told() for column in unknown_columns(sheets))]
    md5 = hashlib.md5(xml, usedforsecurity=False).hexdigest()
    return CompiledForm(questionnaire, xml, f"md5:{md5}", tuple(warnings))


class ConversionError(ValueError):
    """pyxform refused the form; carries its own words."""


# A converter for trusted authors: odd cells make it fail in many ways.
_CONVERTER_FAULTS: Final = (
    ConversionError,
    ParseError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


def _convert(sheets: Mapping[str, Sheet], version: int) -> tuple[bytes, list[str]]:
    # Takes a second to import, which no process that only checks answers should pay.
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    # Our own rows go in, not the file: what was read within limits is what is converted.
    definition = {name: _rows(name, sheet) for name, sheet in sheets.items()}
    definition |= {f"{name}_header": _header(name, sheet) for name, sheet in sheets.items()}
    for part in ("settings", "settings_header"):
        definition[part] = [definition[part][0] | {"version": str(version)}]
    notes: list[str] = []
    try:
        converted = convert(xlsform=definition, warnings=notes, form_name="data")
    except PyXFormError as error:
        raise ConversionError(str(error)) from error
    return converted.xform.encode(), notes


def _rows(name: str, sheet: Sheet) -> list[dict[str, str]]:
    last = sheet.rows[-1].number if sheet.rows else 1
    # Empty rows stay, so that row numbers in pyxform's messages are right.
    rows: list[dict[str, str]] = [{} for _ in range(2, last + 1)]
    for row in sheet.rows:
        rows[row.number - 2] = {c: text for c, text in row.cells.items() if is_known(name, c)}
    return [row for row in rows if row] if name == "settings" else rows


def _header(name: str, sheet: Sheet) -> list[dict[str, str]]:
    # The shape in which pyxform's own reader hands the columns on.
    return [dict.fromkeys((column for column in sheet.columns if is_known(name, column)), "")]


def _told_by_converter(error: Exception) -> Problem:
    text = N_("Không chuyển đổi được phiếu; pyxform báo: {message}")
    return Problem(text=text, values={"message": str(error) or type(error).__name__})


def _questionnaire(form: XForm, version: int, findings: Findings) -> Questionnaire:
    questions = questions_of(form, _trees(form, findings), findings)
    _check_roles(questions, findings)
    for key in sorted(form.dynamic_texts):
        name, _, column = key.rpartition("/")[2].partition(":")
        findings.only_collect(name, column or "label", "${…}")
    names = dict.fromkeys(question.scale for question in questions if question.scale)
    return Questionnaire(
        key=form.key,
        version=version,
        title=form.title,
        languages=form.languages,
        scales={name: scale_of(name, form.lists.get(name, ()), findings) for name in names},
        questions=questions,
        collect_only=tuple(dict.fromkeys(findings.collect_only)),
    )


def _trees(form: XForm, findings: Findings) -> Trees:
    trees: dict[tuple[str, str], xpath.Node] = {}
    for expression in form.expressions:
        name = expression.path.rpartition("/")[2]
        values = {"attribute": expression.attribute, "expression": expression.text.strip()[:200]}
        try:
            trees[expression.path, expression.attribute] = xpath.parse(expression.text)
        except SyntaxFaultError as error:
            text = N_(
                "Biểu thức ở cột {attribute} viết sai gần ký tự {at} (“{found}”): {expression}"
            )
            values |= {"at": str(error.at), "found": error.found}
            findings.of_question(name, text, **values)
        except UnknownFunctionError as error:
            text = N_(
                "Cột {attribute} gọi hàm {call} mà ODK không có, hoặc sai số tham số: {expression}"
            )
            findings.of_question(name, text, **values, call=str(error))
    return trees


def _check_roles(questions: tuple[Question, ...], findings: Findings) -> None:
    counts = Counter(question.role for question in questions)
    if counts["overall"] != 1:
        text = N_(
            "Phiếu phải có đúng một câu với vai trò overall (đang có {count}); "
            "hãy sửa cột bind::sipas:role."
        )
        findings.of_survey(text, count=str(counts["overall"]))
    if counts["reflection"] > 1:
        text = N_("Phiếu chỉ có một câu với vai trò reflection; hãy bỏ bớt.")
        findings.of_survey(text)
    for question in questions:
        if question.role == "overall" and (not question.required or question.relevant):
            text = N_("Câu đánh giá chung phải có required = yes và không có relevant.")
            findings.of_question(question.name, text)
    count = sum(1 + len(question.choices) for question in questions)
    if count > MAX_ITEMS:
        text = N_("Phiếu có {count} mục trả lời, nhiều nhất là {limit}; hãy rút gọn.")
        findings.of_survey(text, count=str(count), limit=str(MAX_ITEMS))
