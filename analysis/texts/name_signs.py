"""What a word and its neighbours tell about whether it is part of a name."""

import re
from typing import Final

from analysis.texts import name_lists as lists
from analysis.texts import place_lists as places
from analysis.texts.tokens import Token, is_abbreviation
from analysis.texts.words import is_place, is_syllable, is_word, word_set

Tokens = list[Token]
LONGEST: Final = 5
# Words of an office between an official's title and the name.
OFFICES: Final = 7
# So far behind "đường" a row of streets may go on.
ROW: Final = 12
JOINT: Final = re.compile(r"^[ ]{1,2}$|^-$")
INITIAL: Final = re.compile(r"^[.][ ]?$")
OFFICE: Final = word_set(
    """tịch bộ an thư chức trưởng phó viên chính pháp đội
    tich bo thu chuc truong pho vien chinh phap doi"""
)
SHORTENED: Final = word_set("ubnd hđnd cccd cmnd sđt")
LOW_TITLES: Final = word_set("a c ac bs ths ts")


def is_surname(token: Token) -> bool:
    """Whether the word is in the list of surnames."""
    # "NGUYEN THI HOA" as banks write it, in a line with marks.
    copied = token.cap and token.low == token.plain and token.plain in lists.STRONG_BARE
    rare = token.cap and token.low in lists.RARE_SURNAMES
    known = token.plain in lists.SURNAMES_BARE if token.bare else token.low in lists.SURNAMES
    return known or copied or rare


def is_given(token: Token) -> bool:
    """Whether the word is in the list of given names."""
    if token.bare:
        return token.plain in lists.GIVEN_BARE
    return token.low in lists.GIVEN or (token.cap and token.low in lists.RARE_GIVEN)


def is_middle(token: Token) -> bool:
    """Whether the word stands between surname and given name."""
    if token.bare:
        return token.plain in lists.MIDDLES_BARE
    return token.low in lists.MIDDLES or (token.cap and token.low in lists.RARE_MIDDLES)


def is_strong(token: Token) -> bool:
    """Whether the word is hardly anything but a surname."""
    return token.plain in lists.STRONG_BARE if token.bare else token.low in lists.STRONG


def is_named(token: Token) -> bool:
    """Whether the word can be part of a name at all."""
    return is_given(token) or is_surname(token) or is_foreign(token) or len(token.low) == 1


def is_unknown(name: Tokens) -> bool:
    """Whether one capital within a sentence is in no list, neither of names nor of other words."""
    here = name[0]
    listed = is_common(here) or here.low in lists.LONE_STOP | lists.PLACES | lists.TITLES
    return len(name) == 1 and not (here.head or here.loud or listed) and is_syllable(here.plain)


def is_common(token: Token) -> bool:
    """Whether the word alone proves nothing, since it is an everyday word as well."""
    return token.plain in lists.COMMON_BARE if token.bare else token.low in lists.COMMON


def is_foreign(token: Token) -> bool:
    """Whether the word is no Vietnamese syllable, or a name of one of the peoples."""
    people = token.plain in lists.PEOPLES_BARE if token.bare else token.low in lists.PEOPLES
    return people or not is_syllable(token.plain) or "'" in token.low


def is_title(tokens: Tokens, place: int) -> bool:
    """Whether a word that may be a title is one here: "cô" Lan, not "cô" giáo or "có"."""
    if place + 1 >= len(tokens):
        return False
    here, after = tokens[place], tokens[place + 1]
    if here.low not in lists.TITLES and here.plain not in lists.TITLES_BARE:
        return False
    if here.low not in lists.TITLES and not here.bare:
        unmarked = here.low == here.plain and not (here.cap and is_surname(here))
        return unmarked and after.cap and (is_given(after) or is_surname(after))
    if here.low == "ba" and (after_place(tokens, place + 1) or _is_month(tokens, place)):
        return False
    return after.cap or _is_low_title(here, after)


