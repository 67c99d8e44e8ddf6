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
    """The parts of “due Tuesday 14:30: 3 working days, holiday on Monday”."""

    due_at: datetime
    started_at: datetime
    term: Term
    extra: Term | None
    holidays: tuple[DayPlan, ...]
    paused_minutes: float
    is_standing: bool
    is_overdue: bool
    left_minutes: float


def due(calendar: Calendar, clock: Clock) -> datetime | None:
    """When the term ends; None while it stands still."""
    return None if clock.is_standing else due_if_resumed(calendar, clock, clock.started_at)


def due_if_resumed(calendar: Calendar, clock: Clock, now: datetime) -> datetime:
    """When the term ends if a pause that goes on ended now."""
    end = _count(calendar, clock.started_at, clock.term)
    if clock.extra is not None:
        end = _count(calendar, end, clock.extra)
    pauses = _closed(clock.pauses, now)
    if clock.term.unit == "calendar_days":
        stood = sum((end - start for start, end in pauses), timedelta())
        return _days_end(calendar, end + math.ceil(stood / DAY) * DAY)
    minutes = _office_minutes(calendar, pauses)
    return add_working_minutes(calendar, end, minutes) if minutes else end


def worked_minutes(calendar: Calendar, clock: Clock, until: datetime) -> float:
    """Office time from the start until a moment, without the pauses."""
    whole = working_minutes(calendar, clock.started_at, until)
    pauses = [(min(start, until), min(end, until)) for start, end in _closed(clock.pauses, until)]
    return whole - _office_minutes(calendar, pauses)


def explain(calendar: Calendar, clock: Clock, now: datetime) -> Explanation:
    """When the term ends and what was stepped over on the way there."""
    end = due_if_resumed(calendar, clock, now)
    named = (plan_of(calendar, day) for day in _days(clock.started_at, end))
    return Explanation(
        due_at=end,
        started_at=clock.started_at,
        term=clock.term,
        extra=clock.extra,
        holidays=tuple(plan for plan in named if plan.named and not plan.is_working),
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


def _closed(pauses: Sequence[Pause], now: datetime) -> list[tuple[datetime, datetime]]:
    return [(start, max(start, end or now)) for start, end in pauses]


def _office_minutes(calendar: Calendar, spans: Sequence[tuple[datetime, datetime]]) -> float:
    return sum(working_minutes(calendar, start, end) for start, end in spans)


def _days(first: datetime, last: datetime) -> list[date]:
    start = local_day(first)
    return [start + number * DAY for number in range((local_day(last) - start).days + 1)]
