"""Periods that results are computed for, and the spans of days that cells stand for.

Spans nest: weeks are cut at the end of their month, so that weeks make up months, months make up
quarters and quarters a year. A period is therefore always a union of spans.
"""

import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Final

from surveys.errors import InputError
from surveys.tables.ratings import Grain

# The name by which Babel finds msgids that are translated where the reader is known.
N_ = str

_SPELLING: Final = re.compile(r"([0-9]{4})(?:-(?:[Qq]([1-4])|(0[1-9]|1[0-2])))?")
_MONTHS: Final = {"year": 12, "quarter": 3, "month": 1}
# First day of the span, for a day in SQL; `span_of` says the same in Python.
_SPAN_SQL: Final = {
    Grain.WEEK: "greatest(date_trunc('week', {day}), date_trunc('month', {day}))::date",
    Grain.MONTH: "date_trunc('month', {day})::date",
    Grain.QUARTER: "date_trunc('quarter', {day})::date",
}
# The day after the span, for its first day in SQL.
_SPAN_END_SQL: Final = {
    Grain.WEEK: "least(date_trunc('week', {first}) + interval '7 days',"
    " date_trunc('month', {first}) + interval '1 month')::date",
    Grain.MONTH: "({first} + interval '1 month')::date",
    Grain.QUARTER: "({first} + interval '3 months')::date",
}


class PeriodError(InputError):
    """A period that nobody can read; the message shows how to write one."""


@dataclass(frozen=True, order=True)
class Period:
    """A year, quarter or month; `first` and `last` day both belong to it."""

    first: date
    last: date
    name: str

    @property
    def kind(self) -> str:
        """`year`, `quarter` or `month`."""
        if "-" not in self.name:
            return "year"
        return "quarter" if "Q" in self.name else "month"

    @property
    def grains(self) -> tuple[Grain, ...]:
        """The grains whose spans lie wholly inside or wholly outside this period."""
        if self.kind == "month":
            return (Grain.WEEK, Grain.MONTH)
        return tuple(Grain)

    @property
    def quarters(self) -> list[tuple[date, date]]:
        """First and last day of each of its quarters; of a month or quarter its own."""
        if self.kind != "year":
            return [(self.first, self.last)]
        found = [_make_period(self.first.year, month, "quarter") for month in (1, 4, 7, 10)]
        return [(quarter.first, quarter.last) for quarter in found]

    @property
    def previous(self) -> "Period":
        """The period of the same kind that ends the day before."""
        return self._beside(-_MONTHS[self.kind])

    @property
    def next(self) -> "Period":
        """The period of the same kind that begins the day after."""
        return self._beside(_MONTHS[self.kind])

    def _beside(self, months: int) -> "Period":
        place = self.first.year * 12 + self.first.month - 1 + months
        return _make_period(place // 12, place % 12 + 1, self.kind)


def parse_period(text: str) -> Period:
    """The period written as 2021, 2021-Q1 or 2021-03.

    Raises
    ------
    PeriodError
        For any other text.
    """
    found = _SPELLING.fullmatch(text.strip())
    if found is None or int(found[1]) < MINYEAR:
        unknown = N_("«{period}» không phải là một kỳ; hãy viết 2021, 2021-Q1 hoặc 2021-03.")
        raise PeriodError(unknown, period=text)
    year, quarter, month = found.groups()
    if quarter:
        return _make_period(int(year), 3 * int(quarter) - 2, "quarter")
    return _make_period(int(year), int(month or 1), "month" if month else "year")


def span_of(day: date, grain: Grain) -> date:
    """First day of the week within its month, of the month or of the quarter of a day."""
    if grain is Grain.WEEK:
        return day - timedelta(days=min(day.weekday(), day.day - 1))
    if grain is Grain.MONTH:
        return day.replace(day=1)
    return day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1)


def span_end(first: date, grain: Grain) -> date:
    """Last day of the span that begins on this day."""
    months = {Grain.QUARTER: 3}.get(grain, 1)
    beyond = first.year * 12 + first.month - 1 + months
    month_ends = date(beyond // 12, beyond % 12 + 1, 1) - timedelta(days=1)
    if grain is Grain.WEEK:
        return min(first + timedelta(days=6 - first.weekday()), month_ends)
    return month_ends


def span_sql(day: str, grain: Grain) -> str:
    """The SQL expression that says what `span_of` says of the SQL expression `day`."""
    return _SPAN_SQL[grain].format(day=day)


def span_end_sql(first: str, grain: Grain) -> str:
    """The SQL expression of the day after the span that begins on the SQL expression `first`."""
    return _SPAN_END_SQL[grain].format(first=first)


def _make_period(year: int, month: int, kind: str) -> Period:
    if not MINYEAR <= year <= MAXYEAR:
        raise PeriodError(N_("Không có kỳ nào trước năm 1 hoặc sau năm 9999."))
    end = month + _MONTHS[kind] - 1
    last = date(year, 12, 31) if end == 12 else date(year, end + 1, 1) - timedelta(days=1)
    name = {"year": f"{year:04}", "quarter": f"{year:04}-Q{(month + 2) // 3}"}.get(
        kind, f"{year:04}-{month:02}"
    )
    return Period(date(year, month, 1), last, name)
