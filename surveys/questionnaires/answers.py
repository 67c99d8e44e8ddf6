"""Answers checked against a questionnaire: pure, and fast enough for every request."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import msgspec

from surveys.questionnaires.conditions import Condition, holds
from surveys.questionnaires.errors import N_, AnswerError, Fault
from surveys.questionnaires.records import (
    CHOSEN,
    NO_ANSWER,
    Question,
    Questionnaire,
    items,
)

Answers = Mapping[str, object]
FormValues = Mapping[str, str | list[str]]
Row = tuple[int, int]

_LINE_END = re.compile("\r\n?|[\x85\u2028\u2029]")
# Control characters, lone surrogates (no UTF-8), marks that reverse the text after them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_CODE = re.compile(r"0|[1-9][0-9]?", re.ASCII)
# Marks typed one by one make one letter of four at most; longer input is refused unread.
_MARKS_A_LETTER: Final = 4


class CheckedAnswers(msgspec.Struct, frozen=True):
    """Answers as they are stored.

    `codes` holds (item position, code), by position, each item once; `chosen` the names of the
    chosen options as "question/option"; `text` what was written, or None.
    """

    codes: tuple[Row, ...]
    chosen: tuple[str, ...]
    text: str | None


@dataclass(frozen=True)
class _Lookup:
    """A questionnaire turned round: from what people send to what is stored."""

    levels: dict[str, dict[int, Row]]
    options: dict[str, dict[str, Row]]
    texts: dict[str, int]
    option_names: dict[int, str]
    owners: dict[int, str]
    required: tuple[Question, ...]
    conditional: tuple[tuple[str, Condition], ...]


@lru_cache(maxsize=64)
def _lookup(questionnaire: Questionnaire) -> _Lookup:
    questions = questionnaire.questions
    allowed = {item.position: item.allowed_codes for item in items(questionnaire)}
    return _Lookup(
        levels={
            question.name: {code: (question.position, code) for code in allowed[question.position]}
            for question in questions
            if question.kind == "scale"
        },
        options={
            question.name: {choice.name: (choice.position, CHOSEN) for choice in question.choices}
            for question in questions
            if question.kind == "choices"
        },
        texts={q.name: q.max_length for q in questions if q.kind == "text"},
        option_names={
            choice.position: f"{question.name}/{choice.name}"
            for question in questions
            for choice in question.choices
        },
        owners={
            position: question.name for question in questions for position in _positions(question)
        },
        required=tuple(question for question in questions if question.required),
        conditional=tuple((q.name, q.relevant) for q in questions if q.relevant is not None),
    )


def check_answers(
    questionnaire: Questionnaire, answers: Answers, *, complete: bool = True
) -> CheckedAnswers:
    """The answers as item codes and text; answers to questions that were not asked fall away.

    With `complete=False` they may be a part that follows a rating already given: nothing is
    required then, and nothing falls away. Raises AnswerError.
    """
    lookup = _lookup(questionnaire)
    rows: list[Row] = []
    text: str | None = None
    faults: list[Fault] = []
    for name, value in answers.items():
        if name in lookup.texts:
            text = _text(name, value, lookup.texts[name], faults)
        else:
            rows += _rows(name, value, lookup, faults)
    if complete and not faults:
        rows, text = _completed(lookup, rows, text, faults)
    if faults:
        raise AnswerError(faults)
    rows.sort()
    names = lookup.option_names
    return CheckedAnswers(tuple(rows), tuple([names[at] for at, _ in rows if at in names]), text)


def parse_form(questionnaire: Questionnaire, form: FormValues) -> dict[str, object]:
    """The fields of a posted HTML form as answers for `check_answers`.

    Fields that are no questions are left out, blank ones too; what cannot be read stays as it
    was sent, so that the check names it.
    """
    answers: dict[str, object] = {}
    for question in questionnaire.questions:
        sent = form.get(question.name, [])
        values = [value for value in ([sent] if isinstance(sent, str) else sent) if value.strip()]
        if question.kind == "choices" and values:
            answers[question.name] = values
        elif len(values) == 1:
            code = question.kind == "scale" and _CODE.fullmatch(values[0])
            answers[question.name] = int(values[0]) if code else values[0]
        elif values:
            answers[question.name] = values
    return answers


def _positions(question: Question) -> Iterable[int]:
    return (question.position, *(choice.position for choice in question.choices))


def _rows(name: str, value: object, lookup: _Lookup, faults: list[Fault]) -> Iterable[Row]:
    levels = lookup.levels.get(name)
    if levels is not None:
        # True is an int and 5.0 equals 5; neither is a code that anyone sent on purpose.
        row = levels.get(value) if type(value) is int else None
        if row is not None:
            return (row,)
        faults.append(_code_fault(name, levels))
    elif name in lookup.options:
        chosen = _chosen(value, lookup.options[name])
        if chosen is not None:
            return chosen
        faults.append(_option_fault(name, lookup.options[name]))
    else:
        faults.append(_unknown_fault(name, lookup))
    return ()


def _chosen(value: object, options: dict[str, Row]) -> list[Row] | None:
    if not isinstance(value, list | tuple) or len(value) > len(options):
        return None
    rows = [options[name] for name in value if isinstance(name, str) and name in options]
    return rows if len(set(rows)) == len(value) else None


def _text(name: str, value: object, limit: int, faults: list[Fault]) -> str | None:
    if not isinstance(value, str):
        faults.append(Fault(question=name, text=N_("Nội dung phải là chữ.")))
        return None
    if len(value) <= limit * _MARKS_A_LETTER:
        text = clean_text(value)
        if len(text) <= limit:
            return text or None
    too_long = N_("Nội dung dài quá {limit} ký tự; hãy rút gọn.")
    faults.append(Fault(question=name, text=too_long, values={"limit": str(limit)}))
    return None


def clean_text(text: str) -> str:
    """What was written, in NFC, without control characters and blank ends."""
    if not text.isprintable():
        text = _UNWANTED.sub("", _LINE_END.sub("\n", text))
    return unicodedata.normalize("NFC", text).strip()


def _completed(
    lookup: _Lookup, rows: list[Row], text: str | None, faults: list[Fault]
) -> tuple[list[Row], str | None]:
    not_asked = _not_asked(lookup, rows, text) if lookup.conditional else frozenset()
    if not_asked:
        rows = [row for row in rows if lookup.owners[row[0]] not in not_asked]
        text = None if not_asked.intersection(lookup.texts) else text
    faults.extend(_lacking(lookup, rows, text, not_asked))
    return rows, text


def _not_asked(lookup: _Lookup, rows: list[Row], text: str | None) -> frozenset[str]:
    values: dict[str, str] = dict.fromkeys(lookup.texts, text or "")
    for position, code in sorted(rows):
        owner = lookup.owners[position]
        if position in lookup.option_names:
            option = lookup.option_names[position].partition("/")[2]
            values[owner] = f"{values.get(owner, '')} {option}".strip()
        elif code != NO_ANSWER:
            values[owner] = str(code)
    dropped: set[str] = set()
    # A condition looks only at questions before its own, so one pass in order is enough.
    for name, condition in lookup.conditional:
        if not holds(condition, values):
            values.pop(name, None)
            dropped.add(name)
    return frozenset(dropped)


def _lacking(
    lookup: _Lookup, rows: list[Row], text: str | None, not_asked: frozenset[str]
) -> Iterable[Fault]:
    answered = {lookup.owners[position] for position, _ in rows}
    for question in lookup.required:
        given = text is not None if question.kind == "text" else question.name in answered
        if not given and question.name not in not_asked:
            yield Fault(question=question.name, text=N_("Câu này cần có câu trả lời."))


def _code_fault(name: str, levels: Iterable[int]) -> Fault:
    text = N_("Câu trả lời không thuộc thang đo; hãy gửi một số trong các mã {codes}.")
    return Fault(question=name, text=text, values={"codes": ", ".join(map(str, levels))})


def _option_fault(name: str, options: Iterable[str]) -> Fault:
    text = N_(
        "Lựa chọn không có trong danh sách; hãy gửi danh sách các mã, mỗi mã một lần: {codes}."
    )
    return Fault(question=name, text=text, values={"codes": ", ".join(options)})


def _unknown_fault(name: str, lookup: _Lookup) -> Fault:
    text = N_("Phiếu không có câu này; các câu là {names}.")
    names = ", ".join((*lookup.levels, *lookup.options, *lookup.texts))
    shown = "".join(filter(str.isprintable, name[:40]))
    return Fault(question=shown, text=text, values={"names": names})
