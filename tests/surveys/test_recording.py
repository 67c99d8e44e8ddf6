"""Ratings are stored once, rights are spent once, and neither knows the other."""

import asyncio
from uuid import UUID, uuid4

import pytest

from surveys.errors import InputError
from surveys.ratings import (
    Handover,
    NewRating,
    find_invitation,
    hand_over,
    open_links,
    record_ratings,
    waiting_rights,
)
from surveys.transactions import fetch
from tests.factories import (
    make_agency,
    make_counter,
    make_dossier,
    make_procedure,
    make_version,
)

CODES = ((1, 5), (2, 4), (3, 98))


async def make_shop(dossiers: int = 3) -> int:
    """One agency with counter C1 and returned dossiers H1, H2, …; returns the version."""
    agency = await make_agency("A1")
    await make_counter(agency, "C1")
    procedure = await make_procedure()
    for place in range(1, dossiers + 1):
        await make_dossier(agency, procedure, f"H{place}")
    return await make_version()


def online(version: int, right: str, rating: UUID | None = None) -> NewRating:
    return NewRating(rating or uuid4(), "counter", version, CODES, right=right)


def tap(version: int, rating: UUID | None = None) -> NewRating:
    return NewRating(rating or uuid4(), "counter", version, ((1, 5),), counter="C1")


