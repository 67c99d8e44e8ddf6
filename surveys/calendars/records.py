"""A calendar as data: when an agency is open, and what is said of single days."""

from collections.abc import Mapping
from datetime import date, time
from typing import Final

import msgspec

from surveys.errors import InputError

# The name by which Babel finds msgids that are translated later, where the reader is known.
N_ = str

Span = tuple[time, time]
Week = Mapping[int, tuple[Span, ...]]

# Before anybody has entered hours, working time runs as in most offices of the country.
STANDARD: Final[Week] = {
    weekday: ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 0))) for weekday in range(1, 6)
}
WEEKDAYS: Final = {
    1: N_("Thứ Hai"),
    2: N_("Thứ Ba"),
    3: N_("Thứ Tư"),
    4: N_("Thứ Năm"),
    5: N_("Thứ Sáu"),
    6: N_("Thứ Bảy"),
    7: N_("Chủ Nhật"),
}


class CalendarError(InputError):
    """A question that this calendar cannot answer; the message says what to enter."""


class Named(msgspec.Struct, frozen=True):
    """What is said of one day: off, or worked with the hours of another weekday."""

    working: bool
    name: str
    name_en: str = ""
    like_weekday: int | None = None


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """Timetables by the day from which they hold, the newest last, and the days named.

    `days` holds what counts: an agency's word goes before the province's, and that before the
    national holidays. Without a timetable the standard hours hold and `is_known` is false.
    """

    timetables: tuple[tuple[date, Week], ...] = ()
    days: Mapping[date, Named] = {}

    @property
    def is_known(self) -> bool:
        """Whether anybody has entered hours."""
        return bool(self.timetables)


class DayPlan(msgspec.Struct, frozen=True):
    """One day: its stretches of opening, and the day's name if it is a special one."""

    day: date
    spans: tuple[Span, ...]
    named: Named | None = None

    @property
    def is_working(self) -> bool:
        """Whether anybody works."""
        return bool(self.spans)


class Reckoning(msgspec.Struct, frozen=True):
    """A day that was reached by counting, and the days off that were stepped over."""

    day: date
    counted: int
    skipped: tuple[DayPlan, ...] = ()

    @property
    def holidays(self) -> tuple[DayPlan, ...]:
        """The days stepped over that are told by name; plain weekends are not."""
        return tuple(plan for plan in self.skipped if plan.named is not None)
