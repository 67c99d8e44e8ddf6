"""Kiosks: each counter's device holds a key, the database holds the key's hash."""

import secrets
from dataclasses import dataclass
from hmac import compare_digest

from surveys.accounts.audit import audit
from surveys.accounts.errors import N_
from surveys.accounts.keys import hash_key
from surveys.devices.records import CounterRow
from surveys.errors import NotFoundError
from surveys.transactions import fetch, fetch_one, transaction

COUNTERS = """
SELECT counter.id, counter.code, counter.name, agency.name AS agency_name
FROM counter JOIN agency ON agency.id = counter.agency
"""

MATCHING = """
FROM counter JOIN agency ON agency.id = counter.agency
WHERE $1 = '' OR
    strpos(lower(concat_ws(' ', counter.code, counter.name, agency.name)), lower($1)) > 0
"""


@dataclass(frozen=True, slots=True)
class Kiosk:
    """The device that stands at a counter."""

    counter_id: int
    code: str
    name: str
    agency_id: int


@dataclass(frozen=True, slots=True)
class KioskRow:
    """A counter as the administrator sees it."""

    id: int
    code: str
    name: str
    agency_name: str
    has_key: bool


async def issue_kiosk_key(counter_id: int, *, actor: int | None = None) -> str:
    """Make a new key for a counter's kiosk and return it; the old key ends at once."""
    key = secrets.token_urlsafe(24)
    async with transaction():
        row = await fetch_one(
            "UPDATE counter SET kiosk_key_hash = $2 WHERE id = $1 RETURNING code",
            *(counter_id, hash_key(key)),
        )
        if row is None:
            raise NotFoundError(N_("Không có quầy này."))
        await audit("kiosk_key_issued", row["code"], actor=actor)
    return key


async def revoke_kiosk_key(counter_id: int, *, actor: int | None = None) -> None:
    """Stop a counter's kiosk; no effect when it has no key."""
    async with transaction():
        row = await fetch_one(
            "UPDATE counter SET kiosk_key_hash = NULL"
            " WHERE id = $1 AND kiosk_key_hash IS NOT NULL RETURNING code",
            counter_id,
        )
        if row is not None:
            await audit("kiosk_key_revoked", row["code"], actor=actor)


async def get_kiosk(counter_id: int) -> Kiosk:
    """The kiosk of a counter, whether it has a key or not."""
    row = await fetch_one("SELECT id, code, name, agency FROM counter WHERE id = $1", counter_id)
    if row is None:
        raise NotFoundError(N_("Không có quầy này."))
    return Kiosk(*row.values())


async def find_kiosk(code: str, key: str) -> Kiosk | None:
    """The kiosk of this counter, if the key is its own."""
    if "\0" in code:
        return None
    row = await fetch_one(
        "SELECT id, code, name, agency, kiosk_key_hash FROM counter WHERE code = $1", code
    )
    if row is None or not compare_digest(row["kiosk_key_hash"] or "", hash_key(key)):
        return None
    return Kiosk(row["id"], row["code"], row["name"], row["agency"])


async def get_counter(counter_id: int) -> CounterRow:
    """The counter in this row."""
    row = await fetch_one(f"{COUNTERS} WHERE counter.id = $1", counter_id)
    if row is None:
        raise NotFoundError(N_("Không có quầy này."))
    return CounterRow(**row)


async def counter_ids() -> dict[str, int]:
    """Every counter's row by its code, also of agencies that are no more."""
    return {row["code"]: row["id"] for row in await fetch("SELECT code, id FROM counter")}


async def find_counter(code: str) -> KioskRow | None:
    """The counter of this code, whether or not it has a kiosk yet."""
    row = await fetch_one(
        "SELECT counter.id, counter.code, counter.name, agency.name AS agency_name,"
        " kiosk_key_hash IS NOT NULL AS has_key"
        " FROM counter JOIN agency ON agency.id = counter.agency WHERE counter.code = $1",
        code.replace("\0", ""),
    )
    return None if row is None else KioskRow(**row)


async def list_counters(text: str = "", *, page: int = 1, size: int = 50) -> list[KioskRow]:
    """One page of the counters, found by a part of code, name or agency."""
    rows = await fetch(
        "SELECT counter.id, counter.code, counter.name, agency.name AS agency_name,"
        f" kiosk_key_hash IS NOT NULL AS has_key {MATCHING}"
        " ORDER BY agency.name, counter.code LIMIT $2 OFFSET $3",
        *(text.replace("\0", ""), size, (page - 1) * size),
    )
    return [KioskRow(**row) for row in rows]


async def count_counters(text: str = "") -> int:
    """How many counters `list_counters` finds on all its pages."""
    row = await fetch_one(f"SELECT count(*) AS n {MATCHING}", text.replace("\0", ""))
    return int(row["n"]) if row else 0
