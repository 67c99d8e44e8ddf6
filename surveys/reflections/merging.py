"""Duplicates: cases that tell of the same, answered together; each citizen keeps their own word."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from surveys.reflections.actors import Actor
from surveys.reflections.errors import MoveError, RoleError
from surveys.reflections.log import find_case, lock_case, touch, write_event
from surveys.reflections.states import OPEN
from surveys.transactions import Row, fetch, fetch_one, transaction

N_ = str

STAFF: Final = frozenset({"clerk", "head", "coordinator"})

# `similarity` comes with pg_trgm; the migration makes a stand-in where the server lacks it.
SUGGEST: Final = """
WITH mine AS (
    SELECT left(plain, 2000) AS words FROM case_text
    WHERE case_id = $1 AND part = 'original')
SELECT c.id, c.reference, c.title, c.state, c.created_at,
    similarity(left(t.plain, 2000), mine.words) AS likeness
FROM reflection_case c JOIN case_text t ON t.case_id = c.id AND t.part = 'original', mine
WHERE c.agency = $2 AND c.id <> $1 AND c.merged_into IS NULL AND c.state = ANY ($3)
    AND similarity(left(t.plain, 2000), mine.words) >= $4
ORDER BY likeness DESC, c.created_at LIMIT $5
"""


async def suggest_duplicates(
    case: UUID, by: Actor, *, least: float = 0.35, limit: int = 5
) -> list[Row]:
    """Open cases of the same agency that read alike: id, reference, title, state, likeness."""
    row = await find_case(case, by)
    if not by.roles & STAFF:
        raise RoleError
    return await fetch(SUGGEST, case, row["agency"], list(OPEN), least, limit)


async def merge(duplicate: UUID, main: UUID, by: Actor, *, now: datetime | None = None) -> None:
    """Let a case be answered with another of the same agency. Raises MoveError, RoleError."""
    moment = now or datetime.now(UTC)
    async with transaction():
        # Always in one order, so that two who merge at once do not wait for one another.
        held = {one: await lock_case(one, by) for one in sorted({duplicate, main})}
        if not by.roles & STAFF or by.account is None:
            raise RoleError
        _check(held, duplicate, main)
        if await fetch_one("SELECT 1 AS it FROM reflection_case WHERE merged_into = $1", duplicate):
            raise MoveError(N_("Đã có vụ việc khác gộp vào vụ việc này. Hãy gộp theo chiều kia."))
        await fetch("UPDATE reflection_case SET merged_into = $2 WHERE id = $1", duplicate, main)
        await fetch(
            "INSERT INTO case_merge (duplicate, main, account, at) VALUES ($1, $2, $3, $4)",
            *(duplicate, main, by.account, moment),
        )
        said = {"main": held[main]["reference"]}
        await write_event(held[duplicate], "merged", by, at=moment, public=False, **said)
        await touch(duplicate)


async def unmerge(duplicate: UUID, by: Actor, *, now: datetime | None = None) -> None:
    """Let a case go its own way again."""
    moment = now or datetime.now(UTC)
    async with transaction():
        row = await lock_case(duplicate, by)
        if not by.roles & STAFF:
            raise RoleError
        if row["merged_into"] is None or row["state"] not in OPEN:
            raise MoveError(N_("Vụ việc này không gộp vào vụ việc nào đang xử lý."))
        await part(duplicate, moment)
        await write_event(row, "unmerged", by, at=moment, public=False)
        await touch(duplicate)


async def part(duplicate: UUID, now: datetime) -> None:
    """Let a case go from its main case, if it has one, in the running transaction."""
    await fetch("UPDATE reflection_case SET merged_into = NULL WHERE id = $1", duplicate)
    await fetch(
        "UPDATE case_merge SET ended_at = $2 WHERE duplicate = $1 AND ended_at IS NULL",
        *(duplicate, now),
    )


def _check(held: dict[UUID, Row], duplicate: UUID, main: UUID) -> None:
    if duplicate == main:
        raise MoveError(N_("Không gộp được một vụ việc vào chính nó."))
    if held[duplicate]["agency"] != held[main]["agency"]:
        raise MoveError(N_("Chỉ gộp được các vụ việc của cùng một cơ quan."))
    if held[main]["merged_into"] is not None or held[duplicate]["merged_into"] is not None:
        raise MoveError(N_("Một trong hai vụ việc đã được gộp trước đó."))
    if any(row["state"] not in OPEN for row in held.values()):
        raise MoveError(N_("Chỉ gộp được các vụ việc chưa trả lời."))