def _is_month(tokens: Tokens, place: int) -> bool:
    """Whether "ba" is the third month or day here: "tháng Ba năm" 1990."""
    before = tokens[place - 1].low if place else ""
    return before == "tháng" or (before == "thứ" and not tokens[place + 1].cap)


def _is_low_title(here: Token, after: Token) -> bool:
    if here.low in lists.SHORT:
        sure = here.low in LOW_TITLES or (here.low == "e" and not is_common(after))
        return is_given(after) and sure
    if here.bare:
        if f"{here.plain} {after.plain}" in lists.TITLE_WORDS:
            return False
        return here.plain in lists.CLEAR_BARE | lists.VAGUE_BARE | lists.SMALL_BARE
    pair = f"{here.low} {after.low}"
    return here.low == "anh" or pair in lists.NAMES_FIRST or not is_word(here.low, after.low)


def joined(tokens: Tokens, place: int) -> bool:
    """Whether a word follows the one before closely: by a space, a hyphen, or behind an initial."""
    gap = tokens[place].gap
    initial = is_abbreviation(tokens[place - 1].low) and INITIAL.match(gap)
    return bool(JOINT.match(gap)) or bool(initial)


def is_organ(tokens: Tokens, place: int) -> bool:
    """Whether an office, a role or a heading begins here: "Trung tâm", "Chủ tịch"."""
    here = tokens[place].low
    pair = f"{here}_{tokens[place + 1].low}" if place + 1 < len(tokens) else ""
    return pair in lists.ORGANS or here in SHORTENED


def capitals(tokens: Tokens, place: int) -> int:
    """One past the last capital that belongs to what begins here; `place` where none does."""
    last = place
    while last < len(tokens) and last - place < LONGEST:
        hyphen = last > place and tokens[last].gap == "-"
        if not (tokens[last].cap or hyphen) or (last > place and not joined(tokens, last)):
            break
        if last - place >= 2 and is_organ(tokens, last):
            break
        last += 1
    return last


def makes_word(tokens: Tokens, place: int) -> bool:
    """Whether a syllable and the next, which is no syllable of names itself, are one word."""
    if place + 1 >= len(tokens):
        return False
    here, after = tokens[place], tokens[place + 1]
    if not JOINT.match(after.gap) or after.cap:
        return False
    pair = (here.plain, after.plain) if here.bare else (here.low, after.low)
    return is_word(*pair, bare=here.bare) and not (is_given(after) and not is_common(after))


def is_whole(tokens: Tokens, last: int) -> bool:
    """Whether what ends here does not make an everyday word with what follows."""
    if last < len(tokens) and tokens[last].bare and tokens[last].plain in lists.AFTER_BARE:
        return True
    return not makes_word(tokens, last - 1)


def led(tokens: Tokens, place: int) -> bool:
    """Whether a word stands before that whoever acts stands behind: "thì", "khi", "nhà"."""
    return (
        place > 0 and bool(JOINT.match(tokens[place].gap)) and tokens[place - 1].low in lists.LEADS
    )


def announced(tokens: Tokens, place: int) -> bool:
    """Whether a word stands before that persons stand behind: "gặp", "của", "nhờ"."""
    if place <= 0 or not JOINT.match(tokens[place].gap):
        return False
    before = tokens[place - 1]
    return before.plain in lists.BEFORE_BARE if before.bare else before.low in lists.BEFORE


def continues(tokens: Tokens, last: int) -> bool:
    """Whether the sentence ends here or goes on as it does after persons: "ở", "nói"."""
    if last >= len(tokens) or not JOINT.match(tokens[last].gap):
        return True
    after = tokens[last]
    return after.plain in lists.AFTER_BARE if after.bare else after.low in lists.AFTER


