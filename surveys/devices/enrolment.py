"""Enrolment: a one-time code makes one browser the kiosk of one counter."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from surveys.accounts.audit import audit
from surveys.accounts.keys import hash_key
from surveys.devices.counters import get_counter
from surveys.devices.errors import CodeError, RevokedDeviceError, UnknownDeviceError
from surveys.devices.findings import count_odd
from surveys.devices.records import CounterRow, Device
from surveys.devices.signatures import PublicKeyError, read_public_key
from surveys.tables.ledger import FindingKind
from surveys.transactions import fetch, fetch_one, transaction

# No 0 and O, no 1, I and L, no 5 and S, no 8 and B, no 2 and Z, no U and V: read out over a phone.
LETTERS = "34679ACDEFGHJKMNPQRTVWXY"
CODE_LENGTH = 8
CODE_MINUTES = 30
LONGEST_NAME = 120

DEVICE = """
SELECT d.id, d.counter AS counter_id, c.code AS counter, c.name AS counter_name,
    a.name AS agency_name, d.public_key, d.revoked_at
FROM device d JOIN counter c ON c.id = d.counter JOIN agency a ON a.id = c.agency
WHERE d.id = $1
"""

USE_CODE = """
SELECT e.counter, e.replaces, e.made_by, e.device, d.public_key AS enrolled
FROM enrolment_code e LEFT JOIN device d ON d.id = e.device
WHERE e.code_hash = $1 AND e.expires_at > $2 FOR UPDATE OF e
"""


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code as it is shown, once, and the counter it is for."""

    code: str
    expires_at: datetime
    counter: CounterRow

    @property
    def grouped(self) -> str:
        """The code as people read it out."""
        half = CODE_LENGTH // 2
        return f"{self.code[:half]} {self.code[half:]}"


async def issue_code(counter_id: int, *, actor: int | None) -> NewCode:
    """Make a code that enrols one device for this counter within half an hour."""
    async with transaction():
        made = await _make_code(counter_id, None, actor)
        await audit("device_code_issued", made.counter.code, actor=actor)
    return made


async def revoke_device(device: UUID, *, actor: int | None) -> None:
    """Take a device's right to send; taking it again changes nothing."""
    async with transaction():
        await _revoke(device, actor)


async def replace_device(device: UUID, *, actor: int | None) -> NewCode:
    """Revoke a device and make a code for the next one at the same counter, in one step."""
    async with transaction():
        row = await _revoke(device, actor)
        await fetch("UPDATE device SET replaced_at = now() WHERE id = $1", device)
        made = await _make_code(row["counter"], device, actor)
        await audit("device_code_issued", made.counter.code, actor=actor, replaces=str(device))
    return made


async def enrol_device(code: str, public_key: str, name: str = "") -> Device:
    """Make the browser that holds this key a kiosk of the code's counter.

    One code enrols one device; asking again with the same key gives the same device, for the
    answer may have been lost.

    Raises
    ------
    CodeError
        When the code is wrong, used or expired.
    PublicKeyError
        When the key is none on P-256, or another device has it.
    """
    key = read_public_key(public_key)
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    async with transaction():
        row = await fetch_one(USE_CODE, hash_key(typed), datetime.now(UTC))
        if row is None or (row["device"] is not None and row["enrolled"] != key):
            raise CodeError
        device = row["device"] or await _enrol(row, hash_key(typed), key, name)
    return await get_device(device)


async def get_device(device: UUID) -> Device:
    """A device that may send.

    Raises
    ------
    UnknownDeviceError, RevokedDeviceError
    """
    row = await fetch_one(DEVICE, device)
    if row is None:
        raise UnknownDeviceError
    if row.pop("revoked_at") is not None:
        raise RevokedDeviceError
    return Device(**row)


async def count_bad_signatures(device: UUID, number: int) -> None:
    """Add to what the board shows of a device under whose name somebody else may be sending."""
    await fetch(
        "UPDATE device SET bad_signatures = bad_signatures + $2 WHERE id = $1", device, number
    )
    await count_odd(device, FindingKind.SIGNATURE, number)


async def _enrol(row: dict[str, Any], code_hash: str, key: bytes, name: str) -> UUID:
    device = uuid4()
    made = await fetch_one(
        "INSERT INTO device (id, counter, public_key, name, enrolled_at)"
        " VALUES ($1, $2, $3, $4, now()) ON CONFLICT (public_key) DO NOTHING RETURNING id",
        *(device, row["counter"], key, name.replace("\0", "").strip()[:LONGEST_NAME]),
    )
    if made is None:
        raise PublicKeyError
    await fetch("UPDATE enrolment_code SET device = $2 WHERE code_hash = $1", code_hash, device)
    if row["replaces"] is not None:
        await fetch("UPDATE device SET replaced_by = $2 WHERE id = $1", row["replaces"], device)
    counter = await get_counter(row["counter"])
    await audit("device_enrolled", counter.code, actor=row["made_by"], device=str(device))
    return device


async def _make_code(counter_id: int, replaces: UUID | None, actor: int | None) -> NewCode:
    counter = await get_counter(counter_id)
    code = "".join(secrets.choice(LETTERS) for _place in range(CODE_LENGTH))
    expires_at = datetime.now(UTC) + timedelta(minutes=CODE_MINUTES)
    await fetch(
        "INSERT INTO enrolment_code (code_hash, counter, replaces, made_by, expires_at)"
        " VALUES ($1, $2, $3, $4, $5)",
        *(hash_key(code), counter_id, replaces, actor, expires_at),
    )
    return NewCode(code, expires_at, counter)


async def _revoke(device: UUID, actor: int | None) -> dict[str, Any]:
    row = await fetch_one(
        "SELECT device.counter, counter.code, revoked_at FROM device"
        " JOIN counter ON counter.id = device.counter WHERE device.id = $1 FOR UPDATE OF device",
        device,
    )
    if row is None:
        raise UnknownDeviceError
    if row["revoked_at"] is None:
        await fetch("UPDATE device SET revoked_at = now() WHERE id = $1", device)
        await audit("device_revoked", row["code"], actor=actor, device=str(device))
    return row
