"""A new access code for whoever holds the link, in place of the one that was lost."""

from datetime import UTC, datetime
from uuid import UUID

from surveys.reflections.actors import CITIZEN
from surveys.reflections.log import lock_case, write_event
from surveys.reflections.references import hash_access_code, new_code
from surveys.transactions import fetch, transaction


async def renew_code(case: UUID, *, now: datetime | None = None) -> str:
    """The new code, told this once; the one before opens nothing any more."""
    code = new_code()
    async with transaction():
        row = await lock_case(case, CITIZEN)
        await fetch(
            "UPDATE reflection_case SET code_hash = $2 WHERE id = $1", case, hash_access_code(code)
        )
        await write_event(row, "code_renewed", CITIZEN, at=now or datetime.now(UTC))
    return code
