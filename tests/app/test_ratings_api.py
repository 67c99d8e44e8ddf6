"""The JSON interface, over real HTTP."""

import asyncio
from uuid import uuid4

import httpx
import pytest

from surveys.accounts import issue_key
from surveys.ratings import open_links, waiting_rights
from surveys.transactions import fetch
from tests.factories import make_agency, make_counter, make_dossier, make_procedure

ANSWERS = {"overall": 5, "access": 4, "result": 98, "reasons": ["waiting"], "reflection": "Tốt"}


@pytest.fixture
async def shop(form: int) -> int:
    """Counter C1 with three returned dossiers H1 to H3; returns the counter's row id."""
    agency = await make_agency("A1")
    counter = await make_counter(agency, "C1")
    procedure = await make_procedure()
    for place in (1, 2, 3):
        await make_dossier(agency, procedure, f"H{place}")
    return counter


def rating(**given: object) -> dict[str, object]:
    return {"id": str(uuid4()), "answers": ANSWERS} | given


async def link(dossier: str) -> str:
    return (await open_links([dossier], questionnaire="counter", days=30))[dossier]


async def send(client: httpx.AsyncClient, *ratings: object) -> list[dict[str, str]]:
    answer = await client.post("/api/ratings", json={"ratings": list(ratings)})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["receipts"])


async def count(table: str) -> int:
    return int((await fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"])


async def test_a_rating_with_a_right_is_stored(client: httpx.AsyncClient, shop: int) -> None:
    sent = rating(right=await link("H1"))
    (receipt,) = await send(client, sent)
    assert receipt == {"id": sent["id"], "status": "stored", "code": "", "message": ""}
    assert await count("waiting_answer") == 4


async def test_a_resend_gets_the_same_answer(client: httpx.AsyncClient, shop: int) -> None:
    sent = rating(right=await link("H1"))
    answers = [await send(client, sent) for _time in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert await count("waiting_rating") == 1


async def test_fifty_requests_for_one_right_store_one_rating(
    client: httpx.AsyncClient, shop: int
) -> None:
    right = await link("H1")
    receipts = await asyncio.gather(*(send(client, rating(right=right)) for _ in range(50)))
    words = sorted(one[0]["code"] for one in receipts)
    assert words == ["", *["already rated"] * 49]
    assert await count("waiting_rating") == 1


async def test_a_refusal_says_why_in_plain_words(client: httpx.AsyncClient, shop: int) -> None:
    right = await link("H1")
    await send(client, rating(right=right))
    receipts = await send(
        client,
        rating(right=right),
        rating(right="made-up"),
        rating(),
        rating(right=right, answers={"overall": 6}),
        rating(right=right, questionnaire="none"),
    )
    assert [one["status"] for one in receipts] == ["refused"] * 5
    assert [one["code"] for one in receipts] == [
        "already rated", "unknown right", "no right", "wrong answer",
        "unknown questionnaire",
    ]  # fmt: skip
    assert all(one["message"] for one in receipts)
    assert "Mỗi hồ sơ được đánh giá một lần" in receipts[0]["message"]


async def test_one_bad_rating_fails_alone(client: httpx.AsyncClient, shop: int) -> None:
    good = [rating(right=await link(f"H{place}")) for place in (1, 2)]
    bad = rating(right=await link("H3"), answers={"overall": "five"})
    receipts = await send(client, good[0], bad, good[1])
    assert [one["status"] for one in receipts] == ["stored", "refused", "stored"]


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "{}", '{"ratings": []}', '{"ratings": [{"id": "x", "answers": {}}]}',
        '{"ratings": [{"answers": {}}]}', '{"ratings": 5}', "not json",
        '{"ratings": [{"id": "6f9619ff-8b86-4011-b42d-00cf4fc964ff", "right": "a\\u0000b",'
        ' "answers": {}}]}',
    ],
)  # fmt: skip
async def test_a_request_that_is_no_list_of_ratings_is_refused(
    client: httpx.AsyncClient, form: int, body: str
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await client.post("/api/ratings", content=body, headers=headers)
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["status"] == answer.status_code


async def test_more_than_a_hundred_ratings_are_refused(
    client: httpx.AsyncClient, form: int
) -> None:
    answer = await client.post("/api/ratings", json={"ratings": [rating() for _ in range(101)]})
    assert answer.status_code == 422
    assert "100" in answer.json()["detail"]


async def test_a_handover_opens_a_right_at_its_kiosk(client: httpx.AsyncClient, shop: int) -> None:
    key = await issue_key("Một cửa", "handover", actor=None)
    headers = {"Authorization": f"Bearer {key}"}
    body = {"handovers": [{"dossier": "H1", "counter": "C1"}]}
    assert (await client.post("/api/handovers", json=body)).status_code == 401
    answer = await client.post("/api/handovers", json=body, headers=headers)
    assert answer.json() == {"outcomes": ["open"]}
    assert await waiting_rights("C1") == 1


async def test_details_follow_a_rating_under_its_id(client: httpx.AsyncClient, shop: int) -> None:
    first = rating(right=await link("H1"), answers={"overall": 2})
    more = {"id": first["id"], "completes": True, "answers": {"access": 1, "reflection": "Chờ lâu"}}
    for sent in (first, more, more):
        assert (await send(client, sent))[0]["status"] == "stored"
    codes = await fetch("SELECT code FROM waiting_answer ORDER BY item")
    assert [row["code"] for row in codes] == [2, 1]


async def test_links_lead_to_the_form_of_their_dossier(
    client: httpx.AsyncClient, shop: int
) -> None:
    headers = {"Authorization": f"Bearer {await issue_key('Một cửa', 'handover', actor=None)}"}
    answer = await client.post("/api/links", json={"dossiers": ["H1"]}, headers=headers)
    address = answer.json()["links"]["H1"]
    page = await client.get(address, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "Rất không hài lòng" in page.text
    assert "H1" not in page.text


async def test_the_key_of_one_agency_opens_nothing_at_another(
    client: httpx.AsyncClient, shop: int
) -> None:
    other = await make_agency("A2")
    key = await issue_key("Một cửa khác", "handover", actor=None, agency_id=other)
    headers = {"Authorization": f"Bearer {key}"}
    body = {"handovers": [{"dossier": "H1", "counter": "C1"}]}
    answer = await client.post("/api/handovers", json=body, headers=headers)
    assert answer.json() == {"outcomes": ["unknown counter"]}
    refused = await client.post("/api/links", json={"dossiers": ["H1"]}, headers=headers)
    assert refused.status_code == 422
    assert "H1" in refused.json()["detail"]


async def test_no_page_of_the_program_loads_anything_from_elsewhere(
    client: httpx.AsyncClient, form: int
) -> None:
    for path in ("/api/docs", "/api/schema", "/api/schema/swagger", "/api/schema/redoc", "/"):
        answer = await client.get(path, headers={"Accept": "text/html"})
        assert "cdn." not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
