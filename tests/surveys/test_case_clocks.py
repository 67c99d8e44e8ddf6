"""Clocks of cases: examples, and laws that hold for every calendar."""

from datetime import date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.calendars import (
    Calendar,
    Named,
    hours_of,
    national_holidays,
    parse_spans,
    working_minutes,
)
from surveys.days import ZONE
from surveys.reflections.clocks import (
    Clock,
    Term,
    due,
    due_if_resumed,
    explain,
    worked_minutes,
)
from tests.surveys.test_calendars import calendars, moments

TET = Calendar(days=national_holidays(2026))
DAYS = Term(3, "working_days", "NĐ")
UNITS = st.sampled_from(["working_days", "working_hours", "calendar_days"])
terms = st.builds(Term, st.integers(0, 12), UNITS)
lengths = st.lists(st.integers(0, 6 * 24 * 60), max_size=6)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def clock_with(started: datetime, term: Term, minutes: list[int]) -> Clock:
    """A clock whose gaps and pauses alternate with these lengths."""
    moments = [started]
    for length in minutes:
        moments.append(moments[-1] + timedelta(minutes=length))
    pauses = tuple(zip(moments[1::2], moments[2::2], strict=False))
    return Clock(started_at=started, term=term, pauses=pauses)


def test_three_days_over_a_holiday_are_explained_with_its_name() -> None:
    told = explain(
        TET, Clock(started_at=at(date(2026, 4, 23), 14, 30), term=DAYS), at(date(2026, 4, 24), 8)
    )
    assert told.due_at == at(date(2026, 4, 29), 14, 30)
    assert [plan.day for plan in told.holidays] == [date(2026, 4, 26), date(2026, 4, 27)]
    assert told.left_minutes == working_minutes(TET, at(date(2026, 4, 24), 8), told.due_at)
    assert not told.is_overdue


def test_a_saturday_worked_instead_is_counted_and_named() -> None:
    swapped = Named(working=True, name="Ngày làm việc bù")
    calendar = Calendar(days={date(2026, 8, 22): swapped})
    started = at(date(2026, 8, 20), 0)
    told = explain(calendar, Clock(started_at=started, term=Term(2, "working_days")), started)
    assert told.due_at.date() == date(2026, 8, 22)
    assert [(plan.day, plan.named) for plan in told.swapped] == [(date(2026, 8, 22), swapped)]
    assert told.holidays == ()


def test_a_last_day_that_is_free_is_named_as_the_reason_for_a_later_end() -> None:
    clock = Clock(started_at=at(date(2026, 11, 28), 2), term=Term(15, "calendar_days"))
    told = explain(Calendar(), clock, clock.started_at)
    assert (told.due_at.date(), told.moved_from) == (date(2026, 12, 14), date(2026, 12, 13))
    shorter = msgspec.structs.replace(clock, term=Term(10, "calendar_days"))
    assert explain(Calendar(), shorter, clock.started_at).moved_from is None


@pytest.mark.parametrize("hours", ["07:30-11:30, 13:30-17:00", "08:00-12:00, 13:00-17:00"])
def test_what_is_left_of_a_term_is_as_many_days_as_the_agency_still_works(hours: str) -> None:
    week = {day: parse_spans(hours) for day in range(1, 6)}
    calendar = Calendar(timetables=((date(2026, 1, 1), week),))
    started = at(date(2026, 3, 2), 8)
    clock = Clock(started_at=started, term=Term(15, "working_days"), extra=Term(10, "working_days"))
    told = explain(calendar, clock, started)
    assert told.left_minutes / told.day_minutes == 25


def test_a_pause_moves_the_end_by_the_office_time_that_passed_in_it() -> None:
    # Tuesday 10:00 to Thursday 10:00 is two whole office days, so the Thursday becomes a Monday.
    pause = (at(date(2026, 3, 3), 10), at(date(2026, 3, 5), 10))
    clock = Clock(started_at=at(date(2026, 3, 2), 9), term=DAYS, pauses=(pause,))
    assert due(TET, clock) == at(date(2026, 3, 9), 9)


