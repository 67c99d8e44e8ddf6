"""Given names that nobody announces: "thì An nói", "gặp Hương ở quầy 2", "Quốc Bảo bảo tôi"."""

from analysis.texts import name_lists as lists
from analysis.texts import place_lists as places
from analysis.texts.name_signs import (
    JOINT,
    Tokens,
    after_place,
    announced,
    capitals,
    continues,
    follows_capital,
    is_common,
    is_given,
    is_known_place,
    is_middle,
    is_named_after,
    is_organ,
    is_stopped,
    is_thing,
    is_unknown,
    led,
    makes_word,
    names_place,
)
from analysis.texts.words import is_word


def by_given(tokens: Tokens, place: int) -> int:
    """A given name alone, or two, in capitals and with no title; 0 for none."""
    here = tokens[place]
    if not here.cap or here.loud or follows_capital(tokens, place) or _is_of_place(tokens, place):
        return 0
    last = capitals(tokens, place)
    name = tokens[place:last]
    if len(name) > 2 or not (_is_built(name) or (is_unknown(name) and _speaks(tokens, last))):
        return 0
    if makes_word(tokens, last - 1) or is_organ(tokens, place) or is_stopped(name):
        return 0
    if is_named_after(tokens, place, last):
        return 0
    sure = _is_pair(tokens, place) if len(name) == 2 else _is_single(tokens, place)
    return last if sure else 0


def _is_built(name: Tokens) -> bool:
    return is_given(name[-1]) and (is_given(name[0]) or is_middle(name[0]))


def _is_of_place(tokens: Tokens, place: int) -> bool:
    """Whether a street, a day or a people is named here: "đường Hoa", "thứ Tư", "người Thái"."""
    return after_place(tokens, place) or _before(tokens, place) in places.BEFORE_OTHERS


def _is_pair(tokens: Tokens, place: int) -> bool:
    """Whether two given names are one person here, and no place and no heading."""
    name = tokens[place : place + 2]
    acts = acts_next(tokens, place + 2)
    speaks = name[0].head and place + 2 < len(tokens) and tokens[place + 2].gap.startswith(":")
    if is_known_place(name):
        return acts and not announces_place(tokens, place)
    goes_on = _goes_on(tokens, place + 2)
    expected = acts or speaks or goes_on or announced(tokens, place) or led(tokens, place)
    if names_place(name) or is_thing(name):
        return expected and not announces_place(tokens, place)
    if announces_place(tokens, place):
        return _speaks(tokens, place + 2)
    return expected or continues(tokens, place + 2) or not name[0].head


def _is_single(tokens: Tokens, place: int) -> bool:
    """Whether a single given name is one here, and not the first word of a sentence."""
    here = tokens[place]
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    if after and after.gap == " " and not after.cap and is_word(here.low, after.low):
        return False
    acts = acts_next(tokens, place + 1)
    doubtful = here.low in lists.LONE_STOP
    if here.head:
        plain = not doubtful and not is_common(here) and continues(tokens, place + 1)
        said = after is not None and after.low in lists.SPEECH and here.low in lists.NAMES_TOO
        return said or ((plain or acts) and here.low not in lists.OPENING)
    if announces_place(tokens, place) and doubtful:
        return False
    known = announced(tokens, place) or led(tokens, place) or continues(tokens, place + 1)
    return not doubtful or acts or known


def by_order(tokens: Tokens, place: int) -> int:
    """Somebody named by the order of birth and a nickname: "Hai Lúa", "Tư Hậu"."""
    here = tokens[place]
    if not here.cap or here.low not in lists.ORDERS or _is_of_place(tokens, place):
        return 0
    last = capitals(tokens, place)
    name = tokens[place:last]
    if len(name) != 2 or here.loud or names_place(name) or follows_capital(tokens, place):
        return 0
    return last


def acts_next(tokens: Tokens, last: int) -> bool:
    """Whether what follows directly is what persons do or are: "nói", "công an khu vực"."""
    if last >= len(tokens) or not JOINT.match(tokens[last].gap) or tokens[last].cap:
        return False
    return tokens[last].low in lists.ACTS


def _speaks(tokens: Tokens, last: int) -> bool:
    return acts_next(tokens, last) and tokens[last].low in lists.SPEECH


def _goes_on(tokens: Tokens, last: int) -> bool:
    """Whether a further word follows directly, one that stands behind persons."""
    close = last < len(tokens) and JOINT.match(tokens[last].gap)
    return bool(close) and continues(tokens, last)


def announces_place(tokens: Tokens, place: int) -> bool:
    """Whether a word stands before that places stand behind: "ở", "về", "từ"."""
    return _before(tokens, place) in places.BEFORE_PLACES


def _before(tokens: Tokens, place: int) -> str:
    joint = place > 0 and JOINT.match(tokens[place].gap)
    return tokens[place - 1].low if joint else ""
