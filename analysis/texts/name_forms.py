"""What a name looks like, word by word; see `names` for what announces one."""

import re
from collections.abc import Callable
from typing import Final

from analysis.texts import name_lists as lists
from analysis.texts.tokens import Token
from analysis.texts.words import is_place, is_syllable, is_word

Tokens = list[Token]
LONGEST: Final = 5
JOINT: Final = re.compile(r"^[ ]{1,2}$|^-$")
INITIAL: Final = re.compile(r"^[.][ ]?$")
HIGHLANDS: Final = frozenset(
    "đắk đăk đak đác dak krông ea cư kon ia pleiku buôn chư plei gia m'drắk".split()
)
PEOPLE: Final = frozenset("h'mông h'mong k'bang h'leo h'rê h're k'ho".split())
OFFICE: Final = frozenset(
    "tịch bộ an thư chức trưởng phó viên chính pháp đội tich bo thu chuc truong pho vien chinh phap doi".split()
)


def is_surname(token: Token) -> bool:
    return token.plain in lists.SURNAMES_BARE if token.bare else token.low in lists.SURNAMES


def is_given(token: Token) -> bool:
    return token.plain in lists.GIVEN_BARE if token.bare else token.low in lists.GIVEN


def is_middle(token: Token) -> bool:
    return token.plain in lists.MIDDLES_BARE if token.bare else token.low in lists.MIDDLES


def is_named(token: Token) -> bool:
    return is_given(token) or is_surname(token) or is_foreign(token) or len(token.low) == 1


def is_common(token: Token) -> bool:
    """Whether the word alone proves nothing, since it is an everyday word as well."""
    return token.plain in lists.COMMON_BARE if token.bare else token.low in lists.COMMON


def is_foreign(token: Token) -> bool:
    people = token.plain in lists.PEOPLES_BARE if token.bare else token.low in lists.PEOPLES
    return people or not is_syllable(token.plain) or "'" in token.low


def is_title(tokens: Tokens, place: int) -> bool:
    """Whether a word that may be a title is one here: "cô" Lan, not "cô" giáo or "có"."""
    here = tokens[place]
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    if after is None or (not here.bare and here.low not in lists.TITLES):
        return (
            here.plain in lists.TITLES_BARE
            and after is not None
            and after.cap
            and (is_given(after) or is_surname(after))
        )
    if here.plain not in lists.TITLES_BARE and here.low not in lists.TITLES:
        return False
    if after.cap:
        return True
    if here.low in lists.SHORT:
        return is_given(after) and here.low in {"a", "c", "ac", "bs", "ths", "ts"}
    if f"{here.plain} {after.plain}" in lists.TITLE_WORDS:
        return False
    if here.bare:
        return here.plain in lists.CLEAR_BARE | lists.VAGUE_BARE | lists.SMALL_BARE
    return here.low == "anh" or not is_word(here.low, after.low)


def take(tokens: Tokens, place: int, rule: str) -> int:
    """One past the last word of the name that begins here, announced by `rule`; 0 for none."""
    if rule == "title" and _is_order(tokens, place):
        return place + 1
    if not tokens[place].cap:
        return _take_low(tokens, place, rule)
    if (
        rule != "title"
        and is_title(tokens, place)
        and place + 1 < len(tokens)
        and tokens[place + 1].cap
    ):
        return 0
    last = capitals(tokens, place)
    name = tokens[place:last]
    if not name or any(one.low in lists.FOREIGN_STOP for one in name) or is_organ(tokens, place):
        return 0
    if (
        len(name) == 1
        and place + 1 < len(tokens)
        and _makes_word(tokens, place)
        and not _proves(name)
    ):
        return 0
    if rule == "title" or (rule == "told" and not _is_thing(name)):
        return last if not _is_acronym(name) else 0
    return last if _proves(name) and not _is_place(name) else 0