def test_a_pause_over_tet_moves_the_end_by_the_office_time_only() -> None:
    pause = (at(date(2026, 2, 13), 16), at(date(2026, 2, 23), 8, 30))
    clock = Clock(started_at=at(date(2026, 2, 12), 9), term=DAYS, pauses=(pause,))
    assert due(TET, Clock(started_at=clock.started_at, term=DAYS)) == at(date(2026, 2, 24), 9)
    assert due(TET, clock) == at(date(2026, 2, 24), 11)


def test_a_clock_that_stands_still_has_no_end_and_is_never_overdue() -> None:
    asked = at(date(2026, 3, 3), 10)
    clock = Clock(started_at=at(date(2026, 3, 2), 9), term=DAYS, pauses=((asked, None),))
    assert due(TET, clock) is None
    long_after = at(date(2026, 6, 1), 9)
    told = explain(TET, clock, long_after)
    assert told.is_standing
    assert not told.is_overdue
    # Two days less an hour were used up; the rest is still there.
    assert told.left_minutes == working_minutes(TET, asked, at(date(2026, 3, 5), 9))


def test_a_term_in_calendar_days_ends_with_the_next_working_day() -> None:
    # Ten days from 20 April are 30 April, a holiday, as are 1 May and the weekend after it.
    clock = Clock(started_at=at(date(2026, 4, 20), 9), term=Term(10, "calendar_days"))
    assert due(TET, clock) == at(date(2026, 5, 4), 23, 59)


def test_an_extension_is_counted_from_the_first_end() -> None:
    clock = Clock(started_at=at(date(2026, 3, 2), 9), term=DAYS, extra=Term(2, "working_days"))
    assert due(TET, clock) == at(date(2026, 3, 9), 9)


@given(calendars, moments, terms, lengths)
def test_a_term_never_ends_on_a_day_off(
    calendar: Calendar, start: datetime, term: Term, minutes: list[int]
) -> None:
    end = due(calendar, clock_with(start, term, minutes))
    assert end is not None
    assert end >= start
    assert hours_of(calendar, end.astimezone(ZONE).date())


@given(calendars, moments, terms, lengths, st.integers(1, 5 * 24 * 60))
def test_a_longer_pause_never_ends_the_term_earlier(
    calendar: Calendar, start: datetime, term: Term, minutes: list[int], more: int
) -> None:
    whole = minutes if len(minutes) % 2 == 0 else minutes[:-1]
    shorter = clock_with(start, term, whole)
    longer = clock_with(start, term, [*whole[:-1], whole[-1] + more] if whole else [0, more])
    first, second = due(calendar, shorter), due(calendar, longer)
    assert first is not None
    assert second is not None
    assert first <= second


@given(calendars, moments, st.integers(0, 60), lengths)
def test_a_term_in_hours_takes_that_much_office_time_whatever_the_pauses(
    calendar: Calendar, start: datetime, hours: int, minutes: list[int]
) -> None:
    clock = clock_with(start, Term(hours, "working_hours"), minutes)
    end = due(calendar, clock)
    assert end is not None
    paused = all(resumed is not None and resumed <= end for _from, resumed in clock.pauses)
    if paused:
        assert worked_minutes(calendar, clock, end) == pytest.approx(hours * 60, abs=1e-6)


@given(calendars, moments, terms, lengths, st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31))))
def test_another_day_off_never_ends_the_term_earlier(
    calendar: Calendar, start: datetime, term: Term, minutes: list[int], off: list[date]
) -> None:
    days = {**calendar.days} | {day: Named(working=False, name="nghỉ") for day in off}
    fewer = Calendar(timetables=calendar.timetables, days=days)
    clock = clock_with(start, term, [])
    first, second = due(calendar, clock), due(fewer, clock)
    assert first is not None
    assert second is not None
    assert first <= second


@given(calendars, moments, terms, st.integers(0, 20000), st.integers(0, 20000))
def test_standing_still_uses_nothing_up(
    calendar: Calendar, start: datetime, term: Term, until: int, later: int
) -> None:
    asked = start + timedelta(minutes=until)
    clock = Clock(started_at=start, term=term, pauses=((asked, None),))
    if term.unit == "calendar_days":
        return
    moments = [asked, asked + timedelta(minutes=later)]
    left = [working_minutes(calendar, one, due_if_resumed(calendar, clock, one)) for one in moments]
    assert left[0] == pytest.approx(left[1], abs=1e-6)
