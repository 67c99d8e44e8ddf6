"""What is wrong with a form or with an answer, in sentences that a catalogue can translate."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Final

import msgspec

from surveys.errors import InputError, NotFoundError

Translate = Callable[[str], str]
MAX_PROBLEMS: Final = 100

# The name by which Babel finds msgids that are translated later, where the reader is known.
N_ = str

_PLACED = N_("{place}: {sentence}")
_ROW = N_("trang {sheet}, dòng {row}")
_SHEET = N_("trang {sheet}")
_QUESTION = N_("câu {name}")


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to mend in a form: where it stands, what is wrong, what to do."""

    text: str
    values: dict[str, str] = {}
    sheet: str = ""
    row: int = 0
    name: str = ""

    def told(self, translate: Translate = str) -> str:
        """The sentence with its place, in the language of `translate`."""
        sentence = translate(self.text).format(**self.values)
        place = ", ".join(self._place(translate))
        if not place:
            return sentence
        return translate(_PLACED).format(place=place, sentence=sentence)

    def _place(self, translate: Translate) -> Iterable[str]:
        if self.row:
            yield translate(_ROW).format(sheet=self.sheet, row=self.row)
        elif self.sheet:
            yield translate(_SHEET).format(sheet=self.sheet)
        if self.name:
            yield translate(_QUESTION).format(name=self.name)


class QuestionnaireError(InputError):
    """A form that cannot be used; `problems` lists everything to mend in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        # A sheet that is wrong in every cell is understood after the first few.
        self.problems = tuple(islice(problems, MAX_PROBLEMS))
        super().__init__(self.told())

    def told(self, translate: Translate = str) -> str:
        """All problems, one a line, in the language of `translate`."""
        return "\n".join(problem.told(translate) for problem in self.problems)


class UnknownVersionError(NotFoundError):
    """No published questionnaire answers to this id or key."""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One answer that was refused, and what would be taken instead."""

    question: str
    text: str
    values: dict[str, str] = {}

    def told(self, translate: Translate = str) -> str:
        """The sentence for the person who answers, in the language of `translate`."""
        sentence = translate(self.text).format(**self.values)
        if not self.question:
            return sentence
        return translate(_PLACED).format(place=self.question, sentence=sentence)


class AnswerError(InputError):
    """Answers that do not fit the questionnaire; `faults` has one entry a question."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(islice(faults, MAX_PROBLEMS))
        super().__init__(self.told())

    def told(self, translate: Translate = str) -> str:
        """All faults, one a line, in the language of `translate`."""
        return "\n".join(fault.told(translate) for fault in self.faults)
