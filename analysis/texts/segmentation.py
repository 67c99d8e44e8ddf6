"""Words of Vietnamese, of which many have two syllables: "giấy tờ" is one word.

The library and its model are on the disk; nothing is fetched (a test holds the network shut).
"""

import re
import unicodedata
from functools import cache
from typing import Any

_WORD = re.compile(r"\w", re.UNICODE)


def segment(text: str) -> list[str]:
    """The words of a text in small letters, syllables of one word joined by a blank.

    References
    ----------
    underthesea, word segmentation by conditional random fields, after Nguyen et al. (2006),
    Vietnamese word segmentation with CRFs and SVMs, PACLIC 20, 215-222.
    """
    composed = unicodedata.normalize("NFC", text)
    return [word.lower() for word in _tokenizer()(composed) if _WORD.search(word)]


def plain(text: str) -> str:
    """A text in small letters without marks: "Chờ lâu" is "cho lau"."""
    apart = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def syllables(text: str) -> list[str]:
    """The syllables of a text in small letters, without signs."""
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).lower())


def is_marked(text: str) -> bool:
    """Whether it was typed with Vietnamese marks; many on a phone leave them out."""
    low = unicodedata.normalize("NFC", text).casefold()
    return plain(low) != low


@cache
def _tokenizer() -> Any:
    # It takes a second to load.
    from underthesea import word_tokenize

    return word_tokenize
