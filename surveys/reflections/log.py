"""The log of a case, and the lock under which everything is done to it."""

import json
from typing import Any, Final
from uuid import UUID

from surveys.reflections.actors import Actor
from surveys.reflections.errors import StaleCaseError, UnknownCaseError
from surveys.reflections.states import INTERNAL, TOLD
from surveys.transactions import Row, fetch, fetch_one

LOCK: Final = "SELECT * FROM reflection_case WHERE id = $1 FOR UPDATE"
# With the line stands what is to be told of it to other programs, or neither does. A transferred
# case is told of where it was and where it is.
WRITE: Final = """
WITH written AS (
    INSERT INTO case_event (case_id, at, name, from_state, to_state, role, account, agency, public,
        detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb)
    RETURNING id, case_id, name, agency)
INSERT INTO webhook_delivery (id, webhook, event, state, attempts, due, last_error)
SELECT gen_random_uuid(), w.id, e.id, 'queued', 0, now(), ''
FROM written e JOIN reflection_case c ON c.id = e.case_id JOIN webhook w ON w.stopped_at IS NULL
WHERE e.name = ANY ($11) AND (w.events = '[]' OR w.events ? e.name)
    AND (w.agency IS NULL OR w.agency IN (e.agency, c.agency))
    AND (w.prefix = '' OR starts_with(c.source, w.prefix))
"""
# The log cannot be changed, so lines that were written as public once are left out here.
READ: Final = """
SELECT e.id, e.at, e.name, e.from_state, e.to_state, e.role, e.public, e.detail, u.username,
    a.name AS agency_name
FROM case_event e JOIN agency a ON a.id = e.agency LEFT JOIN account u ON u.id = e.account
WHERE e.case_id = $1 AND (e.public AND e.name <> ALL ($3) OR NOT $2) ORDER BY e.id
"""
TOUCH: Final = """
UPDATE reflection_case SET version = version + 1 WHERE id = $1 RETURNING version
"""


def may_see(case: Row, by: Actor) -> bool:
    """Whether this person has anything to do with the case."""
    return by.agency is None or by.agency == case["agency"]


async def lock_case(case_id: UUID, by: Actor, *, expected: int | None = None) -> Row:
    """The case, held until the transaction ends. Raises UnknownCaseError, StaleCaseError."""
    case = await fetch_one(LOCK, case_id)
    if case is None or not by.roles or not may_see(case, by):
        raise UnknownCaseError
    if expected is not None and expected != case["version"]:
        raise StaleCaseError
    return case


async def find_case(case_id: UUID, by: Actor) -> Row:
    """The case as it is. Raises UnknownCaseError."""
    case = await fetch_one("SELECT * FROM reflection_case WHERE id = $1", case_id)
    if case is None or not by.roles or not may_see(case, by):
        raise UnknownCaseError
    return case


async def write_event(
    case: Row,
    name: str,
    by: Actor,
    *,
    at: Any,
    role: str = "",
    to_state: str | None = None,
    public: bool = True,
    **detail: Any,
) -> None:
    """Append a line to the log, in the running transaction."""
    said = json.dumps(detail, ensure_ascii=False, default=str)
    acted = role or next(iter(sorted(by.roles)), "system")
    from_state = case.get("state") if to_state else None
    await fetch(
        WRITE,
        *(case["id"], at, name, from_state, to_state, acted, by.account, case["agency"]),
        *(public, said, list(TOLD)),
    )


async def touch(case_id: UUID) -> int:
    """Count the version up, so that whoever looks at an older one is told."""
    row = await fetch_one(TOUCH, case_id)
    return int(row["version"]) if row else 0


async def list_events(case_id: UUID, *, public_only: bool) -> list[Row]:
    """The log, oldest first; names of accounts are for officials only."""
    rows = await fetch(READ, case_id, public_only, list(INTERNAL))
    for row in rows:
        row["detail"] = json.loads(row["detail"])
        if public_only:
            row["username"] = None
    return rows
