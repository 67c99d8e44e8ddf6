"""Office hours as people enter them: a week of texts such as `07:30-11:30, 13:30-17:00`."""

import itertools
import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any, Final

import msgspec

from surveys.accounts.agencies import agency_code
from surveys.accounts.audit import audit
from surveys.accounts.errors import FieldError
from surveys.calendars.records import N_, WEEKDAYS, Span, Week
from surveys.errors import NotFoundError
from surveys.jobs import enqueue
from surveys.transactions import fetch, fetch_one, transaction

_SPAN: Final = re.compile(
    r"([0-9]{1,2})[:hg.]([0-9]{2})\s*(?:-|–|đến)\s*([0-9]{1,2})[:hg.]([0-9]{2})"
)
_LIST: Final = """
SELECT valid_from, max(changed_at) AS changed_at,
    coalesce(json_agg(json_build_object('weekday', weekday, 'opens', opens, 'closes', closes)
        ORDER BY weekday, opens) FILTER (WHERE weekday > 0), '[]')::text AS spans
FROM office_hours WHERE agency IS NOT DISTINCT FROM $1 GROUP BY valid_from ORDER BY valid_from DESC
"""
_WITH_OWN: Final = """
SELECT code, name, max(office_hours.valid_from) AS valid_from FROM office_hours JOIN agency
    ON agency.id = office_hours.agency
GROUP BY agency.id, code, name, agency.valid_from ORDER BY name LIMIT 500
"""
_LONGEST: Final = 200


class Timetable(msgspec.Struct, frozen=True):
    """The week that a scope entered for the time from one day on; empty: as the province."""

    valid_from: date
    week: Mapping[int, tuple[Span, ...]]
    changed_at: Any


def parse_spans(text: str, field: str = "") -> tuple[Span, ...]:
    """The stretches of one weekday, in order. Raises FieldError."""
    parts = [part.strip() for part in re.split(r"[,;]", text[:_LONGEST]) if part.strip()]
    spans = sorted(_parse_span(part, field) for part in parts)
    for (_opens, closes), (opens, _closes) in itertools.pairwise(spans):
        if opens < closes:
            text = N_(
                "Hai khoảng giờ chồng lên nhau; hãy sửa giờ đóng {closes} hoặc giờ mở {opens}."
            )
            raise FieldError(field, text, closes=f"{closes:%H:%M}", opens=f"{opens:%H:%M}")
    return tuple(spans)


def _parse_span(part: str, field: str) -> Span:
    found = _SPAN.fullmatch(part)
    try:
        opens, closes = _times(*map(int, found.groups())) if found else (None, None)
    except ValueError:
        opens = closes = None
    if opens is None or closes is None:
        raise FieldError(field, N_("«{part}» không phải là giờ; hãy viết 07:30-11:30."), part=part)
    if closes <= opens:
        text = N_("Giờ đóng phải sau giờ mở; hãy sửa «{part}».")
        raise FieldError(field, text, part=part)
    return opens, closes


def _times(hour: int, minute: int, last_hour: int, last_minute: int) -> Span:
    return time(hour, minute), time(last_hour, last_minute)


def spell_spans(spans: Sequence[Span]) -> str:
    """The stretches of a weekday as `parse_spans` reads them."""
    return ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in spans)


async def set_hours(
    week: Week, valid_from: date, *, agency_id: int | None = None, actor: int | None
) -> None:
    """Enter a week that holds from one day on; an empty one hands an agency back to the province.

    What was entered for the same day is replaced. Raises FieldError, NotFoundError.
    """
    rows: list[tuple[int, time | None, time | None]] = [
        (weekday, *span) for weekday in WEEKDAYS for span in week.get(weekday, ())
    ]
    if not rows and agency_id is None:
        raise FieldError("weekday_1", N_("Hãy nhập giờ của ít nhất một ngày trong tuần."))
    code = await _code(agency_id)
    async with transaction():
        await _clear(agency_id, valid_from)
        for weekday, opens, closes in rows or [(0, None, None)]:
            await fetch(
                "INSERT INTO office_hours (agency, valid_from, weekday, opens, closes)"
                " VALUES ($1, $2, $3, $4, $5)",
                *(agency_id, valid_from, weekday, opens, closes),
            )
        said = {str(day): spell_spans(week[day]) for day in WEEKDAYS if week.get(day)}
        await enqueue("recount_clocks")
        await audit("hours_changed", code, actor=actor, valid_from=str(valid_from), hours=said)


async def remove_hours(
    valid_from: date, *, agency_id: int | None = None, actor: int | None
) -> None:
    """Take back what was entered for the time from one day on."""
    code = await _code(agency_id)
    async with transaction():
        if not await _clear(agency_id, valid_from):
            raise NotFoundError(N_("Không có giờ làm việc nào bắt đầu từ ngày này."))
        await enqueue("recount_clocks")
        await audit("hours_removed", code, actor=actor, valid_from=str(valid_from))


async def list_hours(agency_id: int | None = None) -> list[Timetable]:
    """Everything that a scope entered, the latest first."""
    return [
        Timetable(row["valid_from"], _week(row["spans"]), row["changed_at"])
        for row in await fetch(_LIST, agency_id)
    ]


async def agencies_with_hours() -> list[dict[str, Any]]:
    """Code and name of the agencies that have entered hours of their own."""
    return await fetch(_WITH_OWN)


def _week(text: str) -> dict[int, tuple[Span, ...]]:
    week: dict[int, tuple[Span, ...]] = {}
    for one in msgspec.json.decode(text):
        span = (time.fromisoformat(one["opens"]), time.fromisoformat(one["closes"]))
        week[one["weekday"]] = (*week.get(one["weekday"], ()), span)
    return week


async def _clear(agency_id: int | None, valid_from: date) -> bool:
    row = await fetch_one(
        "WITH gone AS (DELETE FROM office_hours"
        " WHERE agency IS NOT DISTINCT FROM $1 AND valid_from = $2 RETURNING id)"
        " SELECT count(*) AS rows FROM gone",
        *(agency_id, valid_from),
    )
    return bool(row and row["rows"])


async def _code(agency_id: int | None) -> str:
    """The scope as the log names it."""
    if agency_id is None:
        return "*"
    code = await agency_code(agency_id)
    if code is None:
        raise NotFoundError(N_("Không có cơ quan này trong danh mục."))
    return code
