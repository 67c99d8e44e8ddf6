"""The citizen's own name, phone and mail: nothing that is public may hold them."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from surveys.reflections.errors import MoveError
from surveys.reflections.searching import plain
from surveys.transactions import Row, fetch_one

N_ = str

CONTACT: Final = """
SELECT name, phone, mail, publication FROM case_contact WHERE case_id = $1
"""
KINDS: Final = ("name", "phone", "mail")
SHORTEST_NUMBER: Final = 6
# What is written for a digit or a sign, in a text without marks and capitals.
DIGITS: Final = {"0": "[0o]", "1": "[1il]"}
SIGNS: Final = {"@": r"(?:@|[(\[]at[)\]]|a\s*cong)", ".": r"(?:\.|cham)"}


async def fetch_contact(case: UUID) -> Row:
    """Name, phone, mail and consent to publication, as long as they are kept."""
    return await fetch_one(CONTACT, case) or {}


def known_of(contact: Row) -> list[tuple[str, str]]:
    """What is known of the citizen, by the kind of what it is."""
    return [(kind, contact[kind]) for kind in KINDS if contact.get(kind)]


async def check_covered(case: UUID, *texts: str) -> None:
    """Raise MoveError when one of these texts names the citizen or tells how to reach them."""
    known = known_of(await fetch_contact(case))
    if any(contact_places(text, known) for text in texts):
        raise MoveError(
            N_("Còn họ tên, số điện thoại hoặc thư của chính người gửi. Hãy che trước đã.")
        )


def contact_places(text: str, known: Iterable[tuple[str, str]]) -> list[tuple[int, int, str]]:
    """Where the citizen's own words stand: start, end, kind.

    With or without marks and capitals, numbers grouped in any way. A name of one word only as it
    is written: many are everyday words.
    """
    signs, places = _plain_places(text)
    found = []
    for kind, words in known:
        pattern = _pattern(kind, words)
        for match in pattern.finditer(signs) if pattern else ():
            start, end = places[match.start()], places[match.end()]
            if kind != "name" or len(words.split()) > 1 or _same(text[start:end], words):
                found.append((start, end, kind))
    return found


def _plain_places(text: str) -> tuple[str, list[int]]:
    """The text without marks, capitals and signs of no width, and where each of its letters was."""
    signs, places = "", []
    for place, sign in enumerate(text):
        if unicodedata.category(sign) != "Cf":
            for one in plain(sign):
                signs += one
                places.append(place)
    return signs, [*places, len(text)]


def _pattern(kind: str, words: str) -> re.Pattern[str] | None:
    if kind == "phone":
        digits = re.sub(r"\D", "", words)
        national = re.sub(r"^(?:00)?84(?=\d{9})|^0+", "", digits)
        if len(national) < SHORTEST_NUMBER:
            return None
        body = r"[\W_]*".join(DIGITS.get(digit, digit) for digit in national)
        return re.compile(rf"(?<!\d)(?:(?:(?:00)?84|0|\bo)[\W_]*)*{body}(?!\d)")
    if kind == "mail":
        parts = re.findall(r"[^\W_]+|[^\s]", plain(words))
        return _whole(r"\s*".join(SIGNS.get(part, re.escape(part)) for part in parts))
    return _whole(r"[\W_]+".join(re.escape(word) for word in plain(words).split()))


def _whole(body: str) -> re.Pattern[str] | None:
    return re.compile(rf"(?<!\w){body}(?!\w)") if body else None


def _same(one: str, other: str) -> bool:
    first, second = (unicodedata.normalize("NFC", words).strip() for words in (one, other))
    return first == second
