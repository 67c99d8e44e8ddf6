"""Office hours, days off, and what kiosks are told; every scope is an agency or the province."""

from enum import StrEnum

from piccolo.columns import (
    JSONB,
    Boolean,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    Serial,
    SmallInt,
    Time,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from surveys.tables.accounts import Account
from surveys.tables.register import Agency, Counter


class DayKind(StrEnum):
    """What an operator says of a day: nobody works, or people work though it would be free."""

    HOLIDAY = "holiday"
    WORKING = "working"


class OfficeHours(Table, tablename="office_hours"):
    """One stretch of a weekday; all stretches of a scope from one day on are its timetable.

    Without an agency it is the province's. Weekday 0 hands an agency back to the province.
    """

    id = Serial(primary_key=True)
    agency = ForeignKey(Agency, null=True, default=None, on_delete=OnDelete.restrict)
    valid_from = Date(default=None)
    weekday = SmallInt(default=None)
    opens = Time(null=True, default=None)
    closes = Time(null=True, default=None)
    changed_at = Timestamptz(default=TimestamptzNow())

    office_hours_once = Unique([agency, valid_from, weekday, opens], nulls_distinct=False)
    office_hours_weekday = Check((weekday >= 0) & (weekday <= 7))


class NationalHoliday(Table, tablename="national_holiday"):
    """A day off of the whole country, filled in year by year from a library."""

    id = Serial(primary_key=True)
    day = Date(default=None, unique=True)
    name = Varchar(length=200)
    name_en = Varchar(length=200)
    working = Boolean(default=False)
    changed_at = Timestamptz(default=TimestamptzNow())


class SpecialDay(Table, tablename="special_day"):
    """A day that an operator says is off, or is worked though it would be free."""

    id = Serial(primary_key=True)
    agency = ForeignKey(Agency, null=True, default=None, on_delete=OnDelete.restrict)
    day = Date(default=None)
    kind = Varchar(length=20, choices=DayKind)
    name = Varchar(length=200)
    # Whose hours a swapped day takes where its own weekday has none.
    like_weekday = SmallInt(null=True, default=None)
    changed_at = Timestamptz(default=TimestamptzNow())

    special_day_once = Unique([agency, day], nulls_distinct=False)
    special_day_like = Check((like_weekday.is_null()) | ((like_weekday >= 1) & (like_weekday <= 7)))


class KioskSetting(Table, tablename="kiosk_setting"):
    """One version of what a scope says of its kiosks; a trigger refuses changes."""

    id = Serial(primary_key=True)
    agency = ForeignKey(Agency, null=True, default=None, on_delete=OnDelete.restrict)
    counter = ForeignKey(Counter, null=True, default=None, on_delete=OnDelete.restrict)
    version = Integer(default=None)
    said = JSONB(default=None)
    changed_at = Timestamptz(default=TimestamptzNow())
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)

    kiosk_setting_once = Unique([agency, counter, version], nulls_distinct=False)
    kiosk_setting_scope = Check((agency.is_null()) | (counter.is_null()))
