"""E-mail addresses as people write them, also aloud, and profiles of social networks."""

import re
from collections.abc import Iterator
from typing import Final

from analysis.texts.numbers import Found

AT: Final = r"(?: ?@ ?|[ ]?[(\[{<\"'] ?(?:at|a|a cong|a con) ?[)\]}>\"'] ?| (?:a[ \-]?cong|a[ \-]?con|a[ \-]?[mv]o[cn]g?|at) )"
DOT: Final = r"(?: ?[.,] ?| (?:cham|dot|phay|cham cham) |[ ]?[(\[](?:cham|dot)[)\]] ?)"
JOIN: Final = r"(?:[.+_\-]| (?:cham|dot|gach duoi|gach ngang|gach) )"
ENDING: Final = r"(?:com|vn|net|org|edu|gov|info|biz|me|io|co|asia|icu)(?:\.(?:vn|com))?"
DOMAIN: Final = r"(?:g ?mail|yahoo|hotmail|outlook|icloud|email|live|mail|protonmail|zoho|ymail)"
MAILS: Final = (
    re.compile(rf"(?<![\w])\w+(?:{JOIN}\w+)*{AT}\w[\w\-]*(?:{DOT}\w[\w\-]*)*{DOT}{ENDING}(?!\w)"),
    re.compile(rf"(?<![\w])\w+(?:{JOIN}\w+)*{AT}{DOMAIN}(?:(?:{DOT}| )?{ENDING})?(?!\w)"),
    re.compile(r"(?<![\w])[\w.+\-]+@[\w.\-]+\w"),
    re.compile(rf"(?<![\w])[\w.+\-]*[\d_.][\w.+\-]*[ .]{{1,2}}{DOMAIN}{DOT}{ENDING}(?!\w)"),
)
SPOKEN: Final = re.compile(
    r"(?<!\w)(?:e?-?mail|hop thu|thu dien tu)(?: (?:cua|toi|em|e|minh|la|nhu sau|dia chi|ca nhan))*[: ]+"
    rf"((?:\w+ ){{1,3}}\w+(?:{JOIN}\w+)*{AT}\w[\w\-]*)"
)
LABELLED: Final = re.compile(
    r"(?<!\w)(?:e?-?mail|gmail|hop thu)(?:[: ]+(?:cua|toi|em|minh|la|nhu sau|dia chi|ca nhan))*[: ]+"
    r"([\w.\-+]*(?:\d[\w.\-+]*|[._][\w.\-+]*\w))(?![\w@])"
)
PROFILES: Final = (
    re.compile(
        r"(?:https?://)?(?:www\.|m\.)?(?:facebook|fb|zalo|instagram|tiktok|t)\.(?:com|me)/[^\s,;]+"
    ),
    re.compile(r"(?<![\w.])@[a-z][\w.]{3,}"),
)


def find_mails(plain: str) -> Iterator[Found]:
    """Places, kinds and rules in a text without marks."""
    for number, rule in enumerate(MAILS):
        for match in rule.finditer(plain):
            yield match.start(), match.end(), "mail", f"mail_{number + 1}"
    for match in SPOKEN.finditer(plain):
        yield match.start(1), match.end(1), "mail", "mail_spoken"
    for match in LABELLED.finditer(plain):
        yield match.start(1), match.end(1), "mail", "mail_label"
    for rule in PROFILES:
        for match in rule.finditer(plain):
            yield match.start(), match.end(), "profile", "profile"
