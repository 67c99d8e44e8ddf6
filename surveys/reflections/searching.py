"""Finding cases by words, with or without Vietnamese marks, or by their reference."""

import re
import unicodedata
from typing import Final

from surveys.reflections.references import read_reference

MOST_WORDS: Final = 6
REFERENCE: Final = re.compile(r"PA-?\d{0,8}-?[0-9A-Z]{0,5}")

# Generated columns: taking marks off at each search is too slow.
TEXTS: Final = "t.plain"
TITLE: Final = "s.plain"


def plain(text: str) -> str:
    """Small letters without marks, as the database's `plain_text` makes them."""
    flat = unicodedata.normalize("NFD", text.translate(str.maketrans("đĐ", "dd")))
    return "".join(sign for sign in flat if not unicodedata.combining(sign)).lower()


def search_sql(words: str, first: int) -> tuple[str, list[str]]:
    """A condition on `c.id`, and its values for the parameters from `first` on."""
    reference = read_reference(words)
    if REFERENCE.fullmatch(reference) and len(reference) > 3:
        return f"c.reference LIKE ${first}", [escaped(reference) + "%"]
    parts = plain(words.replace("\0", "")).split()[:MOST_WORDS]
    if not parts:
        return "true", []
    places = [f"${first + number}" for number in range(len(parts))]
    in_text = " AND ".join(f"{TEXTS} LIKE {place}" for place in places)
    in_title = " AND ".join(f"{TITLE} LIKE {place}" for place in places)
    found = (
        f"c.id IN (SELECT t.case_id FROM case_text t WHERE {in_text}"
        f" UNION SELECT s.id FROM reflection_case s WHERE {in_title})"
    )
    return found, [f"%{escaped(part)}%" for part in parts]


def escaped(text: str) -> str:
    """A text as LIKE takes it literally."""
    return re.sub(r"([\\%_])", r"\\\1", text)
