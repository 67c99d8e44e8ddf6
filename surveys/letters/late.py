"""Dossiers that are late or about to be, beside the letters that were written for them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import msgspec

from surveys.days import ZONE, local_day
from surveys.reflections import Page
from surveys.register.finished import finished_at
from surveys.transactions import fetch, fetch_one

PAGE_SIZE: Final = 50
# A letter is in time the day before; who looks at the list today needs a day or two to write it.
SOON: Final = timedelta(days=3)
DEFAULT_DAYS: Final = 90

# What each flag means, as SQL over the columns below.
FLAGS: Final = {
    "missing": "is_late AND sent = 0",
    "soon": "NOT is_late AND NOT is_finished AND made = 0",
    "unsent": "made > sent",
    "late": "sent_late",
    "second": "appointments > 1 OR broken",
}

DOSSIERS: Final = f"""
SELECT d.id, d.code, d.received_at, d.due_at, {finished_at()} AS finished_at,
    p.name AS procedure, a.name AS agency_name, a.code AS agency_code, d.agency,
    coalesce(l.made, 0) AS made, coalesce(l.sent, 0) AS sent, l.promised_on, l.last_sent_on,
    coalesce(l.appointments, 0) AS appointments, coalesce(l.sent_late, false) AS sent_late,
    {finished_at()} IS NOT NULL AS is_finished,
    coalesce({finished_at()}, $1) > d.due_at AS is_late,
    coalesce(l.promised_on < $2 AND {finished_at()} IS NULL, false) AS broken
FROM dossier d JOIN agency a ON a.id = d.agency JOIN procedure p ON p.id = d.procedure
LEFT JOIN (
    SELECT dossier, count(*) AS made, count(sent_on) AS sent, max(sent_on) AS last_sent_on,
        count(new_due_on) AS appointments, max(new_due_on) AS promised_on,
        bool_or(sent_on > due_on - 1) AS sent_late
    FROM apology_letter GROUP BY dossier) l ON l.dossier = d.id
"""
CHOSEN: Final = f"""
{DOSSIERS} WHERE d.due_at >= $3 AND d.due_at < $4 AND ($5::integer IS NULL OR d.agency = $5)
    AND (coalesce({finished_at()}, $6) > d.due_at OR l.made > 0)
"""
BY_CODE: Final = f"{DOSSIERS} WHERE d.code = $3 AND ($4::integer IS NULL OR d.agency = $4)"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the address of the list. `flag` is one of FLAGS or empty for all.

    A code finds one dossier whenever it was due, also one that is not late.
    """

    agency: int | None = None
    flag: str = ""
    since: date | None = None
    code: str = ""
    page: int = 1


async def list_late(wanted: Wanted, *, now: datetime | None = None) -> Page:
    """A page of dossiers, the longest overdue first."""
    moment = now or datetime.now(UTC)
    if wanted.code:
        found = await fetch(
            BY_CODE, moment, local_day(moment), wanted.code.replace("\0", ""), wanted.agency
        )
        return Page(rows=found, page=1, more=False)
    condition = FLAGS.get(wanted.flag, "true")
    number = max(1, wanted.page)
    rows = await fetch(
        f"SELECT * FROM ({CHOSEN}) t WHERE {condition} ORDER BY due_at, id LIMIT $7 OFFSET $8",
        *(*_arguments(wanted, moment), PAGE_SIZE + 1, (number - 1) * PAGE_SIZE),
    )
    return Page(rows=rows[:PAGE_SIZE], page=number, more=len(rows) > PAGE_SIZE)


async def count_flags(wanted: Wanted, *, now: datetime | None = None) -> dict[str, int]:
    """How many dossiers have each flag, and `all`."""
    counted = ", ".join(
        f"count(*) FILTER (WHERE {condition}) AS {flag}" for flag, condition in FLAGS.items()
    )
    row = await fetch_one(
        f'SELECT count(*) AS "all", {counted} FROM ({CHOSEN}) t',
        *_arguments(wanted, now or datetime.now(UTC)),
    )
    return row or {}


def _arguments(wanted: Wanted, now: datetime) -> tuple[Any, ...]:
    today = local_day(now)
    since = wanted.since or today - timedelta(days=DEFAULT_DAYS)
    first = datetime.combine(since, time(), ZONE)
    return now, today, first, now + SOON, wanted.agency, now + SOON
