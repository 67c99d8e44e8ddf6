"""Keying in on behalf: as heard or as written, with a slip to take along."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from surveys.accounts import Role
from surveys.days import local_day
from surveys.transactions import fetch
from tests.app.people import get, make_person, post, sign_in

TYPED = {
    "channel": "phone",
    "kind": "reflection",
    "type": "delay",
    "text": "Tôi chờ ba tuần rồi mà không ai trả lời.",
    "name": "Trần Thị Bé",
    "phone": "0912 345 678",
    "key": "7b0c2f0e-6d0b-4a57-9a77-0a7c8f6d3c11",
}


def typed(**given: str) -> dict[str, str]:
    return TYPED | {"came_on": str(local_day(datetime.now(UTC)))} | given


@pytest.fixture
async def clerk(client: httpx.AsyncClient) -> int:
    account = await make_person(Role.AGENCY)
    await sign_in(client, "agency")
    return account


async def the_case() -> dict[str, object]:
    (row,) = await fetch(
        "SELECT c.*, k.reply, k.publication, k.survey, k.consented_how FROM reflection_case c"
        " JOIN case_contact k ON k.case_id = c.id"
    )
    return row


def code_on(page: str) -> tuple[str, str]:
    reference, code = re.findall(r"<code>([^<]+)</code>", page)
    return reference, code


async def test_nothing_is_ticked_beforehand(client: httpx.AsyncClient, clerk: int) -> None:
    page = (await get(client, "/cases/new")).text
    assert " checked" not in page
    assert page.count('type="checkbox"') == 3


async def test_what_was_heard_becomes_a_case_that_names_its_writer(
    client: httpx.AsyncClient, clerk: int
) -> None:
    answer = await post(client, "/cases/new", **typed())
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    row = await the_case()
    assert (row["on_behalf"], row["channel"], row["consented_how"]) == (clerk, "phone", "phone")
    assert not any(row[name] for name in ("reply", "publication", "survey"))
    assert code_on(answer.text)[0] == row["reference"]


async def test_a_second_click_makes_no_second_case_and_tells_no_code(
    client: httpx.AsyncClient, clerk: int
) -> None:
    form = typed()
    await post(client, "/cases/new", **form)
    again = await post(client, "/cases/new", **form)
    assert "đã được ghi từ trước" in again.text
    assert await the_case()


async def test_a_letter_of_last_week_has_waited_since_then(
    client: httpx.AsyncClient, clerk: int
) -> None:
    day = local_day(datetime.now(UTC)) - timedelta(days=7)
    await post(client, "/cases/new", **typed(channel="paper", came_on=str(day)))
    assert (await the_case())["received_on"] == day
    clocks = await fetch("SELECT started_at FROM case_clock")
    assert {local_day(row["started_at"]) for row in clocks} == {day}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"channel": "web"}, "channel"),
        ({"came_on": "2999-01-01"}, "came_on"),
        ({"came_on": "2020-01-01"}, "came_on"),
        ({"kind": ""}, "kind"),
        ({"text": " "}, "text"),
        ({"phone": ""}, "contact"),
        ({"phone": "123"}, "phone"),
        ({"notify": "sms"}, "notify"),
        ({"dossier": "H-1"}, "dossier"),
    ],
)
async def test_a_fault_stands_at_its_field_and_nothing_typed_is_lost(
    client: httpx.AsyncClient, clerk: int, wrong: dict[str, str], field: str
) -> None:
    answer = await post(client, "/cases/new", **typed(name="Trần Thị Bé", **wrong))
    assert answer.status_code == 422
    assert f'id="{field}' in answer.text
    assert f'href="#{field}"' in answer.text
    assert "Trần Thị Bé" in answer.text
    assert not await fetch("SELECT 1 FROM reflection_case")


async def test_the_slip_carries_the_code_and_is_printed_for_who_has_it_only(
    client: httpx.AsyncClient, clerk: int
) -> None:
    reference, code = code_on((await post(client, "/cases/new", **typed())).text)
    for size in ("80mm", "a6"):
        slip = await post(client, "/cases/new/slip", reference=reference, code=code, size=size)
        assert slip.content.startswith(b"%PDF")
        assert slip.headers["cache-control"] == "no-store"
    other = typed(key="7b0c2f0e-6d0b-4a57-9a77-0a7c8f6d3c12")
    _other, wrong = code_on((await post(client, "/cases/new", **other)).text)
    refused = await post(client, "/cases/new/slip", reference=reference, code=wrong, size="a6")
    assert refused.status_code == 404


async def test_the_focal_point_says_whose_case_it_is(client: httpx.AsyncClient) -> None:
    await make_person(Role.AGENCY)
    await make_person(Role.ANALYST)
    await sign_in(client, "analyst")
    (agency,) = await fetch("SELECT id, code FROM agency")
    assert (await post(client, "/cases/new", **typed())).status_code == 422
    await post(client, "/cases/new", **typed(agency=agency["code"]))
    assert (await the_case())["agency"] == agency["id"]
