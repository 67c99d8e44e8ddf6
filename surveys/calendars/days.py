"""Special days: what an operator says of single days, for the province or for one agency."""

from datetime import date
from typing import Any, Final

from surveys.accounts.audit import audit
from surveys.accounts.errors import FieldError
from surveys.calendars.records import N_, WEEKDAYS
from surveys.errors import NotFoundError
from surveys.jobs import enqueue
from surveys.tables.calendars import DayKind
from surveys.transactions import Row, fetch, fetch_one, transaction

_STORE: Final = """
INSERT INTO special_day (agency, day, kind, name, like_weekday) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (agency, day) DO UPDATE SET kind = excluded.kind, name = excluded.name,
    like_weekday = excluded.like_weekday, changed_at = now()
"""
_LIST: Final = """
SELECT NULL::integer AS id, day, name, name_en, CASE WHEN working THEN 'working' ELSE 'holiday'
    END AS kind, NULL::smallint AS like_weekday, NULL AS code, NULL AS agency_name, true AS national
FROM national_holiday WHERE extract(year FROM day) = $1
UNION ALL
SELECT special_day.id, day, special_day.name, special_day.name, kind, like_weekday, agency.code,
    agency.name, false
FROM special_day LEFT JOIN agency ON agency.id = special_day.agency
WHERE extract(year FROM day) = $1 AND (special_day.agency IS NULL OR special_day.agency = $2)
ORDER BY day, national DESC, code NULLS FIRST
"""
LONGEST_NAME: Final = 200


async def set_day(
    day: date,
    kind: str,
    name: str,
    *,
    like_weekday: int | None = None,
    agency_id: int | None = None,
    actor: int | None,
) -> None:
    """Say of a day that it is off, or worked instead; what was said before is replaced."""
    if kind not in set(DayKind):
        raise FieldError("kind", N_("Hãy chọn nghỉ hoặc làm việc."))
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise FieldError("name", N_("Hãy ghi lý do, tối đa 200 ký tự."))
    if like_weekday is not None and like_weekday not in WEEKDAYS:
        raise FieldError("like", N_("Hãy chọn một ngày trong tuần."))
    async with transaction():
        like = like_weekday if kind == DayKind.WORKING else None
        await fetch(_STORE, agency_id, day, kind, name.strip(), like)
        await enqueue("recount_clocks")
        await audit("day_changed", str(day), actor=actor, kind=kind, text=name.strip())


async def remove_day(special_day: int, *, actor: int | None) -> None:
    """Take back what was said of a day."""
    async with transaction():
        row = await fetch_one("DELETE FROM special_day WHERE id = $1 RETURNING day", special_day)
        if row is None:
            raise NotFoundError(N_("Không có ngày này. Có thể ngày đã được xóa."))
        await enqueue("recount_clocks")
        await audit("day_removed", str(row["day"]), actor=actor)


async def list_days(year: int, agency_id: int | None = None) -> list[Row]:
    """National holidays and special days of a year, those of the province and of one agency."""
    rows: list[dict[str, Any]] = await fetch(_LIST, year, agency_id)
    return rows
