"""Keys of other programs. A key is shown once; the database holds its hash."""

import secrets
from hashlib import sha256

from surveys.accounts.agencies import agency_code
from surveys.accounts.audit import audit
from surveys.accounts.errors import N_, FieldError
from surveys.accounts.records import Key, Program
from surveys.errors import NotFoundError
from surveys.transactions import fetch, fetch_one, transaction

# What a key may be for: one-stop software that reports handed-over results; portals and hotlines
# that bring in what citizens write.
PURPOSES = ("handover", "cases")

LIST = """
SELECT api_key.id, api_key.name, purpose, agency.name AS agency_name, api_key.created_at, revoked_at
FROM api_key LEFT JOIN agency ON agency.id = api_key.agency
ORDER BY revoked_at IS NOT NULL, api_key.id DESC
"""


def hash_key(key: str) -> str:
    """What is stored of a key. Keys are long and random, so a fast hash is enough."""
    return sha256(key.encode()).hexdigest()


async def issue_key(
    name: str, purpose: str, *, actor: int | None, agency_id: int | None = None
) -> str:
    """Make a key for another program and return it, for the only time."""
    name = name.strip()
    if not 1 <= len(name) <= 120:
        raise FieldError("name", N_("Hãy đặt tên cho khóa, tối đa 120 ký tự."))
    if purpose not in PURPOSES:
        raise FieldError("purpose", N_("Hãy chọn mục đích của khóa trong danh sách."))
    key = secrets.token_urlsafe(32)
    async with transaction():
        await fetch(
            "INSERT INTO api_key (name, key_hash, purpose, agency) VALUES ($1, $2, $3, $4)",
            *(name, hash_key(key), purpose, agency_id),
        )
        code = await agency_code(agency_id)
        await audit("key_issued", name, actor=actor, purpose=purpose, agency=code)
    return key


async def revoke_key(key_id: int, *, actor: int | None) -> None:
    """End a key at once; ending it again changes nothing."""
    async with transaction():
        row = await fetch_one(
            "SELECT name, revoked_at FROM api_key WHERE id = $1 FOR UPDATE", key_id
        )
        if row is None:
            raise NotFoundError(N_("Không có khóa này."))
        if row["revoked_at"] is None:
            await fetch("UPDATE api_key SET revoked_at = now() WHERE id = $1", key_id)
            await audit("key_revoked", row["name"], actor=actor)


async def find_program(key: str, purpose: str) -> Program | None:
    """The program that holds this key, if the key is for this purpose and not revoked."""
    row = await fetch_one(
        "SELECT id, name, purpose, agency FROM api_key"
        " WHERE key_hash = $1 AND purpose = $2 AND revoked_at IS NULL",
        *(hash_key(key), purpose),
    )
    return None if row is None else Program(*row.values())


async def list_keys() -> list[Key]:
    """All keys, those in use first."""
    return [Key(**row) for row in await fetch(LIST)]
