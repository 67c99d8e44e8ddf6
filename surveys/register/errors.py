"""What is wrong with a file or a row, in sentences that a catalogue can translate."""

from collections.abc import Callable

import msgspec

from surveys.errors import InputError, NotFoundError

Translate = Callable[[str], str]

# The name by which Babel finds msgids that are translated later, where the reader is known.
N_ = str

_ROW = N_("Hàng {line}: {sentence}")
_CELL = N_("Hàng {line}, cột «{header}»: {sentence}")


class Sentence(msgspec.Struct, frozen=True):
    """A text with places, and what stands in them."""

    text: str
    values: dict[str, str] = {}

    def told(self, translate: Translate = str) -> str:
        """The sentence in the language of `translate`."""
        return translate(self.text).format(**self.values)


class Problem(msgspec.Struct, frozen=True):
    """One thing to mend in one row: where it stands, what is wrong, what to do."""

    line: int
    header: str
    sentence: Sentence

    def told(self, translate: Translate = str) -> str:
        """The sentence with its place, in the language of `translate`."""
        place = _CELL if self.header else _ROW
        return translate(place).format(
            line=self.line, header=self.header, sentence=self.sentence.told(translate)
        )


class ImportFileError(InputError):
    """A file that cannot be imported as a whole; the message says what to do."""

    def __init__(self, text: str, **values: str) -> None:
        self.sentence = Sentence(text, values)
        super().__init__(self.sentence.told())

    def told(self, translate: Translate = str) -> str:
        """The sentence in the language of `translate`."""
        return self.sentence.told(translate)


class UnknownAgencyError(NotFoundError):
    """No agency has this code."""
