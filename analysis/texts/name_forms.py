"""What a name in capitals looks like, word by word; see `names` for what announces one."""

import re
from collections.abc import Callable
from typing import Final

from analysis.texts import name_lists as lists
from analysis.texts.low_names import (
    by_low_surname,
    is_order,
    low_people,
    low_signature,
    take_low,
    with_peoples,
)
from analysis.texts.name_alone import by_given, by_order
from analysis.texts.name_signs import (
    Tokens,
    after_place,
    announced,
    capitals,
    follows_role,
    is_acronym,
    is_common,
    is_foreign,
    is_given,
    is_middle,
    is_named_after,
    is_organ,
    is_past,
    is_stopped,
    is_surname,
    is_thing,
    is_title,
    is_unknown,
    led,
    makes_word,
    names_place,
    proves,
)
from analysis.texts.words import word_set

HIGHLANDS: Final = word_set(
    "đắk đăk đak đác dak krông ea cư kon ia pleiku buôn chư plei gia m'drắk"
)
PEOPLE: Final = word_set("h'mông h'mong k'bang h'leo h'rê h're k'ho")
SIGNED: Final = 12


def take(tokens: Tokens, place: int, rule: str) -> int:
    """One past the last word of the name that begins here, announced by `rule`; 0 for none."""
    if rule == "title" and is_order(tokens, place):
        return place + 1
    if not tokens[place].cap:
        return take_low(tokens, place, rule)
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    if rule != "title" and after and after.cap and is_title(tokens, place):
        return 0
    last = capitals(tokens, place)
    name = tokens[place:last]
    word = len(name) == 1 and makes_word(tokens, place) and not proves(name)
    if word or is_stopped(name) or is_organ(tokens, place):
        return 0
    if rule == "title" or (rule == "told" and not is_thing(name)):
        return 0 if is_acronym(name) else last
    initial = len(name) == 1 and len(name[0].low) == 1 and (not after or after.gap[:1] == ".")
    believed = proves(name) or (rule == "role" and is_unknown(name))
    return last if initial or (believed and not names_place(name)) else 0


def by_surname(tokens: Tokens, place: int) -> int:
    """A surname and what follows, in capitals."""
    here = tokens[place]
    if not here.cap or not is_surname(here):
        return 0
    last = capitals(tokens, place)
    name = tokens[place:last]
    organ = is_organ(tokens, place) or is_organ(tokens, last - 1)
    if len(name) < 2 or organ or is_past(name) or _is_of_place(tokens, place, last):
        return 0
    if len(name) >= 3 and is_middle(name[1]):
        return last
    if (names_place(name) or is_thing(name)) and not announced(tokens, place):
        return 0
    strong = here.low in lists.STRONG or here.plain in lists.STRONG_BARE
    long = len(name) == 3 and here.low not in lists.OF_PLACES
    known = is_given(name[-1]) or is_middle(name[1]) or len(name[-1].low) == 1
    return last if strong or long or known or led(tokens, place) else 0


def _is_of_place(tokens: Tokens, place: int, last: int) -> bool:
    """Whether a place is named by these capitals, or a street by a person of the past."""
    name, before = tokens[place:last], tokens[place - 1 : place]
    official = len(name) >= 3 and follows_role(tokens, place)
    if (after_place(tokens, place) and not official) or is_named_after(tokens, place, last):
        return True
    if before and before[0].cap and is_surname(before[0]) and after_place(tokens, place - 1):
        return True
    # "Từ Cam Ranh": the first word only opens the sentence.
    return name[0].head and is_common(name[0]) and len(name) > 2 and names_place(name[1:])


def by_people(tokens: Tokens, place: int) -> int:
    """Names of the peoples and foreign names: H'Hen Niê, Y Bhin, Rơ Châm Phiêng, John Smith."""
    here = tokens[place]
    if after_place(tokens, place) or here.low in PEOPLE | lists.PLACES:
        return 0
    if re.match(r"[hk]' ?\w{2}", here.low):
        return with_peoples(tokens, place)
    if not here.cap:
        lone = with_peoples(tokens, place) if here.low == "y" else 0
        return low_people(tokens, place) or lone
    last = capitals(tokens, place)
    return last if _is_people(tokens[place:last]) else 0


def _is_people(name: Tokens) -> bool:
    here = name[0]
    if len(name) < 2 or here.low == "y":
        return len(name) >= 2 and name[1].low != "tế"
    if is_stopped(name) or any(one.low in HIGHLANDS for one in name):
        return False
    opening = here.head and not (is_foreign(here) or is_surname(here) or here.low == "a")
    letters = all(one.loud for one in name) or here.loud
    strange = any(is_foreign(one) and (letters or not one.loud) for one in name)
    return strange and not (opening or names_place(name) or is_acronym(name))


def by_signature(tokens: Tokens, place: int) -> int:
    """The last words of a text, or a line near its end, that are a name and nothing else."""
    here = tokens[place]
    if not here.head or place == 0 or place < len(tokens) - SIGNED:
        return 0
    if not here.cap:
        return low_signature(tokens, place)
    last = capitals(tokens, place)
    name = tokens[place:last]
    alone = last == len(tokens) or "\n" in tokens[last].gap
    if not alone or is_organ(tokens, place) or is_acronym(name) or is_stopped(name):
        return 0
    if len(name) == 1:
        return last if is_given(here) and ("\n" in here.gap or not is_common(here)) else 0
    return last if proves(name) and not (is_thing(name) or names_place(name)) else 0


FORMS: Final[tuple[tuple[str, Callable[[Tokens, int], int]], ...]] = (
    ("low_surname", by_low_surname),
    ("people", by_people),
    ("given", by_given),
    ("order", by_order),
    ("signature", by_signature),
)