def capitals(tokens: Tokens, place: int) -> int:
    """One past the last capital that belongs to what begins here; `place` where none does."""
    last = place
    while last < len(tokens) and last - place < LONGEST:
        hyphen = last > place and tokens[last].gap == "-"
        if not (tokens[last].cap or hyphen) or (last > place and not _joined(tokens, last)):
            break
        if last - place >= 2 and is_organ(tokens, last):
            break
        last += 1
    return last


def _joined(tokens: Tokens, place: int) -> bool:
    """Whether a word follows the one before closely: by a space, a hyphen, or behind an initial."""
    gap = tokens[place].gap
    short = len(tokens[place - 1].low) <= 2
    return bool(JOINT.match(gap)) or (short and bool(INITIAL.match(gap)))


def is_organ(tokens: Tokens, place: int) -> bool:
    """Whether an office, a role or a heading begins here: "Trung tâm", "Chủ tịch"."""
    if place + 1 >= len(tokens):
        return tokens[place].low in {"ubnd", "hđnd", "cccd", "cmnd", "sđt"}
    pair = f"{tokens[place].low}_{tokens[place + 1].low}"
    return pair in lists.ORGANS or tokens[place].low in {"ubnd", "hđnd", "cccd", "cmnd", "sđt"}


def by_surname(tokens: Tokens, place: int) -> int:
    """A surname and what follows, in capitals."""
    if not tokens[place].cap or not is_surname(tokens[place]):
        return 0
    last = capitals(tokens, place)
    name = tokens[place:last]
    if len(name) < 2 or is_past(name) or after_place(tokens, place):
        return 0
    full = len(name) >= 3 and is_middle(name[1])
    if not full and (_is_place(name) or _is_thing(name)) and not _announced(tokens, place):
        return 0
    strong = tokens[place].low in lists.STRONG or tokens[place].plain in lists.STRONG_BARE
    known = is_given(name[-1]) or is_middle(name[1]) or len(name[-1].low) == 1
    return last if full or strong or known else 0


def by_low_surname(tokens: Tokens, place: int) -> int:
    """A full name in lower case, or where capitals tell nothing."""
    here = tokens[place]
    if here.cap or not is_surname(here) or after_place(tokens, place):
        return 0
    last = _low_run(tokens, place)
    name = tokens[place:last]
    if len(name) < 2 or is_past(name):
        return 0
    strong = _is_strong(here)
    while len(name) > 2 and not _is_whole(tokens, place, last):
        last -= 1
        name = tokens[place:last]
    if name[1].plain in {"thi", "van"}:
        return last if len(name) >= 3 and (strong or _is_whole(tokens, place, last)) else 0
    sure = len(name) >= 3 or not all(is_common(one) for one in name[1:])
    return last if strong and sure and (len(name) > 3 or _is_whole(tokens, place, last)) else 0


def _is_strong(token: Token) -> bool:
    return token.plain in lists.STRONG_BARE if token.bare else token.low in lists.STRONG


def by_people(tokens: Tokens, place: int) -> int:
    """Names of the peoples and foreign names: H'Hen Niê, Y Bhin, Rơ Châm Phiêng, John Smith."""
    here = tokens[place]
    if after_place(tokens, place) or here.low in PEOPLE:
        return 0
    if re.match(r"[hk]' ?\w{2}", here.low):
        return _with_peoples(tokens, place)
    if not here.cap:
        return _low_people(tokens, place) or (
            _with_peoples(tokens, place) if here.low == "y" else 0
        )
    last = capitals(tokens, place)
    name = tokens[place:last]
    if here.low == "y" and len(name) >= 2 and name[1].low != "tế":
        return last
    if len(name) < 2 or any(one.low in lists.FOREIGN_STOP or one.low in HIGHLANDS for one in name):
        return 0
    if here.head and not is_foreign(here) and not is_surname(here) and here.low != "a":
        return 0
    strange = sum(is_foreign(one) for one in name)
    return last if strange and not _is_place(name) and not _is_acronym(name) else 0


