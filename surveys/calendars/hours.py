"""When an office is open. Times without a zone are times in Viet Nam."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from surveys.calendars.records import N_, STANDARD, Calendar, CalendarError, DayPlan, Span, Week
from surveys.days import ZONE

MINUTE: Final = timedelta(minutes=1)
# No office is closed for longer; a search that finds nothing must end.
FURTHEST: Final = 400


def plan_of(calendar: Calendar, day: date) -> DayPlan:
    """The stretches of a day, and its name if it is a special one."""
    week = _week_on(calendar, day)
    named = calendar.days.get(day)
    if named is None:
        return DayPlan(day, week.get(day.isoweekday(), ()))
    if not named.working:
        return DayPlan(day, (), named)
    like = named.like_weekday or day.isoweekday()
    # A swapped Saturday without hours of its own is worked like the first day of the week.
    spans = week.get(like) or next((week[one] for one in sorted(week) if week[one]), ())
    return DayPlan(day, spans, named)


def hours_of(calendar: Calendar, day: date) -> tuple[Span, ...]:
    """The stretches in which an office is open that day; none on a day off."""
    return plan_of(calendar, day).spans


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the office is open at this moment; it is no longer at the minute it closes."""
    local = at.astimezone(ZONE)
    return any(opens <= local.time() < closes for opens, closes in hours_of(calendar, local.date()))


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """The moment itself if the office is open, else the next at which it opens.

    Raises
    ------
    CalendarError
        It does not open within a year.
    """
    local = at.astimezone(ZONE)
    for day in days_from(local.date()):
        for opens, closes in hours_of(calendar, day):
            if local < moment(day, closes):
                return max(local, moment(day, opens))
    raise never_open(local.date())


def days_from(first: date) -> Iterator[date]:
    """The days of a little more than a year, one by one: the first few are nearly always enough."""
    return (first + timedelta(days=number) for number in range(FURTHEST))


def never_open(day: date) -> CalendarError:
    """What is said when no opening is found."""
    text = N_("Không có giờ làm việc nào trong một năm kể từ {day}; hãy nhập giờ làm việc.")
    return CalendarError(text, day=f"{day:%d/%m/%Y}")


def moment(day: date, at: time) -> datetime:
    """A moment in Viet Nam."""
    return datetime.combine(day, at, ZONE)


def _week_on(calendar: Calendar, day: date) -> Week:
    held: Week = STANDARD
    for valid_from, week in calendar.timetables:
        if valid_from > day:
            break
        held = week
    return held
