"""Vietnamese words and places, read once from the dictionary that the segmenter brings along."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from analysis.texts.folding import strip_marks

LATE: Final = [
    "oà",
    "oá",
    "oả",
    "oã",
    "oạ",
    "oè",
    "oé",
    "oẻ",
    "oẽ",
    "oẹ",
    "uỳ",
    "uý",
    "uỷ",
    "uỹ",
    "uỵ",
]
EARLY: Final = dict(
    zip(
        LATE,
        ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"],
        strict=True,
    )
)
LATE_MARK: Final = re.compile(rf"(?<!q)(?:{'|'.join(LATE)})(?!\w)")
DICTIONARY: Final = Path("corpus", "data", "Viet74K.txt")


@cache
def _dictionary() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Words of two syllables, names of places (lower case), and all syllables."""
    spec = find_spec("underthesea")
    folder = Path((spec.submodule_search_locations or [""])[0]) if spec else Path()
    lines = (folder / DICTIONARY).read_text(encoding="utf-8").split("\n")
    entries = [_as_typed(" ".join(line.split())) for line in lines if line.strip()]
    words = {line for line in entries if line.count(" ") == 1 and line.islower()}
    places = {line.lower() for line in entries if " " in line and line[:1].isupper()}
    syllables = {part for line in entries if line.islower() for part in line.split()}
    return frozenset(words), frozenset(places), frozenset(syllables)


def _as_typed(text: str) -> str:
    """The mark on the first of two vowels that end a syllable: "hoà" is "hòa", "uỷ" is "ủy"."""
    return LATE_MARK.sub(lambda match: EARLY[match[0]], text)


@cache
def _bare() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    words, places, syllables = _dictionary()
    return _stripped(words), _stripped(places), _stripped(syllables)


def _stripped(found: frozenset[str]) -> frozenset[str]:
    return frozenset(strip_marks(one) for one in found)


def is_word(first: str, second: str, *, bare: bool = False) -> bool:
    """Whether two syllables in lower case make a word; `bare` compares without marks."""
    said = f"{first} {second}"
    return said in _bare()[0] if bare else _as_typed(said) in _dictionary()[0]


def is_place(name: str, *, bare: bool = False) -> bool:
    """Whether these syllables in lower case are the name of a place, a people, or a figure."""
    return name in _bare()[1] if bare else _as_typed(name) in _dictionary()[1]


def is_syllable(word: str) -> bool:
    """Whether a word could be Vietnamese, its marks set aside."""
    return strip_marks(word) in _bare()[2]


def word_set(text: str) -> frozenset[str]:
    """The words of a list written as one text."""
    return frozenset(text.split())


def phrase_set(text: str) -> frozenset[str]:
    """The phrases of a list written as one text, by lines and bars."""
    return frozenset(" ".join(one.split()) for one in text.replace("\n", "|").split("|"))
