"""The sealed window: what goes in, who can open it, and that nothing else keeps a time."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from surveys.devices import Event
from surveys.quality import CONFLICT, DETAILS, HANDOVER, SALT, TAP, Key, Sighting, Window, make_key
from surveys.quality.window import SIZE, BoxError
from surveys.ratings import Handover, NewRating, hand_over, record_ratings
from surveys.transactions import fetch
from tests.factories import (
    make_agency,
    make_counter,
    make_device,
    make_dossier,
    make_procedure,
    make_version,
)

KEY = Key(make_key())
WINDOW = Window(KEY.public)
NOW = datetime.now(UTC)


def sighting(**given: object) -> Sighting:
    values = {"kind": TAP, "received_at": NOW, "device": uuid4(), "event": uuid4()} | given
    return Sighting(**values)  # type: ignore[arg-type]


async def opened(key: Key = KEY) -> list[Sighting]:
    """What was seen, without the salts of the ledger that lie beside it."""
    rows = await fetch("SELECT id, box FROM quality_box")
    found = [one for row in rows for one in key.open(row["id"], row["box"])]
    return [one for one in found if one.kind != SALT]


def tap(device: UUID, version: int, number: int, **given: object) -> NewRating:
    rating = uuid4()
    values = {"given_at": NOW - timedelta(seconds=5), "kind": "tap"} | given
    event = Event(device, number, rating, **values)  # type: ignore[arg-type]
    return NewRating(
        rating, "counter", version, ((1, 5),), counter="C1", event=event, level=5, levels=5
    )


def test_only_the_private_half_opens_a_box_and_only_in_its_own_row() -> None:
    box, one = uuid4(), sighting(assisted="official", gap=2.5, salt=b"\0" * 32)
    sealed = WINDOW.seal(box, [one])
    assert KEY.open(box, sealed) == [one]
    for key, row in ((Key(make_key()), box), (KEY, uuid4())):
        with pytest.raises(BoxError):
            key.open(row, sealed)


@pytest.mark.parametrize("place", [0, 31, 32, 44, -1])
def test_a_box_with_any_changed_byte_does_not_open(place: int) -> None:
    box = uuid4()
    sealed = bytearray(WINDOW.seal(box, [sighting()]))
    sealed[place] ^= 1
    with pytest.raises(BoxError):
        KEY.open(box, bytes(sealed))


def test_a_box_tells_by_its_length_neither_who_helped_nor_whether_a_right_was_taken() -> None:
    kinds = [sighting(), sighting(assisted="relative"), sighting(gap=1.0, linked=True, level=1)]
    lengths = {len(WINDOW.seal(uuid4(), [one])) for one in kinds}
    assert len(lengths) == 1
    assert (lengths.pop() - 32 - 12 - 16) % SIZE == 0


async def test_a_batch_is_one_box_and_a_resend_adds_none(database: str) -> None:
    device = await make_device(await make_counter(await make_agency(), "C1"))
    version = await make_version()
    taps = [tap(device, version, number) for number in (1, 2, 3)]
    assert await record_ratings(taps, window=WINDOW) == ["stored"] * 3
    assert await record_ratings(taps, window=WINDOW) == ["stored"] * 3
    assert len(await fetch("SELECT id FROM quality_box")) == 1
    seen = await opened()
    assert {(one.event, one.number, one.level, one.levels) for one in seen} == {
        (one.id, place, 5, 5) for place, one in enumerate(taps, 1)
    }
    assert all(one.given_at == NOW - timedelta(seconds=5) for one in seen)


async def test_the_gap_to_the_handover_is_seen_and_a_tap_without_one_has_none(
    database: str,
) -> None:
    agency = await make_agency()
    device = await make_device(await make_counter(agency, "C1"))
    version = await make_version()
    await make_dossier(agency, await make_procedure(), "H1")
    await hand_over([Handover("H1", "C1")] * 2, questionnaire="counter", minutes=9, window=WINDOW)
    await hand_over([Handover("H1", "C1")], questionnaire="counter", minutes=9, window=WINDOW)
    later = datetime.now(UTC) + timedelta(seconds=4)
    await record_ratings([tap(device, version, 1, given_at=later)], window=WINDOW)
    await record_ratings([tap(device, version, 2, given_at=later)], window=WINDOW)
    seen = sorted(await opened(), key=lambda one: (one.kind, one.number))
    assert [(one.kind, one.linked) for one in seen] == [
        (HANDOVER, False), (TAP, True), (TAP, False),
    ]  # fmt: skip
    assert seen[0].counter == "C1"
    assert seen[1].gap == pytest.approx(4, abs=1)
    assert seen[2].gap is None


async def test_a_number_that_is_used_twice_is_seen_and_details_are_told_apart(
    database: str,
) -> None:
    device = await make_device(await make_counter(await make_agency(), "C1"))
    version = await make_version()
    first, second = tap(device, version, 1), tap(device, version, 1)
    assert await record_ratings([first, second], window=WINDOW) == ["stored", "number used"]
    event = Event(device, 2, first.id, "details", NOW)
    detail = NewRating(first.id, "counter", version, ((2, 3),), completes=True, event=event)
    assert await record_ratings([detail], window=WINDOW) == ["stored"]
    assert await record_ratings([detail], window=WINDOW) == ["stored"]
    assert sorted((one.kind, one.number) for one in await opened()) == [
        (CONFLICT, 1), (DETAILS, 2), (TAP, 1),
    ]  # fmt: skip


async def test_a_batch_that_is_undone_leaves_no_box(database: str) -> None:
    device = await make_device(await make_counter(await make_agency(), "C1"))
    version = await make_version()
    wrong = tap(device, version + 1, 1)
    with pytest.raises(Exception, match="foreign key"):
        await record_ratings([wrong], window=WINDOW)
    assert await opened() == []


async def test_a_tap_waits_to_be_judged_and_a_rating_by_link_does_not(database: str) -> None:
    agency = await make_agency()
    device = await make_device(await make_counter(agency, "C1"))
    version = await make_version()
    await record_ratings([tap(device, version, 1)], window=WINDOW)
    await record_ratings([NewRating(uuid4(), "counter", version, ((1, 2),), counter="C1")])
    rows = await fetch("SELECT judged FROM waiting_rating ORDER BY judged")
    assert [row["judged"] for row in rows] == [False, True]


async def test_no_table_keeps_the_time_of_a_tap_in_clear(database: str) -> None:
    """Fails when anybody gives the ledger of devices, or a waiting rating, a time again."""
    rows = await fetch(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_name IN ('device_event', 'quality_box') ORDER BY 1, 2"
    )
    assert [(row["table_name"], row["column_name"]) for row in rows] == [
        *(("device_event", name) for name in ("day", "device", "event", "id", "kind", "number")),
        *(("quality_box", name) for name in ("box", "day", "id")),
    ]
