"""E-mail addresses as people write them, also aloud, and profiles of social networks."""

import re
from collections.abc import Iterator
from typing import Final

from analysis.texts.numbers import Found

AT: Final = r"(?: ?@ ?|[ ]?[(\[{<\"'] ?(?:at|a|a cong|a con) ?[)\]}>\"'] ?| (?:a[ \-]?cong|a[ \-]?con|a[ \-]?[mv]o[cn]g?|at) )"
DOT: Final = r"(?: ?[.,] ?| (?:cham|dot|phay|cham cham) |[ ]?[(\[](?:cham|dot)[)\]] ?)"
# `_` is a sign of a word already; were it a joint too, a row of them could be cut in endless ways.
JOIN: Final = (
    r"(?:[.+\-]| (?:cham|dot|gach duoi|gach ngang|gach) (?!(?:at|a[ \-]?con|a[ \-]?[mv]o)))"
)
ENDING: Final = r"(?:com|vn|net|org|edu|gov|info|biz|me|io|co|asia|icu)(?:\.(?:vn|com))?"
DOMAIN: Final = r"(?:g ?mail|yahoo|hotmail|outlook|icloud|email|live|mail|protonmail|zoho|ymail)"
LOCAL: Final = rf"(?<!\w)\w++(?:{JOIN}\w++)*+"
LABEL: Final = r"\w[\w\-]*+"
RUN: Final = r"(?<!\w)[\w.+\-]++"
# Letters up to the first sign that words do not have.
WORDLY: Final = r"(?:[^\W\d_]|[+\-])*+"
# What every find of a rule begins with, and the rule. A beginning is tried once: were a rule tried
# at each sign of a long row, the time would grow with its square.
MAILS: Final = tuple(
    (re.compile(begin), re.compile(rule))
    for begin, rule in (
        (LOCAL, rf"{LOCAL}{AT}{LABEL}(?:{DOT}{LABEL}){{0,8}}{DOT}{ENDING}(?!\w)"),
        (LOCAL, rf"{LOCAL}{AT}{DOMAIN}(?:(?:{DOT}| )?{ENDING})?(?!\w)"),
        (RUN, rf"{RUN}@[\w.\-]+\w"),
        (RUN, rf"(?<!\w){WORDLY}[\d_.][\w.+\-]*[ .]{{1,2}}{DOMAIN}{DOT}{ENDING}(?!\w)"),
    )
)
SPOKEN: Final = re.compile(
    r"(?<!\w)(?:e?-?mail|hop thu|thu dien tu)"
    r"(?: (?:cua|toi|em|e|minh|la|nhu sau|dia chi|ca nhan)){0,6}[: ]++"
    rf"((?:\w++ ){{1,3}}\w++(?:{JOIN}\w++){{0,12}}+{AT}{LABEL})"
)
LABELLED: Final = re.compile(
    r"(?<!\w)(?:e?-?mail|gmail|hop thu)"
    r"(?:[: ]++(?:cua|toi|em|minh|la|nhu sau|dia chi|ca nhan)){0,6}[: ]++"
    rf"({WORDLY}(?:\d[\w.\-+]*|[._][\w.\-+]*\w))(?![\w@])"
)
PROFILES: Final = (
    re.compile(
        r"(?:https?://)?(?:www\.|m\.)?(?:facebook|fb|zalo|instagram|tiktok|t)\.(?:com|me)/[^\s,;]+"
    ),
    re.compile(r"(?<![\w.])@[a-z][\w.]{3,}"),
)


def find_mails(plain: str) -> Iterator[Found]:
    """Places, kinds and rules in a text without marks."""
    for number, (begin, rule) in enumerate(MAILS):
        for start, end in _scan(plain, begin, rule):
            yield start, end, "mail", f"mail_{number + 1}"
    for match in SPOKEN.finditer(plain):
        yield match.start(1), match.end(1), "mail", "mail_spoken"
    for match in LABELLED.finditer(plain):
        yield match.start(1), match.end(1), "mail", "mail_label"
    for rule in PROFILES:
        for match in rule.finditer(plain):
            yield match.start(), match.end(), "profile", "profile"


def _scan(plain: str, begin: re.Pattern[str], rule: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where the rule holds; a beginning that leads nowhere is passed over as a whole."""
    place = 0
    while first := begin.search(plain, place):
        match = rule.match(plain, first.start())
        if match:
            yield match.span()
        place = match.end() if match else first.end()
