"""Names in lower case, or in lines written in capitals all through."""

import unicodedata
from typing import Final

from analysis.texts import name_lists as lists
from analysis.texts.name_signs import (
    JOINT,
    LONGEST,
    Tokens,
    after_place,
    announced,
    continues,
    is_common,
    is_given,
    is_middle,
    is_organ,
    is_past,
    is_strong,
    is_surname,
    is_thing,
    is_whole,
    makes_word,
    surely_continues,
)
from analysis.texts.tokens import NAMED, Token
from analysis.texts.words import is_syllable, is_word, word_set

MARKS: Final = word_set("thi van")
# The five marks of tone, taken off their letters.
TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
OWNERS: Final = word_set("tk stk khoan the huong")
COPIED: Final = 4
KIN: Final = word_set("chong vo me con bo cha chau")
NO_ORDER: Final = word_set("con em cháu vợ chồng")


def take_low(tokens: Tokens, place: int, rule: str) -> int:
    """One past the end of a name behind a title or an introduction; 0 for none."""
    here = tokens[place]
    copied = _copied(tokens, place)
    if copied:
        return copied
    people = low_people(tokens, place)
    if not people and rule != "role":
        people = _strange(tokens, place)
    if people:
        return people
    last = low_run(tokens, place)
    while last - place > 1 and not (is_whole(tokens, last) and _may_go_on(tokens, last)):
        last -= 1
    name = tokens[place:last]
    if not name or not is_whole(tokens, last) or _is_words(tokens, place, last):
        return 0
    if is_surname(here) and _is_full(name):
        return last
    doubtful = here.neat or any(is_common(one) for one in name)
    thing = len(name) == 2 and doubtful and is_thing(name)
    said = " ".join(one.low for one in name)
    told = rule == "title" or tokens[place - 1].low in {"là", "tên"}
    expected = told and not (here.bare or here.neat) and continues(tokens, last)
    expected = expected and said not in lists.NO_NAMES
    if (thing and not expected) or (len(name) == 1 and not is_given(here)):
        return 0
    return last if _is_believed(tokens, place, last, rule) else 0


def _copied(tokens: Tokens, place: int) -> int:
    """A name without marks behind an owner's word in a text with marks: "chủ tk: dam quang vinh"."""
    said = {one.plain for one in tokens[max(0, place - 2) : place]}
    if not OWNERS.intersection(said) or tokens[place].plain not in lists.SURNAMES_BARE:
        return 0
    last = place
    while last < min(len(tokens), place + COPIED) and _is_bare_name(tokens[last]):
        if last > place and not JOINT.match(tokens[last].gap):
            break
        last += 1
    return last if last - place > 1 else 0


def _is_bare_name(token: Token) -> bool:
    known = lists.SURNAMES_BARE | lists.MIDDLES_BARE | lists.GIVEN_BARE
    return token.low == token.plain and token.plain in known


def _may_go_on(tokens: Tokens, last: int) -> bool:
    """Whether the last syllable is no verb of its own: "chị mai bảo đủ"."""
    return tokens[last - 1].low not in lists.SPEECH or continues(tokens, last)


def _is_words(tokens: Tokens, place: int, last: int) -> bool:
    """Whether a role or another title stands here in lower case: "cô văn thư", "cháu bé"."""
    pair = " ".join(one.low for one in tokens[place : place + 2])
    small = last - place == 1 and tokens[place].low in lists.NO_NAMES
    after = tokens[place + 1].low if place + 1 < len(tokens) else ""
    # "hằng năm" is every year, whoever stands before.
    if is_organ(tokens, place) or (tokens[place].low == "hằng" and after in lists.TIMES):
        return True
    return small or pair in lists.ROLES or _runs_into_capital(tokens, place, last)


