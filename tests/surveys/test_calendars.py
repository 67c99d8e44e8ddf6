"""Office hours and working time: examples, and laws that hold for every calendar."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.calendars import (
    STANDARD,
    Calendar,
    CalendarError,
    Named,
    add_working_days,
    add_working_minutes,
    due_at,
    hours_of,
    is_open,
    national_holidays,
    next_opening,
    plan_of,
    working_minutes,
)
from surveys.days import ZONE

TET = Calendar(days=national_holidays(2026))
MONDAY = date(2026, 3, 2)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def test_the_holidays_of_2026_stand_as_the_law_and_the_notice_say() -> None:
    # Labour Code 2019 Art. 112: 1 January; five days of Tet, for which 16-20 February were
    # announced (Tet is 17 February); 10th of the third lunar month (26 April, a Sunday, so the
    # Monday after); 30 April, 1 May; 2 September and one day beside it. 24 November since
    # Resolution 80-NQ/TW. The public sector's notice moves work from 31 August to 22 August.
    off = {f"{day:%m-%d}" for day, named in TET.days.items() if not named.working}
    assert off == {
        "01-01", "02-16", "02-17", "02-18", "02-19", "02-20", "04-26", "04-27", "04-30", "05-01",
        "08-31", "09-01", "09-02", "11-24",
    }  # fmt: skip
    assert [day for day, named in TET.days.items() if named.working] == [date(2026, 8, 22)]
    assert "nghỉ bù" in TET.days[date(2026, 4, 27)].name
    assert TET.days[date(2026, 2, 16)].name_en == "Lunar New Year's Eve"


def test_a_year_that_the_library_does_not_know_is_refused() -> None:
    with pytest.raises(CalendarError, match="1990"):
        national_holidays(1990)


def test_a_swapped_saturday_is_worked_like_the_first_day_of_the_week() -> None:
    assert hours_of(TET, date(2026, 8, 22)) == STANDARD[1]
    assert hours_of(TET, date(2026, 8, 31)) == ()
    assert hours_of(TET, date(2026, 8, 29)) == ()


def test_a_split_day_is_closed_at_noon_and_at_its_closing_minute() -> None:
    hours = [(7, 29), (7, 30), (11, 29), (11, 30), (13, 29), (13, 30), (16, 59), (17, 0)]
    found = [is_open(TET, at(MONDAY, *one)) for one in hours]
    assert found == [False, True, True, False, False, True, True, False]
    # Half past midnight UTC is half past seven in Viet Nam.
    assert is_open(TET, datetime(2026, 3, 2, 0, 30, tzinfo=UTC))


def test_the_next_opening_is_now_after_lunch_or_after_tet() -> None:
    assert next_opening(TET, at(MONDAY, 9)) == at(MONDAY, 9)
    assert next_opening(TET, at(MONDAY, 12)) == at(MONDAY, 13, 30)
    assert next_opening(TET, at(date(2026, 2, 13), 17)) == at(date(2026, 2, 23), 7, 30)


def test_a_timetable_holds_from_its_day_on() -> None:
    week = {1: ((time(8), time(12)),)}
    calendar = Calendar(timetables=((date(2026, 3, 9), week),))
    assert hours_of(calendar, MONDAY) == STANDARD[1]
    assert hours_of(calendar, date(2026, 3, 9)) == week[1]
    assert hours_of(calendar, date(2026, 3, 10)) == ()


def test_three_working_days_step_over_the_holiday_and_say_so() -> None:
    due, counted = due_at(TET, at(date(2026, 4, 23), 14, 30), 3)
    assert due == at(date(2026, 4, 29), 14, 30)
    assert [plan.day for plan in counted.holidays] == [date(2026, 4, 26), date(2026, 4, 27)]
    assert len(counted.skipped) == 3


def test_a_clock_started_at_night_begins_in_the_morning() -> None:
    due, _counted = due_at(TET, at(MONDAY, 20), 1)
    assert due == at(date(2026, 3, 4), 7, 30)


def test_an_office_that_never_opens_is_told_and_no_endless_search() -> None:
    closed = Calendar(timetables=((date(2000, 1, 1), {1: ()}),))
    with pytest.raises(CalendarError, match="hãy nhập giờ làm việc"):
        next_opening(closed, at(MONDAY, 9))
    with pytest.raises(CalendarError):
        add_working_days(closed, MONDAY, 1)


@pytest.mark.parametrize("number", [-1, 1001])
def test_an_odd_number_of_days_is_refused(number: int) -> None:
    with pytest.raises(CalendarError, match="1000"):
        add_working_days(TET, MONDAY, number)


def spans(points: list[int]) -> tuple[tuple[time, time], ...]:
    times = [time(point // 4, point % 4 * 15) for point in sorted(points)]
    return tuple(zip(times[::2], times[1::2], strict=False))


weekdays = st.lists(st.integers(0, 95), unique=True, max_size=6).map(spans)
weeks = st.dictionaries(st.integers(1, 7), weekdays, min_size=1).filter(
    lambda week: any(week.values())
)
first_days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
calendars = st.builds(
    lambda week, days: Calendar(timetables=((date(2000, 1, 1), week),), days=days),
    weeks,
    st.dictionaries(first_days, st.builds(Named, st.booleans(), st.just("x")), max_size=20),
)
START = datetime(2026, 1, 1)  # noqa: DTZ001 - the zone is put on below
numbers = st.integers(0, 15)
moments = st.datetimes(START, START + timedelta(days=364)).map(
    lambda naive: naive.replace(tzinfo=ZONE)
)


@given(calendars, first_days, numbers, numbers)
def test_adding_days_in_two_steps_is_adding_them_in_one(
    calendar: Calendar, start: date, first: int, second: int
) -> None:
    halfway = add_working_days(calendar, start, first).day
    assert (
        add_working_days(calendar, halfway, second).day
        == add_working_days(calendar, start, first + second).day
    )


@given(calendars, first_days, first_days, numbers)
def test_a_later_start_and_one_day_more_never_end_earlier(
    calendar: Calendar, one: date, other: date, number: int
) -> None:
    early, late = sorted((one, other))
    reached = add_working_days(calendar, early, number).day
    assert reached <= add_working_days(calendar, late, number).day
    assert reached < add_working_days(calendar, early, number + 1).day


@given(calendars, first_days, numbers)
def test_a_count_ends_on_a_working_day_and_names_every_day_it_stepped_over(
    calendar: Calendar, start: date, number: int
) -> None:
    counted = add_working_days(calendar, start, number)
    assert plan_of(calendar, counted.day).is_working
    between = [start + timedelta(days=n) for n in range((counted.day - start).days)]
    off = [day for day in between if not hours_of(calendar, day)]
    assert [plan.day for plan in counted.skipped] == off


@given(calendars, moments, moments, numbers)
def test_a_deadline_lies_in_office_hours_and_keeps_the_order(
    calendar: Calendar, one: datetime, other: datetime, number: int
) -> None:
    early, late = sorted((one, other))
    due, _counted = due_at(calendar, early, number)
    assert due <= due_at(calendar, late, number)[0]
    assert due >= early
    inside = hours_of(calendar, due.date())
    assert any(opens <= due.time() <= closes for opens, closes in inside)


@given(calendars, moments, moments, moments)
def test_working_minutes_add_up_and_are_never_more_than_the_clock(
    calendar: Calendar, one: datetime, two: datetime, three: datetime
) -> None:
    whole = working_minutes(calendar, one, three)
    parts = working_minutes(calendar, one, two) + working_minutes(calendar, two, three)
    assert whole == pytest.approx(parts, abs=1e-6)
    assert abs(whole) <= abs((three - one) / timedelta(minutes=1)) + 1e-6
    assert working_minutes(calendar, three, one) == -whole


@given(calendars, moments, st.integers(0, 3000))
def test_minutes_added_are_minutes_counted(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    end = add_working_minutes(calendar, start, minutes)
    assert working_minutes(calendar, start, end) == pytest.approx(minutes, abs=1e-6)
