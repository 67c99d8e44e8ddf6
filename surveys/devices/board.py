"""The device board: which kiosks run, which need a call, the worst first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from surveys.transactions import Row, fetch

FRESH: Final = timedelta(minutes=2)
DAY: Final = timedelta(days=1)
# A kiosk that turns itself on a few minutes late is no reason to call anybody.
SILENT: Final = timedelta(minutes=15)

# The spans in which a counter is open, day by day; a day that is absent has none.
Hours = Mapping[date, Sequence[tuple[time, time]]]


class State(StrEnum):
    """How a device is, the worst first."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    NONE = "none"
    REVOKED = "revoked"


ORDER: Final = {state: place for place, state in enumerate(State)}

# A counter without a device in use stands in the list too: it is what is to be enrolled next.
ROWS = """
SELECT c.id AS counter_id, c.code AS counter, c.name AS counter_name, a.code AS agency,
    a.name AS agency_name, d.id AS device, d.name AS device_name, d.enrolled_at, d.revoked_at,
    d.replaced_at, d.seen_at, d.page_version, d.config_version, d.queue, d.oldest_at, d.persisted,
    d.clock_offset_ms, d.usage, d.quota, d.storage_full, d.highest, d.late, d.conflicts,
    d.bad_signatures, coalesce((SELECT sum(upper(r) - lower(r))
        FROM unnest(d.missing::int8multirange) AS r), 0)::bigint AS lost
FROM counter c JOIN agency a ON a.id = c.agency
LEFT JOIN device d ON d.counter = c.id AND (d.revoked_at IS NULL OR $4)
WHERE ($1 = '' OR strpos(lower(concat_ws(' ', c.code, c.name, a.name, d.name, d.id::text)),
        lower($1)) > 0)
    AND ($2 = '' OR a.code = $2) AND ($3::uuid IS NULL OR d.id = $3)
    AND (d.id IS NOT NULL OR a.valid_to IS NULL)
ORDER BY a.name, c.code, d.enrolled_at
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A device as the board shows it, or a counter that has none."""

    counter_id: int
    counter: str
    counter_name: str
    agency: str
    agency_name: str
    device: UUID | None
    device_name: str | None
    enrolled_at: datetime | None
    revoked_at: datetime | None
    replaced_at: datetime | None
    seen_at: datetime | None
    page_version: str | None
    config_version: str | None
    queue: int | None
    oldest_at: datetime | None
    persisted: bool | None
    clock_offset_ms: int | None
    usage: int | None
    quota: int | None
    storage_full: bool | None
    highest: int | None
    late: int | None
    conflicts: int | None
    bad_signatures: int | None
    lost: int
    state: State

    @property
    def marks(self) -> int:
        """How many numbers are lost or reused, and signatures bad."""
        return self.lost + (self.conflicts or 0) + (self.bad_signatures or 0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show of the board; empty means all devices in use and all counters without one."""

    text: str = ""
    agency: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """The rows that were wanted, and how many there are of each state before that filter."""

    rows: list[BoardRow]
    counts: dict[str, int]


async def device_board(wanted: Wanted, now: datetime) -> Board:
    """Devices and counters without one, the worst first."""
    rows = await _read(wanted, None, now)
    counts = Counter(str(row.state) for row in rows)
    if wanted.state:
        rows = [row for row in rows if row.state == wanted.state]
    return Board(sorted(rows, key=_urgency), dict(counts))


async def board_row(device: UUID, now: datetime) -> BoardRow | None:
    """One device, also one that was revoked."""
    rows = await _read(Wanted(state=State.REVOKED), device, now)
    return rows[0] if rows else None


async def silent_devices(
    now: datetime, hours: Mapping[int, Hours], *, zone: ZoneInfo, after: timedelta = SILENT
) -> list[BoardRow]:
    """Devices in use that have been silent for `after` of the time in which their counter is open.

    `hours` holds the open spans of each counter (by its row) in `zone`; a counter that is absent
    is always open. Time in which the counter was closed does not count as silence.
    """
    rows = await _read(Wanted(), None, now)
    return [
        row
        for row in rows
        if row.device is not None and _silence(row, now, hours.get(row.counter_id), zone) >= after
    ]


def _silence(row: BoardRow, now: datetime, hours: Hours | None, zone: ZoneInfo) -> timedelta:
    """How long a device that should be heard now has not been; nothing while it may rest."""
    since = row.seen_at or row.enrolled_at
    if since is None:
        return timedelta(0)
    if hours is None:
        return now - since
    local = now.astimezone(zone)
    for first, last in hours.get(local.date(), ()):
        opened = datetime.combine(local.date(), first, zone)
        if opened <= local < datetime.combine(local.date(), last, zone):
            return now - max(since, opened)
    return timedelta(0)


async def _read(wanted: Wanted, device: UUID | None, now: datetime) -> list[BoardRow]:
    rows = await fetch(
        ROWS,
        *(wanted.text.replace("\0", ""), wanted.agency.replace("\0", ""), device),
        wanted.state == State.REVOKED,
    )
    return [BoardRow(**row, state=_state(row, now)) for row in rows]


def _state(row: Row, now: datetime) -> State:
    if row["device"] is None:
        return State.NONE
    if row["revoked_at"] is not None:
        return State.REVOKED
    silence = now - (row["seen_at"] or row["enrolled_at"])
    if row["storage_full"] or silence >= DAY:
        return State.RED
    return State.GREEN if row["seen_at"] is not None and silence < FRESH else State.YELLOW


def _urgency(row: BoardRow) -> tuple[int, bool, bool, float, str]:
    """Full before silent, then whoever has been silent longest."""
    seen = row.seen_at or row.enrolled_at
    return (
        ORDER[row.state],
        not row.storage_full,
        row.state is State.GREEN and not row.marks,
        seen.timestamp() if seen else 0.0,
        row.counter,
    )
