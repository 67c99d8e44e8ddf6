"""Heartbeats: what a device says of itself every minute."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec

from surveys.devices.findings import count_odd
from surveys.tables.ledger import FindingKind
from surveys.transactions import fetch, fetch_one

Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Version = Annotated[str, msgspec.Meta(max_length=80, pattern="^[^\\x00]*$")]
MOST_QUEUED = 2**31 - 1
LONGEST_AGE_MS = 10 * 366 * 86_400_000

BEAT = """
UPDATE device SET seen_at = $2, page_version = $3, config_version = $4, queue = $5,
    oldest_at = $6, given_out = $7, clock_offset_ms = $8, persisted = $9, usage = $10,
    quota = $11, storage_full = $12
WHERE id = $1
"""


# Of each load of the page the newest heartbeat counts; one that is no newer was sent before.
IS_NEWER = """
INSERT INTO device_boot (id, device, boot, tick) VALUES (gen_random_uuid(), $1, $2, $3)
ON CONFLICT (device, boot) DO UPDATE SET tick = excluded.tick
    WHERE device_boot.tick < excluded.tick
RETURNING tick
"""


class Heartbeat(msgspec.Struct, frozen=True):
    """Queue, oldest unsent (milliseconds ago), versions, clock and storage of a device."""

    sent_at: int
    tick: float
    boot: UUID
    version: Version
    config: Version
    queue: Count
    oldest: float | None
    last_number: Count
    persisted: bool
    usage: Count
    quota: Count
    full: bool


async def record_heartbeat(device: UUID, said: Heartbeat, now: datetime | None = None) -> None:
    """Keep the last heartbeat of a device, and how far its clock is off.

    A heartbeat that was recorded and is sent again keeps no dead device alive: it is counted as a
    finding, and nothing else.
    """
    if await fetch_one(IS_NEWER, device, said.boot, said.tick) is None:
        await count_odd(device, FindingKind.HEARTBEAT, 1)
        return
    moment = now or datetime.now(UTC)
    oldest = None
    if said.oldest is not None:
        age = min(max(said.oldest, 0), LONGEST_AGE_MS)
        oldest = moment - timedelta(milliseconds=age)
    offset = round(moment.timestamp() * 1000) - said.sent_at
    await fetch(
        BEAT,
        device,
        moment,
        said.version,
        said.config,
        min(said.queue, MOST_QUEUED),
        oldest,
        said.last_number,
        max(min(offset, 2**53), -(2**53)),
        said.persisted,
        said.usage,
        said.quota,
        said.full,
    )
