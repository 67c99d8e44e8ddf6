"""After mixing, nothing that stands in the tables ties a rating to a dossier."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from surveys.days import local_day
from surveys.ratings import Batch, Mixed, NewRating, mix, open_links, record_ratings
from surveys.transactions import fetch
from tests.factories import (
    RETURNED,
    make_agency,
    make_counter,
    make_dossier,
    make_procedure,
    make_version,
)

TOMORROW = timedelta(days=1)
MONTHS_LATER = timedelta(days=150)
# The tests' own dossiers are few.
SMALL = Batch(cell_dossiers=3)


def now() -> datetime:
    return datetime.now(UTC)


async def make_dossiers(
    number: int, *, agency: str = "A1", name: str = "", **given: object
) -> None:
    """Finished dossiers of an agency, made when there is none of this code."""
    known = await fetch("SELECT id FROM agency WHERE code = $1", agency)
    agency_id = known[0]["id"] if known else await make_agency(agency)
    found = await fetch("SELECT id FROM procedure")
    procedure = found[0]["id"] if found else await make_procedure()
    for place in range(number):
        await make_dossier(agency_id, procedure, f"{name or agency}-{place}", **given)


async def rate(
    dossiers: Iterable[str], version: int, *, cell_dossiers: int = 3, comment: str | None = None
) -> None:
    """Rate these dossiers by link, one after the other, with scores 1 to 5 in turn."""
    for place, code in enumerate(dossiers):
        tokens = await open_links(
            [code], questionnaire="counter", days=30, cell_dossiers=cell_dossiers
        )
        text = comment and f"{comment} {place}"
        answers = ((1, 1 + place % 5),)
        rating = NewRating(uuid4(), "counter", version, answers, text, right=tokens[code])
        assert await record_ratings([rating]) == ["stored"]


def codes(number: int, name: str = "A1", first: int = 0) -> list[str]:
    return [f"{name}-{place}" for place in range(first, first + number)]


async def mix_at(moment: datetime, batch: Batch = SMALL) -> Mixed:
    return await mix(batch, now=moment)


async def count(table: str) -> int:
    return int((await fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"])


async def cells_of(table: str) -> list[tuple[object, ...]]:
    """Grain, first day, field given, channel, on time and number of ratings, by cell."""
    rows = await fetch(
        "SELECT c.grain, c.returned_from::text AS day, c.field IS NOT NULL AS field, c.channel,"
        f" c.on_time, count(*) AS n FROM {table} r JOIN cell c ON c.id = r.cell"
        " GROUP BY c.id ORDER BY n, c.returned_from"
    )
    return [tuple(row.values()) for row in rows]


@pytest.mark.parametrize(("ratings", "mixed"), [(5, 0), (6, 6)])
async def test_a_rating_waits_until_five_others_of_its_cell_have_come(
    database: str, ratings: int, mixed: int
) -> None:
    await make_dossiers(20)
    await rate(codes(ratings), await make_version(), cell_dossiers=20)
    done = await mix_at(now() + TOMORROW, Batch())
    assert (done.linked, done.waiting) == (mixed, ratings - mixed)


@pytest.mark.parametrize(
    ("days", "delay", "mixed"), [(0, 1, 0), (1, 1, 6), (1, 2, 0), (2, 2, 6), (0, 0, 6)]
)
async def test_ratings_wait_until_their_day_is_over(
    database: str, days: int, delay: int, mixed: int
) -> None:
    await make_dossiers(6)
    await rate(codes(6), await make_version())
    batch = Batch(cell_dossiers=3, delay_days=delay)
    assert (await mix_at(now() + timedelta(days=days), batch)).linked == mixed


async def test_what_came_today_is_no_company_for_what_came_before(database: str) -> None:
    await make_dossiers(10)
    version = await make_version()
    await rate(codes(5), version)
    await fetch("UPDATE waiting_rating SET received_on = received_on - 1")
    await rate(codes(5, first=5), version)
    assert (await mix_at(now())).linked == 0
    assert (await mix_at(now() + TOMORROW)).linked == 10


async def test_no_arrival_time_is_kept(database: str) -> None:
    await make_dossiers(1)
    await rate(codes(1), await make_version())
    rows = await fetch(
        "SELECT column_name AS name FROM information_schema.columns WHERE table_name ="
        " 'waiting_rating' AND data_type LIKE '%time%'"
    )
    assert rows == []
    (row,) = await fetch("SELECT received_on FROM waiting_rating")
    assert row["received_on"] == local_day(now())


async def test_mixing_loses_no_answer_and_no_comment(database: str) -> None:
    await make_dossiers(12)
    await rate(codes(12), await make_version(), comment="Ý kiến")
    sums = "SELECT count(*) AS n, sum(code) AS total FROM "
    before = (await fetch(sums + "waiting_answer"))[0]
    mixed = await mix_at(now() + TOMORROW)
    assert (mixed.linked, mixed.waiting) == (12, 0)
    assert (await fetch(sums + "answer"))[0] == before
    assert await count("waiting_answer") == 0
    comments = await fetch("SELECT text, satisfied, month FROM comment")
    assert {row["text"] for row in comments} == {f"Ý kiến {place}" for place in range(12)}
    assert sum(row["satisfied"] for row in comments) == 4
    assert {str(row["month"]) for row in comments} == {"2021-02-01"}


async def test_what_stays_small_climbs_in_the_stated_order_once_its_span_is_over(
    database: str,
) -> None:
    """Three ratings of one week, four of another: each alone too few, together enough."""
    version = await make_version()
    week = timedelta(days=7)
    await make_dossiers(4)
    await make_dossiers(4, name="B", returned_at=RETURNED + week, closed_at=None,
                        due_at=None)  # fmt: skip
    await rate([*codes(3), *codes(4, "B")], version)
    assert [cell[:2] for cell in await cells_of("waiting_rating")] == [
        ("week", "2021-02-08"), ("week", "2021-02-15"),
    ]  # fmt: skip
    # The weeks' last days are 14 and 21 February.
    early = await mix_at(datetime(2021, 3, 21, 12, tzinfo=UTC), replace(SMALL, delay_days=-5000))
    assert (early.linked, early.merged, early.waiting) == (0, 0, 7)
    mixed = await mix_at(now() + TOMORROW)
    assert (mixed.linked, mixed.merged, mixed.waiting) == (0, 7, 0)
    assert await cells_of("rating") == [("month", "2021-02-01", True, "counter", True, 7)]
    merges = await fetch(
        "SELECT f.grain AS fine, c.grain AS coarse, held, given, moved FROM cell_merge m"
        " JOIN cell f ON f.id = m.fine JOIN cell c ON c.id = m.cell ORDER BY m.given, m.fine"
    )
    assert [tuple(row.values()) for row in merges] == [
        ("week", "month", 4, 0, 3), ("week", "month", 4, 0, 4),
        ("week", "week", 3, 3, 0), ("week", "week", 3, 4, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("second", "cell"),
    [
        ({"returned_at": RETURNED + timedelta(days=40), "due_at": None},
         ("quarter", "2021-01-01", True, "counter", True)),
        ({"due_at": RETURNED - timedelta(days=1)}, ("quarter", "2021-01-01", True, "counter", None)),
        ({"channel": "post"}, ("quarter", "2021-01-01", True, None, None)),
        ({"procedure": "other"}, ("quarter", "2021-01-01", False, None, None)),
    ],
)  # fmt: skip
async def test_each_step_gives_up_what_it_is_named_by(
    database: str, second: dict[str, object], cell: tuple[object, ...]
) -> None:
    """Two groups of four ratings that differ in one thing are mixed where it is given up."""
    version = await make_version()
    await make_dossiers(4)
    if "procedure" in second:
        second = {"procedure": await make_procedure(field="Đất đai")}
    agency = (await fetch("SELECT id FROM agency"))[0]["id"]
    procedure = (await fetch("SELECT min(id) AS id FROM procedure"))[0]["id"]
    for code in codes(4, "B"):
        await make_dossier(
            agency, **{"procedure": procedure, "code": code, "closed_at": None} | second
        )
    await rate([*codes(4), *codes(4, "B")], version)
    mixed = await mix_at(now() + TOMORROW)
    assert (mixed.linked, mixed.merged, mixed.waiting) == (0, 8, 0)
    assert await cells_of("rating") == [(*cell, 8)]


async def test_a_coarser_cell_never_takes_the_place_of_a_finer_one(database: str) -> None:
    """A rating of a quarter must not be taken for one of the quarter's first week or month."""
    await make_dossiers(8)
    version = await make_version()
    await rate(codes(8), version, cell_dossiers=100)
    mixed = await mix_at(now() + TOMORROW, Batch(cell_dossiers=8))
    assert (mixed.linked, mixed.merged, mixed.waiting) == (8, 0, 0)
    assert await cells_of("rating") == [("quarter", "2021-01-01", False, None, None, 8)]