def _runs_into_capital(tokens: Tokens, place: int, last: int) -> bool:
    """Whether a capital follows words in lower case closely: "từ" Ninh Hòa, "trường" Lê Lợi."""
    here = tokens[place]
    if here.cap or here.loud or last >= len(tokens) or is_strong(here):
        return False
    if tokens[last].gap.startswith(f" {NAMED}"):
        return True
    small = next((one for one in tokens[place + 1 : last + 1] if one.cap), None)
    return small is not None and JOINT.match(small.gap) is not None


def _is_full(name: Tokens) -> bool:
    """Whether a surname and what follows it are enough."""
    if len(name) == 2:
        word = is_thing(name) and not is_strong(name[0])
        return not (word or is_common(name[1])) and (not name[0].bare or is_strong(name[0]))
    return len(name) > 2


def _is_believed(tokens: Tokens, place: int, last: int, rule: str) -> bool:
    """Whether given names are a person here: some are everyday words, more so without marks."""
    name, before = tokens[place:last], tokens[place - 1]
    proven = not all(is_common(one) for one in name)
    bare = name[0].bare
    if rule == "role" and bare:
        return proven and continues(tokens, last)
    if bare and rule == "title" and before.plain not in lists.CLEAR_BARE | lists.SHORT:
        small = before.plain in lists.SMALL_BARE and len(name) > 1
        told = announced(tokens, place - 1)
        return proven or small or told or surely_continues(tokens, last)
    if proven or before.plain in KIN or name[0].neat:
        return proven
    named = rule == "title" or before.low in {"tên", "ten", "gặp", "gap", "là"}
    return named and (continues(tokens, last) or (rule == "title" and announced(tokens, place - 1)))


def by_low_surname(tokens: Tokens, place: int) -> int:
    """A full name in lower case, or where capitals tell nothing."""
    here = tokens[place]
    if here.cap or not is_surname(here) or after_place(tokens, place):
        return 0
    last = low_run(tokens, place)
    if last - place < 2 or is_past(tokens[place:last]) or _runs_into_capital(tokens, place, last):
        return 0
    while last - place > 2 and not is_whole(tokens, last):
        last -= 1
    name = tokens[place:last]
    whole = len(name) > 3 or is_whole(tokens, last)
    if name[1].plain in MARKS:
        sure = len(name) >= 3 and (is_strong(here) or is_whole(tokens, last))
    else:
        long = len(name) >= 3 or not is_common(name[1])
        sure = (is_strong(here) and long and whole) or (whole and _is_built(name))
    return last if sure else 0


def _is_built(name: Tokens) -> bool:
    """Whether three syllables or more are surname, middle name and given name, and no words."""
    if len(name) < 3 or not (is_middle(name[1]) and is_given(name[2])):
        return False
    bare = name[0].bare
    said = [one.plain if bare else one.low for one in name[:3]]
    return not (
        is_word(said[0], said[1], bare=bare)
        or (is_word(said[1], said[2], bare=bare) and (bare or is_common(name[2])))
    )


def low_signature(tokens: Tokens, place: int) -> int:
    """A last line in lower case that is a name and nothing else."""
    last = low_run(tokens, place)
    alone = last == len(tokens) or "\n" in tokens[last].gap
    if "\n" not in tokens[place].gap or not alone or last == place:
        return 0
    whole = is_surname(tokens[place]) if last - place > 1 else is_given(tokens[place])
    return last if whole else 0


def is_order(tokens: Tokens, place: int) -> bool:
    """Whether somebody is named by the order of birth: "bà Tư", "ông bảy"."""
    here, before = tokens[place], tokens[place - 1]
    if here.low not in lists.ORDERS or before.low in NO_ORDER:
        return False
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    if here.cap or after is None:
        return not (after and after.cap) if here.cap else not here.bare
    if here.bare:
        clear = before.plain in {"ong", "chu", "thim"} and here.low not in {"tu", "nam"}
        return clear and after.low not in lists.COUNTED and continues(tokens, place + 1)
    return here.low not in {"hai", "ba", "năm", "cả"} and after.low not in lists.COUNTED


def low_run(tokens: Tokens, place: int) -> int:
    """One past the last of the syllables of names that follow one another from here."""
    last = place
    while last < len(tokens) and last - place < LONGEST and _belongs(tokens, place, last):
        last += 1
    while last > place and not _may_end(tokens, place, last):
        last -= 1
    return last


