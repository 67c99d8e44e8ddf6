"""The ledger: which numbers came from which device, so that a lost, repeated or reordered one shows.

Written in the transaction that records the ratings. Devices are locked in one order, so that two
deliveries of the same numbers follow each other.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from surveys.days import local_day
from surveys.devices.findings import by_device, note_odd, odd_numbers

# Words for an event whose number counts; all others refuse it.
NEW = "new"
RESENT = "resent"
TAKEN = frozenset({NEW, RESENT})
NUMBER_USED = "number used"

LOCK = "SELECT id, highest FROM device WHERE id = ANY($1) ORDER BY id FOR UPDATE"

# A number is new above the highest, or where one is missing. Any other number has been used: by
# this very event (then it is a resend), or by another one. When the ledger has forgotten it, the
# id of the rating still tells for some days.
NOTE = """
WITH t AS (
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[])
        WITH ORDINALITY AS t(device, number, event, kind, place)
), fresh AS (
    SELECT DISTINCT ON (t.device, t.number) t.*, t.number <= d.highest AS late
    FROM t JOIN device d ON d.id = t.device
    WHERE d.revoked_at IS NULL
        AND (t.number > d.highest OR t.number <@ d.missing::int8multirange)
    ORDER BY t.device, t.number, t.place
), noted AS (
    INSERT INTO device_event (device, number, event, kind, day)
    SELECT device, number, event, kind, $5 FROM fresh
), counted AS (
    UPDATE device d SET highest = greatest(d.highest, f.top), late = d.late + f.late,
        missing = (d.missing::int8multirange
            + int8multirange(int8range(d.highest + 1, greatest(d.highest, f.top) + 1))
            - f.numbers)::text
    FROM (SELECT device, max(number) AS top, count(*) FILTER (WHERE late) AS late,
        range_agg(int8range(number, number + 1)) AS numbers FROM fresh GROUP BY device) f
    WHERE d.id = f.device
)
SELECT CASE
    WHEN d.id IS NULL THEN 'unknown device'
    WHEN d.revoked_at IS NOT NULL THEN 'revoked device'
    WHEN f.place = t.place THEN 'new'
    WHEN f.event = t.event AND f.kind = t.kind THEN 'resent'
    WHEN e.event = t.event AND e.kind = t.kind THEN 'resent'
    WHEN f.place IS NULL AND e.id IS NULL AND k.id IS NOT NULL THEN 'resent'
    ELSE 'number used' END AS word
FROM t LEFT JOIN device d ON d.id = t.device
LEFT JOIN fresh f ON f.device = t.device AND f.number = t.number
LEFT JOIN device_event e ON e.device = t.device AND e.number = t.number
LEFT JOIN resend_key k ON k.id = t.event
ORDER BY t.place
"""

CONFLICTS = """
UPDATE device SET conflicts = conflicts + t.more
FROM unnest($1::uuid[], $2::int[]) AS t(device, more) WHERE id = t.device
"""

# Only the device that sent a tap may add details to it.
OWN_TAPS = """
SELECT t.place FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS t(device, event, place)
WHERE EXISTS (SELECT FROM device_event e
    WHERE e.event = t.event AND e.device = t.device AND e.kind = 'tap')
"""


class Event(msgspec.Struct, frozen=True):
    """One signed event, without what it says: who sent it, under which number, and when.

    `given_at` is None when the device cannot tell it with certainty.
    """

    device: UUID
    number: int
    id: UUID
    kind: str
    given_at: datetime | None


async def note_events(connection: Any, events: Sequence[Event], now: datetime) -> list[str]:
    """Enter events; one word each: `new`, `resent`, `number used`, `revoked device`, …"""
    if not events:
        return []
    held = await connection.fetch(LOCK, list({event.device for event in events}))
    rows = await connection.fetch(
        NOTE,
        [event.device for event in events],
        [event.number for event in events],
        [event.id for event in events],
        [event.kind for event in events],
        local_day(now),
    )
    words = [str(row["word"]) for row in rows]
    used = Counter(
        event.device for event, word in zip(events, words, strict=True) if word == NUMBER_USED
    )
    if used:
        await connection.execute(CONFLICTS, list(used), list(used.values()))
    told = zip(events, words, strict=True)
    numbers = by_device((event.device, event.number, word) for event, word in told)
    odd = odd_numbers(numbers, {row["id"]: row["highest"] for row in held})
    await note_odd(connection, odd, local_day(now))
    return words


async def own_taps(connection: Any, events: Sequence[Event]) -> set[Event]:
    """Those of these details whose tap was sent by the same device."""
    if not events:
        return set()
    devices, ids = [event.device for event in events], [event.id for event in events]
    rows = await connection.fetch(OWN_TAPS, devices, ids)
    return {events[row["place"] - 1] for row in rows}
