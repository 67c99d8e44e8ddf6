"""A right is spent by a blind signature, a ticket by a rating; both once, over real HTTP."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from app.guessing import guesses
from surveys.accounts import issue_key
from surveys.days import local_day
from surveys.rights import Sealing, signing
from surveys.transactions import fetch
from tests.app.rights import (
    ask_key,
    ask_signature,
    link,
    obtain_ticket,
    public_key,
    rate,
    rating,
    unblind,
)
from tests.blinding import blind, encode
from tests.factories import make_agency, make_counter, make_dossier, make_procedure


@pytest.fixture
async def shop(form: int) -> int:
    """Counter C1 with three returned dossiers H1 to H3; returns the agency's row id."""
    agency = await make_agency("A1", name="Sở Tư pháp")
    await make_counter(agency, "C1")
    procedure = await make_procedure()
    for place in (1, 2, 3):
        await make_dossier(agency, procedure, f"H{place}")
    return agency


async def count(table: str) -> int:
    return int((await fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"])


async def test_a_rating_by_ticket_is_stored_in_the_cell_of_its_key(
    client: httpx.AsyncClient, shop: int
) -> None:
    ticket = await obtain_ticket(client, await link("H1"))
    assert await count("waiting_rating") == 0
    (receipt,) = await rate(client, rating(ticket=ticket))
    assert receipt["status"] == "stored"
    stored = (await fetch("SELECT cell, mode, counter FROM waiting_rating"))[0]
    right = (await fetch("SELECT cell FROM right_to_rate"))[0]
    assert stored == {"cell": right["cell"], "mode": "online", "counter": None}
    assert (await count("spent_right"), await count("spent_signature")) == (1, 1)


async def test_dossiers_of_a_cell_share_a_key_and_the_list_shows_it(
    client: httpx.AsyncClient, shop: int
) -> None:
    keys = [await ask_key(client, await link(dossier)) for dossier in ("H1", "H2", "H3")]
    assert len({key for key, _public in keys}) == 1
    listed = (await client.get("/api/rating-keys")).json()["keys"]
    (one,) = listed
    assert one["id"] == keys[0][0]
    assert public_key(one["public_key"]).public_numbers() == keys[0][1].public_numbers()
    assert (one["agency"], one["finished_dossiers"], one["on_time"]) == ("A1", 3, None)
    assert (one["first_day"], one["last_day"]) == ("2021-01-01", "2021-03-31")
    assert (await client.get("/api/rating-keys?agency=A1")).json()["keys"] == listed
    assert (await client.get("/api/rating-keys?agency=A2")).json()["keys"] == []


async def test_a_cell_with_dossiers_enough_has_a_key_of_its_own(
    client: httpx.AsyncClient, shop: int
) -> None:
    procedure = await make_procedure(field="Đất đai")
    for place in range(20):
        await make_dossier(shop, procedure, f"D{place}")
    # What ended without a result counts too, and what is still under way does not.
    ended = {"returned_at": None, "outcome": "refused", "due_at": None}
    await make_dossier(shop, procedure, "D20", **ended)
    await make_dossier(shop, procedure, "D21", returned_at=None, closed_at=None, outcome=None)
    small, _public = await ask_key(client, await link("H1"))
    large, _public = await ask_key(client, await link("D20"))
    listed = {one["id"]: one for one in (await client.get("/api/rating-keys")).json()["keys"]}
    assert (listed[large]["field"], listed[large]["finished_dossiers"]) == ("Đất đai", 21)
    assert (listed[large]["first_day"], listed[large]["last_day"]) == ("2021-02-08", "2021-02-14")
    assert (listed[small]["field"], listed[small]["finished_dossiers"]) == (None, 24)


async def test_the_same_request_is_signed_again_and_any_other_is_refused(
    client: httpx.AsyncClient, shop: int
) -> None:
    token = await link("H1")
    key, public = await ask_key(client, token)
    blinding = blind(public)
    answers = [await ask_signature(client, token, key, blinding.blinded) for _time in range(2)]
    assert answers[0].json() == answers[1].json()
    other = await ask_signature(client, token, key, blind(public).blinded)
    assert (other.status_code, other.json()["code"]) == (409, "already rated")
    assert "Hồ sơ này đã được đánh giá" in other.json()["detail"]
    # Another link to the same dossier spends the same right.
    second = await ask_signature(client, await link("H1"), key, blind(public).blinded)
    assert second.status_code == 409
    assert (await rate(client, rating(right=token)))[0]["code"] == "already rated"
    assert (await client.post("/api/rights/key", json={"token": token})).status_code == 409
    ticket = unblind(key, public, blinding, answers[1])
    assert (await rate(client, rating(ticket=ticket)))[0]["status"] == "stored"


async def test_a_death_between_spending_and_signing_costs_no_right(
    client: httpx.AsyncClient,
    shop: int,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    token = await link("H1")
    key, public = await ask_key(client, token)
    blinding = blind(public)
    with monkeypatch.context() as patch:
        patch.setattr(signing, "blind_sign", lambda *_given: 1 // 0)
        died = await ask_signature(client, token, key, blinding.blinded)
    assert died.status_code == 500
    logged = "".join(capfd.readouterr())
    assert "unhandled error" in logged
    assert token not in logged
    assert encode(blinding.blinded)[:40] not in logged
    assert await count("spent_right") == 1
    ticket = unblind(
        key, public, blinding, await ask_signature(client, token, key, blinding.blinded)
    )
    assert (await rate(client, rating(ticket=ticket)))[0]["status"] == "stored"


async def test_of_two_tickets_asked_for_at_once_one_is_given(
    client: httpx.AsyncClient, shop: int
) -> None:
    tokens = [await link("H1") for _link in range(20)]
    key, public = await ask_key(client, tokens[0])
    answers = await asyncio.gather(
        *(ask_signature(client, token, key, blind(public).blinded) for token in tokens)
    )
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 19]
    assert await count("spent_right") == 1


async def test_the_same_request_twice_at_once_is_answered_twice(
    client: httpx.AsyncClient, shop: int
) -> None:
    token = await link("H1")
    key, public = await ask_key(client, token)
    blinding = blind(public)
    answers = await asyncio.gather(
        *(ask_signature(client, token, key, blinding.blinded) for _time in range(10))
    )
    assert {answer.text for answer in answers} == {answers[0].text}
    assert answers[0].status_code == 200


async def test_a_ticket_is_good_for_one_rating_however_many_are_sent_at_once(
    client: httpx.AsyncClient, shop: int
) -> None:
    ticket = await obtain_ticket(client, await link("H1"))
    receipts = await asyncio.gather(*(rate(client, rating(ticket=ticket)) for _ in range(30)))
    words = sorted(one[0]["code"] for one in receipts)
    assert words == ["", *["already rated"] * 29]
    assert await count("waiting_rating") == 1
    both = [rating(ticket=ticket), rating(ticket=await obtain_ticket(client, await link("H2")))]
    assert [one["code"] for one in await rate(client, *both)] == ["already rated", ""]


async def test_a_rating_that_is_sent_again_gets_the_same_answer(
    client: httpx.AsyncClient, shop: int
) -> None:
    sent = rating(ticket=await obtain_ticket(client, await link("H1")))
    answers = await asyncio.gather(*(rate(client, sent) for _time in range(10)))
    assert {one[0]["status"] for one in answers} == {"stored"}
    # Also when the key is gone in between.
    await fetch("DELETE FROM signing_key")
    assert (await rate(client, sent))[0]["status"] == "stored"
    assert await count("waiting_rating") == 1


async def test_a_right_and_a_ticket_of_one_dossier_make_one_rating(
    client: httpx.AsyncClient, shop: int
) -> None:
    token = await link("H1")
    key, public = await ask_key(client, token)
    signed, stored = await asyncio.gather(
        ask_signature(client, token, key, blind(public).blinded), rate(client, rating(right=token))
    )
    assert (signed.status_code == 200) != (stored[0]["status"] == "stored")


async def test_a_signature_that_does_not_fit_is_refused(
    client: httpx.AsyncClient, shop: int
) -> None:
    ticket = await obtain_ticket(client, await link("H1"))
    wrong = [
        {"message": encode(bytes(64))},
        {"message": ticket["message"][:-4]},
        {"signature": ticket["signature"][:-8] + "AAAAAAAA"},
        {"signature": ""},
        {"message": "a=b"},
    ]
    receipts = await rate(client, *(rating(ticket=ticket | one) for one in wrong))
    assert {one["code"] for one in receipts} == {"bad ticket"}
    stranger = await rate(client, rating(ticket=ticket | {"key": str(uuid4())}))
    assert stranger[0]["code"] == "expired ticket"
    assert (await rate(client, rating(ticket=ticket)))[0]["status"] == "stored"


async def test_a_ticket_comes_too_late_after_the_last_day_of_its_key(
    client: httpx.AsyncClient, shop: int
) -> None:
    ticket = await obtain_ticket(client, await link("H1", days=10))
    last = (await fetch("SELECT redeem_until FROM signing_key"))[0]["redeem_until"]
    # The dossier was returned long ago, so the right's own end decides, and a week without network.
    assert last == local_day(datetime.now(UTC)) + timedelta(days=17)
    await fetch("UPDATE signing_key SET redeem_until = current_date - 2")
    (receipt,) = await rate(client, rating(ticket=ticket))
    assert receipt["code"] == "expired ticket"
    assert "quá muộn" in receipt["message"]


async def test_a_changed_cell_is_told_before_the_right_is_spent(
    client: httpx.AsyncClient, shop: int
) -> None:
    token = await link("H1")
    key, public = await ask_key(client, token)
    await fetch(
        "WITH c AS (INSERT INTO cell (agency, grain, returned_from)"
        " VALUES ($1, 'month', '2021-02-01') RETURNING id)"
        " UPDATE right_to_rate SET cell = c.id FROM c",
        shop,
    )
    refused = await ask_signature(client, token, key, blind(public).blinded)
    assert (refused.status_code, refused.json()["code"]) == (409, "key changed")
    assert await count("spent_right") == 0
    assert (await rate(client, rating(ticket=await obtain_ticket(client, token))))[0]["code"] == ""


async def test_a_lost_answer_is_given_again_although_the_cell_has_changed(
    client: httpx.AsyncClient, shop: int
) -> None:
    token = await link("H1")
    key, public = await ask_key(client, token)
    blinding = blind(public)
    first = await ask_signature(client, token, key, blinding.blinded)
    await fetch(
        "WITH c AS (INSERT INTO cell (agency, grain, returned_from)"
        " VALUES ($1, 'month', '2021-02-01') RETURNING id)"
        " UPDATE right_to_rate SET cell = c.id FROM c",
        shop,
    )
    again = await ask_signature(client, token, key, blinding.blinded)
    assert again.json() == first.json()


async def test_a_right_that_cannot_be_spent_is_told_in_plain_words(
    client: httpx.AsyncClient, shop: int
) -> None:
    unknown = await client.post("/api/rights/key", json={"token": "x" * 22})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown right")
    expired = await client.post("/api/rights/key", json={"token": await link("H1", days=0)})
    assert (expired.status_code, expired.json()["code"]) == (410, "expired")
    assert expired.headers["content-type"] == "application/problem+json"
    spent = await link("H2")
    await rate(client, rating(right=spent))
    rated = await client.post("/api/rights/key", json={"token": spent})
    assert (rated.status_code, rated.json()["type"]) == (409, "urn:sipas:already-rated")
    token = await link("H3")
    key, public = await ask_key(client, token)
    for wrong in (b"", bytes(256), b"\xff" * 256, blind(public).blinded[1:]):
        refused = await ask_signature(client, token, key, wrong)
        assert (refused.status_code, refused.json()["code"]) == (422, "bad blinded message")
    assert await count("spent_right") == 1


async def test_trying_out_links_is_slowed_down(
    client: httpx.AsyncClient, shop: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guesses, "most", 3)
    tries = [await client.post("/api/rights/key", json={"token": f"t{n}"}) for n in range(5)]
    assert [one.status_code for one in tries] == [404, 404, 404, 429, 429]


async def test_a_typed_code_opens_a_right(client: httpx.AsyncClient, shop: int) -> None:
    headers = {"Authorization": f"Bearer {await issue_key('Một cửa', 'handover', actor=None)}"}
    links = await client.post("/api/links", json={"dossiers": ["H1"]}, headers=headers)
    code = links.json()["codes"]["H1"]
    opened = await client.post("/api/rights/code", json={"code": code.lower()})
    ticket = await obtain_ticket(client, opened.json()["token"])
    assert (await rate(client, rating(ticket=ticket)))[0]["status"] == "stored"
    rated = await client.post("/api/rights/code", json={"code": code})
    assert (rated.status_code, rated.json()["code"]) == (409, "already rated")
    slip = code[:-1] + ("2" if code[-1] != "2" else "3")
    mistyped = await client.post("/api/rights/code", json={"code": slip})
    assert mistyped.status_code == 422
    assert "gõ nhầm" in mistyped.json()["detail"]


async def test_a_new_secret_makes_a_new_key_and_old_tickets_stay_good(
    client: httpx.AsyncClient, shop: int
) -> None:
    ticket = await obtain_ticket(client, await link("H1"))
    row = (await fetch("SELECT id, sealed FROM signing_key"))[0]
    other = Sealing("một bí mật khác")
    with pytest.raises(Exception, match=r"^$"):
        other.open(row["id"], row["sealed"])
    # As if it had been sealed under a secret that is no more.
    await fetch(
        "UPDATE signing_key SET sealed = substr(sealed, 1, 20) || '\\x00' || substr(sealed, 22)"
    )
    key, _public = await ask_key(client, await link("H2"))
    assert key != ticket["key"]
    assert (await rate(client, rating(ticket=ticket)))[0]["status"] == "stored"
    assert len((await client.get("/api/rating-keys")).json()["keys"]) == 2


async def test_keys_made_at_once_are_one(client: httpx.AsyncClient, shop: int) -> None:
    tokens = [await link(dossier) for dossier in ("H1", "H2", "H3") for _link in range(3)]
    keys = await asyncio.gather(*(ask_key(client, token) for token in tokens))
    assert len({key for key, _public in keys}) == await count("signing_key") == 1
