"""The clocks of cases: when a term ends, and why just then. Pure; times are times in Viet Nam.

Working days and hours are counted over the agency's calendar. A term in calendar days ends with
its last day, and where that day is off, with the next working day (Civil Code 2015, Art. 148). A
pause moves the end of a working term by the office time that passed in it, and that of a term
in calendar days by whole days.
"""

import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

import msgspec

from surveys.calendars import (
    Calendar,
    DayPlan,
    add_working_days,
    add_working_minutes,
    plan_of,
    working_minutes,
)
from surveys.calendars import due_at as due_after_days
from surveys.days import ZONE, local_day

Unit = Literal["working_days", "working_hours", "calendar_days"]
Pause = tuple[datetime, datetime | None]

DAY: Final = timedelta(days=1)
DAYS_END: Final = time(23, 59)
SAMPLED_DAYS: Final = 28
# Of an office that does not work in four weeks: what the Labour Code 2019, Art. 105 has as the most.
DEFAULT_DAY_MINUTES: Final = 480.0


class Term(msgspec.Struct, frozen=True):
    """How long, in what, and who says so."""

    amount: int
    unit: Unit
    source: str = ""


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """A term that began; `extra` is the one extension; a pause without an end goes on."""

    started_at: datetime
    term: Term
    extra: Term | None = None
    pauses: tuple[Pause, ...] = ()

    @property
    def is_standing(self) -> bool:
        """Whether it waits for the citizen."""
        return any(resumed is None for _paused, resumed in self.pauses)


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of “due Tuesday 14:30: 3 working days, holiday on Monday”.

    `holidays` were not counted, `swapped` were although they are free in other weeks. A term in
    calendar days counts them all; `moved_from` is its last day where that one is free. One of the
    agency's working days has `day_minutes` of office time.
    """

    due_at: datetime
    started_at: datetime
    term: Term
    extra: Term | None
    holidays: tuple[DayPlan, ...]
    swapped: tuple[DayPlan, ...]
    moved_from: date | None
    day_minutes: float
    paused_minutes: float
    is_standing: bool
    is_overdue: bool
    left_minutes: float


def due(calendar: Calendar, clock: Clock) -> datetime | None:
    """When the term ends; None while it stands still."""
    return None if clock.is_standing else due_if_resumed(calendar, clock, clock.started_at)


def due_if_resumed(calendar: Calendar, clock: Clock, now: datetime) -> datetime:
    """When the term ends if a pause that goes on ended now."""
    if clock.term.unit == "calendar_days":
        return _days_end(calendar, _last_of_days(calendar, clock, now))
    end = _count(calendar, clock.started_at, clock.term)
    if clock.extra is not None:
        end = _count(calendar, end, clock.extra)
    minutes = _office_minutes(calendar, _closed(clock.pauses, now))
    return add_working_minutes(calendar, end, minutes) if minutes else end


def worked_minutes(calendar: Calendar, clock: Clock, until: datetime) -> float:
    """Office time from the start until a moment, without the pauses."""
    whole = working_minutes(calendar, clock.started_at, until)
    pauses = [(min(start, until), min(end, until)) for start, end in _closed(clock.pauses, until)]
    return whole - _office_minutes(calendar, pauses)


def explain(calendar: Calendar, clock: Clock, now: datetime) -> Explanation:
    """When the term ends and what was stepped over on the way there."""
    end = due_if_resumed(calendar, clock, now)
    moved_from = _moved_from(calendar, clock, now)
    named = _named_days(calendar, clock, end, moved_from)
    return Explanation(
        due_at=end,
        started_at=clock.started_at,
        term=clock.term,
        extra=clock.extra,
        holidays=tuple(plan for plan in named if not plan.is_working),
        swapped=tuple(plan for plan in named if plan.is_working),
        moved_from=moved_from,
        day_minutes=_day_minutes(calendar, local_day(now)),
        paused_minutes=_office_minutes(calendar, _closed(clock.pauses, now)),
        is_standing=clock.is_standing,
        is_overdue=not clock.is_standing and end < now,
        left_minutes=working_minutes(calendar, now, end),
    )


def _count(calendar: Calendar, start: datetime, term: Term) -> datetime:
    if term.unit == "working_days":
        return due_after_days(calendar, start, term.amount)[0]
    if term.unit == "working_hours":
        return add_working_minutes(calendar, start, term.amount * 60)
    return _days_end(calendar, start + term.amount * DAY)


def _days_end(calendar: Calendar, moment: datetime) -> datetime:
    day = add_working_days(calendar, local_day(moment), 0).day
    return datetime.combine(day, DAYS_END, ZONE)


def _moved_from(calendar: Calendar, clock: Clock, now: datetime) -> date | None:
    """The last day of a term in calendar days if it is free, so that the term ends later."""
    if clock.term.unit != "calendar_days" or clock.extra is not None:
        return None
    day = local_day(_last_of_days(calendar, clock, now))
    return None if plan_of(calendar, day).is_working else day


def _last_of_days(calendar: Calendar, clock: Clock, now: datetime) -> datetime:
    """On the last day of a term in calendar days, before that day moves if it is free."""
    end = clock.started_at + clock.term.amount * DAY
    if clock.extra is not None:
        end = _count(calendar, _days_end(calendar, end), clock.extra)
    stood = sum((end - start for start, end in _closed(clock.pauses, now)), timedelta())
    return _days_end(calendar, end) + math.ceil(stood / DAY) * DAY if stood else end


def _named_days(
    calendar: Calendar, clock: Clock, end: datetime, moved_from: date | None
) -> list[DayPlan]:
    """Special days that matter for the end: all of a working term, of another those at its end."""
    days = _days(clock.started_at, end)
    if clock.term.unit == "calendar_days":
        days = [day for day in days if moved_from is not None and day >= moved_from]
    return [plan for plan in (plan_of(calendar, day) for day in days) if plan.named]


def _day_minutes(calendar: Calendar, first: date) -> float:
    """Office time of a working day, the mean of the next four weeks."""
    start = datetime.combine(first, time(), ZONE)
    plans = [plan_of(calendar, first + number * DAY) for number in range(SAMPLED_DAYS)]
    worked = sum(plan.is_working for plan in plans)
    minutes = working_minutes(calendar, start, start + SAMPLED_DAYS * DAY)
    return minutes / worked if worked else DEFAULT_DAY_MINUTES


def _closed(pauses: Sequence[Pause], now: datetime) -> list[tuple[datetime, datetime]]:
    return [(start, max(start, end or now)) for start, end in pauses]


def _office_minutes(calendar: Calendar, spans: Sequence[tuple[datetime, datetime]]) -> float:
    return sum(working_minutes(calendar, start, end) for start, end in spans)


def _days(first: datetime, last: datetime) -> list[date]:
    start = local_day(first)
    return [start + number * DAY for number in range((local_day(last) - start).days + 1)]
