"""Two readings of one sheet compared, field by field: pure."""

from typing import Any

from surveys.paper.records import Keyed
from surveys.questionnaires import Question, Questionnaire

OUTCOME = "outcome"


def fields_of(questionnaire: Questionnaire) -> tuple[str, ...]:
    """What counts as one keyed field: the outcome, and each question."""
    return (OUTCOME, *(question.name for question in questionnaire.questions))


def differences(questionnaire: Questionnaire, one: Keyed, other: Keyed) -> tuple[str, ...]:
    """The fields in which two readings differ, in the order of the sheet.

    The order of ticked boxes, blanks and capitals in what was written by hand make no
    difference.
    """
    outcome = (OUTCOME,) if one.outcome != other.outcome else ()
    return outcome + tuple(
        question.name
        for question in questionnaire.questions
        if _plain(question, one) != _plain(question, other)
    )


def _plain(question: Question, reading: Keyed) -> Any:
    value = reading.answers.get(question.name)
    if question.kind == "choices":
        return sorted(value or ())
    if question.kind == "text":
        return " ".join(str(value or "").split()).casefold()
    return value