async def test_what_cannot_be_mixed_at_the_coarsest_keeps_waiting(database: str) -> None:
    version = await make_version()
    await make_dossiers(19)
    await rate(codes(19), version, cell_dossiers=20)
    mixed = await mix_at(now() + TOMORROW, Batch())
    assert (mixed.linked, mixed.merged, mixed.waiting) == (0, 0, 19)
    await make_dossiers(1, name="late")
    mixed = await mix_at(now() + TOMORROW, Batch())
    assert (mixed.linked, mixed.waiting) == (19, 0)


async def test_dossiers_whose_rights_stand_elsewhere_hide_nobody(database: str) -> None:
    """Twenty-five dossiers finish one by one; the week's cell is opened to the twentieth.

    Everybody can see which dossiers finished before: their ratings are in a coarser cell. So the
    six ratings of the week may be of six dossiers, not of twenty-five, until more have come.
    """
    version = await make_version()
    await make_dossiers(0, agency="A1")
    for code in codes(25):
        await make_dossiers(1, name=code)
        await rate([f"{code}-0"], version, cell_dossiers=20)
    assert [cell[0] for cell in await cells_of("waiting_rating")] == ["week", "quarter"]
    mixed = await mix_at(datetime(2021, 2, 20, tzinfo=UTC), Batch(delay_days=-5000))
    assert (mixed.linked, mixed.waiting) == (0, 25)
    # Once the quarter is over they climb together: then the cell holds all of them.
    mixed = await mix_at(now() + TOMORROW, Batch())
    assert (mixed.linked, mixed.merged, mixed.waiting) == (19, 6, 0)


