"""Phone numbers, numbers of papers, bank accounts and days of birth."""

import re
from collections.abc import Iterator
from typing import Final

from analysis.texts.scattered import Found, find_scattered

__all__ = ["Found", "find_numbers"]

SEP: Final = r"[ .\-_,·*()]{0,3}"
DATE: Final = (
    r"(?!\d{1,2}[./\-]\d{1,2}[./\-](?:19|20)\d\d)"
    r"(?!\d\d[./](?:19|20)\d\d ?[\-] ?\d\d[./](?:19|20)\d\d(?!\d))"
)

# What looks like a number of a person and is none: codes of dossiers and papers, sums of money.
CODE: Final = re.compile(
    r"\b\d{3}\.\d{2}\.\d{2}\.[a-z]\d{2}(?:[.\-]\d+)*"
    r"|\b[a-z]{1,5}\d{0,3}(?:\.\d{1,3})*[.\-]\d{6,8}[.\-]\w{3,8}"
    r"|\b\d+/(?:\d{4}/)?[a-z]{2,}(?:-[a-z]+)*"
    r"|(?:ma|so) (?:so )?(?:ho so|bien nhan|phieu|phan anh|tra cuu|bien lai|hoa don|to khai)"
    r"(?: so)?(?: la)?[: ]{0,3}[\w.\-/]*\d[\w.\-/]*"
)
HOTLINE: Final = re.compile(r"\b1[89]00[ .\-]?\d{2,4}(?:[ .\-]?\d{1,4})?\b")
MONEY: Final = re.compile(r"[ ]?(?:d|dong|vnd|trieu|nghin|ngan|ty|k|usd)\b")

TENS: Final = rf"(?:0{SEP}[3-9](?:{SEP}\d){{8}}|02(?:{SEP}\d){{8,9}}|01(?:{SEP}\d){{9}})"
PHONES: Final = (
    re.compile(
        rf"(?<![\w])(?:\+|00|\(\+?)?84\)?[ .\-]{{0,2}}\(?0?\)?{SEP}[2-9](?:{SEP}\d){{8,9}}(?!\d)"
    ),
    re.compile(rf"(?<!\d)(?<!\d[.,]){DATE}\(?{TENS}(?!\d)"),
    re.compile(r"(?<!\w)0[35789]\d{1,3}[ .\-]?[x*]{2,4}[ .\-]?\d{2,4}(?!\w)"),
    re.compile(r"(?<!\w)0[35789]\d[ .\-]?\d{2,4}[ .\-]?\d{0,3}[ .\-]?[x*]{2,4}(?!\w)"),
)
IDENTITY: Final = (
    re.compile(
        r"(?<!\d)(?<!\d[.,])(?!0[35789]\d{2}[ .\-]\d{3}[ .\-]\d{3,4}(?!\d)|0\d{9}(?!\d))"
        rf"{DATE}0(?:[ .\-]?\d){{11}}(?![ .\-]?\d)"
    ),
    re.compile(r"(?<!\d)(?<!\d[.])0\d{11}(?!\d)"),
    re.compile(
        r"(?<![\w.])0\d{2}(?:([ .\-])\d{3}\1\d{3}\1\d{3}|([ .\-])\d\2\d{2}\2\d{6}"
        r"|\d{3}[ .\-]\d{6}|\d([ .\-])\d{4}\3\d{4})(?!\w)"
    ),
    re.compile(r"(?<![\w.,])[a-z]{2} ?\d ?\d{2} ?\d{2} ?\d{3} ?\d{5}(?!\w)"),
    re.compile(r"(?<![\w.\-])(?:[a-z]\d{7,8}|[bcknpe] \d{7})(?![\w\-])"),
    re.compile(r"(?<![\w])\d(?:[ .\-]{1,3}\d(?!\d)){11}(?![ .\-]{0,3}\d(?!\d))"),
)
LONG: Final = re.compile(
    r"(?<![\w.,/\-])(?:\d{9,19}|\d{3,6}(?:-\d{3,6}){2,4}|[1-9]\d{2}([ .])\d{3}\1\d{3}(?:\1\d{3})?|\d{4} \d{4} \d{4}(?: \d{1,7})?)"
    r"(?![\w/\-]|[.,]\d)"
)
BANKS: Final = (
    "vietcombank|vcb|agribank|bidv|vietinbank|techcombank|tcb|mb ?bank|mb|acb|sacombank"
    "|tp ?bank|vp ?bank|shb|hd ?bank|ocb|msb|vib|seabank|lien viet|lp ?bank|scb|eximbank"
    "|nam a|bac a|kien long|pvcombank|abbank|vietbank|baca bank|nam a bank"
)
LABELLED: Final = (
    # Passports of other countries mix letters and digits.
    (
        "identity",
        re.compile(
            r"(?<!\w)(?:ho chieu|passport)(?!\w)[^\d\n;!?]{0,20}?(?<!\w)"
            r"((?=(?:[a-z]{0,6}\d){3})[a-z\d]{7,12})(?!\w)"
        ),
    ),
    (
        "identity",
        re.compile(
            r"(?<!\w)(?:c\.?c\.?c\.?d|cmn?d|cmtn?d?|can cuoc|cc so|chung minh|(?:so|ma) dinh danh"
            r"|tuy than|ho chieu|passport|gplx|giay phep lai xe|bang lai|bhxh|bhyt|bao hiem xa hoi"
            r"|bao hiem y te|ma so thue|mst|so so hong|so so do)(?!\w)[^\d\n;!?]{0,40}?"
            r"((?<![a-z])[a-z]{0,3} ?(?!\d{1,2}/\d{1,2}/)\d(?:[ .\-/]{0,2}\d){6,14})(?!\d)"
        ),
    ),
    (
        "account",
        re.compile(
            r"(?<![\w.\-])(\d(?:[ .\-]{0,2}\d){7,18})[ ]?[,(\-]?[ ]?"
            rf"(?:(?:o|tai|cua|ngan hang|nh) ){{0,2}}(?:{BANKS})(?!\w)"
        ),
    ),
    (
        "account",
        re.compile(
            r"(?<!\w)(?:s\.?t\.?k|(?:so )?tai khoan|t[kK]|so the|the atm|account|chuyen khoan|ck"
            rf"|{BANKS}|momo|ngan hang)"
            r"(?!\w)[^\d\n;!?]{0,40}?"
            r"(7\d\da(?:[ .\-]{0,2}\d){6,12}|\d(?:[ .\-]{0,2}\d){5,18})(?!\d)"
        ),
    ),
    (
        "phone",
        re.compile(
            r"(?<!\w)(?:s\.?d\.?t|so d\.?t|dien thoai|d\.?t(?:dd)?|di dong|so may|phone|tel|fone"
            r"|zalo|viber|whatsapp|a ?lo|goi|nhan tin|lien he|lien lac|lh|call|sms|may ban|fax"
            r"|so (?:cua )?(?:toi|em|anh|chi|minh|chau|ong|ba))(?!\w)[^\d\n;!?]{0,30}?"
            r"(\+?\(?\d(?:[ .\-()]{0,2}[\d]){6,12}|\d{3,5}[x*.]{2,4}\d{2,4})(?!\d)"
        ),
    ),
)
DAY: Final = (
    r"\d{1,2} ?[/.\-] ?\d{1,2} ?[/.\-] ?(?:19|20)?\d{2}|\d{1,2} thang \d{1,2} nam (?:19|20)\d\d"
    r"|\d{1,2} \d{1,2} (?:19|20)\d\d"
)
# "mười lăm tháng tám năm hai nghìn mười chín", some of it perhaps in digits.
COUNT: Final = (
    r"(?:mot|hai|ba|bon|tu|nam|lam|nham|sau|bay|tam|chin|muoi|linh|le|khong|tram|nghin|ngan"
    r"|gieng|chap|\d{1,4})"
)
TOLD_BIRTH: Final = re.compile(
    r"(?<!\w)sinh[^\w\n]{1,3}(?:(?:vao|ngay|la)[^\w\n]{1,3}){0,3}"
    rf"((?:(?:mong|mung) )?(?:{COUNT} ){{1,3}}thang (?:{COUNT} ){{1,2}}nam {COUNT}(?: {COUNT}){{0,7}})"
    r"(?!\w)"
)
# A second day is the wrong one, or the right one: "chứ không phải 05.09.1998".
BIRTH: Final = re.compile(
    rf"(?<!\w)(?:sinh|ngay sinh|sn)(?!\w)[^\d\n;]{{0,30}}?({DAY})(?!\d)"
    r"(?:[^\d\n;]{0,20}(?<!\w)(?:phai|thanh|chu|sai|nham|sua|dung)(?!\w)[^\d\n;]{0,20}?"
    rf"({DAY})(?!\d))?"
)
# "O9l2 345 678": letters where digits were meant.
LOOKALIKE: Final = re.compile(r"(?<![\w])[\dol][\dol .\-]{7,16}[\dol](?!\w)")


