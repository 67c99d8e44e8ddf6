"""A questionnaire as data: scales, questions, and the items that answers are stored under."""

from typing import Literal

import msgspec

from surveys.questionnaires.conditions import Condition

NOT_APPLICABLE = 98
NO_ANSWER = 99
# A chosen option of a multiple choice is stored as this code of its own item.
CHOSEN = 1

Texts = dict[str, str]
Kind = Literal["scale", "choices", "text"]
Role = Literal["overall", "factor", "reason", "reflection"]


class Level(msgspec.Struct, frozen=True):
    """One step of a scale; a missing level leaves every denominator."""

    code: int
    labels: Texts
    satisfied: bool
    missing: bool


class Scale(msgspec.Struct, frozen=True):
    """Levels in the order in which they are shown."""

    name: str
    levels: tuple[Level, ...]


class Choice(msgspec.Struct, frozen=True):
    """One option of a multiple choice, an item of its own."""

    position: int
    name: str
    labels: Texts


class Question(msgspec.Struct, frozen=True):
    """One question; `factor` groups questions that measure the same factor.

    `group` is the label of the group in which the form shows it, for print.
    """

    position: int
    name: str
    kind: Kind
    role: Role
    labels: Texts
    hint: Texts = {}
    scale: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = False
    max_length: int = 0
    relevant: Condition | None = None
    factor: str = ""
    group: Texts = {}


class Questionnaire(msgspec.Struct, frozen=True):
    """A compiled form.

    `collect_only` lists what only ODK Collect can evaluate: a form where it is not empty must
    not be shown by our own pages.
    """

    key: str
    version: int
    title: Texts
    languages: tuple[str, ...]
    scales: dict[str, Scale]
    questions: tuple[Question, ...]
    collect_only: tuple[str, ...] = ()

    def __hash__(self) -> int:
        """Of the name only, so that a lookup of the same questionnaire costs nothing."""
        return hash((self.key, self.version))


class Item(msgspec.Struct, frozen=True):
    """What one stored answer refers to, and the codes that the database lets in for it."""

    position: int
    name: str
    role: Role
    allowed_codes: tuple[int, ...]
    factor: str = ""
    satisfied_codes: tuple[int, ...] = ()
    missing_codes: tuple[int, ...] = ()


class CompiledForm(msgspec.Struct, frozen=True):
    """A form ready to publish: its questionnaire, the XForm for OpenRosa, and its hash."""

    questionnaire: Questionnaire
    xml: bytes
    md5: str
    warnings: tuple[str, ...] = ()


def items(questionnaire: Questionnaire) -> tuple[Item, ...]:
    """Every item an answer can be stored under, by position; texts have none."""
    found: list[Item] = []
    for question in questionnaire.questions:
        if question.kind == "scale":
            found.append(_scale_item(question, questionnaire.scales[question.scale]))
        for choice in question.choices:
            name = f"{question.name}/{choice.name}"
            found.append(Item(choice.position, name, question.role, (CHOSEN,)))
    return tuple(found)


def _scale_item(question: Question, scale: Scale) -> Item:
    codes = {level.code for level in scale.levels}
    missing = {level.code for level in scale.levels if level.missing}
    if not question.required:
        # The form never shows this code: the program writes it for what was left blank.
        codes.add(NO_ANSWER)
        missing.add(NO_ANSWER)
    return Item(
        position=question.position,
        name=question.name,
        role=question.role,
        allowed_codes=tuple(sorted(codes)),
        factor=question.factor,
        satisfied_codes=tuple(sorted(x.code for x in scale.levels if x.satisfied)),
        missing_codes=tuple(sorted(missing)),
    )