def by_given(tokens: Tokens, place: int) -> int:
    """A given name alone, or two, in capitals within a sentence: "gặp Hương ở quầy 2"."""
    here = tokens[place]
    if not here.cap or here.loud or after_place(tokens, place) or _follows_capital(tokens, place):
        return 0
    last = capitals(tokens, place)
    name = tokens[place:last]
    announced = _announced(tokens, place) or _continues(tokens, last)
    if not is_given(name[-1]) or any(not (is_given(one) or is_middle(one)) for one in name):
        return 0
    if len(name) > 2 or _makes_word(tokens, last - 1) or (not announced and _is_place(name)):
        return 0
    if len(name) == 2:
        return last if announced and not _is_thing(name) else 0
    stop = here.low in lists.LONE_STOP or is_common(here)
    if here.head:
        return last if not stop and _continues(tokens, last) else 0
    return last if not stop or (_announced(tokens, place) and not here.low == "quyền") else 0


def by_signature(tokens: Tokens, place: int) -> int:
    """The last words of a text, or a line near its end, that are a name and nothing else."""
    here = tokens[place]
    if not here.head or place < len(tokens) - 12:
        return 0
    if not here.cap:
        return _low_signature(tokens, place)
    last = capitals(tokens, place)
    name = tokens[place:last]
    alone = last == len(tokens) or "\n" in tokens[last].gap
    if not alone or is_organ(tokens, place) or _is_acronym(name):
        return 0
    if any(one.low in lists.FOREIGN_STOP for one in name) or place == 0:
        return 0
    if len(name) == 1:
        return last if is_given(here) and ("\n" in here.gap or not is_common(here)) else 0
    if _is_thing(name):
        return 0
    return last if _proves(name) and not _is_place(name) else 0


def _low_signature(tokens: Tokens, place: int) -> int:
    """A last line in lower case that is a name and nothing else."""
    last = _low_run(tokens, place)
    alone = last == len(tokens) or "\n" in tokens[last].gap
    if "\n" not in tokens[place].gap or not alone or last == place:
        return 0
    whole = is_surname(tokens[place]) if last - place > 1 else is_given(tokens[place])
    return last if whole else 0


FORMS: Final[tuple[tuple[str, Callable[[Tokens, int], int]], ...]] = (
    ("low_surname", by_low_surname),
    ("people", by_people),
    ("given", by_given),
    ("signature", by_signature),
)


def _take_low(tokens: Tokens, place: int, rule: str) -> int:
    """A name in lower case behind a title or an introduction."""
    here = tokens[place]
    if rule != "role" and (here.low in lists.PEOPLES or here.low == "y"):
        return _low_people(tokens, place) or _with_peoples(tokens, place)
    if _low_people(tokens, place):
        return _low_people(tokens, place)
    if not is_syllable(here.plain) and len(here.low) > 2 and here.low not in lists.FOREIGN_STOP:
        return _with_peoples(tokens, place) if rule != "role" else 0
    last = _low_run(tokens, place)
    if last == place or not _is_whole(tokens, place, last):
        return 0
    name = tokens[place:last]
    strong = len(name) >= 3 or not here.bare or _is_strong(here)
    if (
        strong
        and is_surname(here)
        and len(name) >= 2
        and not (len(name) == 2 and is_common(name[-1]))
    ):
        return last
    if len(name) == 1 and not is_given(here):
        return 0
    proven = not all(is_common(one) for one in name)
    if len(name) == 2 and any(is_common(one) for one in name) and _is_thing(name):
        return 0
    before = tokens[place - 1]
    if rule == "role" and here.bare:
        return last if proven and _continues(tokens, last) else 0
    if here.bare and rule == "title" and before.plain not in lists.CLEAR_BARE | lists.SHORT:
        small = before.plain in lists.SMALL_BARE and len(name) > 1
        return last if proven or small or _surely_continues(tokens, last) else 0
    if proven:
        return last
    named = rule == "title" or tokens[place - 1].plain in {"ten", "gap"}
    if tokens[place - 1].plain in {"chong", "vo", "me", "con", "bo", "cha", "chau"}:
        return 0
    sure = _continues(tokens, last) or (rule == "title" and _announced(tokens, place - 1))
    return last if sure and named else 0


