"""Numbers written in words: "không chín một hai", "o chin 12 ba bon"."""

import re
from collections.abc import Iterator
from typing import Final

from analysis.texts.numbers import Found
from analysis.texts.words import word_set

DIGITS: Final = word_set(
    "khong ko hong kong o linh zero mot hai ba bon tu nam lam nham sau bay tam chin chinh muoi"
)
BETWEEN: Final = word_set("linh le muoi muoi tram so con cong roi va")
LETTERS: Final = word_set("be bo xe xo de do ep gie hat ca lo el em en pe pi er et te vi ich")
TOKEN: Final = re.compile(r"[a-z]+|\d+")
GAP: Final = re.compile(r"[ ,.\-_/]{1,3}|")
IDENTITY: Final = re.compile(r"cccd|cmnd|cmt|can cuoc|chung minh|dinh danh")
PHONE: Final = re.compile(r"sdt|dien thoai|\bso\b|goi|zalo|lien he|\blh\b|\bdt\b")
ACCOUNT: Final = re.compile(r"stk|tai khoan|so the")
PLATE: Final = re.compile(r"bien|bks|\bxe\b|so xe")
SHORTEST: Final = 8
TEN: Final = 10
MOBILE: Final = re.compile(r"0[35789]")


def find_spelled(plain: str) -> Iterator[Found]:
    """Runs of at least eight digits of which four or more are written as words."""
    tokens = list(TOKEN.finditer(plain))
    place = 0
    while place < len(tokens):
        last = _run(plain, tokens, place)
        run = tokens[place:last]
        while run and run[-1][0] in BETWEEN and run[-1][0] != "muoi":
            run.pop()
        kind = _kind(plain, run)
        if kind:
            yield run[0].start(), run[-1].end(), kind, "spelled"
        place = max(last, place + 1)


def _run(plain: str, tokens: list[re.Match[str]], first: int) -> int:
    """One past the last token of the run of digits that starts here."""
    if not (_is_digit(tokens[first][0]) or tokens[first][0] == "cong"):
        return first
    place = first + 1
    while place < len(tokens):
        gap = plain[tokens[place - 1].end() : tokens[place].start()]
        word = tokens[place][0]
        letter = len(word) == 1 or word in LETTERS
        fits = _is_digit(word) or word in BETWEEN or (letter and _near(PLATE, plain, tokens[first]))
        if not GAP.fullmatch(gap) or not fits:
            break
        place += 1
    return place


def _kind(plain: str, run: list[re.Match[str]]) -> str:
    """What a run of digits is, empty for none: too short, or too few words in it."""
    words = sum(match[0] in DIGITS for match in run)
    count = sum(len(match[0]) if match[0].isdigit() else match[0] in DIGITS for match in run)
    told = bool(run) and count > SHORTEST and run[0][0] in DIGITS and _near(PHONE, plain, run[0])
    mixed = words > 0 and count == TEN and MOBILE.match(run[0][0]) is not None
    if not run or (words < 4 and not (told or mixed)):
        return ""
    if _near(PLATE, plain, run[0]) and 6 <= count <= SHORTEST:
        return "plate"
    return _kind_of_long(plain, run[0], count) if count >= SHORTEST else ""


def _kind_of_long(plain: str, first: re.Match[str], count: int) -> str:
    if _near(IDENTITY, plain, first) or (count == 12 and not _near(ACCOUNT, plain, first)):
        return "identity"
    return "account" if _near(ACCOUNT, plain, first) else "phone"


def _is_digit(word: str) -> bool:
    return word.isdigit() or word in DIGITS


def _near(label: re.Pattern[str], plain: str, token: re.Match[str]) -> bool:
    return label.search(plain, max(0, token.start() - 40), token.start()) is not None
