"""Names as Vietnamese readers search and sort them."""

import re
import unicodedata

ALPHABET = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
# No mark, huyền, hỏi, ngã, sắc, nặng: the order of dictionaries.
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}

SortKey = tuple[tuple[tuple[int, int, int], ...], tuple[int, ...]]


def plain(text: str) -> str:
    """Small letters without marks: 'Đống Đa' becomes 'dong da'."""
    loose = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    bare = "".join(letter for letter in loose if not unicodedata.combining(letter))
    return " ".join(unicodedata.normalize("NFC", bare).split())


def matches(name: str, query: str) -> bool:
    """Whether a name has every word of a query; marks count only where the query has them."""
    known, loose = unicodedata.normalize("NFC", name.casefold()), plain(name)
    words = unicodedata.normalize("NFC", query.casefold()).split()
    return all((word in loose) if word == plain(word) else (word in known) for word in words)


def alphabetical(name: str) -> SortKey:
    """Sort key of the Vietnamese alphabet; letters first, tones break ties, 2 before 10."""
    letters: list[tuple[int, int, int]] = []
    tones: list[int] = []
    for part in re.findall(r"\d+|\D", unicodedata.normalize("NFC", name.casefold())):
        if part.isdecimal():
            letters.append((1, int(part), 0))
            continue
        letter, tone = _split(part)
        letters.append((2, ALPHABET[letter], 0) if letter in ALPHABET else (0, 0, ord(part)))
        tones.append(tone)
    return tuple(letters), tuple(tones)


def _split(letter: str) -> tuple[str, int]:
    """A letter without its tone, and the tone."""
    parts = unicodedata.normalize("NFD", letter)
    tone = next((TONES[mark] for mark in parts if mark in TONES), 0)
    bare = "".join(mark for mark in parts if mark not in TONES)
    return unicodedata.normalize("NFC", bare), tone
