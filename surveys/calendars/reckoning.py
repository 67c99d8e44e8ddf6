"""Working time: days and minutes counted over an office's calendar, with what was stepped over."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from surveys.calendars.hours import days_from, hours_of, moment, never_open, next_opening, plan_of
from surveys.calendars.records import N_, Calendar, CalendarError, DayPlan, Reckoning
from surveys.days import ZONE

# A year of deadlines; more is a slip of the hand.
MOST_DAYS = 1000


def add_working_days(calendar: Calendar, start: date, number: int) -> Reckoning:
    """The working day that lies `number` working days after `start`.

    The day of the start is not counted. A start on a day off counts as the working day after it,
    so that adding nothing gives a working day, and adding in two steps the same as in one.

    Raises
    ------
    CalendarError
        The number is negative or above 1000, or the office never opens.
    """
    if not 0 <= number <= MOST_DAYS:
        text = N_("Số ngày làm việc phải từ 0 đến {most}; hãy sửa số {number}.")
        raise CalendarError(text, most=MOST_DAYS, number=number)
    skipped: list[DayPlan] = []
    day = _working_day(calendar, start, skipped)
    for _step in range(number):
        day = _working_day(calendar, day + timedelta(days=1), skipped)
    return Reckoning(day, number, tuple(skipped))


def due_at(calendar: Calendar, start: datetime, number: int) -> tuple[datetime, Reckoning]:
    """The moment at which `number` working days from `start` have passed, and how it was counted.

    It is the time of day at which the clock began, or the last moment of work before that where
    the day's own hours do not reach it. A start outside office hours begins at the next opening.
    """
    began = next_opening(calendar, start)
    counted = add_working_days(calendar, began.date(), number)
    return _clamped(calendar, counted.day, began), counted


def working_minutes(calendar: Calendar, start: datetime, end: datetime) -> float:
    """Minutes of office hours between two moments; negative when the end lies before the start."""
    if end < start:
        return -working_minutes(calendar, end, start)
    total = timedelta()
    first, last = start.astimezone(ZONE), end.astimezone(ZONE)
    for day in _days_between(first.date(), last.date()):
        for opens, closes in hours_of(calendar, day):
            begin, finish = max(first, moment(day, opens)), min(last, moment(day, closes))
            total += max(finish - begin, timedelta())
    return total / timedelta(minutes=1)


def add_working_minutes(calendar: Calendar, start: datetime, minutes: float) -> datetime:
    """The first moment at which so many minutes of office hours have passed since `start`."""
    left = timedelta(minutes=minutes)
    local = next_opening(calendar, start)
    while True:
        for opens, closes in hours_of(calendar, local.date()):
            begin, finish = max(local, moment(local.date(), opens)), moment(local.date(), closes)
            if finish <= begin:
                continue
            if left <= finish - begin:
                return begin + left
            left -= finish - begin
        local = next_opening(calendar, moment(local.date() + timedelta(days=1), time.min))


def _working_day(calendar: Calendar, day: date, skipped: list[DayPlan]) -> date:
    for one in days_from(day):
        plan = plan_of(calendar, one)
        if plan.is_working:
            return one
        skipped.append(plan)
    raise never_open(day)


def _clamped(calendar: Calendar, day: date, began: datetime) -> datetime:
    wanted = datetime.combine(day, began.time(), ZONE)
    spans = hours_of(calendar, day)
    reached = [closes for opens, closes in spans if opens <= began.time()]
    if not reached:
        return moment(day, spans[0][0])
    return min(wanted, moment(day, reached[-1]))


def _days_between(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)
