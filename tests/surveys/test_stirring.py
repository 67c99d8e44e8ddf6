"""Stirring moves rows while others write them: nothing is lost, and nothing keeps its place."""

import asyncio
from uuid import UUID, uuid4

from surveys.ratings import NewRating, record_ratings
from surveys.ratings.stirring import stir
from surveys.transactions import fetch
from tests.factories import make_agency, make_counter, make_version

TAPS = 40


async def make_taps() -> list[UUID]:
    """Ids of taps that wait, in the order in which they came."""
    await make_counter(await make_agency("A1"), "C1")
    version = await make_version()
    ids = [uuid4() for _tap in range(TAPS)]
    for place, rating in enumerate(ids):
        tap = NewRating(rating, "counter", version, ((1, 1 + place % 5),), counter="C1")
        assert await record_ratings([tap]) == ["stored"]
    return ids


async def in_place(table: str) -> list[UUID]:
    return [row["id"] for row in await fetch(f"SELECT id FROM {table} ORDER BY ctid")]


async def test_what_waits_keeps_its_answers_and_loses_its_place(database: str) -> None:
    ids = await make_taps()
    said = "SELECT rating, item, code FROM waiting_answer ORDER BY rating, item"
    before = await fetch(said)
    for table in ("waiting_rating", "resend_key"):
        assert await in_place(table) == ids
    await stir()
    for table in ("waiting_rating", "resend_key"):
        stirred = await in_place(table)
        assert sorted(stirred) == sorted(ids)
        assert stirred != ids
        rows = await fetch(f"SELECT DISTINCT xmin::text AS x FROM {table}")
        assert len(rows) == 1
    assert await fetch(said) == before
    order = await fetch("SELECT rating FROM waiting_answer ORDER BY id")
    assert [row["rating"] for row in order] != ids


async def test_what_was_stirred_rests_until_something_new_comes(database: str) -> None:
    (first, *_others) = await make_taps()
    await stir()
    rested = await in_place("waiting_rating")
    await stir()
    assert await in_place("waiting_rating") == rested
    version = (await fetch("SELECT id FROM questionnaire_version"))[0]["id"]
    detail = NewRating(first, "counter", version, ((2, 4),), completes=True)
    assert await record_ratings([detail]) == ["stored"]
    await stir()
    assert await in_place("waiting_rating") != rested


async def test_details_and_new_taps_that_come_during_a_stirring_are_kept(database: str) -> None:
    ids = await make_taps()
    version = (await fetch("SELECT id FROM questionnaire_version"))[0]["id"]

    async def complete(rating: UUID) -> str:
        detail = NewRating(rating, "counter", version, ((2, 4),), f"{rating}", completes=True)
        return (await record_ratings([detail]))[0]

    async def tap() -> str:
        rating = NewRating(uuid4(), "counter", version, ((1, 3),), counter="C1")
        return (await record_ratings([rating]))[0]

    async def keep_stirring() -> None:
        for _run in range(8):
            await stir()

    stirring = asyncio.create_task(keep_stirring())
    for start in range(0, TAPS, 4):
        words = await asyncio.gather(*map(complete, ids[start : start + 4]), tap(), tap())
        assert set(words) == {"stored"}
    await stirring
    rows = await fetch("SELECT id, comment FROM waiting_rating WHERE comment IS NOT NULL")
    assert {str(row["id"]) for row in rows} == {row["comment"] for row in rows}
    assert len(rows) == TAPS
    answers = await fetch("SELECT item, count(*) AS n FROM waiting_answer GROUP BY item")
    new = 2 * (TAPS // 4)
    assert {row["item"]: row["n"] for row in answers} == {1: TAPS + new, 2: TAPS}
    assert len(await fetch("SELECT id FROM resend_key")) == TAPS + new
