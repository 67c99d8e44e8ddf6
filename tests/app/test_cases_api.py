"""Cases that other programs bring in: once, for their own agency, and theirs alone to look at."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from litestar.datastructures import State

from app.limits import program_limit
from app.settings import Settings
from surveys import reflections
from surveys.accounts import Role, issue_key
from surveys.days import local_day
from surveys.errors import TooManyError
from surveys.reflections import Redacted
from surveys.transactions import fetch
from tests.app.people import get, make_person, post, sign_in
from tests.factories import make_agency, make_dossier, make_procedure
from tests.surveys.case_town import Town, bring_in_hand, make_town


@pytest.fixture
async def town(database: str) -> Town:
    return await make_town()


async def key(name: str = "Tổng đài 1022", agency: int | None = None) -> dict[str, str]:
    issued = await issue_key(name, "cases", actor=None, agency_id=agency)
    return {"Authorization": f"Bearer {issued}"}


async def code_of(agency: int) -> str:
    rows = await fetch("SELECT code FROM agency WHERE id = $1", agency)
    return str(rows[0]["code"])


async def case(town: Town, **given: Any) -> dict[str, Any]:
    return {
        "source": "CTT-1",
        "text": "Ba lần phải về lấy thêm giấy tờ.",
        "agency": await code_of(town.agency),
        "person": {"name": "Trần Thị Bé", "phone": "0912 345 678"},
    } | given


async def test_a_case_is_opened_once_however_often_it_is_sent(
    client: httpx.AsyncClient, town: Town
) -> None:
    headers, sent = await key(), await case(town)
    first = await client.post("/api/cases", json=sent, headers=headers)
    assert first.status_code == 200, first.text
    again = (await client.post("/api/cases", json=sent, headers=headers)).json()
    opened = first.json()
    assert (opened["known"], again["known"]) == (False, True)
    assert (again["reference"], again["code"]) == (opened["reference"], "")
    assert again["link"] == opened["link"]
    assert len(opened["code"]) == 14
    token = opened["link"].rpartition("/p/")[2]
    assert await reflections.find_by_token(token) is not None
    assert await reflections.find_by_code(opened["code"]) is not None
    assert first.headers["cache-control"] == "no-store"
    rows = await fetch("SELECT channel, state FROM reflection_case")
    assert rows == [{"channel": "api", "state": "new"}]


async def test_a_new_key_of_the_same_program_goes_on_with_its_cases(
    client: httpx.AsyncClient, town: Town
) -> None:
    sent = await case(town)
    opened = (await client.post("/api/cases", json=sent, headers=await key())).json()
    renewed = await key()
    again = (await client.post("/api/cases", json=sent, headers=renewed)).json()
    assert again["known"]
    seen = await client.get(f"/api/cases/{opened['reference']}", headers=renewed)
    assert seen.json()["source"] == "CTT-1"


async def test_another_program_sees_nothing_and_its_sources_are_its_own(
    client: httpx.AsyncClient, town: Town
) -> None:
    sent = await case(town)
    opened = (await client.post("/api/cases", json=sent, headers=await key())).json()
    other = await key("Cổng khác")
    for headers in (other, await key(agency=town.agency)):
        seen = await client.get(f"/api/cases/{opened['reference']}", headers=headers)
        assert seen.status_code == 404
        assert (await client.get("/api/cases", headers=headers)).json()["cases"] == []
    theirs = (await client.post("/api/cases", json=sent, headers=other)).json()
    assert not theirs["known"]
    assert theirs["reference"] != opened["reference"]


async def test_a_key_of_one_agency_sends_to_that_agency_only(
    client: httpx.AsyncClient, town: Town
) -> None:
    headers = await key(agency=town.agency)
    without = await case(town)
    del without["agency"]
    assert (await client.post("/api/cases", json=without, headers=headers)).status_code == 200
    elsewhere = await case(town, source="CTT-2", agency=await code_of(town.other))
    refused = await client.post("/api/cases", json=elsewhere, headers=headers)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["key"] == "agency"


async def test_a_dossier_is_looked_for_in_the_agency_of_the_case_and_nothing_is_told(
    client: httpx.AsyncClient, town: Town
) -> None:
    procedure = await make_procedure()
    await make_dossier(town.agency, procedure, "H1")
    await make_dossier(town.other, procedure, "H2")
    for headers in (await key(agency=town.agency), await key("Cổng tỉnh")):
        answers = [
            await client.post(
                "/api/cases", json=await case(town, source=code, dossier=code), headers=headers
            )
            for code in ("H1", "H2", "H3")
        ]
        assert [one.status_code for one in answers] == [200, 200, 200]
        assert len({tuple(one.json()) for one in answers}) == 1
    rows = await fetch(
        "SELECT c.dossier IS NOT NULL AS linked, t.text FROM reflection_case c"
        " JOIN case_text t ON t.case_id = c.id ORDER BY t.id"
    )
    assert [row["linked"] for row in rows] == [True, False, False] * 2
    ends = [row["text"].removeprefix("Ba lần phải về lấy thêm giấy tờ.") for row in rows]
    assert ends == [f"\n\nMã hồ sơ do người gửi ghi: {code}" for code in ("H1", "H2", "H3")] * 2


async def test_the_length_of_a_text_is_the_same_whether_its_dossier_is_known_or_not(
    client: httpx.AsyncClient, town: Town
) -> None:
    await make_dossier(town.agency, await make_procedure(), "H1")
    headers = await key()
    for length, status in ((19_900, 200), (20_000, 422)):
        for code in ("H1", "H3"):
            sent = await case(town, source=f"{length}{code}", dossier=code, text="a" * length)
            answer = await client.post("/api/cases", json=sent, headers=headers)
            assert answer.status_code == status, answer.text


async def test_a_number_that_cannot_be_read_is_kept_beside_an_address(
    client: httpx.AsyncClient, town: Town
) -> None:
    headers = await key()
    for phone, address in (("0258 3822 222", ""), ("không nhớ", "12 Trần Phú")):
        sent = await case(town, source=phone, person={"phone": phone, "address": address})
        answer = await client.post("/api/cases", json=sent, headers=headers)
        assert answer.status_code == 200, answer.text
    rows = await fetch("SELECT phone, address FROM case_contact ORDER BY phone")
    assert [tuple(row.values()) for row in rows] == [
        ("+842583822222", ""),
        (None, "12 Trần Phú; Số điện thoại ghi: không nhớ"),
    ]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": " "}, "text"),
        ({"agency": "KHONG-CO"}, "agency"),
        ({"type": "khong_co"}, "type"),
        ({"person": {"name": "Bé"}}, "contact"),
        ({"person": {"phone": "12"}}, "phone"),
        ({"person": {"name": "a" * 121, "phone": "0912345678"}}, "name"),
        ({"person": {"address": "a" * 301}}, "address"),
        (
            {"person": {"phone": "02583822222"}, "consents": {"reply": True}, "notify": "sms"},
            "notify",
        ),
        ({"notify": "sms"}, "notify"),
        ({"received_at": "2026-11-27T08:00:00"}, "received_at"),
        ({"received_at": "0001-01-02T00:00:00+07:00"}, "received_at"),
        (
            {"received_at": f"{datetime.now(UTC) - timedelta(days=367):%Y-%m-%dT%H:%M:%SZ}"},
            "received_at",
        ),
        ({"received_at": "9999-12-31T23:59:59-14:00"}, "received_at"),
        (
            {"received_at": f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"},
            "received_at",
        ),
    ],
)
async def test_a_refusal_names_the_field(
    client: httpx.AsyncClient, town: Town, given: dict[str, Any], field: str
) -> None:
    refused = await client.post("/api/cases", json=await case(town, **given), headers=await key())
    assert refused.status_code == 422, refused.text
    assert [one["key"] for one in refused.json()["errors"]] == [field]
    assert await fetch("SELECT FROM reflection_case") == []


@pytest.mark.parametrize(
    "given", [{"source": ""}, {"source": "a\0"}, {"kind": "complaint"}, {"telephone": "0912"}]
)
async def test_what_does_not_fit_the_description_is_refused(
    client: httpx.AsyncClient, town: Town, given: dict[str, Any]
) -> None:
    refused = await client.post("/api/cases", json=await case(town, **given), headers=await key())
    assert refused.status_code == 400


async def test_when_it_came_to_the_program_is_kept_and_moves_no_clock(
    client: httpx.AsyncClient, town: Town
) -> None:
    came = datetime.now(UTC) - timedelta(days=200)
    sent = await case(town, received_at=came.isoformat())
    before = datetime.now(UTC)
    opened = await client.post("/api/cases", json=sent, headers=await key())
    assert datetime.fromisoformat(opened.json()["due_at"]) > before
    (row,) = await fetch("SELECT received_on FROM reflection_case")
    assert row["received_on"] == local_day(came)
    starts = {row["started_at"] for row in await fetch("SELECT started_at FROM case_clock")}
    assert all(start >= before for start in starts)
    # What comes within the same minute by a clock that is a little ahead is no refusal.
    ahead = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    sent = await case(town, received_at=ahead, source="CTT-2")
    assert (await client.post("/api/cases", json=sent, headers=await key())).status_code == 200
    assert not await fetch(
        "SELECT FROM reflection_case WHERE created_at < $1 OR received_on > $2",
        *(before, local_day(datetime.now(UTC))),
    )


async def test_a_key_for_something_else_opens_nothing(
    client: httpx.AsyncClient, town: Town
) -> None:
    other = {"Authorization": f"Bearer {await issue_key('Một cửa', 'handover', actor=None)}"}
    for headers in (other, {}):
        assert (await client.get("/api/cases", headers=headers)).status_code == 401
        sent = await client.post("/api/cases", json=await case(town), headers=headers)
        assert sent.status_code == 401


async def test_the_program_reads_the_way_of_a_case_and_its_public_answer_only(
    client: httpx.AsyncClient, town: Town
) -> None:
    headers = await key()
    await make_dossier(town.agency, await make_procedure(), "H1")
    consents = {"reply": True, "publication": True}
    sent = await case(town, dossier="H1", consents=consents)
    opened = (await client.post("/api/cases", json=sent, headers=headers)).json()
    found = await reflections.find_by_reference(opened["reference"], town.clerk)
    await bring_in_hand(found, town)
    secret = "Bà Bé số 0912 345 678"
    await reflections.save_draft(found, secret, town.clerk, base=0)
    await reflections.submit_draft(found, town.clerk)
    await reflections.answer(found, town.clerk)
    address = f"/api/cases/{opened['reference'].lower()}"
    before = (await client.get(address, headers=headers)).json()
    assert [one["event"] for one in before["events"]] == ["opened", "receive", "take", "answer"]
    assert (before["state"], before["state_words"]) == ("answered", "Đã trả lời")
    assert before["published"] is None
    for part, text in (("question", "Ba lần phải về."), ("answer", "Xin lỗi.")):
        version = await reflections.save_redaction(found, part, Redacted(text=text), town.clerk)  # type: ignore[arg-type]
        await reflections.confirm_redaction(found, part, town.head, version=version)  # type: ignore[arg-type]
    await reflections.publish(found, town.clerk, title="Đòi thêm giấy tờ")
    after = await client.get(address, headers=headers)
    assert after.json()["published"]["reply"] == "Xin lỗi."
    assert "0912" not in after.text
    assert "Trần Thị Bé" not in after.text


async def test_cases_are_found_by_source_and_by_state(
    client: httpx.AsyncClient, town: Town
) -> None:
    headers = await key()
    for source in ("A", "A%", "B"):
        await client.post("/api/cases", json=await case(town, source=source), headers=headers)

    async def listed(**query: str) -> list[str]:
        answer = await client.get("/api/cases", params=query, headers=headers)
        return [one["source"] for one in answer.json()["cases"]]

    assert await listed() == ["B", "A%", "A"]
    assert await listed(source="A%") == ["A%"]
    assert await listed(state="answered") == []
    assert await listed(page="2") == []


def test_a_program_that_calls_too_often_must_wait_and_others_need_not() -> None:
    state = State({"settings": Settings(program_requests_per_minute=2)})
    for _one in range(2):
        program_limit(state, 1)
    with pytest.raises(TooManyError):
        program_limit(state, 1)
    program_limit(state, 2)


async def test_the_office_issues_a_key_for_cases(client: httpx.AsyncClient, database: str) -> None:
    await make_person(Role.ADMINISTRATOR)
    await sign_in(client, "administrator")
    shown = await post(client, "/office/keys", name="1022", agency="", purpose="cases")
    assert "Authorization: Bearer" in shown.text
    assert "Gửi phản ánh" in (await get(client, "/office/keys")).text
    await make_agency("X1")
    wrong = await post(client, "/office/keys", name="1022", agency="", purpose="root")
    assert wrong.status_code == 422
