"""Calendars out of the tables: what an agency says goes before what the province says."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final

from surveys.calendars.records import Calendar, Named, Span, Week
from surveys.transactions import Row, fetch, fetch_one

_HOURS: Final = """
SELECT agency, valid_from, weekday, opens, closes FROM office_hours
WHERE agency IS NULL OR agency = ANY ($1::integer[]) ORDER BY valid_from, weekday, opens
"""
_NATIONAL: Final = "SELECT day, name, name_en, working FROM national_holiday"
_SPECIAL: Final = """
SELECT agency, day, kind = 'working' AS working, name, like_weekday FROM special_day
WHERE agency IS NULL OR agency = ANY ($1::integer[])
"""
_STAMP: Final = """
SELECT concat_ws('/', (SELECT count(*) || '-' || max(changed_at) FROM office_hours),
    (SELECT count(*) || '-' || max(changed_at) FROM national_holiday),
    (SELECT count(*) || '-' || max(changed_at) FROM special_day)) AS stamp
"""

Timetables = dict[date, dict[int, list[Span]]]


async def load_calendar(agency_id: int | None = None) -> Calendar:
    """The calendar of an agency, or of the province."""
    if agency_id is None:
        return (await load_calendars([0]))[0]
    return (await load_calendars([agency_id]))[agency_id]


async def load_calendars(agency_ids: Iterable[int]) -> dict[int, Calendar]:
    """The calendars of many agencies with three queries."""
    ids = list(agency_ids)
    hours = _timetables(await fetch(_HOURS, ids))
    common = {row["day"]: _national(row) for row in await fetch(_NATIONAL)}
    special: dict[int | None, dict[date, Named]] = defaultdict(dict)
    for row in await fetch(_SPECIAL, ids):
        named = Named(row["working"], row["name"], row["name"], row["like_weekday"])
        special[row["agency"]][row["day"]] = named
    common |= special[None]
    return {
        agency: Calendar(
            timetables=_merged(hours[None], hours[agency]), days=common | special[agency]
        )
        for agency in ids
    }


async def calendar_stamp() -> str:
    """A text that changes whenever any hours or days off do."""
    row = await fetch_one(_STAMP)
    return str(row["stamp"]) if row else ""


def _national(row: Row) -> Named:
    return Named(row["working"], row["name"], row["name_en"])


def _timetables(rows: list[Row]) -> dict[int | None, Timetables]:
    found: dict[int | None, Timetables] = defaultdict(dict)
    for row in rows:
        week = found[row["agency"]].setdefault(row["valid_from"], {})
        if row["weekday"]:
            week.setdefault(row["weekday"], []).append((row["opens"], row["closes"]))
    return found


def _merged(province: Timetables, own: Timetables) -> tuple[tuple[date, Week], ...]:
    """What holds from each day on at which either changes; an empty one of its own is none."""
    merged = []
    for day in sorted(province.keys() | own.keys()):
        week = _latest(own, day) or _latest(province, day)
        if week:
            merged.append((day, {weekday: tuple(spans) for weekday, spans in week.items()}))
    return tuple(merged)


def _latest(timetables: Timetables, day: date) -> dict[int, list[Span]]:
    known = [first for first in timetables if first <= day]
    return timetables[max(known)] if known else {}
