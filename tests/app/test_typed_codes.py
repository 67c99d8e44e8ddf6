"""The page of a poster: a typed code leads to the form, guessing leads nowhere."""

from uuid import uuid4

import httpx
import pytest

from app.guessing import guesses
from surveys.accounts import issue_key
from surveys.addresses import places_of
from surveys.ratings import LINK_CODE_LENGTH
from surveys.ratings.codes import make_code
from surveys.transactions import fetch
from tests.factories import make_agency, make_counter, make_dossier, make_procedure


@pytest.fixture
async def code(client: httpx.AsyncClient, form: int) -> str:
    """What the one-stop software prints on the receipt of dossier H1, asked for over HTTP."""
    agency = await make_agency(name="Sở Tư pháp")
    await make_counter(agency, "C1", name="Quầy số 1")
    await make_dossier(agency, await make_procedure(), "H1")
    headers = {"Authorization": f"Bearer {await issue_key('Một cửa', 'handover', actor=None)}"}
    answer = await client.post("/api/links", json={"dossiers": ["H1"]}, headers=headers)
    body = answer.json()
    assert body["links"].keys() == body["codes"].keys() == {"H1"}
    return str(body["codes"]["H1"])


async def type_code(client: httpx.AsyncClient, typed: str, address: str = "/c") -> httpx.Response:
    return await client.post(address, data={"code": typed})


async def test_the_code_of_a_receipt_leads_to_a_form_that_can_be_sent(
    client: httpx.AsyncClient, code: str
) -> None:
    assert len(code) == 14
    opened = await type_code(client, code.lower())
    assert opened.status_code == 303
    link = opened.headers["location"]
    assert (await client.get(link)).status_code == 200
    sent = await client.post(link, data={"id": str(uuid4()), "overall": "4"})
    assert sent.headers["location"] == "/thanks"
    again = await type_code(client, code)
    assert again.status_code == 410
    assert "Hồ sơ này đã được đánh giá" in again.text
    assert len(await fetch("SELECT FROM waiting_rating")) == 1


async def test_a_poster_names_its_counter_and_an_old_one_still_helps(
    client: httpx.AsyncClient, code: str
) -> None:
    agency = (await fetch("SELECT id FROM agency"))[0]["id"]
    whole, counter = await places_of([agency])
    page = await client.get(f"/c/{counter.code.lower()}")
    assert "Sở Tư pháp · Quầy số 1" in page.text
    assert "Quầy số 1" not in (await client.get(f"/c/{whole.code}")).text
    assert page.headers["referrer-policy"] == "no-referrer"
    unknown = await client.get("/c/ZZZZZZ")
    assert unknown.status_code == 404
    assert "Không có quầy nào mang địa chỉ này." in unknown.text
    assert 'name="code"' in unknown.text
    opened = await type_code(client, code, f"/c/{counter.code}")
    assert opened.status_code == 303


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Hãy gõ mã đánh giá in trên giấy biên nhận."),
        ("A0C", "Mã này không có chữ “0”"),
        ("AAA", "Mã có 12 chữ và số"),
        ("22222222222A", "Có một chữ gõ nhầm"),
        ("<script>", "Mã này không có chữ"),
    ],
)
async def test_a_slip_is_told_beside_what_was_typed(
    client: httpx.AsyncClient, code: str, typed: str, sentence: str
) -> None:
    answer = await type_code(client, typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'href="#code"' in answer.text
    assert "<script>" not in answer.text


async def test_guessing_is_slowed_for_all_and_told_and_ends_by_itself(
    client: httpx.AsyncClient, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guesses, "most", 3)
    for _guess in range(3):
        wrong = await type_code(client, make_code(LINK_CODE_LENGTH))
        assert (wrong.status_code, "Không có mã này." in wrong.text) == (422, True)
    assert (await type_code(client, "222222222223")).status_code == 422
    full = await type_code(client, code)
    assert full.status_code == 429
    assert "Hãy đợi một phút rồi gõ lại mã của bạn." in full.text
    guesses.wrong[0] -= 61
    assert (await type_code(client, code)).status_code == 303


async def test_an_expired_code_says_what_to_do(client: httpx.AsyncClient, code: str) -> None:
    await fetch("UPDATE right_to_rate SET expires_at = now() - interval '1 second'")
    answer = await type_code(client, code)
    assert answer.status_code == 410
    assert "Hãy hỏi cán bộ một cửa để nhận liên kết mới" in answer.text


async def test_the_first_page_takes_a_code_too(client: httpx.AsyncClient, code: str) -> None:
    page = (await client.get("/")).text
    assert '<form class="code-entry card" method="post" action="/c"' in page
