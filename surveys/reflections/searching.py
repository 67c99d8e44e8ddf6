"""Finding cases by words, with or without Vietnamese marks, or by their reference."""

import re
import unicodedata
from typing import Final

from surveys.reflections.references import read_reference

MOST_WORDS: Final = 6
REFERENCE: Final = re.compile(r"PA-?\d{0,8}-?[0-9A-Z]{0,5}")
# What people read out of a reference: its last five signs (words have no digits), or its day.
ENDING: Final = re.compile(r"(?=.*[A-Z])(?=.*\d)[0-9A-Z]{5}")
DATE: Final = re.compile(r"20\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")

# Generated columns: taking marks off at each search is too slow.
TEXTS: Final = "t.plain"
TITLE: Final = "s.plain"

MANY: Final = """
c.id IN (SELECT t.case_id FROM case_text t WHERE {text}
    UNION SELECT s.id FROM reflection_case s WHERE {title})
"""
# An aggregate, so that the planner does not make a list of all texts out of it first.
FEW: Final = """
({own_title} OR (SELECT bool_or({text}) FROM case_text t WHERE t.case_id = c.id))
"""


def plain(text: str) -> str:
    """Small letters without marks, as the database's `plain_text` makes them."""
    flat = unicodedata.normalize("NFD", text.translate(str.maketrans("đĐ", "dd")))
    return "".join(sign for sign in flat if not unicodedata.combining(sign)).lower()


def search_sql(words: str, first: int, *, few: bool = False) -> tuple[str, list[str]]:
    """A condition on `c`, and its values for the parameters from `first` on.

    Where other conditions leave `few` cases, the texts of just these are read; else the index of
    trigrams finds texts first. The planner cannot know which is quicker: common words stand in
    a fifth of all texts, and it takes them for rare.
    """
    reference = read_reference(words)
    if REFERENCE.fullmatch(reference) and len(reference) > 3:
        return f"c.reference LIKE ${first}", [escaped(reference) + "%"]
    if ENDING.fullmatch(reference):
        return f"c.reference LIKE ${first}", ["%-" + escaped(reference)]
    if DATE.fullmatch(reference):
        return f"c.reference LIKE ${first}", [f"PA-{reference}-%"]
    parts = plain(words.replace("\0", "")).split()[:MOST_WORDS]
    if not parts:
        return "true", []
    found = (FEW if few else MANY).format(
        text=_all_in(TEXTS, first, len(parts)),
        title=_all_in(TITLE, first, len(parts)),
        own_title=_all_in("c.plain", first, len(parts)),
    )
    return found, [f"%{escaped(part)}%" for part in parts]


def _all_in(column: str, first: int, number: int) -> str:
    return " AND ".join(f"{column} LIKE ${first + place}" for place in range(number))


def escaped(text: str) -> str:
    """A text as LIKE takes it literally."""
    return re.sub(r"([\\%_])", r"\\\1", text)
