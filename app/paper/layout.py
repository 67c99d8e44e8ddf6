"""A questionnaire laid out for paper: numbered questions, tables of the same scale, keys to type.

The same blocks are printed and shown at the desk, so that the eye finds on the screen what it
sees on the sheet.
"""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from app.paper.conditions import condition_words
from app.rendering import language
from surveys.questionnaires import Question, Questionnaire, Scale

# What is pressed for each option of a multiple choice.
CHOICE_KEYS: Final = "123456789abcdefghijklmnopqrstuvwyz"
_NUMBERED = re.compile(r"\d+[.)]\s")

Block = dict[str, Any]


def lay_out(questionnaire: Questionnaire) -> list[Block]:
    """The blocks of a form in order: `matrix`, `scale`, `choices`, `text`.

    Every block has a `heading` where its group begins, and the `condition` in words.
    """
    said = _language(questionnaire)
    names = numbers_of(questionnaire)
    blocks: list[Block] = []
    heading = ""
    for (group, _scale, _condition), run in groupby(questionnaire.questions, _together):
        for questions in _runs(list(run)):
            block = _block(questionnaire, questions, names, said)
            new = dict(group).get(said, "") if group else ""
            blocks.append(block | {"heading": new if new != heading else ""})
            heading = new
    return blocks


def numbers_of(questionnaire: Questionnaire) -> dict[str, str]:
    """The number of each question on paper; none where the form's own texts bring numbers."""
    said = _language(questionnaire)
    questions = questionnaire.questions
    if any(_NUMBERED.match(question.labels[said]) for question in questions):
        return {}
    return {question.name: str(place) for place, question in enumerate(questions, 1)}


def keys_of(scale: Scale) -> list[str]:
    """What is pressed for each level: the last digit of its code, or its place if two share one."""
    keys = [str(level.code % 10) for level in scale.levels]
    if len(set(keys)) == len(keys):
        return keys
    return list(CHOICE_KEYS[: len(keys)])


def _language(questionnaire: Questionnaire) -> str:
    chosen = language.get()
    return chosen if chosen in questionnaire.languages else questionnaire.languages[0]


def _together(question: Question) -> tuple[Any, ...]:
    return tuple(sorted(question.group.items())), question.scale, question.relevant


def _runs(questions: list[Question]) -> list[list[Question]]:
    """Questions of one scale stay together as a table, but the overall rating stands alone."""
    if questions[0].kind != "scale":
        return [[question] for question in questions]
    alone = [[question] for question in questions if question.role == "overall"]
    rest = [question for question in questions if question.role != "overall"]
    before = bool(alone) and questions[0].role == "overall"
    runs = [*alone, rest] if before else [rest, *alone]
    return [run for run in runs if run]


def _block(
    questionnaire: Questionnaire, questions: Sequence[Question], names: dict[str, str], said: str
) -> Block:
    first = questions[0]
    scale = questionnaire.scales.get(first.scale)
    asked = [_asked(question, names, said) for question in questions]
    condition = condition_words(questionnaire, first.relevant, names, said)
    block: Block = {"condition": condition, "questions": asked}
    if scale is None:
        return block | {"kind": first.kind}
    levels = [
        {"code": level.code, "label": level.labels[said], "key": key, "missing": level.missing}
        for level, key in zip(scale.levels, keys_of(scale), strict=True)
    ]
    kind = "matrix" if len(questions) > 1 else "scale"
    return block | {"kind": kind, "levels": levels}


def _asked(question: Question, names: dict[str, str], said: str) -> Block:
    return {
        "name": question.name,
        "number": names.get(question.name, ""),
        "label": question.labels[said],
        "hint": question.hint.get(said, ""),
        "max_length": question.max_length,
        "choices": [
            {"name": choice.name, "label": choice.labels[said], "key": key}
            for choice, key in zip(question.choices, CHOICE_KEYS, strict=False)
        ],
    }
