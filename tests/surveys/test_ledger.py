"""The ledger against the tables: who puts in, takes out or alters a rating is found."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from surveys import ledger, retention
from surveys.days import local_day
from surveys.devices import Event
from surveys.ledger.commitments import added, commit_stored, split, unpack
from surveys.ledger.days import read_days
from surveys.quality import Key, Window, make_key
from surveys.ratings import Batch, NewRating, mix, open_links, record_ratings
from surveys.transactions import fetch, transaction
from tests.factories import (
    KEPT_DAYS,
    make_agency,
    make_counter,
    make_device,
    make_dossier,
    make_procedure,
    make_version,
)

DAY = timedelta(days=1)
STUFF = """
INSERT INTO waiting_rating SELECT (jsonb_populate_record(w, jsonb_build_object('id', gen_random_uuid()))).*
FROM waiting_rating w WHERE cell IS NOT NULL ORDER BY received_on DESC LIMIT 1
"""


async def rate(
    count: int,
    *,
    agency: str = "A1",
    now: datetime | None = None,
    window: Window | None = None,
) -> list[UUID]:
    """Ratings by link of one agency, one after the other, and one tap without a right."""
    known = await fetch("SELECT id FROM agency WHERE code = $1", agency)
    agency_id = known[0]["id"] if known else await make_agency(agency, name=f"Sở {agency}")
    version = await fetch("SELECT id FROM questionnaire_version")
    version_id = version[0]["id"] if version else await make_version()
    if not await fetch("SELECT id FROM counter WHERE code = 'C1'"):
        await make_counter(agency_id, "C1")
    procedure, ids = await make_procedure(), []
    for place in range(count):
        code = f"{agency}-{uuid4()}"
        await make_dossier(agency_id, procedure, code)
        tokens = await open_links([code], questionnaire="counter", days=30)
        rating = NewRating(
            uuid4(), "counter", version_id, ((1, 1 + place % 5),), f"Ý {place}", right=tokens[code]
        )
        assert await record_ratings([rating], now, window=window) == ["stored"]
        ids.append(rating.id)
    tap = NewRating(uuid4(), "counter", version_id, ((1, 2),), counter="C1")
    assert await record_ratings([tap], now, window=window) == ["stored"]
    return [*ids, tap.id]


async def faults(now: datetime | None = None, heads: tuple[str, ...] = ()) -> list[str]:
    return [fault.word for fault in (await ledger.verify(now=now, heads=heads)).faults]


async def counted() -> int:
    rows = await fetch(
        "SELECT counts FROM commitment_batch UNION ALL SELECT counts FROM ledger_day"
    )
    return added(unpack(row["counts"]) for row in rows).ratings


async def test_an_honest_history_holds_from_the_tap_to_the_mixed_rating(database: str) -> None:
    now = datetime.now(UTC)
    await ledger.close_days(now)
    for later in range(3):
        await rate(4, now=now + later * DAY)
        await rate(3, agency="A2", now=now + later * DAY)
        assert await faults(now + later * DAY) == []
        await ledger.gather(now + later * DAY)
        assert await faults(now + later * DAY) == []
        assert len(await ledger.close_days(now + (later + 1) * DAY)) == 1
    assert await mix_all(now + 4 * DAY) > 20
    verdict = await ledger.verify(now=now + 4 * DAY)
    assert (verdict.faults, verdict.ratings, verdict.days) == ([], 27, 4)
    assert (await read_days())[-1].told == "9"


async def mix_all(now: datetime) -> int:
    mixed = await mix(Batch(cell_dossiers=1), now=now)
    return mixed.linked + mixed.unlinked


async def test_what_was_there_before_the_ledger_is_written_down_once(database: str) -> None:
    now = datetime.now(UTC)
    await rate(6)
    await fetch("DELETE FROM commitment_batch")
    await rate(2)
    await ledger.close_days(now)
    (first,) = await read_days()
    assert (first.number, unpack(first.counts).ratings, first.told) == (0, 7, "7")
    assert await faults(now) == []
    await ledger.close_days(now + DAY)
    assert [day.told for day in await read_days()] == ["7", "few"]
    assert await faults(now + DAY) == []


@pytest.mark.parametrize("mixed", [False, True])
async def test_a_rating_that_was_put_in_is_found_with_its_agency(
    database: str, *, mixed: bool
) -> None:
    now = datetime.now(UTC)
    await ledger.close_days(now)
    await rate(6)
    await fetch(STUFF)
    if mixed:
        await mix_all(now + 2 * DAY)
    verdict = await ledger.verify(now=now)
    assert [fault.word for fault in verdict.faults] == ["stuffed"]
    assert "A1 Sở A1: 1 more ratings stand there than were ever accepted (7 instead of 6)" in (
        verdict.faults[0].text
    )


@pytest.mark.parametrize("linked", [True, False])
async def test_a_rating_that_was_deleted_is_found(database: str, *, linked: bool) -> None:
    now = datetime.now(UTC)
    await ledger.close_days(now)
    await rate(6)
    await mix_all(now + 2 * DAY)
    (gone,) = await fetch(
        f"SELECT id FROM rating WHERE cell IS {'NOT NULL' if linked else 'NULL'} LIMIT 1"
    )
    await fetch("DELETE FROM answer WHERE rating = $1", gone["id"])
    await fetch("DELETE FROM rating WHERE id = $1", gone["id"])
    verdict = await ledger.verify(now=now)
    assert [fault.word for fault in verdict.faults] == ["deleted"]
    assert ("A1 Sở A1: 1" if linked else "without a right at C1") in verdict.faults[0].text


async def test_a_rating_that_was_moved_to_another_agency_is_found(database: str) -> None:
    now = datetime.now(UTC)
    await ledger.close_days(now)
    await rate(3)
    await rate(3, agency="A2")
    cells = await fetch("SELECT DISTINCT cell FROM waiting_rating WHERE cell > 0 ORDER BY cell")
    move = "UPDATE waiting_rating SET cell = $2 WHERE cell = $1"
    await fetch(move, cells[0]["cell"], cells[1]["cell"])
    assert sorted(await faults(now)) == ["deleted", "stuffed"]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE ledger_day SET counts = replace(counts, '6', '7') WHERE number = 1", "changed day"),
        ("UPDATE ledger_day SET hashes = substr(hashes, 33) WHERE number = 1", "changed day"),
        ("UPDATE ledger_day SET told = '12' WHERE number = 1", "changed day"),
        ("UPDATE ledger_day SET day = day + 400 WHERE number = 2", "reordered day"),
        ("UPDATE ledger_day SET previous = sha256('x') WHERE number = 2", "broken link"),
        ("DELETE FROM ledger_day WHERE number = 1", "missing day"),
        ("DELETE FROM ledger_day WHERE number = 0", "missing day"),
        ("DELETE FROM ledger_day WHERE number = 2", "late"),
        ("DELETE FROM ledger_day", "no ledger"),
        ("UPDATE ledger_day SET number = 7 - number WHERE number > 0", "reordered day"),
    ],
)  # fmt: skip
async def test_a_changed_history_is_found(database: str, change: str, found: str) -> None:
    now = datetime.now(UTC)
    await ledger.close_days(now)
    await rate(6)
    await ledger.close_days(now + 2 * DAY)
    assert await faults(now + 2 * DAY) == []
    await fetch(change)
    assert found in await faults(now + 3 * DAY)


async def test_a_head_that_was_given_out_must_stand_for_ever(database: str) -> None:
    now = datetime.now(UTC)
    await ledger.close_days(now)
    await rate(6)
    await ledger.close_days(now + DAY)
    newest = await ledger.newest_day()
    assert newest
    head = newest.head.hex()
    assert await faults(now + DAY, (head, head.upper())) == []
    # Somebody puts a rating in and writes the whole ledger anew: it holds in itself.
    await fetch(STUFF)
    await fetch("DELETE FROM ledger_day")
    await ledger.close_days(now + DAY)
    assert await faults(now + DAY) == []
    assert await faults(now + DAY, (head,)) == ["head is gone"]


async def test_closing_again_or_at_once_changes_nothing(database: str) -> None:
    now = datetime.now(UTC)
    await ledger.close_days(now)
    await rate(5)
    closed = await asyncio.gather(*(ledger.close_days(now + 3 * DAY) for _one in range(4)))
    assert sorted(len(days) for days in closed) == [0, 0, 0, 3]
    before = await read_days()
    assert await ledger.close_days(now + 3 * DAY) == []
    assert await read_days() == before
    assert await faults(now + 3 * DAY) == []


async def test_a_batch_that_was_on_its_way_at_midnight_counts_for_the_next_day(
    database: str,
) -> None:
    now = datetime.now(UTC)
    await ledger.close_days(now)
    await ledger.close_days(now + DAY)
    await rate(5, now=now)
    assert await faults(now + DAY) == []
    await ledger.close_days(now + 2 * DAY)
    assert [day.told for day in await read_days()][1:] == ["few", "6"]
    assert await faults(now + 2 * DAY) == []


async def test_a_resend_is_committed_to_once_and_details_once_more(database: str) -> None:
    version = await make_version()
    device = await make_device(await make_counter(await make_agency(), "C1"))
    told = Event(device, 1, uuid4(), "tap", None)
    tap = NewRating(told.id, "counter", version, ((1, 5),), counter="C1", event=told)
    assert await record_ratings([tap, tap]) == ["stored", "stored"]
    assert await record_ratings([tap]) == ["stored"]
    more = Event(device, 2, told.id, "details", None)
    details = NewRating(told.id, "counter", version, ((2, 1),), completes=True, event=more)
    assert await record_ratings([details]) == ["stored"]
    stranger = NewRating(uuid4(), "counter", version, ((2, 1),), completes=True)
    assert await record_ratings([stranger]) == ["unknown rating"]
    rows = await fetch("SELECT counts, hashes FROM commitment_batch")
    counts = added(unpack(row["counts"]) for row in rows)
    assert (counts.ratings, counts.details) == (1, 1)
    assert len({one for row in rows for one in split(row["hashes"])}) == 2


async def test_retention_takes_nothing_from_the_ledger(database: str) -> None:
    now = datetime.now(UTC)
    await ledger.close_days(now)
    await rate(6)
    await mix_all(now + 2 * DAY)
    await fetch("UPDATE comment SET month = month - interval '5 years'")
    assert (await retention.purge(**KEPT_DAYS))["comments"] == 6
    assert await faults(now) == []


KEY = Key(make_key())
WINDOW = Window(KEY.public)


async def opened(now: datetime) -> tuple[int, list[str]]:
    verdict = await ledger.verify(now=now, key=KEY)
    return verdict.opened, [fault.word for fault in verdict.faults]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE waiting_answer SET code = 5 WHERE code = 1", ["altered"]),
        ("DELETE FROM waiting_answer WHERE code = 1", ["altered"]),
        ("UPDATE waiting_rating SET comment = 'Tốt' WHERE comment = 'Ý 0'", ["altered"]),
        ("UPDATE waiting_rating SET day = day - 1 WHERE day IS NOT NULL", ["altered"]),
        ("UPDATE waiting_rating SET assisted = 'official' WHERE comment = 'Ý 0'", ["altered"]),
    ],
)
async def test_an_altered_rating_that_waits_is_found_while_salts_are_there(
    database: str, change: str, found: list[str]
) -> None:
    now = datetime.now(UTC)
    await ledger.close_days(now)
    await rate(6, now=now, window=WINDOW)
    assert await opened(now) == (7, [])
    # Also when their day is closed.
    await ledger.close_days(now + DAY)
    assert await opened(now + DAY) == (7, [])
    await fetch(change)
    assert (await opened(now + DAY))[1] == found
    # Without the key only the counts can be compared.
    assert await faults(now + DAY) == []
    # With the window the salts are gone, and with them what could be shown.
    await fetch("DELETE FROM quality_box")
    assert await opened(now + DAY) == (0, [])


async def test_an_exchange_that_leaves_the_count_alone_is_found_by_its_salt(
    database: str,
) -> None:
    now = datetime.now(UTC)
    await ledger.close_days(now)
    await rate(1, now=now - DAY, window=WINDOW)
    await rate(3, now=now, window=WINDOW)
    await fetch(STUFF)
    (gone,) = await fetch("SELECT id FROM waiting_rating WHERE comment = 'Ý 2'")
    await fetch("DELETE FROM waiting_answer WHERE rating = $1", gone["id"])
    await fetch("DELETE FROM waiting_rating WHERE id = $1", gone["id"])
    assert await faults(now) == []
    assert "stuffed" in (await opened(now))[1]


async def test_details_are_opened_as_what_they_completed(database: str) -> None:
    now = datetime.now(UTC)
    version = await make_version()
    device = await make_device(await make_counter(await make_agency(), "C1"))
    told = Event(device, 1, uuid4(), "tap", None)
    tap = NewRating(told.id, "counter", version, ((1, 5),), counter="C1", event=told)
    more = Event(device, 2, told.id, "details", None)
    details = NewRating(
        told.id, "counter", version, ((1, 4), (2, 1)), "Chờ lâu", completes=True, event=more
    )
    await ledger.close_days(now)
    assert await record_ratings([tap, details], window=WINDOW) == ["stored", "stored"]
    assert await opened(now) == (1, [])
    # Taking the details away again brings back what the tap had committed to, and is found.
    await fetch("UPDATE waiting_rating SET comment = NULL")
    await fetch("DELETE FROM waiting_answer WHERE item = 2")
    await fetch("UPDATE waiting_answer SET code = 5")
    assert await opened(now) == (1, ["altered"])


async def test_what_another_statement_stored_can_be_committed_to(database: str) -> None:
    now = datetime.now(UTC)
    await ledger.close_days(now)
    await rate(2, now=now, window=WINDOW)
    await fetch(STUFF)
    assert await faults(now) == ["stuffed"]
    known = "SELECT id FROM waiting_rating WHERE id NOT IN (SELECT id FROM resend_key)"
    (stored,) = await fetch(known)
    async with transaction() as connection:
        salts = await commit_stored(connection, [stored["id"]], local_day(now))
    assert list(salts.ratings) == [stored["id"]]
    assert await faults(now) == []
