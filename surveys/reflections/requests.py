"""Cases as Open311 lists them: what is public to everybody, and to a program its own as well."""

from datetime import date
from typing import Any, Final

import msgspec

from surveys.accounts import FieldError, Program
from surveys.accounts.agencies import CURRENT
from surveys.reflections.programs import prefix_of, span
from surveys.reflections.searching import plain
from surveys.reflections.states import OPEN, TOLD
from surveys.transactions import Row, fetch

N_ = str

MOST: Final = 1000
DEEPEST: Final = 1000

# Of what is public the day is told, not the hour: the hour could be joined with other things.
SELECT: Final = """
SELECT c.reference, c.type, c.state, c.kind, c.received_on, p.title, q.text AS question,
    y.text AS reply, r.change, coalesce(x.text, '') AS explanation,
    coalesce(b.name, a.name) AS agency_name,
    (p.published_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS published_on,
    CASE WHEN c.source COLLATE "C" >= $1 AND c.source COLLATE "C" < $2 THEN c.due_at END AS due_at,
    CASE WHEN p.id IS NULL THEN (SELECT max(e.at) FROM case_event e
        WHERE e.case_id = c.id AND e.name = ANY ($3)) END AS changed_at
FROM reflection_case c JOIN agency a ON a.id = c.agency
LEFT JOIN case_publication p ON p.case_id = c.id AND p.ended_at IS NULL
LEFT JOIN case_answer r ON r.id = p.answer LEFT JOIN agency b ON b.id = r.agency
LEFT JOIN case_redaction y ON y.id = p.reply LEFT JOIN case_redaction q ON q.id = p.question
LEFT JOIN case_redaction x ON x.id = p.explanation
WHERE (p.id IS NOT NULL OR (c.source COLLATE "C" >= $1 AND c.source COLLATE "C" < $2))
"""
NAMED: Final = f"""
SELECT code FROM agency WHERE ({CURRENT}) AND (code = $1 OR plain_text(name) = $2)
ORDER BY code = $1 DESC LIMIT 2
"""


class RequestFilters(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for. References go before everything else; `opened` None means either."""

    references: list[str] = []
    types: list[str] = []
    first: date | None = None
    last: date | None = None
    opened: bool | None = None
    page: int = 1


async def list_requests(filters: RequestFilters, program: Program | None = None) -> list[Row]:
    """At most 1000 cases, newest first; those of `program` also before anything is public."""
    # Nothing lies between these two: without a program there are no own cases.
    own = span(prefix_of(program.name, program.agency_id)) if program else ("", "")
    values: list[Any] = [*own, list(TOLD)]
    conditions = ""
    for condition, value in _conditions(filters):
        values.append(value)
        conditions += f" AND {condition.format(f'${len(values)}')}"
    page = min(max(filters.page, 1), DEEPEST)
    return await fetch(
        f"{SELECT} {conditions} ORDER BY c.received_on DESC, c.reference"
        f" LIMIT {MOST} OFFSET {(page - 1) * MOST}",
        *values,
    )


def _conditions(filters: RequestFilters) -> list[tuple[str, Any]]:
    if filters.references:
        return [("c.reference = ANY ({})", filters.references)]
    wanted: list[tuple[str, Any]] = [
        ("c.type = ANY ({})", filters.types),
        ("c.received_on >= {}", filters.first),
        ("c.received_on <= {}", filters.last),
    ]
    found = [(condition, value) for condition, value in wanted if value]
    if filters.opened is not None:
        found.append((f"(c.state = ANY ({{}})) = {filters.opened}", list(OPEN)))
    return found


async def agency_named(text: str) -> str:
    """The code of the agency of this code or name. Raises FieldError when none or several fit."""
    wanted = " ".join(text.replace("\0", "").split())
    rows = await fetch(NAMED, wanted, plain(wanted))
    if not rows or (len(rows) > 1 and rows[0]["code"] != wanted):
        raise FieldError("agency", N_("Không có cơ quan nào mang mã này trong danh mục."))
    return str(rows[0]["code"])
