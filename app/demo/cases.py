"""A year of cases, simulated: written with COPY, as fast as the database takes them.

What the verbs would write is written here in bulk: the cases, what citizens wrote, contacts, the
log, clocks, answers, and publications. Staff who own them are accounts that nobody can use.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from app.demo.case_book import COLUMNS, Book
from app.demo.case_lives import OfficeTime, draw_lives
from surveys.calendars import load_calendar
from surveys.days import local_day
from surveys.register import list_agencies
from surveys.transactions import fetch, transaction

STAFF_OF_AGENCY: Final = 3
# The two ends of a day and its holidays; nobody's clock runs longer past now.
MARGIN: Final = timedelta(days=60)

STAFF: Final = """
INSERT INTO account (username, password_hash, role, agency, disabled)
SELECT 'mau-' || lower(a.code) || '-' || n, '!', 'agency', a.id, true
FROM agency a, generate_series(1, $2) n WHERE a.id = ANY ($1) ON CONFLICT DO NOTHING
"""
COVER: Final = """
INSERT INTO case_redaction (case_id, part, answer, version, text, spans, account, saved_at,
    confirmed_by, confirmed_at)
SELECT c.id, 'answer', r.id, 1, r.text, '[]'::jsonb, c.owner, r.answered_at, c.owner,
    r.answered_at + interval '3 days'
FROM reflection_case c JOIN case_answer r ON r.case_id = c.id WHERE c.id = ANY ($1)
UNION ALL
SELECT c.id, 'explanation', r.id, 1, r.explanation, '[]'::jsonb, c.owner, r.answered_at, c.owner,
    r.answered_at + interval '3 days'
FROM reflection_case c JOIN case_answer r ON r.case_id = c.id
WHERE c.id = ANY ($1) AND r.change <> 'none'
"""
PUBLISH: Final = """
INSERT INTO case_publication (case_id, answer, title, question, reply, explanation, published_at,
    account, reason)
SELECT c.id, v.answer, c.title, q.id, v.id, x.id, v.confirmed_at, c.owner, ''
FROM reflection_case c JOIN case_redaction v ON v.case_id = c.id AND v.part = 'answer'
LEFT JOIN case_redaction q ON q.case_id = c.id AND q.part = 'question'
LEFT JOIN case_redaction x ON x.answer = v.answer AND x.part = 'explanation'
WHERE c.id = ANY ($1)
"""


async def fill_cases(
    number: int,
    pepper: bytes,
    *,
    now: datetime | None = None,
    days: int = 365,
    seed: int = 2026,
    busy: int | None = None,
) -> int:
    """Write so many cases of the days before `now`, among the agencies of that day.

    The agency `busy` has a third of them.
    """
    moment = now or datetime.now(UTC)
    agencies = sorted(agency.id for agency in await list_agencies(local_day(moment)))
    if not agencies or not number:
        return 0
    calendar = await load_calendar()
    office = OfficeTime(calendar, moment - timedelta(days=days) - MARGIN, moment + 4 * MARGIN)
    async with transaction() as connection:
        await fetch(STAFF, agencies, STAFF_OF_AGENCY)
        book = Book(calendar, office, pepper, await _staff(agencies), seed)
        span = (moment - timedelta(days=days), moment)
        for life in draw_lives(number, agencies, span, office=office, seed=seed, busy=busy):
            book.write(life)
        for table, columns in COLUMNS.items():
            await connection.copy_records_to_table(
                table, records=book.rows[table], columns=columns.split()
            )
        # The database takes a publication only when its text was confirmed before.
        await fetch(COVER, book.published)
        await fetch(PUBLISH, book.published)
    for table in (*COLUMNS, "case_publication"):
        await fetch(f"ANALYZE {table}")
    return number


async def has_cases() -> bool:
    """Whether there is any case."""
    return bool(await fetch("SELECT 1 FROM reflection_case LIMIT 1"))


async def _staff(agencies: list[int]) -> dict[int, list[int]]:
    rows = await fetch(
        "SELECT agency, array_agg(id ORDER BY id) AS ids FROM account"
        " WHERE role = 'agency' AND agency = ANY ($1) GROUP BY agency",
        agencies,
    )
    return {row["agency"]: row["ids"] for row in rows}
