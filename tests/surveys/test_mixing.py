"""After mixing, nothing that stands in the tables ties a rating to a dossier."""

import random
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from surveys.ratings import Mixed, NewRating, mix, open_links, record_ratings
from surveys.transactions import fetch
from tests.factories import (
    RETURNED,
    make_agency,
    make_counter,
    make_dossier,
    make_procedure,
    make_version,
)

LATER = timedelta(hours=1)
MONTHS_LATER = timedelta(days=200)


async def make_ratings(
    dossiers: int, *, agency: str = "A1", version: int | None = None, **given: object
) -> int:
    """One agency whose dossiers have all been rated by link, one after the other."""
    agency_id = await make_agency(agency)
    procedure = await make_procedure()
    version = version or await make_version()
    for place in range(dossiers):
        code = f"{agency}-{place}"
        await make_dossier(agency_id, procedure, code, **given)
        tokens = await open_links([code], questionnaire="counter", days=30)
        score = 1 + place % 5
        rating = NewRating(
            uuid4(), "counter", version, ((1, score),), f"Ý kiến {place}", right=tokens[code]
        )
        assert await record_ratings([rating]) == ["stored"]
    return version


async def mix_at(moment: datetime, minimum: int = 5) -> Mixed:
    return await mix(minimum=minimum, settle_minutes=30, close_days=28, now=moment)