def find_numbers(plain: str) -> Iterator[Found]:
    """Places, kinds and rules in a text without marks (see `Folded.plain`)."""
    view = LOOKALIKE.sub(_to_digits, plain)
    free = HOTLINE.sub(_blank, CODE.sub(_blank_codes, view))
    yield from _labelled(free, LABELLED[:4])
    for kind, rules in (("identity", IDENTITY), ("phone", PHONES)):
        for number, rule in enumerate(rules):
            for match in rule.finditer(free):
                yield match.start(), match.end(), kind, f"{kind}_{number + 1}"
            free = rule.sub(lambda match: "#" * len(match[0]), free)
    yield from find_scattered(free)
    yield from _labelled(free, LABELLED)
    yield from _births(free)
    for match in LONG.finditer(free):
        if not _is_money(free, match.start(), match.end()):
            yield match.start(), match.end(), _kind_of(match[0]), "long_number"


def _births(plain: str) -> Iterator[Found]:
    """Full days behind "sinh", in digits or in words."""
    for match in BIRTH.finditer(plain):
        yield match.start(1), match.end(1), "birth", "birth"
        if match[2]:
            yield match.start(2), match.end(2), "birth", "birth"
    for match in TOLD_BIRTH.finditer(plain):
        yield match.start(1), match.end(1), "birth", "birth"


def _labelled(plain: str, labels: tuple[tuple[str, re.Pattern[str]], ...]) -> Iterator[Found]:
    """Numbers that are said to be somebody's, whatever they look like."""
    for kind, rule in labels:
        for match in rule.finditer(plain):
            if not _is_money(plain, match.start(1), match.end(1)):
                yield match.start(1), match.end(1), kind, f"{kind}_label"


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _kind_of(number: str) -> str:
    digits = sum(character.isdigit() for character in number)
    return "identity" if digits <= 12 else "account"


def _is_money(plain: str, start: int, end: int) -> bool:
    return plain[start] != "0" and MONEY.match(plain, end) is not None


def _to_digits(match: re.Match[str]) -> str:
    found = match[0]
    if sum(character.isdigit() for character in found) < 6:
        return found
    return found.replace("o", "0").replace("l", "1")


def _blank_codes(match: re.Match[str]) -> str:
    """A code is left alone, unless what follows its name is a phone or an identity number."""
    found = match[0]
    tail = re.search(r"(?<![\w.\-])0(?:[35789]\d{8}|\d{11})$", found)
    return " " * tail.start() + tail[0] if tail else " " * len(found)
