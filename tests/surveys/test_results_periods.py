"""Periods and spans: what people write, and that spans make up periods."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.periods import PeriodError, parse_period, span_of, span_sql
from surveys.tables.ratings import Grain
from surveys.transactions import fetch

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
NAMES = st.builds(
    "{:04}{}".format, st.integers(2, 9998), st.sampled_from(["", "-Q1", "-Q4", "-12"])
)


@pytest.mark.parametrize(
    ("text", "name", "first", "last"),
    [
        ("2021", "2021", date(2021, 1, 1), date(2021, 12, 31)),
        ("2021-Q1", "2021-Q1", date(2021, 1, 1), date(2021, 3, 31)),
        (" 2021-q4 ", "2021-Q4", date(2021, 10, 1), date(2021, 12, 31)),
        ("2024-02", "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2021-12", "2021-12", date(2021, 12, 1), date(2021, 12, 31)),
    ],
)
def test_a_period_is_read(text: str, name: str, first: date, last: date) -> None:
    period = parse_period(text)
    assert (period.name, period.first, period.last) == (name, first, last)


@pytest.mark.parametrize(
    "text", ["", "21", "2021-Q5", "2021-13", "2021-00", "0000", "2021-1", "٢٠٢١", "2021-Q1-x"]
)
def test_what_is_no_period_is_refused_with_examples(text: str) -> None:
    with pytest.raises(PeriodError, match="2021-Q1"):
        parse_period(text)


def test_there_is_no_period_after_the_calendar() -> None:
    with pytest.raises(PeriodError, match="9999"):
        _ = parse_period("9999").next


@given(NAMES)
def test_periods_follow_one_another_without_a_gap(name: str) -> None:
    period = parse_period(name)
    assert period.next.first == period.last + timedelta(days=1)
    assert period.next.previous == period
    assert parse_period(period.name) == period


@given(DAYS, st.sampled_from(list(Grain)))
def test_a_span_lies_in_its_month_or_quarter_and_holds_its_day(day: date, grain: Grain) -> None:
    first = span_of(day, grain)
    assert first <= day
    assert span_of(first, grain) == first
    wider = Grain.QUARTER if grain is Grain.MONTH else Grain.MONTH
    assert grain is Grain.QUARTER or span_of(first, wider) == span_of(day, wider)


@pytest.mark.parametrize("grain", list(Grain))
async def test_the_database_cuts_spans_like_the_program(migrated: str, grain: Grain) -> None:
    expression = span_sql("day", grain)
    rows = await fetch(
        f"SELECT day::date, {expression} AS span"
        " FROM generate_series(timestamp '2019-12-01', timestamp '2024-03-31', '1 day') AS t(day)"
    )
    assert len(rows) > 1500
    assert [row for row in rows if span_of(row["day"], grain) != row["span"]] == []


def test_a_week_across_two_months_is_cut() -> None:
    assert span_of(date(2021, 3, 31), Grain.WEEK) == date(2021, 3, 29)
    assert span_of(date(2021, 4, 1), Grain.WEEK) == date(2021, 4, 1)
    assert span_of(date(2021, 4, 5), Grain.WEEK) == date(2021, 4, 5)


def test_a_month_does_not_take_cells_of_a_whole_quarter() -> None:
    assert Grain.QUARTER not in parse_period("2021-03").grains
    assert parse_period("2021-Q1").grains == tuple(Grain)
