"""Sessions of signed-in staff, under the hash of the id that the browser holds."""

from datetime import timedelta

from surveys.accounts.records import Staff
from surveys.tables.accounts import Role
from surveys.transactions import fetch, fetch_one

SAVE = """
INSERT INTO staff_session (id_hash, data, account, expires_at) VALUES ($1, $2, $3, now() + $4)
ON CONFLICT (id_hash) DO UPDATE
SET data = excluded.data, account = excluded.account, expires_at = excluded.expires_at
"""


async def save_session(id_hash: str, data: bytes, account: int, lifetime: timedelta) -> None:
    """Keep a session until its lifetime is over."""
    await fetch(SAVE, id_hash, data, account, lifetime)


async def find_session(id_hash: str) -> bytes | None:
    """What was kept under this hash, if it has not expired."""
    row = await fetch_one(
        "SELECT data FROM staff_session WHERE id_hash = $1 AND expires_at > now()", id_hash
    )
    return None if row is None else bytes(row["data"])


async def seconds_left(id_hash: str) -> int | None:
    """Seconds until this session ends, or None when there is none."""
    row = await fetch_one(
        "SELECT extract(epoch FROM expires_at - now())::int AS left FROM staff_session"
        " WHERE id_hash = $1 AND expires_at > now()",
        id_hash,
    )
    return None if row is None else int(row["left"])


async def end_session(id_hash: str) -> None:
    """Forget one session; no effect when it is unknown."""
    await fetch("DELETE FROM staff_session WHERE id_hash = $1", id_hash)


async def end_all_sessions() -> None:
    """Sign everybody out."""
    await fetch("DELETE FROM staff_session")


async def find_staff(account: int) -> Staff | None:
    """The person behind a session; None once the account is disabled."""
    row = await fetch_one(
        "SELECT id, username, role, agency, must_change_password FROM account"
        " WHERE id = $1 AND NOT disabled",
        account,
    )
    if row is None:
        return None
    return Staff(
        row["id"], row["username"], Role(row["role"]), row["agency"], row["must_change_password"]
    )
