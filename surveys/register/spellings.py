"""Periods as reports print them: Quý I/2021, 9 tháng đầu năm 2021; times of day: 7h30, 07:30."""

import re
from datetime import date
from typing import Final

from surveys.periods import parse_period
from surveys.register.words import fold

_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR: Final = r"(?:nam)?(?P<year>(?:19|20|21)[0-9]{2})"
# Patterns on the folded text, and the form that is kept.
_SPELLINGS: Final = (
    (rf"{_YEAR}", "{year}"),
    (rf"{_YEAR}q(?P<number>[1-4])", "{year}-Q{number}"),
    (rf"q(?:uy)?(?P<number>iv|i{{1,3}}|[1-4]){_YEAR}", "{year}-Q{number}"),
    (rf"{_YEAR}h(?P<number>[12])", "{year}-H{number}"),
    (rf"6thangdau{_YEAR}", "{year}-H1"),
    (rf"6thangcuoi{_YEAR}", "{year}-H2"),
    (rf"(?P<number>[1-9]|1[0-2])thang(?:dau)?{_YEAR}", "{year}-{number}M"),
    (rf"{_YEAR}(?P<number>[1-9]|1[0-2])m", "{year}-{number}M"),
    (rf"(?:thang)?(?P<number>0?[1-9]|1[0-2]){_YEAR}", "{year}-{number:02}"),
)
# Folding drops the hyphen that tells 2021-02 from a number.
_MONTH: Final = re.compile(r"(?:19|20|21)[0-9]{2}-(?:0[1-9]|1[0-2])")

# 7:30, 07:30:00, 7h30, 7g30, with a date before it as spreadsheets may print a bare time.
_CLOCK: Final = re.compile(
    r"(?:(?:1899|1900)-[0-9]{2}-[0-9]{2}[T ])?"
    r"([01]?[0-9]|2[0-3])(?:[:hg]([0-5][0-9])(?::00(?:\.0+)?)?|[hg])"
)
_FRACTION: Final = re.compile(r"0\.[0-9]+")


def read_clock(text: str) -> str | None:
    """The time of day as 07:30, else None; a time that Excel took for a number is read too."""
    if _FRACTION.fullmatch(text):
        minutes = round(float(text) * 1440)
        return f"{minutes // 60:02}:{minutes % 60:02}" if minutes < 1440 else None
    found = _CLOCK.fullmatch(text.lower())
    return f"{int(found[1]):02}:{found[2] or '00'}" if found else None


def read_period(text: str) -> str | None:
    """2021, 2021-Q1, 2021-H1, 2021-02 or 2021-9M for any of their spellings, else None."""
    if _MONTH.fullmatch(text.strip()):
        return text.strip()
    folded = fold(text)
    for pattern, form in _SPELLINGS:
        if found := re.fullmatch(pattern, folded):
            number = found.groupdict().get("number", "0")
            return form.format(year=found["year"], number=_ROMAN.get(number) or int(number))
    return None


def period_days(period: str) -> tuple[date, date]:
    """First and last day of a period in the form that `read_period` gives."""
    year, _, part = period.partition("-")
    if part.startswith("H"):
        return _from_to(f"{year}-Q{2 * int(part[1]) - 1}", f"{year}-Q{2 * int(part[1])}")
    if part.endswith("M"):
        return _from_to(year, f"{year}-{int(part[:-1]):02}")
    return _from_to(period, period)


def _from_to(first: str, last: str) -> tuple[date, date]:
    return parse_period(first).first, parse_period(last).last