async def test_a_tap_without_a_right_leaves_when_its_day_is_over(database: str) -> None:
    version = await make_version()
    await make_counter(await make_agency(), "C1")
    await record_ratings([NewRating(uuid4(), "counter", version, ((1, 2),), counter="C1")])
    assert (await mix_at(now())).unlinked == 0
    assert (await mix_at(now() + TOMORROW)).unlinked == 1
    assert await count("waiting_rating") == 0
    assert (await fetch("SELECT cell, counter IS NOT NULL AS k FROM rating"))[0] == {
        "cell": None,
        "k": True,
    }


async def test_a_second_mixing_rewrites_the_first(database: str) -> None:
    version = await make_version()
    await make_dossiers(12)
    await rate(codes(6), version)
    await mix_at(now() + TOMORROW)
    first = {row["id"] for row in await fetch("SELECT id FROM rating")}
    await rate(codes(6, first=6), version)
    await mix_at(now() + TOMORROW)
    rows = await fetch("SELECT id, xmin::text AS x FROM rating")
    assert len(rows) == 12
    assert len({row["x"] for row in rows}) == 1
    assert not first & {row["id"] for row in rows}
    assert await count("answer") == 12


async def test_spent_rights_of_the_day_are_stirred_at_every_run(database: str) -> None:
    version = await make_version()
    await make_dossiers(8)
    await rate(codes(1), version)
    spent = "SELECT xmin::text AS x, id FROM spent_right"
    first = await fetch(spent)
    await mix_at(now())
    assert not {row["x"] for row in first} & {row["x"] for row in await fetch(spent)}
    await rate(codes(7, first=1), version)
    assert len({row["x"] for row in await fetch(spent)}) == 8
    await mix_at(now())
    after = await fetch(spent)
    assert (len(after), len({row["x"] for row in after})) == (8, 1)
    # Nothing new has come, so nothing is written again.
    await mix_at(now())
    assert await fetch(spent) == after


async def test_a_right_spent_while_others_are_stirred_is_not_lost(database: str) -> None:
    version = await make_version()
    await make_dossiers(30)
    stop = asyncio.Event()

    async def keep_mixing() -> None:
        while not stop.is_set():
            await mix_at(now())

    mixing = asyncio.create_task(keep_mixing())
    await rate(codes(30), version)
    stop.set()
    await mixing
    assert await count("spent_right") == 30