def _surely_continues(tokens: Tokens, last: int) -> bool:
    """Whether what follows, without marks, is what is told of persons: "noi", "o quay"."""
    if last >= len(tokens):
        return True
    after = tokens[last].plain
    behind = tokens[last + 1].plain if last + 1 < len(tokens) else ""
    office = after == "o" and behind in lists.OFFICES_AFTER
    return after in lists.SURE_AFTER or office or f"{after} {behind}" in lists.SURE_PAIRS


def _is_order(tokens: Tokens, place: int) -> bool:
    """Whether somebody is named by the order of birth: "bà Tư", "ông bảy"."""
    here = tokens[place]
    if here.low not in lists.ORDERS or tokens[place - 1].low in {
        "con",
        "em",
        "cháu",
        "vợ",
        "chồng",
    }:
        return False
    if here.cap:
        return place + 1 >= len(tokens) or not tokens[place + 1].cap
    if place + 1 >= len(tokens):
        return not here.bare
    after = tokens[place + 1]
    if here.bare:
        clear = tokens[place - 1].plain in {"ong", "chu", "thim"} and here.low not in {"tu", "nam"}
        return clear and after.low not in lists.COUNTED and _continues(tokens, place + 1)
    return here.low not in {"hai", "ba", "năm", "cả"} and after.low not in lists.COUNTED


def _low_run(tokens: Tokens, place: int) -> int:
    """One past the last of the syllables of names that follow one another from here."""
    last = place
    while last < len(tokens) and last - place < LONGEST:
        here = tokens[last]
        known = is_given(here) or is_middle(here) or (last == place and is_surname(here))
        known = known or _stands_for_given(tokens, place, last)
        if not known or (
            last > place and not (JOINT.match(here.gap) and _goes_on(tokens, place, last))
        ):
            break
        last += 1
    while last > place and not _may_end(tokens, place, last):
        last -= 1
    return last


def _goes_on(tokens: Tokens, place: int, last: int) -> bool:
    """Whether a further syllable is still the name; behind "thị" and "văn" it is."""
    here = tokens[last]
    if here.low in {"a", "y"}:
        return False
    full = is_surname(tokens[place]) and tokens[place + 1].plain in {"thi", "van"}
    if (full or _is_strong(tokens[place])) and last - place <= 2:
        return True
    return not (is_common(here) and _makes_word(tokens, last))


def _stands_for_given(tokens: Tokens, place: int, last: int) -> bool:
    """Whether this is where a given name must stand, known or not: behind "nguyễn thị"."""
    if last != place + 2 or tokens[place + 1].plain not in {"thi", "van"}:
        return False
    first = tokens[place]
    if first.bare:
        return is_surname(first) and first.plain in lists.STRONG_BARE - {"vo"}
    between, here = tokens[place + 1].low, tokens[last].low
    word = is_word(first.low, between) or is_word(between, here)
    sure = first.low in lists.STRONG or (is_surname(first) and between == "thị" and not word)
    return sure and here not in lists.AFTER


def _may_end(tokens: Tokens, place: int, last: int) -> bool:
    known = is_given(tokens[last - 1]) or _stands_for_given(tokens, place, last - 1)
    return known or (last == place + 1 and is_surname(tokens[place]))


def _is_whole(tokens: Tokens, place: int, last: int) -> bool:
    """Whether the last syllable does not make an everyday word with what follows."""
    if last < len(tokens) and tokens[last].bare and tokens[last].plain in lists.AFTER_BARE:
        return True
    return not _makes_word(tokens, last - 1)


def _makes_word(tokens: Tokens, place: int) -> bool:
    """Whether a syllable and the next, which is no syllable of names itself, are one word."""
    if place + 1 >= len(tokens):
        return False
    here, after = tokens[place], tokens[place + 1]
    if not JOINT.match(after.gap) or after.cap:
        return False
    pair = (here.plain, after.plain) if here.bare else (here.low, after.low)
    return is_word(*pair, bare=here.bare) and not (is_given(after) and not is_common(after))


