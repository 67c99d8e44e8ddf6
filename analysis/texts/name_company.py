"""Names that are known by others in the same text: named again, or in a row with them."""

import re
from collections.abc import Iterator
from typing import Final

from analysis.texts import name_lists as lists
from analysis.texts import place_lists as places
from analysis.texts.folding import Folded
from analysis.texts.name_signs import (
    JOINT,
    Tokens,
    after_place,
    capitals,
    is_acronym,
    is_common,
    is_given,
    is_known_place,
    is_middle,
    is_named,
    is_named_after,
    is_organ,
    is_stopped,
    is_title,
    is_unknown,
    makes_word,
    names_place,
)
from analysis.texts.numbers import Found
from analysis.texts.tokens import find_tokens
from analysis.texts.words import is_word, word_set

ROW: Final = re.compile(r"^ ?[,;/&+\-] ?(?:\d{1,2}[.)] ?)?$")
LINKS: Final = word_set("và với cùng hay hoặc lẫn va voi cung")


def find_company(folded: Folded, names: list[Found]) -> Iterator[Found]:
    """Places and rules of what the names that were found tell about the rest of the text."""
    tokens = find_tokens(folded)
    taken = _taken(tokens, names)
    for first, last in _in_rows(tokens, taken):
        yield tokens[first].start, tokens[last - 1].end, "name", "row"
    for first, last in _again(tokens, taken):
        yield tokens[first].start, tokens[last - 1].end, "name", "again"


def _taken(tokens: Tokens, names: list[Found]) -> list[bool]:
    """For each word whether it is part of a name."""
    inside = bytearray(max((end for _, end, _, _ in names), default=0) + 1)
    for start, end, _, _ in names:
        inside[start:end] = b"\1" * (end - start)
    return [one.start < len(inside) and inside[one.start] == 1 for one in tokens]


def _in_rows(tokens: Tokens, taken: list[bool]) -> Iterator[tuple[int, int]]:
    """Capitals beside a name, by commas and by "và": "Quyên, Thắm, Lợi". Marks them as taken."""
    runs = [place for place in range(len(tokens)) if _begins(tokens, taken, place)]
    for behind, places_of_runs in ((True, runs), (False, runs[::-1])):
        for place in places_of_runs:
            last = capitals(tokens, place)
            if taken[place] or not _stands_beside(tokens, taken, place, last, behind=behind):
                continue
            if _may_be_name(tokens, place, last):
                taken[place:last] = [True] * (last - place)
                yield place, last


def _begins(tokens: Tokens, taken: list[bool], place: int) -> bool:
    """Whether a run of capitals begins here that is no name yet."""
    if not tokens[place].cap or taken[place]:
        return False
    before = place - 1
    return place == 0 or not tokens[before].cap or not JOINT.match(tokens[place].gap)


def _stands_beside(
    tokens: Tokens, taken: list[bool], place: int, last: int, *, behind: bool
) -> bool:
    """Whether a name stands before these words, or after them, in one row with them."""
    if behind:
        return _is_linked(tokens, taken, place, place - 1, place - 2)
    return last < len(tokens) and _is_linked(tokens, taken, last, last, last + 1)


def _is_linked(tokens: Tokens, taken: list[bool], gap: int, near: int, far: int) -> bool:
    """By a sign between the two, or by a word between them."""
    if not 0 <= near < len(tokens):
        return False
    if taken[near]:
        return ROW.match(tokens[gap].gap) is not None
    if not 0 <= far < len(tokens) or not taken[far] or tokens[near].low not in LINKS:
        return False
    return all(JOINT.match(tokens[one].gap) for one in (max(near, far), max(near, far) - 1))


def _may_be_name(tokens: Tokens, place: int, last: int) -> bool:
    """Whether these capitals can be a person's name and are neither a place nor an office."""
    name = tokens[place:last]
    if not (all(is_named(one) or is_middle(one) for one in name) or is_unknown(name)):
        return False
    if is_organ(tokens, place) or is_title(tokens, place) or is_acronym(name):
        return False
    if is_stopped(name):
        return False
    first = name[0].low
    if after_place(tokens, place) or (first in lists.PLACES and first not in lists.STRONG):
        return False
    if is_named_after(tokens, place, last):
        return False
    known = names_place(name) if len(name) > 1 else is_known_place(name)
    return not known and not makes_word(tokens, last - 1)


def _again(tokens: Tokens, taken: list[bool]) -> Iterator[tuple[int, int]]:
    """Given names that were found with more, or with a title, and stand elsewhere alone."""
    given = _given(tokens, taken)
    for place, here in enumerate(tokens):
        if taken[place] or here.low not in given or len(here.low) < 2:
            continue
        first = place - (place > 0 and _is_joined_given(tokens, taken, place - 1))
        if _is_same(tokens, place, written=given[here.low]) and not after_place(tokens, first):
            yield first, place + 1


def _given(tokens: Tokens, taken: list[bool]) -> dict[str, bool]:
    """The last word of each name, and whether it was written with a capital."""
    found: dict[str, bool] = {}
    for place, here in enumerate(tokens):
        ends = place + 1 == len(tokens) or not taken[place + 1]
        if taken[place] and (ends or not JOINT.match(tokens[place + 1].gap)):
            found[here.low] = found.get(here.low, False) or here.cap or here.loud
    return found


def _is_same(tokens: Tokens, place: int, *, written: bool) -> bool:
    """Whether the word is the name again, and not part of another word or place."""
    here = tokens[place]
    if _begins_word(tokens, place) or (here.head and here.low in lists.TITLES):
        return False
    if place > 0 and JOINT.match(here.gap) and tokens[place - 1].low in places.BEFORE_OTHERS:
        return False
    follows = place + 1 < len(tokens) and JOINT.match(tokens[place + 1].gap)
    if here.cap:
        return not (follows and tokens[place + 1].cap) and not _ends_place(tokens, place)
    # In lower case only what is hardly a word, and only where the name was written so too.
    if written and not here.loud:
        return False
    return is_given(here) and not is_common(here) and not (place and makes_word(tokens, place - 1))


def _begins_word(tokens: Tokens, place: int) -> bool:
    """Whether the word and the next in lower case are one: "Công bằng"."""
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    if after is None or after.cap or not JOINT.match(after.gap):
        return False
    return is_word(tokens[place].low, after.low) or makes_word(tokens, place)


def _ends_place(tokens: Tokens, place: int) -> bool:
    """Whether the word before belongs to it and both are something else: "Khánh Hòa"."""
    if place == 0 or not tokens[place - 1].cap or not JOINT.match(tokens[place].gap):
        return False
    both = tokens[place - 1 : place + 1]
    return names_place(both) or not (both[0].head or is_middle(both[0]) or is_given(both[0]))


def _is_joined_given(tokens: Tokens, taken: list[bool], place: int) -> bool:
    """Whether the word before is the middle name: "Hoài" Nam."""
    here, after = tokens[place], tokens[place + 1]
    close = here.cap and not here.head and not taken[place] and JOINT.match(after.gap)
    return bool(close) and (is_middle(here) or is_given(here))
