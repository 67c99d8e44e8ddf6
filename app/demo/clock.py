"""When dossiers come in, fall due, are handed over and are closed: working days and hours."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.demo.periods import Period

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Minutes = NDArray[np.datetime64]

MORNING, NOON, AFTERNOON, LAST_RECEIPT, CLOSING = 450, 680, 810, 960, 1020
"""7:30, 11:20, 13:30, 16:00 and 17:00, in minutes after midnight."""

WEEKDAY = np.array([1.2, 1.05, 1.0, 0.95, 0.9, 0.0, 0.0])
"""Dossiers by day of the week, Monday first: assumed."""

NOT_YET = np.datetime64("NaT", "m")


@dataclass(frozen=True)
class Calendar:
    """Working days of a period and of the months after it, with the days' shares of receipts."""

    days: NDArray[np.datetime64]
    inside: int
    """How many of the days belong to the period."""
    cumulative: Floats
    """Running sum of the shares of receipts of the period's days, from 0 to 1."""

    @classmethod
    def of(cls, period: Period) -> Self:
        """The calendar of a period."""
        first, last = np.datetime64(period.first), np.datetime64(period.last)
        every = np.arange(first, last + 180)
        days = every[np.is_busday(every, holidays=np.array(period.holidays, "datetime64[D]"))]
        inside = int((days <= last).sum())
        busy = np.array([period.busy.get(day, 1.0) for day in days[:inside].tolist()])
        share = busy * WEEKDAY[(days[:inside].astype(np.int64) + 3) % 7]
        return cls(days, inside, np.cumsum(share) / share.sum())


@dataclass(frozen=True)
class Fate:
    """What is known of dossiers before their times: working days allowed, and how each fared."""

    days: Ints
    returned: Bools
    late: Bools
    online: Bools


@dataclass(frozen=True)
class Times:
    """Four moments of each dossier, to the minute, in Viet Nam; NaT where not yet."""

    received: Minutes
    due: Minutes
    returned: Minutes
    closed: Minutes


def give_times(calendar: Calendar, fate: Fate, rng: np.random.Generator) -> Times:
    """Times of dossiers; the late ones are handed over after their working days.

    Whatever was handed over was so inside the period; the rest is open at its end, most of it
    not due yet. A result may be closed in the system long after it was handed over.
    """
    taken = _days_taken(fate.days, fate.late, calendar.inside, rng)
    done, still_open = _received_day(calendar, taken, rng), _open_day(calendar, fate.days, rng)
    came = np.where(fate.returned, done, still_open)
    at_any_hour = fate.online & (taken > 0) & (fate.days > 0)
    received = _at(calendar.days[came], _receipt_minute(at_any_hour, rng))
    handed = _handed_over(calendar, came, taken, received, rng)
    end = calendar.days[calendar.inside - 1].astype("datetime64[m]") + 24 * 60
    return Times(
        received,
        due=_at(calendar.days[came + fate.days], np.full(len(came), CLOSING)),
        returned=np.where(fate.returned, handed, NOT_YET),
        closed=np.where(fate.returned, _closed(handed, end, rng), NOT_YET),
    )


def _days_taken(days: Ints, late: Bools, inside: int, rng: np.random.Generator) -> Ints:
    """Working days from receipt to result: most near the end of what is allowed."""
    within = np.floor((days + 1) * rng.beta(4.0, 1.6, len(days))).astype(np.int64)
    over = days + rng.geometric(0.25, len(days))
    return np.minimum(np.where(late, over, np.minimum(within, days)), inside - 1)


def _received_day(calendar: Calendar, taken: Ints, rng: np.random.Generator) -> Ints:
    last = calendar.cumulative[calendar.inside - 1 - taken]
    return np.searchsorted(calendar.cumulative, rng.random(len(taken)) * last, side="right")


def _open_day(calendar: Calendar, days: Ints, rng: np.random.Generator) -> Ints:
    """The day an open dossier came: not yet due at the end of the period, but for one in 16."""
    end = calendar.inside
    first_not_due = np.maximum(end - np.maximum(days, 1), 0)
    overdue = (rng.random(len(days)) < 1 / 16) & (first_not_due > 0)
    low = np.where(overdue, np.maximum(first_not_due - 15, 0), first_not_due)
    high = np.where(overdue, first_not_due, end)
    return rng.integers(low, high)


def _receipt_minute(any_hour: Bools, rng: np.random.Generator) -> Ints:
    office = _office_minute(LAST_RECEIPT, rng, len(any_hour))
    evening = rng.integers(6 * 60, 22 * 60, len(any_hour))
    return np.where(any_hour, evening, office)


def _office_minute(last: int, rng: np.random.Generator, number: int) -> Ints:
    morning = NOON - MORNING
    minute = rng.integers(0, morning + last - AFTERNOON, number)
    return np.where(minute < morning, MORNING + minute, AFTERNOON + minute - morning)


def _handed_over(
    calendar: Calendar, came: Ints, taken: Ints, received: Minutes, rng: np.random.Generator
) -> Minutes:
    number = len(came)
    at_counter = _at(calendar.days[came + taken], _office_minute(LAST_RECEIPT + 30, rng, number))
    wait = np.minimum(8 + rng.exponential(22, number), CLOSING - LAST_RECEIPT - 5)
    return np.where(taken == 0, received + wait.astype("timedelta64[m]"), at_counter)


def _closed(handed: Minutes, end: np.datetime64, rng: np.random.Generator) -> Minutes:
    """Closed at once, the same day, days or weeks later, or not yet at the end of the period."""
    number = len(handed)
    kind = rng.choice(4, number, p=[0.66, 0.16, 0.13, 0.05])
    minutes = np.select(
        [kind == 0, kind == 1, kind == 2],
        [np.zeros(number), rng.integers(1, 20, number), 1440 * rng.integers(1, 4, number)],
        1440 * rng.integers(5, 45, number),
    )
    closed: Minutes = handed + minutes.astype("timedelta64[m]")
    return np.where(closed < end, closed, NOT_YET)


def _at(days: NDArray[np.datetime64], minute: Ints) -> Minutes:
    moment: Minutes = days.astype("datetime64[m]") + minute.astype("timedelta64[m]")
    return moment
