"""Who is told when a kiosk needs a person: silent in office hours, or too full to take a tap."""

from collections.abc import Sequence
from datetime import datetime

from surveys import calendars
from surveys.days import ZONE, local_day
from surveys.devices import BoardRow, Hours, Wanted, device_board, silent_devices
from surveys.messages import queue_message
from surveys.transactions import fetch, transaction


async def raise_alarms(address: str, now: datetime) -> int:
    """Queue a mail for every kiosk in trouble, once a day while it lasts; returns how many."""
    silent = await silent_devices(now, await open_hours(now), zone=ZONE)
    board = await device_board(Wanted(), now)
    full = [row for row in board.rows if row.device is not None and row.storage_full]
    return await _tell(address, "device_silent", silent, now) + await _tell(
        address, "device_full", full, now
    )


async def open_hours(now: datetime) -> dict[int, Hours]:
    """The hours of today at every counter with a device; a counter without hours never closes."""
    rows = await fetch(
        "SELECT DISTINCT c.id, c.agency FROM counter c JOIN device d ON d.counter = c.id"
        " WHERE d.revoked_at IS NULL"
    )
    known = await calendars.load_calendars({row["agency"] for row in rows})
    today = local_day(now)
    return {
        row["id"]: {today: calendars.hours_of(known[row["agency"]], today)}
        for row in rows
        if known[row["agency"]].timetables
    }


async def _tell(address: str, event: str, rows: Sequence[BoardRow], now: datetime) -> int:
    told = 0
    async with transaction():
        for row in rows:
            since = (row.seen_at or row.enrolled_at or now).astimezone(ZONE)
            asked = await queue_message(
                event,
                key=f"{event}/{row.device}/{local_day(now)}",
                channel="mail",
                address=address,
                fields={
                    "counter": row.counter_name,
                    "agency": row.agency_name,
                    "since": f"{since:%H:%M %d/%m/%Y}",
                },
            )
            told += asked is not None
    return told
