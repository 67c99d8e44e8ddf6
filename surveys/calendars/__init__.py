"""Office hours, days off and working time.

`hours` and `reckoning` are pure functions of a `Calendar`, `loading` makes one of the tables,
`timetables`, `days` and `national` change the tables.
"""

from surveys.calendars.days import list_days, remove_day, set_day
from surveys.calendars.hours import hours_of, is_open, next_opening, plan_of
from surveys.calendars.loading import calendar_stamp, load_calendar, load_calendars
from surveys.calendars.national import national_holidays, seed_holidays
from surveys.calendars.reckoning import (
    add_working_days,
    add_working_minutes,
    due_at,
    working_minutes,
)
from surveys.calendars.records import (
    STANDARD,
    WEEKDAYS,
    Calendar,
    CalendarError,
    DayPlan,
    Named,
    Reckoning,
    Span,
    Week,
)
from surveys.calendars.timetables import (
    Timetable,
    agencies_with_hours,
    list_hours,
    parse_spans,
    remove_hours,
    set_hours,
    spell_spans,
)

__all__ = [
    "STANDARD",
    "WEEKDAYS",
    "Calendar",
    "CalendarError",
    "DayPlan",
    "Named",
    "Reckoning",
    "Span",
    "Timetable",
    "Week",
    "add_working_days",
    "add_working_minutes",
    "agencies_with_hours",
    "calendar_stamp",
    "due_at",
    "hours_of",
    "is_open",
    "list_days",
    "list_hours",
    "load_calendar",
    "load_calendars",
    "national_holidays",
    "next_opening",
    "parse_spans",
    "plan_of",
    "remove_day",
    "remove_hours",
    "seed_holidays",
    "set_day",
    "set_hours",
    "spell_spans",
    "working_minutes",
]
