"""A text seen without marks and capitals, place by place, so that finds lead back to the text."""

import unicodedata
from dataclasses import dataclass
from typing import Final

ALIKE: Final = {
    **dict.fromkeys("’‘ʼ`´′ʹ", "'"),
    **dict.fromkeys("‐‑‒–—−", "-"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u202f\u3000\t", " "),
}

# More marks than any letter has; putting thousands in their order takes the square of the time.
MARKS: Final = 8


@dataclass(frozen=True)
class Folded:
    """Two views of a text with one character per written letter.

    Attributes
    ----------
    text : str
        Composed letters; quotes, dashes and spaces of all kinds are one each.
    plain : str
        The same in lower case and without marks; đ is d. As long as `text`.
    start, end : tuple of int
        Where each character stands in the text as it was given.
    """

    text: str
    plain: str
    start: tuple[int, ...]
    end: tuple[int, ...]

    def place(self, first: int, last: int) -> tuple[int, int]:
        """The stretch of the given text behind characters `first` up to `last` (exclusive)."""
        return self.start[first], self.end[last - 1]


def fold(text: str) -> Folded:
    """Both views of a text, whichever way its marks were written; letters of no width are skipped.

    References
    ----------
    Unicode Standard Annex 15, forms NFC, NFD and NFKC.
    """
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for place, character in enumerate(text):
        kind = unicodedata.category(character)
        # Signs of no width, and what encloses a letter, as the frame of a key does.
        if letters and kind in {"Mn", "Me", "Cf"}:
            letters[-1] += character if kind == "Mn" and len(letters[-1]) <= MARKS else ""
            ends[-1] = place + 1
        elif kind != "Cf":
            letters.append(character)
            starts.append(place)
            ends.append(place + 1)
    shown = "".join(_compose(letter) for letter in letters)
    return Folded(shown, "".join(_strip(one) for one in shown), tuple(starts), tuple(ends))


def strip_marks(text: str) -> str:
    """A composed text in lower case without marks, letter by letter."""
    return "".join(_strip(character) for character in unicodedata.normalize("NFC", text))


def _compose(letter: str) -> str:
    if letter in ALIKE:
        return ALIKE[letter]
    composed = unicodedata.normalize("NFC", letter)[:1]
    compatible = unicodedata.normalize("NFKC", composed)
    return compatible if len(compatible) == 1 else composed


def _strip(character: str) -> str:
    if character.isascii():
        return character.lower()
    low = character.lower()[:1]
    return "d" if low == "đ" else unicodedata.normalize("NFD", low)[:1]
