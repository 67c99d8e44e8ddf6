"""What operators send: the form of a sheet, and the decisions of an adjudicator."""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request

from app.forms import clean
from app.rendering import _
from surveys.paper import OUTCOME, Dispute, Keyed, SheetOutcome
from surveys.questionnaires import AnswerError, Question, Questionnaire, parse_form

Given = dict[str, list[str]]
# More than any question has options.
MOST_VALUES = 60
OTHER = "other"

# Marks texts that are translated where the reader is known.
N_ = str

OUTCOMES: dict[SheetOutcome, str] = {
    SheetOutcome.ANSWERS: N_("Có câu trả lời"),
    SheetOutcome.BLANK: N_("Phiếu trắng"),
    SheetOutcome.INCOMPLETE: N_("Thiếu câu bắt buộc"),
    SheetOutcome.ILLEGIBLE: N_("Không đọc được"),
    SheetOutcome.SPOILED: N_("Phiếu hỏng"),
}
CHOOSE = N_("Hãy chọn đúng như trên tờ phiếu.")


class ReadingError(Exception):
    """A form that cannot be taken yet; `faults` says what to mend, by field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__()


async def read_values(request: Request[Any, Any, Any]) -> Given:
    """Every value of a posted form by name."""
    form = await request.form()
    return {name: [clean(value) for value in form.getall(name)[:MOST_VALUES]] for name in form}


def outcome_in(given: Given, name: str = OUTCOME) -> SheetOutcome | None:
    """The outcome that was chosen, if it is one."""
    sent = given.get(name, [""])[0]
    return SheetOutcome(sent) if sent in set(SheetOutcome) else None


def keyed_in(given: Given, questionnaire: Questionnaire) -> Keyed:
    """What was keyed, as it is compared and kept; not checked yet."""
    outcome = outcome_in(given) or SheetOutcome.ANSWERS
    answers = parse_form(questionnaire, given) if outcome is SheetOutcome.ANSWERS else {}
    return Keyed(outcome, answers)


def shown_values(keyed: Keyed) -> Given:
    """Answers as the form shows them."""
    return {
        name: [str(one) for one in value] if isinstance(value, list) else [str(value)]
        for name, value in keyed.answers.items()
    }


def decided_in(given: Given, dispute: Dispute, questionnaire: Questionnaire) -> Keyed:
    """The sheet as the adjudicator read it.

    Raises
    ------
    ReadingError
        When a field on which the readings differ was not decided.
    """
    first = dispute.readings[0]
    outcome = outcome_in(given) if OUTCOME in dispute.fields else first.outcome
    if outcome is None:
        raise ReadingError({OUTCOME: _(CHOOSE)})
    if outcome is not SheetOutcome.ANSWERS:
        return Keyed(outcome)
    answers = {name: value for name, value in first.answers.items() if name not in dispute.fields}
    faults = {}
    for question in questionnaire.questions:
        if question.name in dispute.fields:
            chosen = given.get(f"pick-{question.name}", [""])[0]
            if chosen in {"1", "2"}:
                value = dispute.readings[int(chosen) - 1].answers.get(question.name)
            elif chosen == OTHER:
                value = _other(given, question, questionnaire)
            else:
                faults[question.name] = _(CHOOSE)
                continue
            answers |= {} if value is None else {question.name: value}
    if faults:
        raise ReadingError(faults)
    return Keyed(outcome, answers)


def told(error: AnswerError) -> dict[str, str]:
    """What is wrong with each question, without the name that programs give it."""
    return {
        fault.question: msgspec.structs.replace(fault, question="").told(_)
        for fault in error.faults
    }


def _other(given: Given, question: Question, questionnaire: Questionnaire) -> object:
    return parse_form(questionnaire, {question.name: given.get(question.name, [])}).get(
        question.name
    )
