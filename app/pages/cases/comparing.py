"""Two texts beside one another: what both have, and what only one has."""

import re
from difflib import SequenceMatcher
from typing import Final

WORDS: Final = re.compile(r"\s+|\S+")


def compare(theirs: str, mine: str) -> dict[str, list[tuple[bool, str]]]:
    """Pieces of each text in order; the mark says whether the other text lacks the piece."""
    left, right = WORDS.findall(theirs), WORDS.findall(mine)
    found: dict[str, list[tuple[bool, str]]] = {"theirs": [], "mine": []}
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        differs = kind != "equal"
        if b > a:
            found["theirs"].append((differs, "".join(left[a:b])))
        if d > c:
            found["mine"].append((differs, "".join(right[c:d])))
    return found
