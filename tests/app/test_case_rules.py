"""What the office sets about cases, page by page."""

import httpx
import pytest

from surveys import reflections
from surveys.accounts import Role
from surveys.transactions import fetch
from tests.app.people import get, make_person, post, sign_in

TERM = {"clock": "answer", "amount": "7", "unit": "working_days", "source": "QĐ 12/2026/QĐ-UBND"}
TERM |= {"valid_from": "2026-01-01"}


@pytest.fixture
async def analyst(client: httpx.AsyncClient) -> int:
    await make_person(Role.AGENCY)
    account = await make_person(Role.ANALYST)
    await sign_in(client, "analyst")
    return account


async def the_agency() -> dict[str, object]:
    (row,) = await fetch("SELECT id, code, name FROM agency")
    return row


async def test_a_term_of_an_agency_is_entered_shown_and_taken_back(
    client: httpx.AsyncClient, analyst: int
) -> None:
    agency = await the_agency()
    await post(client, "/office/cases/terms", **TERM, agency=str(agency["code"]))
    (rule,) = await reflections.list_rules()
    assert (rule["amount"], rule["agency_code"]) == (7, agency["code"])
    page = (await get(client, "/office/cases/terms")).text
    assert "QĐ 12/2026/QĐ-UBND" in page
    await post(client, f"/office/cases/terms/{rule['id']}/remove")
    assert not await reflections.list_rules()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "7.5"}, "amount"),
        ({"source": ""}, "source"),
        ({"valid_from": "hôm qua"}, "valid_from"),
        ({"agency": "không có"}, "agency"),
        ({"unit": "weeks"}, "unit"),
        ({"clock": "verdict", "amount": "4"}, "amount"),
        ({"clock": "verdict", "unit": "working_hours"}, "unit"),
    ],
)
async def test_a_term_with_a_fault_is_refused_at_its_field(
    client: httpx.AsyncClient, analyst: int, wrong: dict[str, str], field: str
) -> None:
    answer = await post(client, "/office/cases/terms", **TERM | wrong)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert not await reflections.list_rules()


async def test_a_type_is_added_renamed_and_retired(client: httpx.AsyncClient, analyst: int) -> None:
    words = {"key": "land", "name": "Đất đai", "name_en": "Land"}
    await post(client, "/office/cases/types", **words)
    assert (await reflections.list_types())["land"] == {"vi": "Đất đai", "en": "Land"}
    edited = (await get(client, "/office/cases/types?edit=land")).text
    assert 'value="Đất đai"' in edited
    await post(client, "/office/cases/types", **words, retired="1")
    assert "land" not in await reflections.list_types()
    assert " checked" in (await get(client, "/office/cases/types?edit=land")).text


async def test_somebody_is_told_of_late_cases_until_they_are_not(
    client: httpx.AsyncClient, analyst: int
) -> None:
    rule = {"clock": "answer", "after_hours": "8", "channel": "mail", "address": "chanh@example.vn"}
    wrong = await post(client, "/office/cases/escalations", **rule | {"address": "chanh"})
    assert wrong.status_code == 422
    await post(client, "/office/cases/escalations", **rule)
    (held,) = await reflections.list_escalations()
    assert "chanh@example.vn" in (await get(client, "/office/cases/escalations")).text
    await post(client, f"/office/cases/escalations/{held['id']}/end")
    assert not await reflections.list_escalations()


async def test_approval_is_set_and_a_head_is_named(client: httpx.AsyncClient, analyst: int) -> None:
    agency = await the_agency()
    code, number = str(agency["code"]), int(str(agency["id"]))
    address = f"/office/cases/approvers?agency={code}"
    await post(client, "/office/cases/approvers", agency=code, approval="yes")
    assert await reflections.wants_approval(number)
    assert "chưa ai được duyệt" in (await get(client, address)).text
    (clerk,) = await reflections.list_clerks(number)
    await post(client, f"/office/cases/approvers/{clerk['id']}", agency=code, approves="yes")
    assert [one["id"] for one in await reflections.list_approvers(number)] == [clerk["id"]]
    assert "chưa ai được duyệt" not in (await get(client, address)).text
    await post(client, f"/office/cases/approvers/{clerk['id']}", agency=code, approves="no")
    assert not await reflections.list_approvers(number)


async def test_no_page_of_rules_takes_the_verdict_from_the_citizen(
    client: httpx.AsyncClient, analyst: int
) -> None:
    for name in ("types", "terms", "escalations", "approvers"):
        page = (await get(client, f"/office/cases/{name}")).text
        for word in ("settle", "reopen", "verdict_off"):
            assert f'name="{word}"' not in page