def surely_continues(tokens: Tokens, last: int) -> bool:
    """Whether what follows, without marks, is what is told of persons: "noi", "o quay"."""
    if last >= len(tokens):
        return True
    after = tokens[last].plain
    behind = tokens[last + 1].plain if last + 1 < len(tokens) else ""
    office = after == "o" and behind in lists.OFFICES_AFTER
    return after in lists.SURE_AFTER or office or f"{after} {behind}" in lists.SURE_PAIRS


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


def follows_role(tokens: Tokens, place: int) -> bool:
    """Whether an official's title with its office stands before: "Chủ tịch UBND xã"."""
    first = place
    while first > 0 and place - first < OFFICES and JOINT.match(tokens[first].gap):
        first -= 1
        here, after = tokens[first].low, tokens[first + 1].low
        if here in lists.HEADS_OF or f"{here} {after}" in lists.HEADS_OF:
            return True
    return False


def follows_capital(tokens: Tokens, place: int) -> bool:
    """Whether the word only ends what began before: "Nha" Trang."""
    if place == 0 or not tokens[place - 1].cap or not JOINT.match(tokens[place].gap):
        return False
    before = tokens[place - 1 : place + 1]
    if place > 1 and tokens[place - 2].low in {"thứ", "tháng"}:
        # "chiều thứ Sáu Trang nghỉ": the capital before is a day.
        return False
    return not before[0].head or names_place(before) or is_thing(before)


def proves(name: Tokens) -> bool:
    """Whether the words themselves say that this is a person."""
    if any(is_foreign(one) for one in name):
        return True
    first = is_surname(name[0]) or is_middle(name[0]) or is_given(name[0])
    return first and (is_given(name[-1]) or (len(name) > 1 and is_surname(name[0])))


def names_place(name: Tokens) -> bool:
    """Whether the words are the name of a place or a country."""
    bare = name[0].bare
    said = " ".join(one.plain if bare else one.low for one in name)
    return is_place(said, bare=bare) or is_known_place(name)


def is_known_place(name: Tokens) -> bool:
    """Whether the words are a province, a large town or a country."""
    known = places.PROVINCES_BARE if name[0].bare else places.PROVINCES | places.COUNTRIES
    return " ".join(one.plain if name[0].bare else one.low for one in name) in known


def is_named_after(tokens: Tokens, place: int, last: int) -> bool:
    """Whether a street or a school bears this name, also in a row: "đường Trần Phú, Lê Lợi"."""
    if " ".join(one.low for one in tokens[place:last]) not in places.FAMOUS:
        return False
    return any(one.low in places.NAMED_AFTER for one in tokens[max(0, place - ROW) : place])


def is_thing(name: Tokens) -> bool:
    """Whether the first two words are an everyday word: "Lý Lịch", "Hồ Sơ"."""
    if len(name) < 2:
        return name[0].low in lists.LONE_STOP and is_common(name[0])
    first, second = name[:2]
    pair = (first.plain, second.plain) if first.bare else (first.low, second.low)
    full = is_given(second) and is_surname(first) and len(name) > 2
    return is_word(*pair, bare=first.bare) and not full


def is_acronym(name: Tokens) -> bool:
    """Whether all is letters of an office or a document: "NĐ-CP", "UBND"."""
    return all(one.loud for one in name) and not any(
        is_given(one) or is_surname(one) or one.low in lists.PEOPLES for one in name
    )


def is_stopped(name: Tokens) -> bool:
    """Whether a word of it is a brand or a technical word."""
    return any(one.low in lists.FOREIGN_STOP for one in name)


def dead_until(tokens: Tokens, place: int) -> int:
    """One past a name that stands for a street or a city here; 0 where none begins."""
    if is_past(tokens[place : place + 3]):
        return place + 3
    if not tokens[place].cap:
        return 0
    last = capitals(tokens, place)
    return last if is_named_after(tokens, place, last) else 0


def is_past(name: Tokens) -> bool:
    """Whether this is somebody whom streets and cities are named after."""
    return " ".join(one.low for one in name[:3]) in lists.PAST_PEOPLE
