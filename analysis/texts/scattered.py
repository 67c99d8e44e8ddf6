"""Numbers whose digits are parted by any signs or by new lines: "0|9|1|2|…", "0912=345=678"."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

Found = tuple[int, int, str, str]

RUN: Final = re.compile(r"\d+")
# Covered places are blanked out by these signs; a number never goes on behind one.
GAP: Final = re.compile(r"(?:[^\w¤¶]|_){1,4}")
PHONE: Final = re.compile(r"0[35789]\d{8}|02\d{8,9}|(?:00)?84(?:[35789]\d{8}|2\d{8,9})")
IDENTITY: Final = re.compile(r"0\d{11}")
MOST: Final = 13
# Signs of lists, times, dates and sums, and all signs with which pairs of digits are no phone.
OF_LISTS: Final = re.compile(r"[,;:/.]")
OF_PAIRS: Final = re.compile(r"[,;:/.\-\s]")
ROW: Final = re.compile(r"[,;]")
YEAR: Final = re.compile(r"(?:19|20)\d\d")
PART_OF_MORE: Final = re.compile(r"\w|[.,/:]\d")
AFTER_DIGIT: Final = re.compile(r"\w|(?<=\d)[.,/:]")
MONEY: Final = re.compile(r" ?(?:d|dong|vnd|trieu|nghin|ngan|ty|usd)\b")
LABEL: Final = re.compile(
    r"(?<!\w)(?:sdt|so dt|dt|dien thoai|di dong|zalo|goi|lien he|lien lac|lh|nhan tin)"
    r"(?:\W{1,3}(?:so|cua|toi|em|anh|chi|ong|ba|minh|chau|la|theo|qua|cho|nay)(?!\w)){0,4}\W{0,4}$"
)
BEFORE: Final = 40


def find_scattered(plain: str) -> Iterator[Found]:
    """Phones and identity numbers of two groups of digits or more, whatever parts these.

    What is found in one piece, or parted as numbers mostly are, must have been blanked out.
    """
    runs = list(RUN.finditer(plain))
    place = 0
    while place < len(runs):
        found = _longest(plain, runs, place)
        if found:
            last, kind = found
            yield runs[place].start(), runs[last].end(), kind, "scattered"
            place = last
        place += 1


def _longest(plain: str, runs: list[re.Match[str]], first: int) -> tuple[int, str] | None:
    """The last run of the longest number that begins with this run, and its kind."""
    start = runs[first].start()
    if runs[first][0][0] not in "08" or (start and AFTER_DIGIT.match(plain, start - 1)):
        return None
    best, digits, gaps = None, runs[first][0], list[str]()
    for last in range(first + 1, len(runs)):
        gap = plain[runs[last - 1].end() : runs[last].start()]
        digits += runs[last][0]
        if not GAP.fullmatch(gap) or len(digits) > MOST:
            break
        gaps.append(gap.strip() or gap)
        kind = _kind_of(digits)
        if kind and _is_number(plain, runs[first : last + 1], gaps, kind):
            best = last, kind
    return best


def _kind_of(digits: str) -> str:
    if PHONE.fullmatch(digits):
        return "phone"
    return "identity" if IDENTITY.fullmatch(digits) else ""


def _is_number(plain: str, runs: list[re.Match[str]], gaps: list[str], kind: str) -> bool:
    """Whether these groups are one number, and not days, times, sums or a row of numbers."""
    start, end = runs[0].start(), runs[-1].end()
    if PART_OF_MORE.match(plain, end):
        return False
    if kind == "phone" and LABEL.search(plain[max(0, start - BEFORE) : start]):
        return True
    groups = [run[0] for run in runs]
    behind = zip(gaps, groups[1:], strict=True)
    if MONEY.match(plain, end) or any(gap == "/" and YEAR.fullmatch(one) for gap, one in behind):
        return False
    return _is_grouped(groups, gaps, kind)


def _is_grouped(groups: list[str], gaps: list[str], kind: str) -> bool:
    """Whether numbers of this kind are grouped so: digit by digit, in pairs, or in three or four."""
    same, lists = len(set(gaps)) == 1, any(map(OF_LISTS.search, gaps))
    lengths = {len(one) for one in groups}
    if lengths == {1}:
        return same or not lists
    if lengths == {2}:
        rising = all(one < other for one, other in pairwise(groups))
        return same and not (OF_PAIRS.search(gaps[0]) or rising)
    if kind == "identity" and (lists or not same or "\n" in gaps[0]):
        return False
    long = len(groups[0]) > 2 or groups[0] == "84"
    return long and 1 not in lengths and (len(groups) > 2 or not ROW.match(gaps[0]))
