"""Mails about kiosks: silent in office hours, full, and once a day."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from surveys.alarms import raise_alarms
from surveys.calendars import set_hours
from surveys.transactions import fetch
from tests.factories import make_agency, make_counter, make_device

# A Tuesday, 09:00 in Viet Nam.
NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
ADDRESS = "truc@example.vn"


async def make_kiosk(seen: datetime, *, full: bool = False) -> tuple[int, UUID]:
    agency = await make_agency("A1", name="Sở Xây dựng")
    device = await make_device(await make_counter(agency, "C1", name="Quầy số 1"))
    await fetch(
        "UPDATE device SET enrolled_at = $2, seen_at = $2, storage_full = $3 WHERE id = $1",
        *(device, seen, full),
    )
    return agency, device


async def queued() -> list[tuple[str, str, str]]:
    rows = await fetch("SELECT event, address, fields::text AS fields FROM outbox_message")
    return [(row["event"], row["address"], row["fields"]) for row in rows]


async def work_mornings(agency: int) -> None:
    morning = (time(8), time(11, 30))
    week = dict.fromkeys(range(1, 6), (morning,))
    await set_hours(week, date(2026, 1, 1), agency_id=agency, actor=None)


async def test_a_kiosk_silent_in_office_hours_is_told_of_once_a_day(database: str) -> None:
    agency, _device = await make_kiosk(NOW - timedelta(minutes=40))
    await work_mornings(agency)
    assert await raise_alarms(ADDRESS, NOW) == 1
    assert await raise_alarms(ADDRESS, NOW + timedelta(minutes=5)) == 0
    ((event, address, fields),) = await queued()
    assert (event, address) == ("device_silent", ADDRESS)
    assert "Quầy số 1" in fields
    assert "08:20 10/03/2026" in fields
    assert await raise_alarms(ADDRESS, NOW + timedelta(days=1)) == 1


async def test_nobody_is_told_of_a_kiosk_that_may_rest_or_has_just_woken(database: str) -> None:
    agency, _device = await make_kiosk(NOW - timedelta(hours=15))
    await work_mornings(agency)
    for hours in (-1.9, -0.9, 3.0, 24 * 4):  # before, just open, after, on Saturday
        assert await raise_alarms(ADDRESS, NOW + timedelta(hours=hours)) == 0
    assert await queued() == []


async def test_a_full_kiosk_is_told_of_though_it_is_heard(database: str) -> None:
    await make_kiosk(NOW, full=True)
    assert await raise_alarms(ADDRESS, NOW) == 1
    assert [event for event, _address, _fields in await queued()] == ["device_full"]


async def test_a_revoked_kiosk_alarms_nobody(database: str) -> None:
    _agency, device = await make_kiosk(NOW - timedelta(days=3), full=True)
    await fetch("UPDATE device SET revoked_at = $2 WHERE id = $1", device, NOW)
    assert await raise_alarms(ADDRESS, NOW) == 0
