"""When a question is to be answered, said in words: paper cannot hide what is not asked."""

from collections.abc import Mapping

from app.rendering import _
from surveys.questionnaires import Question, Questionnaire
from surveys.questionnaires.conditions import (
    Compare,
    Condition,
    Every,
    Not,
    Selected,
    Some,
    holds,
)

SIGNS = {"!=": "≠", "<=": "≤", ">=": "≥"}


def condition_words(
    questionnaire: Questionnaire,
    condition: Condition | None,
    numbers: Mapping[str, str],
    said: str,
) -> str:
    """The sentence that stands above a question that not everybody answers; empty for others."""
    if condition is None:
        return ""
    teller = _Teller(questionnaire, numbers, said)
    return _("Chỉ trả lời nếu {condition}.", condition=teller.told(condition))


class _Teller:
    """Knows how the questions of one form are called on paper."""

    def __init__(self, questionnaire: Questionnaire, numbers: Mapping[str, str], said: str) -> None:
        self.questions = {question.name: question for question in questionnaire.questions}
        self.scales = questionnaire.scales
        self.numbers = numbers
        self.said = said

    def told(self, condition: Condition) -> str:
        names = _names(condition)
        if len(names) == 1:
            question = self.questions[next(iter(names))]
            if question.kind == "scale":
                return self.levels(question, condition)
        match condition:
            case Every(parts):
                return f" {_('và')} ".join(self.told(part) for part in parts)
            case Some(parts):
                return f" {_('hoặc')} ".join(self.told(part) for part in parts)
            case Not(part):
                return _("không phải là {condition}", condition=self.told(part))
            case Selected(name, option):
                label = self.option(self.questions[name], option)
                return _("{question} có chọn “{label}”", question=self.called(name), label=label)
            case Compare(name, comparison, value):
                return self.compared(name, comparison, value)

    def levels(self, question: Question, condition: Condition) -> str:
        """A condition on one answer of a scale, as the levels with which it holds."""
        chosen = [
            level.labels[self.said]
            for level in self.scales[question.scale].levels
            if holds(condition, {question.name: str(level.code)})
        ]
        called = self.called(question.name)
        if not chosen:
            return _("{question} để trống", question=called)
        either = f" {_('hoặc')} ".join(f"“{label}”" for label in chosen)
        return _("{question} là {levels}", question=called, levels=either)

    def compared(self, name: str, comparison: str, value: float | str) -> str:
        called = self.called(name)
        if value == "" and comparison == "=":
            return _("{question} để trống", question=called)
        if value == "" and comparison == "!=":
            return _("{question} có câu trả lời", question=called)
        shown = f"{value:g}" if isinstance(value, float) else f"“{value}”"
        return f"{called} {SIGNS.get(comparison, comparison)} {shown}"

    def option(self, question: Question, option: str) -> str:
        labels = {choice.name: choice.labels[self.said] for choice in question.choices}
        return labels.get(option, option)

    def called(self, name: str) -> str:
        if number := self.numbers.get(name):
            return _("câu {number}", number=number)
        return f"“{self.questions[name].labels[self.said]}”"


def _names(condition: Condition) -> set[str]:
    match condition:
        case Every(parts) | Some(parts):
            return set().union(*map(_names, parts))
        case Not(part):
            return _names(part)
        case Selected(question=name) | Compare(question=name):
            return {name}