def _with_peoples(tokens: Tokens, place: int) -> int:
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


def _low_people(tokens: Tokens, place: int) -> int:
    """A name of the peoples in lower case: "rơ châm phiêng", "sùng a chứ", "ksor phước"."""
    here, after = tokens[place], tokens[place + 1 : place + 3]
    pair = f"{here.plain} {after[0].plain}" if after else ""
    if pair in lists.PEOPLES_PAIRS:
        last = place + 2
    elif here.plain in lists.PEOPLES_SURE:
        last = place + 1
    elif len(after) > 1 and here.low in lists.HMONG and after[0].low == "a":
        return place + 3
    else:
        return 0
    if last < len(tokens) and tokens[last].plain in {"thi", "van", "kim", "so"}:
        last += 1
    if last < len(tokens) and JOINT.match(tokens[last].gap) and not _continues(tokens, last):
        last += 1
    return last


def _announced(tokens: Tokens, place: int) -> bool:
    if place <= 0 or not JOINT.match(tokens[place].gap):
        return False
    before = tokens[place - 1]
    return before.plain in lists.BEFORE_BARE if before.bare else before.low in lists.BEFORE


def _continues(tokens: Tokens, last: int) -> bool:
    if last >= len(tokens):
        return True
    after = tokens[last]
    if not JOINT.match(after.gap):
        return True
    return after.plain in lists.AFTER_BARE if after.bare else after.low in lists.AFTER


def after_place(tokens: Tokens, place: int) -> bool:
    """Whether a word for a place or a house stands before: "đường" Trần Phú."""
    if place == 0 or not re.match(r"^[ .]{1,2}$", tokens[place].gap):
        return False
    before = tokens[place - 1]
    known = before.plain in lists.PLACES_BARE if before.bare else before.low in lists.PLACES
    pair = f"{tokens[place - 2].low}_{before.low}" if place > 1 else ""
    if not known and pair not in lists.PLACES:
        return False
    return not (place > 1 and known and tokens[place - 2].low in OFFICE)


def _follows_capital(tokens: Tokens, place: int) -> bool:
    """Whether the word only ends what began before: "Nha" Trang."""
    if place == 0 or not tokens[place - 1].cap or not JOINT.match(tokens[place].gap):
        return False
    before = tokens[place - 1 : place + 1]
    return not before[0].head or _is_place(before) or _is_thing(before)


def _proves(name: Tokens) -> bool:
    """Whether the words themselves say that this is a person."""
    if any(is_foreign(one) for one in name):
        return True
    first = is_surname(name[0]) or is_middle(name[0]) or is_given(name[0])
    return first and (is_given(name[-1]) or (len(name) > 1 and is_surname(name[0])))


def _is_place(name: Tokens) -> bool:
    bare = name[0].bare
    said = " ".join(one.plain if bare else one.low for one in name)
    return is_place(said, bare=bare) or said in lists.COUNTRIES


def _is_thing(name: Tokens) -> bool:
    """Whether the first two words are an everyday word: "Lý Lịch", "Hồ Sơ"."""
    if len(name) < 2:
        return name[0].low in lists.LONE_STOP and is_common(name[0])
    first, second = name[:2]
    pair = (first.plain, second.plain) if first.bare else (first.low, second.low)
    return is_word(*pair, bare=first.bare) and not (
        is_given(second) and is_surname(first) and len(name) > 2
    )


def _is_acronym(name: Tokens) -> bool:
    """Whether all is letters of an office or a document: "NĐ-CP", "UBND"."""
    return all(one.loud for one in name) and not any(
        is_given(one) or is_surname(one) or one.low in lists.PEOPLES for one in name
    )


def is_past(name: Tokens) -> bool:
    return " ".join(one.low for one in name[:3]) in lists.PAST_PEOPLE
