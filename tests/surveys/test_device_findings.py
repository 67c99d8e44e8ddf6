"""Gaps, late numbers, resends, insertions and old heartbeats are told, each as what it is."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.days import local_day
from surveys.devices import (
    Event,
    FindingKind,
    Heartbeat,
    count_bad_signatures,
    device_findings,
    forget_numbers,
    missing_numbers,
    record_heartbeat,
)
from surveys.devices.findings import MOST_STRETCHES, by_device, odd_numbers, stretches
from surveys.ratings import record_ratings
from surveys.transactions import fetch
from tests.factories import make_agency, make_counter, make_device

DEVICE, BOOT = uuid4(), uuid4()
Told = dict[str, tuple[int, list[tuple[int, int]]]]


def today() -> date:
    return local_day(datetime.now(UTC))


@pytest.fixture
async def device(database: str) -> UUID:
    return await make_device(await make_counter(await make_agency(), "C1"))


def event(device: UUID, number: int, event_id: UUID | None = None) -> Event:
    return Event(device, number, event_id or uuid4(), "tap", None)


async def told(device: UUID) -> Told:
    found = await device_findings(device, today() - timedelta(days=400))
    return {one.kind.value: (one.times, one.stretches) for one in found}


async def test_numbers_in_their_order_are_nothing_to_tell(device: UUID) -> None:
    await record_ratings([event(device, number) for number in (1, 2, 3)])
    await record_ratings([event(device, number) for number in (5, 4, 6)])
    assert await told(device) == {}


async def test_a_gap_is_told_with_its_numbers_and_closed_by_what_comes_late(device: UUID) -> None:
    await record_ratings([event(device, number) for number in (1, 2, 9)])
    assert await told(device) == {"gap": (6, [(3, 8)])}
    assert await missing_numbers(device) == [(3, 8)]
    await record_ratings([event(device, number) for number in (4, 5)])
    assert await told(device) == {"gap": (6, [(3, 8)]), "late": (2, [(4, 5)])}
    assert await missing_numbers(device) == [(3, 3), (6, 8)]


async def test_a_resend_and_an_insertion_are_told_apart(device: UUID) -> None:
    sent = [event(device, number) for number in (1, 2, 3)]
    await record_ratings(sent)
    assert await record_ratings(sent[:2]) == ["noted", "noted"]
    assert await record_ratings([event(device, 2)]) == ["number used"]
    assert await told(device) == {"resent": (2, [(1, 2)]), "reused": (1, [(2, 2)])}


async def test_findings_of_a_day_add_up(device: UUID) -> None:
    for number in (3, 7):
        await record_ratings([event(device, number)])
    await count_bad_signatures(device, 2)
    await count_bad_signatures(device, 1)
    assert await told(device) == {"gap": (5, [(1, 2), (4, 6)]), "signature": (3, [])}


async def test_numbers_are_forgotten_with_the_window_and_counts_stay(device: UUID) -> None:
    await record_ratings([event(device, 3), event(device, 7)])
    await record_ratings([event(device, 5)])
    assert await forget_numbers(7) == 0
    await fetch("UPDATE ledger_finding SET day = day - 8")
    # Such a count may stand there already.
    await record_ratings([event(device, 9)])
    await fetch("UPDATE ledger_finding SET first = NULL, last = NULL WHERE day = $1", today())
    await fetch("UPDATE ledger_finding SET day = day - 8 WHERE day = $1", today())
    assert await forget_numbers(7) == 2
    assert await told(device) == {"gap": (6, []), "late": (1, [])}
    rows = await fetch("SELECT first, last FROM ledger_finding")
    assert {(row["first"], row["last"]) for row in rows} == {(None, None)}


def beat(tick: float, boot: UUID = BOOT, **given_: object) -> Heartbeat:
    values = {
        "sent_at": 0, "version": "v1", "config": "", "queue": 0, "oldest": None, "last_number": 0,
        "persisted": True, "usage": 0, "quota": 0, "full": False,
    }  # fmt: skip
    return Heartbeat(tick=tick, boot=boot, **(values | given_))  # type: ignore[arg-type]


async def test_a_heartbeat_that_is_sent_again_keeps_no_device_alive(device: UUID) -> None:
    then = datetime.now(UTC) - timedelta(hours=3)
    other = uuid4()
    for moment, heartbeat in enumerate([beat(100.0), beat(200.0, queue=4), beat(1.0, other)]):
        await record_heartbeat(device, heartbeat, then + timedelta(minutes=moment))
    # Of this load of the page and of the one before: the same again, and an older one.
    for old in (beat(1.0, other), beat(200.0), beat(150.0, queue=9)):
        await record_heartbeat(device, old)
    (row,) = await fetch("SELECT seen_at, queue FROM device")
    assert row == {"seen_at": then + timedelta(minutes=2), "queue": 0}
    assert await told(device) == {"heartbeat": (3, [])}
    await record_heartbeat(device, beat(2.0, other))
    (row,) = await fetch("SELECT now() - seen_at < interval '1 minute' AS fresh FROM device")
    assert row["fresh"]


async def test_a_revoked_device_leaves_no_numbers(device: UUID) -> None:
    await fetch("UPDATE device SET revoked_at = now()")
    assert await record_ratings([event(device, 5)]) == ["revoked device"]
    assert await told(device) == {}


@given(st.sets(st.integers(1, 60)), st.integers(0, 30))
def test_a_gap_is_every_number_that_was_skipped_and_no_other(new: set[int], top: int) -> None:
    odd = odd_numbers(by_device((DEVICE, n, "new") for n in new), {DEVICE: top})
    gaps = {n for one in odd if one.kind is FindingKind.GAP and one.first and one.last
            for n in range(one.first, one.last + 1)}  # fmt: skip
    skipped = set(range(top + 1, max(new, default=0))) - new
    count = sum(one.times for one in odd if one.kind is FindingKind.GAP)
    assert count == len(skipped)
    assert gaps <= skipped
    assert len(gaps) == count or len(stretches(skipped)) > MOST_STRETCHES
    assert sum(one.times for one in odd if one.kind is FindingKind.LATE) == len(
        {n for n in new if n <= top}
    )
