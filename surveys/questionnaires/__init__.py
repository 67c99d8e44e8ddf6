"""XLSForm → compiled questionnaire, its versions, and the check of answers against it.

`compilation` turns a workbook into a form, `records` says what a questionnaire is, `answers`
checks what people send, `versions` publishes and loads. docs/questionnaire.md is for authors.
"""

from surveys.questionnaires.answers import CheckedAnswers, check_answers, parse_form
from surveys.questionnaires.compilation import compile_form
from surveys.questionnaires.errors import AnswerError, QuestionnaireError, UnknownVersionError
from surveys.questionnaires.records import (
    NO_ANSWER,
    NOT_APPLICABLE,
    CompiledForm,
    Item,
    Level,
    Question,
    Questionnaire,
    Scale,
    items,
)
from surveys.questionnaires.versions import (
    current_version,
    list_versions,
    load_questionnaire,
    publish_form,
)

__all__ = [
    "NOT_APPLICABLE",
    "NO_ANSWER",
    "AnswerError",
    "CheckedAnswers",
    "CompiledForm",
    "Item",
    "Level",
    "Question",
    "Questionnaire",
    "QuestionnaireError",
    "Scale",
    "UnknownVersionError",
    "check_answers",
    "compile_form",
    "current_version",
    "items",
    "list_versions",
    "load_questionnaire",
    "parse_form",
    "publish_form",
]