async def count(table: str) -> int:
    return int((await fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"])


async def test_ratings_wait_until_enough_of_their_cell_have_come(database: str) -> None:
    await make_ratings(4)
    mixed = await mix_at(RETURNED + LATER)
    assert (mixed.linked, mixed.waiting) == (0, 4)


async def test_fresh_ratings_wait_for_their_details(database: str) -> None:
    await make_ratings(6)
    now = datetime.now(UTC)
    assert (await mix_at(now)).linked == 0
    assert (await mix_at(now + LATER)).linked == 6


async def test_mixing_loses_no_answer_and_no_comment(database: str) -> None:
    await make_ratings(12)
    sums = "SELECT count(*) AS n, sum(code) AS total FROM "
    before = (await fetch(sums + "waiting_answer"))[0]
    mixed = await mix_at(datetime.now(UTC) + LATER)
    assert (mixed.linked, mixed.waiting) == (12, 0)
    assert (await fetch(sums + "answer"))[0] == before
    assert await count("waiting_answer") == 0
    comments = await fetch("SELECT text, satisfied, month FROM comment")
    assert {row["text"] for row in comments} == {f"Ý kiến {place}" for place in range(12)}
    assert sum(row["satisfied"] for row in comments) == 4
    assert {str(row["month"]) for row in comments} == {"2021-02-01"}


async def test_small_closed_cells_are_merged_in_the_stated_order(database: str) -> None:
    version = await make_ratings(3)
    await make_ratings(3, agency="A2", version=version, returned_at=RETURNED + timedelta(days=2))
    agency = (await fetch("SELECT id FROM agency WHERE code = 'A2'"))[0]["id"]
    procedure = (await fetch("SELECT id FROM procedure LIMIT 1"))[0]["id"]
    for place in range(3):
        moment = RETURNED + timedelta(days=9)
        await make_dossier(
            agency, procedure, f"B{place}", returned_at=moment, closed_at=moment, due_at=None
        )
        tokens = await open_links([f"B{place}"], questionnaire="counter", days=30)
        await record_ratings(
            [NewRating(uuid4(), "counter", version, ((1, 3),), right=tokens[f"B{place}"])]
        )
    mixed = await mix_at(datetime.now(UTC) + LATER)
    assert (mixed.linked, mixed.merged, mixed.waiting) == (0, 6, 3)
    cells = await fetch(
        "SELECT DISTINCT grain, returned_from, on_time FROM rating JOIN cell c ON c.id = rating.cell"
    )
    # Three on time and three late of one quarter: month and quarter do not help, timeliness does.
    assert [(row["grain"], row["on_time"]) for row in cells] == [("quarter", None)]


async def test_a_tap_without_a_right_leaves_when_its_day_is_over(database: str) -> None:
    version = await make_version()
    await make_counter(await make_agency(), "C1")
    await record_ratings([NewRating(uuid4(), "counter", version, ((1, 2),), counter="C1")])
    now = datetime.now(UTC)
    assert (await mix_at(now)).unlinked == 0
    assert (await mix_at(now + timedelta(days=2))).unlinked == 1
    assert await count("waiting_rating") == 0
    assert (await fetch("SELECT cell, counter IS NOT NULL AS k FROM rating"))[0] == {
        "cell": None,
        "k": True,
    }


async def test_a_second_mixing_rewrites_the_first(database: str) -> None:
    version = await make_ratings(5)
    await mix_at(datetime.now(UTC) + LATER)
    first = {row["id"] for row in await fetch("SELECT id FROM rating")}
    await more_ratings(version, 5)
    await mix_at(datetime.now(UTC) + LATER)
    rows = await fetch("SELECT id, xmin::text AS x FROM rating")
    assert len(rows) == 10
    assert len({row["x"] for row in rows}) == 1
    assert not first & {row["id"] for row in rows}
    assert await count("answer") == 10


async def more_ratings(version: int, dossiers: int) -> None:
    agency = (await fetch("SELECT id FROM agency"))[0]["id"]
    procedure = (await fetch("SELECT id FROM procedure"))[0]["id"]
    for place in range(dossiers):
        code = f"more-{place}"
        await make_dossier(agency, procedure, code)
        tokens = await open_links([code], questionnaire="counter", days=30)
        rating = NewRating(uuid4(), "counter", version, ((1, 1),), right=tokens[code])
        await record_ratings([rating])


async def test_the_join_attack_finds_no_more_than_chance(database: str) -> None:
    """Forty citizens of one cell, each with an own score; the attacker reads every table.

    He lines up spent rights and ratings by transaction, place in the file, key, and time. With
    nothing to go by he guesses one in five; he must not do better than chance allows.
    """
    random.seed(7)
    await make_ratings(40)
    truth = {f"A1-{place}": 1 + place % 5 for place in range(40)}
    now = datetime.now(UTC) + timedelta(days=1)
    await mix_at(now)
    spent = await fetch(
        "SELECT s.*, s.xmin::text AS x, s.ctid::text AS place, d.code FROM spent_right s"
        " JOIN dossier d ON d.id = s.dossier"
    )
    ratings = await fetch(
        "SELECT r.*, r.xmin::text AS x, r.ctid::text AS place, a.code AS score, a.id AS number"
        " FROM rating r JOIN answer a ON a.rating = r.id"
    )
    assert not {row["x"] for row in spent} & {row["x"] for row in ratings}
    assert not {row["id"] for row in spent} & {row["id"] for row in ratings}
    assert len({row["x"] for row in ratings}) == 1
    assert len({row["x"] for row in spent}) == 1
    for spent_by, rated_by in [("place", "place"), ("id", "id"), ("dossier", "number")]:
        left = sorted(spent, key=lambda row: tid(row[spent_by]))
        right = sorted(ratings, key=lambda row: tid(row[rated_by]))
        hits = sum(
            truth[one["code"]] == other["score"] for one, other in zip(left, right, strict=True)
        )
        assert hits <= 20  # 8 expected; P(more than 20 of 40 at 1/5) < 1e-5


def tid(value: object) -> tuple[int, ...] | tuple[str]:
    """Something to sort by: the place of a row in its file, a number, or a key."""
    text = str(value).strip("()")
    return tuple(map(int, text.split(","))) if text.replace(",", "").isdigit() else (text,)


async def test_no_column_of_a_rating_can_hold_a_person_or_a_dossier(database: str) -> None:
    """Fails when anyone adds a column by which a rating could be traced."""
    rows = await fetch(
        "SELECT table_name AS t, array_agg(column_name::text ORDER BY column_name) AS c"
        " FROM information_schema.columns WHERE table_schema = 'public' AND table_name IN"
        " ('rating', 'answer', 'comment', 'spent_right', 'resend_key') GROUP BY table_name"
    )
    assert {row["t"]: row["c"] for row in rows} == {
        "rating": [
            "assisted",
            "cell",
            "counter",
            "day",
            "day_certain",
            "flag",
            "id",
            "mode",
            "version",
        ],
        "answer": ["code", "id", "item", "rating", "version"],
        "comment": ["agency", "id", "month", "satisfied", "text", "version"],
        "spent_right": ["day", "dossier", "id", "questionnaire"],
        "resend_key": ["day", "id"],
    }
