"""Number plates of cars and motorcycles, with and without dots and dashes."""

import re
from collections.abc import Iterator
from typing import Final

from analysis.texts.numbers import CODE, Found
from analysis.texts.words import word_set

TAIL: Final = r"(?:\d{3}[ .\-]?\d{2}|\d{2}[ .]\d{3}|\d{4})"
PLAIN: Final = re.compile(
    rf"(?<![\w.,/])(?P<area>\d{{2}})(?P<one>[ ]?-?[ ]?)(?P<series>[a-z]\d|[a-z]{{1,2}}\d?)"
    rf"(?P<two>[ ]?[\-._:/]?[ ]?)(?P<tail>{TAIL})(?![\w]|[.,]\d)"
)
LABELLED: Final = re.compile(
    r"(?<!\w)(?:bien(?: so| kiem soat)?|bks|bsx?|so xe|xe(?: may| so| o ?to| hoi| tai)?|o ?to)(?!\w)"
    r"[^\d\n;!?]{0,30}?"
    r"(\d ?\d[ .\-]{0,3}[a-z]{1,2}[ .\-]{0,3}\d?(?:[ .\-]{0,3}\d){3,5}"
    r"|(?<![a-z])[a-z]{2}[ .\-]{0,3}\d{2}[ .\-]{1,3}\d{2}|\d{3}\.\d{2})(?![\w])"
)
ENDING: Final = re.compile(r"(?<!\w)(?:duoi|so cuoi)(?: so)?[: ]+(\d{3}[.]?\d{2}|\d{4})(?!\w)")
DIPLOMAT: Final = re.compile(r"(?<![\w])\d{2}[ \-]\d{3}[ \-](?:ng|nn|qt|cv)[ \-]\d{2}(?!\w)")
MILITARY: Final = re.compile(r"(?<![\w\-/.])[a-z]{2}-\d{2}-\d{2}(?![\w\-/])")
UNITS: Final = word_set("h g k m l t m2 m3 kg km cm mm ml")
# Series of two letters that plates carry; others are mostly kinds of documents.
PAIRS: Final = word_set("ld md da kt nn ng qt cv hc td rm nt mk sg he")
DOCUMENTS: Final = word_set("qd nd tt nq ct kh bc tb cp hd")


def find_plates(plain: str) -> Iterator[Found]:
    """Places, kinds and rules in a text without marks."""
    free = CODE.sub(
        lambda match: match[0] if PLAIN.search(match[0]) else " " * len(match[0]), plain
    )
    for match in PLAIN.finditer(free):
        if _fits(match):
            yield match.start(), match.end(), "plate", "plate"
    for rule in (LABELLED, ENDING):
        for match in rule.finditer(free):
            yield match.start(1), match.end(1), "plate", "plate_label"
    for rule in (DIPLOMAT, MILITARY):
        for match in rule.finditer(free):
            if match[0][:2] not in DOCUMENTS:
                yield match.start(), match.end(), "plate", "plate"


def _fits(match: re.Match[str]) -> bool:
    series, tail = match["series"], match["tail"]
    marked = "-" in match["one"] + match["two"] or "." in match["two"] + tail
    if int(match["area"]) < 11:
        return False
    if marked:
        return series not in DOCUMENTS
    if len(tail.replace(".", "").replace(" ", "")) == 5 and len(series) == 2 and series.isalpha():
        return series not in DOCUMENTS | UNITS
    if series in UNITS or (len(tail) == 4 and tail[:2] in {"19", "20"}):
        return False
    return series.rstrip("0123456789") in PAIRS or not series[-1:].isalpha() or len(series) == 1
