"""A new access code and a new link for the citizen; whoever else had the old ones is out.

Who keyed a case in, or the program that sent it, has seen both. A message makes its link when it
leaves, so it carries the new one.
"""

from datetime import UTC, datetime
from uuid import UUID

import msgspec

from surveys.messages.addresses import case_token, keyed
from surveys.ratings.codes import code_from
from surveys.reflections.actors import CITIZEN
from surveys.reflections.errors import UnknownCaseError
from surveys.reflections.log import lock_case, write_event
from surveys.reflections.references import (
    CODE_LENGTH,
    hash_access_code,
    hash_case_token,
    new_code,
)
from surveys.transactions import fetch, fetch_one, transaction

RENEW = """
UPDATE reflection_case SET code_hash = $2, token_hash = $3, token_version = $4 WHERE id = $1
"""


class Renewed(msgspec.Struct, frozen=True, kw_only=True):
    """What the citizen has from now on; the code is told this once."""

    reference: str
    code: str
    token: str


async def renew_access(
    token: str, key: str, pepper: bytes, *, now: datetime | None = None
) -> Renewed | None:
    """A new code and link for the holder of this link; None when it opens nothing (any more).

    `key` is the form's own. A second click with the same key tells what the first one made, for
    nobody has seen that answer; whoever holds only the old link does not know the key.
    """
    code = code_from(keyed(pepper, "case code", f"{token}\0{key}".encode()), CODE_LENGTH)
    async with transaction():
        row = await fetch_one(
            "SELECT id FROM reflection_case WHERE token_hash = $1 OR code_hash = $2 FOR UPDATE",
            *(hash_case_token(token), hash_access_code(code)),
        )
        if row is None:
            return None
        case = await lock_case(row["id"], CITIZEN)
        version = case["token_version"]
        if case["code_hash"] != hash_access_code(code):
            if case["token_hash"] != hash_case_token(token):
                return None
            version += 1
            fresh = hash_case_token(case_token(pepper, case["id"], version))
            await fetch(RENEW, case["id"], hash_access_code(code), fresh, version)
            await write_event(case, "code_renewed", CITIZEN, at=now or datetime.now(UTC))
    given = case_token(pepper, case["id"], version)
    return Renewed(reference=case["reference"], code=code, token=given)


async def replace_code(case: UUID, *, now: datetime | None = None) -> str:
    """Another code for who sent the form twice and saw no answer; the link stays.

    Empty once the citizen has renewed both: the form is no key to them.
    """
    code = new_code()
    async with transaction():
        row = await lock_case(case, CITIZEN)
        if row["token_version"] != 1:
            return ""
        await fetch(
            "UPDATE reflection_case SET code_hash = $2 WHERE id = $1", case, hash_access_code(code)
        )
        await write_event(row, "code_renewed", CITIZEN, at=now or datetime.now(UTC))
    return code


async def link_token(case: UUID, pepper: bytes) -> str:
    """The token of the link that holds now, for who has shown the code. Raises UnknownCaseError."""
    row = await fetch_one("SELECT token_version FROM reflection_case WHERE id = $1", case)
    if row is None:
        raise UnknownCaseError
    return case_token(pepper, case, row["token_version"])
