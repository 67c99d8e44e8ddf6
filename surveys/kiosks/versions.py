"""Versions of kiosk settings: each change is a new row with who and when."""

import json
from typing import Any, Final

import msgspec

from surveys.accounts.audit import audit
from surveys.errors import NotFoundError
from surveys.kiosks.records import N_, KioskSettings, Scope, check_settings, merge_settings
from surveys.transactions import Row, fetch, fetch_one, transaction

# Two who save at once must not get one number.
_LOCK: Final = 7_202_621
_SCOPE: Final = "agency IS NOT DISTINCT FROM $1 AND counter IS NOT DISTINCT FROM $2"
_NEWEST: Final = f"SELECT said FROM kiosk_setting WHERE {_SCOPE} ORDER BY version DESC LIMIT 1"
_LIST: Final = f"""
SELECT version, said, changed_at, username FROM kiosk_setting
LEFT JOIN account ON account.id = kiosk_setting.account
WHERE kiosk_setting.{_SCOPE.replace("AND ", "AND kiosk_setting.")} ORDER BY version DESC LIMIT $3
"""
_INSERT: Final = f"""
INSERT INTO kiosk_setting (agency, counter, version, said, account)
SELECT $1, $2, coalesce(max(version), 0) + 1, $3::jsonb, $4 FROM kiosk_setting WHERE {_SCOPE}
RETURNING version
"""
# The province first, the counter last.
_EFFECTIVE: Final = """
SELECT DISTINCT ON (agency IS NOT NULL, counter IS NOT NULL) said FROM kiosk_setting
WHERE (agency IS NULL AND counter IS NULL) OR agency = $1 OR counter = $2
ORDER BY counter IS NOT NULL, agency IS NOT NULL, version DESC
"""


class Place(msgspec.Struct, frozen=True):
    """Where a kiosk stands."""

    counter_id: int
    code: str
    name: str
    agency_id: int
    agency_code: str
    agency_name: str


async def find_place(counter_id: int) -> Place:
    """The counter of a kiosk and its agency. Raises NotFoundError."""
    row = await fetch_one(
        "SELECT counter.id AS counter_id, counter.code, counter.name, agency AS agency_id,"
        " agency.code AS agency_code, agency.name AS agency_name FROM counter JOIN agency ON agency.id = counter.agency"
        " WHERE counter.id = $1",
        counter_id,
    )
    if row is None:
        raise NotFoundError(N_("Không có quầy này."))
    return Place(**row)


async def find_scope(agency: str = "", counter: str = "") -> Scope:
    """The scope of these codes; without any it is the province. Raises NotFoundError."""
    if not agency and not counter:
        return Scope()
    table = "counter" if counter else "agency"
    code = counter or agency
    row = await fetch_one(
        f"SELECT id, code, name FROM {table} WHERE code = $1", code.replace("\0", "").strip()
    )
    if row is None:
        raise NotFoundError(N_("Không có cơ quan hoặc quầy mang mã này; hãy sửa mã."))
    return Scope(**{table: row["id"]}, code=row["code"], name=row["name"])


async def newest(scope: Scope) -> KioskSettings:
    """What a scope itself says now."""
    row = await fetch_one(_NEWEST, scope.agency, scope.counter)
    return _read(row["said"]) if row else KioskSettings()


async def effective_settings(agency_id: int | None, counter_id: int | None) -> KioskSettings:
    """What holds at a counter: its own word, its agency's, the province's."""
    merged = KioskSettings()
    for row in await fetch(_EFFECTIVE, agency_id, counter_id):
        merged = merge_settings(merged, _read(row["said"]))
    return merged


async def save_settings(scope: Scope, said: KioskSettings, *, actor: int | None) -> int | None:
    """Make a new version for a scope; None if it says what the newest says already."""
    check_settings(said)
    async with transaction():
        await fetch("SELECT pg_advisory_xact_lock($1)", _LOCK)
        if await newest(scope) == said:
            return None
        text = msgspec.json.encode(said).decode()
        row = await fetch_one(_INSERT, scope.agency, scope.counter, text, actor)
        assert row is not None  # noqa: S101 - RETURNING
        version = int(row["version"])
        # The texts themselves stand in the version; the log tells that there are some.
        detail = msgspec.to_builtins(said) | {"texts": sum(map(len, said.texts.values()))}
        await audit("kiosk_settings_changed", scope.code or "*", actor=actor, **detail)
    return version


async def list_versions(scope: Scope, *, limit: int = 20) -> list[Row]:
    """The versions of a scope, the newest first."""
    rows = await fetch(_LIST, scope.agency, scope.counter, limit)
    return [row | {"said": json.loads(row["said"])} for row in rows]


async def list_counters(agency_id: int) -> dict[str, str]:
    """Code and name of an agency's counters."""
    rows = await fetch("SELECT code, name FROM counter WHERE agency = $1 ORDER BY code", agency_id)
    return {row["code"]: row["name"] for row in rows}


async def known_languages() -> dict[str, str]:
    """Every language that any version of any scope names, by code."""
    rows = await fetch(
        "SELECT DISTINCT ON (key) key, value FROM kiosk_setting,"
        " jsonb_each_text(coalesce(said -> 'languages', '{}')) ORDER BY key, kiosk_setting.id DESC"
    )
    return {row["key"]: row["value"] for row in rows}


async def settings_stamp() -> str:
    """A text that changes with every version of any scope."""
    row: dict[str, Any] | None = await fetch_one(
        "SELECT concat_ws('/', (SELECT count(*) || '-' || max(id) FROM kiosk_setting)) AS stamp"
    )
    return str(row["stamp"]) if row else ""


def _read(said: str) -> KioskSettings:
    return msgspec.json.decode(said, type=KioskSettings)