def _belongs(tokens: Tokens, place: int, last: int) -> bool:
    here = tokens[last]
    if last == place:
        return is_given(here) or is_middle(here) or is_surname(here)
    known = is_given(here) or is_middle(here) or _stands_for_given(tokens, place, last)
    return known and JOINT.match(here.gap) is not None and _goes_on(tokens, place, last)


def _goes_on(tokens: Tokens, place: int, last: int) -> bool:
    """Whether a further syllable is still the name; behind "thị" and "văn" it is."""
    here = tokens[last]
    if here.low in {"a", "y"}:
        return False
    first = tokens[place]
    full = is_surname(first) and (tokens[place + 1].plain in MARKS or not first.bare)
    if (full or is_strong(first)) and last - place <= 2:
        return True
    return not (is_common(here) and makes_word(tokens, last))


def _stands_for_given(tokens: Tokens, place: int, last: int) -> bool:
    """Whether this is where a given name must stand, known or not: behind "nguyễn thị"."""
    if last != place + 2 or tokens[place + 1].plain not in MARKS:
        return False
    first = tokens[place]
    if first.bare:
        return is_surname(first) and first.plain in lists.WHOLE_BARE
    between, here = tokens[place + 1].low, tokens[last].low
    word = is_word(first.low, between) or is_word(between, here)
    sure = first.low in lists.STRONG or (is_surname(first) and between == "thị" and not word)
    return sure and here not in lists.AFTER


def _may_end(tokens: Tokens, place: int, last: int) -> bool:
    known = is_given(tokens[last - 1]) or _stands_for_given(tokens, place, last - 1)
    return known or (last == place + 1 and is_surname(tokens[place]))


def low_people(tokens: Tokens, place: int) -> int:
    """A name of the peoples in lower case: "rơ châm phiêng", "sùng a chứ", "ksor phước"."""
    here, after = tokens[place], tokens[place + 1 : place + 3]
    pair = f"{here.plain} {after[0].plain}" if after else ""
    if len(after) > 1 and here.low in lists.HMONG and after[0].low == "a":
        return place + 3
    is_pair = pair in lists.PEOPLES_PAIRS and not _is_toned(here.low, after[0].low)
    length = 2 if is_pair else 1 if here.plain in lists.PEOPLES_SURE else 0
    last = place + length
    if not length:
        return 0
    if last < len(tokens) and tokens[last].plain in MARKS | {"kim", "so"}:
        last += 1
    if last < len(tokens) and JOINT.match(tokens[last].gap) and not continues(tokens, last):
        last += 1
    return last


def _is_toned(*words: str) -> bool:
    """Whether these words of Vietnamese only look like such a surname: "bộ bỏ" like "bo bo"."""
    marks = unicodedata.normalize("NFD", " ".join(words))
    return not TONES.isdisjoint(marks) and " ".join(words) not in lists.PEOPLES_TONED


def with_peoples(tokens: Tokens, place: int) -> int:
    """One past the last of the foreign words or names of the peoples that follow one another."""
    last = place + 1
    if tokens[place].low == "y":
        known = last + 1 < len(tokens) and tokens[last + 1].low in lists.PEOPLES
        strange = last < len(tokens) and not is_syllable(tokens[last].plain)
        return last + 2 if known else last + 1 if strange else 0
    while last < len(tokens) and last - place < 4 and JOINT.match(tokens[last].gap):
        here = tokens[last]
        if not (here.cap or here.low in lists.PEOPLES or not is_syllable(here.plain)):
            break
        last += 1
    return last


def _strange(tokens: Tokens, place: int) -> int:
    here = tokens[place]
    foreign = not is_syllable(here.plain) and len(here.low) > 2
    if here.low in lists.FOREIGN_STOP or not (foreign or here.low in lists.PEOPLES | {"y"}):
        return 0
    return with_peoples(tokens, place)
