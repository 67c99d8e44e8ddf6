"""Names of persons: after titles, roles and introductions, by surname, by their very form."""

import re
from collections.abc import Iterator
from typing import Final

from analysis.texts import name_forms as forms
from analysis.texts import name_lists as lists
from analysis.texts import name_signs as signs
from analysis.texts.folding import Folded, strip_marks
from analysis.texts.numbers import Found
from analysis.texts.tokens import Token, find_tokens
from analysis.texts.words import word_set

Tokens = list[Token]
TITLE_GAP: Final = re.compile(r"^[ ]{1,2}$|^ ?: ?$|^ ?[(\"'] ?$")
SHORT_GAP: Final = re.compile(r"^[ ]{0,2}[.]?[ ]{0,2}$")
TOLD_GAP: Final = re.compile(r"^[\s:.,\-=()\"'/]{1,8}$")
FILLERS: Final = word_set("là tên la ten")
OWNERS: Final = word_set("tôi em e mình tui cháu con anh chị ông bà toi minh chau ảnh ổng bả")
MOST_FILLERS: Final = 6


def _phrases(texts: tuple[str, ...]) -> dict[str, list[tuple[str, ...]]]:
    """Phrases by their first word, the longest first, with marks and without."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for text in {one.strip() for one in texts}:
        words = tuple(text.split())
        for form in {words, tuple(strip_marks(word) for word in words)}:
            found.setdefault(form[0], []).append(form)
    return {first: sorted(several, key=len, reverse=True) for first, several in found.items()}


ROLES: Final = _phrases(lists.ROLES)
INTRODUCERS: Final = _phrases(lists.INTRODUCERS)


def find_names(folded: Folded) -> Iterator[Found]:
    """Places and rules. Covered places must have been blanked out of the text before."""
    tokens = find_tokens(folded)
    place = 0
    while place < len(tokens):
        dead = signs.dead_until(tokens, place)
        if dead:
            place = dead
            continue
        found = _at(tokens, place)
        if found:
            first, last, rule = found
            yield tokens[first].start, tokens[last - 1].end, "name", rule
            place = last
        else:
            place += 1


def _at(tokens: Tokens, place: int) -> tuple[int, int, str] | None:
    """First, one past the last, and rule of the name that begins here or behind what is here."""
    last = forms.by_surname(tokens, place)
    if last:
        return place, last, "surname"
    for rule, length in _triggers(tokens, place):
        start = _skip(tokens, place + length, rule)
        last = forms.take(tokens, start, rule) if start else 0
        if last:
            return start, last, rule
    for rule, form in forms.FORMS:
        last = form(tokens, place)
        if last:
            return place, last, rule
    return None


def _triggers(tokens: Tokens, place: int) -> Iterator[tuple[str, int]]:
    told = _length(tokens, place, INTRODUCERS)
    if told:
        yield "told", told
    role = _length(tokens, place, ROLES)
    if role:
        yield "role", role
    if signs.is_title(tokens, place):
        yield "title", 1


def _length(tokens: Tokens, place: int, phrases: dict[str, list[tuple[str, ...]]]) -> int:
    """Words of the longest of these phrases that stands here."""
    here = tokens[place]
    for phrase in phrases.get(here.plain if here.bare else here.low, []):
        run = tokens[place : place + len(phrase)]
        said = tuple(one.plain if here.bare else one.low for one in run)
        if said == phrase and all("\n" not in one.gap for one in run[1:]):
            return len(phrase)
    return 0


def _skip(tokens: Tokens, place: int, rule: str) -> int:
    """Where the name should begin, behind "là", "tên", colons; 0 where nothing follows closely."""
    before = tokens[place - 1]
    short = before.low in lists.SHORT or before.low in {"mr", "mrs", "ms", "dr", "đc"}
    gap = TOLD_GAP if rule != "title" else SHORT_GAP if short else TITLE_GAP
    end = min(len(tokens), place + MOST_FILLERS)
    if rule == "role" and place + 1 < end and tokens[place].low in OWNERS:
        place += tokens[place + 1].low in FILLERS
    while place < end and tokens[place].low in FILLERS and not tokens[place].cap:
        place += 1
    if place >= len(tokens) or not gap.match(tokens[place].gap):
        return 0
    dotted = "." in tokens[place].gap
    if rule != "title" and dotted and tokens[place].head:
        # The next sentence, unless it begins with more capitals than sentences do.
        return place if signs.capitals(tokens, place) > place + 1 else 0
    return 0 if dotted and rule == "title" and not signs.is_named(tokens[place]) else place