async def count(table: str) -> int:
    return int((await fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"])


async def link(dossier: str, days: int = 30) -> str:
    return (await open_links([dossier], questionnaire="counter", days=days))[dossier]


async def test_a_rating_by_link_is_stored_with_its_cell_and_no_dossier(database: str) -> None:
    version = await make_shop(20)
    assert await record_ratings([online(version, await link("H1"))]) == ["stored"]
    row = (await fetch("SELECT * FROM waiting_rating JOIN cell ON cell.id = cell"))[0]
    assert (row["mode"], row["counter"], row["day"]) == ("online", None, None)
    assert (row["on_time"], row["channel"], row["grain"]) == (True, "counter", "week")
    assert str(row["returned_from"]) == "2021-02-08"
    answers = await fetch("SELECT item, code FROM waiting_answer ORDER BY item")
    assert [(row["item"], row["code"]) for row in answers] == list(CODES)


async def test_a_rating_is_counted_once_however_often_it_is_sent(database: str) -> None:
    version = await make_shop()
    rating = online(version, await link("H1"))
    words = [await record_ratings([rating]) for _attempt in range(3)]
    assert words == [["stored"]] * 3
    assert await record_ratings([rating, rating]) == ["stored", "stored"]
    assert await count("waiting_rating") == 1
    assert await count("waiting_answer") == len(CODES)


async def test_a_right_is_good_for_one_rating(database: str) -> None:
    version = await make_shop()
    right = await link("H1")
    words = await record_ratings([online(version, right), online(version, right)])
    assert words == ["stored", "already rated"]
    assert await record_ratings([online(version, right)]) == ["already rated"]
    assert await count("waiting_rating") == 1


async def test_two_rights_for_one_dossier_give_one_rating(database: str) -> None:
    version = await make_shop()
    first, second = await link("H1"), await link("H1")
    words = await record_ratings([online(version, first), online(version, second)])
    assert words == ["stored", "already rated"]


@pytest.mark.parametrize("clients", [50])
async def test_a_race_for_one_right_stores_one_rating(database: str, clients: int) -> None:
    version = await make_shop()
    right = await link("H1")
    ratings = [online(version, right) for _client in range(clients)]
    words = await asyncio.gather(*(record_ratings([rating]) for rating in ratings))
    assert sorted(word[0] for word in words) == ["already rated"] * (clients - 1) + ["stored"]
    assert await count("waiting_rating") == 1
    assert await count("spent_right") == 1


async def test_a_race_of_one_rating_with_itself_answers_stored_to_all(database: str) -> None:
    version = await make_shop()
    rating = online(version, await link("H1"))
    words = await asyncio.gather(*(record_ratings([rating]) for _delivery in range(20)))
    assert words == [["stored"]] * 20
    assert await count("waiting_rating") == 1


async def test_taps_take_open_rights_in_turn_and_are_unlinked_after(database: str) -> None:
    version = await make_shop()
    handovers = [Handover("H1", "C1"), Handover("H2", "C1")]
    assert await hand_over(handovers, questionnaire="counter", minutes=10) == ["open", "open"]
    assert await waiting_rights("C1") == 2
    assert await record_ratings([tap(version) for _tap in range(3)]) == ["stored"] * 3
    rows = await fetch(
        "SELECT cell IS NULL AS unlinked, count(*) AS n FROM waiting_rating GROUP BY 1"
    )
    assert {row["unlinked"]: row["n"] for row in rows} == {False: 2, True: 1}
    assert await waiting_rights("C1") == 0


async def test_a_race_of_taps_for_one_open_right_links_one(database: str) -> None:
    version = await make_shop()
    await hand_over([Handover("H1", "C1")], questionnaire="counter", minutes=10)
    await asyncio.gather(*(record_ratings([tap(version)]) for _tap in range(10)))
    rows = await fetch(
        "SELECT cell IS NULL AS unlinked, count(*) AS n FROM waiting_rating GROUP BY 1"
    )
    assert {row["unlinked"]: row["n"] for row in rows} == {False: 1, True: 9}


async def test_a_handover_told_twice_opens_one_right(database: str) -> None:
    version = await make_shop()
    for _time in range(2):
        await hand_over([Handover("H1", "C1")] * 2, questionnaire="counter", minutes=10)
    assert await waiting_rights("C1") == 1
    await record_ratings([tap(version)])
    words = await hand_over([Handover("H1", "C1")], questionnaire="counter", minutes=10)
    assert words == ["already rated"]


async def test_a_handover_returns_a_dossier_that_was_not_returned(database: str) -> None:
    agency = await make_agency()
    await make_counter(agency, "C1")
    await make_dossier(agency, await make_procedure(), "H9", returned_at=None, closed_at=None)
    handovers = [Handover("H9", "C1"), Handover("none", "C1"), Handover("H9", "none")]
    words = await hand_over(handovers, questionnaire="counter", minutes=10)
    assert words == ["open", "unknown dossier", "unknown counter"]
    assert (await fetch("SELECT returned_at FROM dossier"))[0]["returned_at"] is not None


async def test_a_refused_rating_leaves_nothing(database: str) -> None:
    version = await make_shop()
    expired = await link("H1", days=0)
    assert await record_ratings([online(version, expired), online(version, "made up")]) == [
        "expired",
        "unknown right",
    ]
    stranger = NewRating(uuid4(), "counter", version, CODES, counter="nowhere")
    assert await record_ratings([stranger]) == ["unknown counter"]
    for table in ("waiting_rating", "spent_right", "resend_key"):
        assert await count(table) == 0


async def test_details_join_their_tap_and_may_be_sent_again(database: str) -> None:
    version = await make_shop()
    rating = tap(version)
    detail = NewRating(rating.id, "counter", version, ((2, 4),), "Chờ lâu", completes=True)
    assert await record_ratings([rating, detail]) == ["stored", "stored"]
    assert await record_ratings([detail]) == ["stored"]
    answers = await fetch("SELECT item, code FROM waiting_answer ORDER BY item")
    assert [(row["item"], row["code"]) for row in answers] == [(1, 5), (2, 4)]
    assert (await fetch("SELECT comment FROM waiting_rating"))[0]["comment"] == "Chờ lâu"


async def test_details_of_an_unknown_rating_are_refused(database: str) -> None:
    version = await make_shop()
    detail = NewRating(uuid4(), "counter", version, ((2, 4),), completes=True)
    assert await record_ratings([detail]) == ["unknown rating"]


async def test_the_database_refuses_a_code_outside_the_scale(database: str) -> None:
    version = await make_shop()
    wrong = NewRating(uuid4(), "counter", version, ((1, 6),), counter="C1")
    with pytest.raises(Exception, match="waiting_answer_allowed"):
        await record_ratings([wrong])
    assert await count("waiting_rating") == 0


async def test_no_link_for_a_dossier_that_was_not_returned(database: str) -> None:
    agency = await make_agency()
    await make_dossier(agency, await make_procedure(), "H9", returned_at=None, closed_at=None)
    with pytest.raises(InputError, match="H9"):
        await link("H9")


async def test_an_invitation_tells_what_is_rated_and_whether_it_was(database: str) -> None:
    version = await make_shop()
    token = await link("H1")
    invitation = await find_invitation(token)
    assert invitation is not None
    assert (invitation.agency, invitation.spent, invitation.expired) == ("Sở Tư pháp", False, False)
    await record_ratings([online(version, token)])
    spent = await find_invitation(token)
    assert spent is not None
    assert spent.spent
    assert await find_invitation("made up") is None
