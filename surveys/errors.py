"""What can go wrong in the domain. Each message tells its reader what to do."""

from collections.abc import Callable

# The name by which Babel finds msgids that are translated later, where the reader is known.
N_ = str

Translate = Callable[[str], str]


class DomainError(Exception):
    """Base of all domain errors; `str()` of it is fit for the person who caused it.

    Values are kept apart from the text, for a text that is filled in is in no catalogue. `code`
    is the word by which a program tells one refusal from another.
    """

    code: str = ""

    def __init__(self, text: str = "", **values: object) -> None:
        self._text = text
        self._values = values
        super().__init__(text.format(**values) if values else text)

    def told(self, translate: Translate = str) -> str:
        """The message in the language of `translate`."""
        said = translate(self._text)
        return said.format(**self._values) if self._values else said


class NotFoundError(DomainError):
    """What was asked for does not exist, or not for this person."""


class InputError(DomainError):
    """What was sent cannot be taken; nothing was stored."""


class StateError(DomainError):
    """The thing exists but is not in a state in which this can be done."""


class GoneError(DomainError):
    """The thing was there, and its time is over for good."""


class ForbiddenError(DomainError):
    """This person may not do this."""


class TooManyError(DomainError):
    """This caller has come too often and must wait."""

    def __init__(self, seconds: int) -> None:
        self.headers = {"Retry-After": str(seconds)}
        super().__init__(N_("Gửi quá nhiều lần. Hãy thử lại sau {seconds} giây."), seconds=seconds)
