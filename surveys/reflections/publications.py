"""What everybody may read: answered cases, covered and confirmed."""

from datetime import date
from typing import Any, Final

import msgspec

from surveys.reflections.errors import NotPublicError
from surveys.reflections.records import Page
from surveys.reflections.searching import escaped, plain
from surveys.reflections.states import OPEN
from surveys.transactions import Row, fetch, fetch_one

SIZE: Final = 20
DEEPEST: Final = 1000

# Only a citizen who was not content brings a published case back among the open ones, and it stays
# reopened for everybody until it is answered again.
REOPENED: Final = ", ".join(f"'{state}'" for state in OPEN)
# Day, not hour: the hour of an answer could be joined with other things.
COLUMNS: Final = f"""
SELECT c.reference, c.kind, c.type, c.received_on, c.state IN ({REOPENED}) AS reopened,
    (r.answered_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS answered_on,
    (p.published_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS published_on,
    p.title, q.text AS question, y.text AS reply, r.change, r.verdict,
    coalesce(x.text, '') AS explanation, a.code AS agency_code, a.name AS agency_name
FROM case_publication p JOIN reflection_case c ON c.id = p.case_id
JOIN case_answer r ON r.id = p.answer JOIN agency a ON a.id = r.agency
JOIN case_redaction y ON y.id = p.reply LEFT JOIN case_redaction q ON q.id = p.question
LEFT JOIN case_redaction x ON x.id = p.explanation
WHERE p.ended_at IS NULL
"""


class PublicFilters(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the address of the public page. `agency` is a code."""

    agency: str = ""
    type: str = ""
    kind: str = ""
    change: str = ""
    words: str = ""
    first: date | None = None
    last: date | None = None


async def public_list(filters: PublicFilters | None = None, *, page: int = 1) -> Page:
    """Published cases, newest first: reference, kind, type, title, question (or None), reply,
    change, explanation (or empty), verdict, received_on, answered_on, published_on,
    reopened, agency_code, agency_name.
    """
    wanted = filters or PublicFilters()
    number = min(max(page, 1), DEEPEST)
    conditions, values = _conditions(wanted)
    rows = await fetch(
        f"{COLUMNS} {conditions} ORDER BY p.published_at DESC, p.id DESC"
        f" LIMIT {SIZE + 1} OFFSET {(number - 1) * SIZE}",
        *values,
    )
    return Page(rows=rows[:SIZE], page=number, more=len(rows) > SIZE)


async def public_case(reference: str) -> Row:
    """One published case. Raises NotPublicError, also for a case that is not public."""
    row = await fetch_one(f"{COLUMNS} AND c.reference = $1", reference.replace("\0", ""))
    if row is None:
        raise NotPublicError
    return row


def _conditions(filters: PublicFilters) -> tuple[str, list[Any]]:
    columns = {
        "a.code =": filters.agency,
        "c.type =": filters.type,
        "c.kind =": filters.kind,
        "r.change =": filters.change,
        "c.received_on >=": filters.first,
        "c.received_on <=": filters.last,
    }
    found, values = "", []
    for column, value in columns.items():
        if value:
            values.append(value)
            found += f" AND {column} ${len(values)}"
    for word in plain(filters.words.replace("\0", "")).split()[:6]:
        values.append(f"%{escaped(word)}%")
        place = f"${len(values)}"
        texts = " OR ".join(f"{one}.plain LIKE {place}" for one in "pyqx")
        found += f" AND ({texts})"
    return found, values
