"""Open311 GeoReport v2 in both formats: what is public is read, what is sent is a case."""

import json
from typing import Any
from uuid import UUID
from xml.etree.ElementTree import Element, fromstring

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pages.open311.formats import to_xml
from surveys import reflections
from surveys.accounts import issue_key
from surveys.transactions import fetch
from tests.surveys.case_town import (
    MONDAY,
    Town,
    bring_in_hand,
    bring_to_answer,
    confirm_both,
    make_town,
    open_one,
)

BASE = "/open311/v2"
# The fields of a request, as the specification lists them.
REQUEST = {
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime",
    "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url",
}  # fmt: skip


@pytest.fixture
async def town(database: str) -> Town:
    return await make_town()


async def key(name: str = "Ứng dụng 1022", agency: int | None = None) -> str:
    return await issue_key(name, "cases", actor=None, agency_id=agency)


async def code_of(agency: int) -> str:
    return str((await fetch("SELECT code FROM agency WHERE id = $1", agency))[0]["code"])


async def filled(town: Town, **given: str) -> dict[str, str]:
    return {
        "api_key": await key(),
        "service_code": "extra_papers",
        "attribute[agency]": await code_of(town.agency),
        "description": "Ba lần phải về lấy thêm giấy tờ.",
        "last_name": "Trần Thị",
        "first_name": "Bé",
        "phone": "0912 345 678",
    } | given


async def published(town: Town, **given: Any) -> str:
    opened = await open_one(town, **given)
    await bring_in_hand(opened.id, town)
    await bring_to_answer(opened.id, town)
    await confirm_both(opened.id, town)
    await reflections.publish(opened.id, town.clerk, title="Đòi thêm giấy tờ")
    return opened.reference


def shape(element: Element) -> Any:
    """XML as the JSON that stands for the same."""
    children = list(element)
    if not children:
        return element.text
    lists = {
        "services",
        "attributes",
        "values",
        "service_requests",
        "errors",
        "endpoints",
        "formats",
    }
    if element.tag in lists:
        return [shape(child) for child in children]
    return {child.tag: shape(child) for child in children}


def loose(value: Any) -> Any:
    """JSON with everything as text, as XML has it."""
    if isinstance(value, dict):
        return {name: loose(one) for name, one in value.items()}
    if isinstance(value, list):
        return [loose(one) for one in value] or None
    if value in (None, ""):
        return None
    return json.dumps(value) if isinstance(value, bool) else str(value)


async def both(client: httpx.AsyncClient, address: str, **query: str) -> Any:
    """What JSON says, after making sure that XML says the same."""
    as_json = await client.get(f"{address}.json", params=query)
    as_xml = await client.get(f"{address}.xml", params=query)
    assert as_json.headers["content-type"] == "application/json; charset=utf-8"
    assert as_xml.headers["content-type"] == "text/xml; charset=utf-8"
    assert as_xml.content.lower().startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    assert as_json.status_code == as_xml.status_code
    assert shape(fromstring(as_xml.content)) == loose(as_json.json())
    return as_json.json()


async def test_a_client_finds_its_way_from_discovery_to_a_service(
    client: httpx.AsyncClient, town: Town
) -> None:
    found = await both(client, "/open311/discovery")
    (endpoint,) = found["endpoints"]
    assert endpoint["url"].endswith(BASE)
    services = await both(client, f"{BASE}/services")
    assert {"extra_papers", "other"} <= {one["service_code"] for one in services}
    assert all(one["metadata"] is True and one["type"] == "realtime" for one in services)
    told = await both(client, f"{BASE}/services/extra_papers")
    agency = next(one for one in told["attributes"] if one["code"] == "agency")
    assert agency["required"] is True
    assert agency["datatype"] == "singlevaluelist"
    assert "UBND phường Nha Trang" in {one["name"] for one in agency["values"]}
    assert [one["order"] for one in told["attributes"]] == [1, 2, 3, 4, 5, 6, 7, 8]
    missing = await both(client, f"{BASE}/services/khong_co")
    assert missing == [{"code": 404, "description": "Không có service_code này."}]


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_what_is_sent_is_a_case_with_link_and_code(
    client: httpx.AsyncClient, town: Town, form: str
) -> None:
    sent = await filled(
        town,
        **{
            "attribute[consent_reply]": "true",
            "attribute[notify]": "sms",
            "lat": "12.2",
            "long": "1",
        },
    )
    answer = await client.post(f"{BASE}/requests.{form}", data=sent)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    (told,) = shape(fromstring(answer.content)) if form == "xml" else answer.json()
    (row,) = await fetch(
        "SELECT c.reference, c.channel, c.type, c.notify, k.name, k.reply, k.publication"
        " FROM reflection_case c JOIN case_contact k ON k.case_id = c.id"
    )
    assert row == {
        "reference": told["service_request_id"], "channel": "api", "type": "extra_papers",
        "notify": "sms", "name": "Trần Thị Bé", "reply": True, "publication": False,
    }  # fmt: skip
    token = told["service_notice"].partition("/p/")[2].partition(".")[0]
    assert isinstance(await reflections.find_by_token(token), UUID)


async def test_a_source_that_was_sent_before_makes_no_second_case(
    client: httpx.AsyncClient, town: Town
) -> None:
    sent = await filled(town, **{"attribute[source]": "APP-1"})
    first, again = [await client.post(f"{BASE}/requests.json", data=sent) for _one in range(2)]
    assert first.json()[0]["service_request_id"] == again.json()[0]["service_request_id"]
    assert "Mã tra cứu" not in again.json()[0]["service_notice"]
    without = await filled(town)
    for _one in range(2):
        await client.post(f"{BASE}/requests.json", data=without)
    assert len(await fetch("SELECT FROM reflection_case")) == 3


async def test_the_agency_may_be_named_in_the_address_for_simple_clients(
    client: httpx.AsyncClient, town: Town
) -> None:
    sent = await filled(town, address_string="ubnd phuong nha trang")
    del sent["attribute[agency]"]
    assert (await client.post(f"{BASE}/requests.json", data=sent)).status_code == 200
    (row,) = await fetch("SELECT agency FROM reflection_case")
    assert row["agency"] == town.agency
    refused = await client.post(f"{BASE}/requests.json", data=sent | {"address_string": "Hẻm 12"})
    assert refused.status_code == 400


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"api_key": ""}, 403),
        ({"api_key": "sai"}, 403),
        ({"service_code": ""}, 400),
        ({"service_code": "khong_co"}, 404),
        ({"attribute[agency]": ""}, 400),
        ({"description": ""}, 400),
        ({"description": "a" * 20_001}, 400),
        ({"phone": ""}, 400),
        ({"attribute[kind]": "to_cao"}, 400),
        ({"attribute[source]": "x" * 121}, 400),
    ],
)
async def test_a_refusal_has_the_form_of_open311(
    client: httpx.AsyncClient, town: Town, given: dict[str, str], code: int
) -> None:
    sent = await filled(town, **given)
    for form in ("json", "xml"):
        answer = await client.post(f"{BASE}/requests.{form}", data=sent)
        assert answer.status_code == code, answer.text
        told = shape(fromstring(answer.content)) if form == "xml" else answer.json()
        assert [int(one["code"]) for one in told] == [code]
        assert told[0]["description"]
    assert await fetch("SELECT FROM reflection_case") == []


async def test_only_covered_and_published_texts_leave(
    client: httpx.AsyncClient, town: Town
) -> None:
    await open_one(town)
    reference = await published(town)
    window = {"start_date": "2026-01-01T00:00:00Z"}
    (told,) = await both(client, f"{BASE}/requests", **window)
    assert set(told) == REQUEST
    assert told["service_request_id"] == reference
    assert told["status"] == "closed"
    assert told["description"] == "Ba lần phải về lấy giấy."
    assert told["status_notes"] == "Xin lỗi."
    assert told["requested_datetime"] == "2026-03-02T00:00:00+07:00"
    assert told["lat"] is None
    assert "0912" not in json.dumps(told)
    assert await both(client, f"{BASE}/requests/{reference}") == [told]
    # Typed by hand, a reference is small letters.
    assert await both(client, f"{BASE}/requests/{reference.lower()}") == [told]
    assert await both(client, f"{BASE}/requests", service_request_id=reference.lower()) == [told]
    small = await both(client, f"{BASE}/tokens/{reference.lower()}")
    assert small == [{"service_request_id": reference, "token": reference}]
    token = await both(client, f"{BASE}/tokens/{reference}")
    assert token == [{"service_request_id": reference, "token": reference}]
    (case,) = await fetch("SELECT id FROM reflection_case WHERE reference = $1", reference)
    await reflections.end_publication(case["id"], "Nhầm", town.coordinator)
    assert (await client.get(f"{BASE}/requests/{reference}.json")).status_code == 404
    assert await both(client, f"{BASE}/requests", **window) == []


async def test_a_program_sees_its_own_cases_without_their_text(
    client: httpx.AsyncClient, town: Town
) -> None:
    sent = await filled(town)
    posted = (await client.post(f"{BASE}/requests.json", data=sent)).json()
    reference = posted[0]["service_request_id"]
    address = f"{BASE}/requests/{reference}.json"
    assert (await client.get(address)).status_code == 404
    own = {"Authorization": f"Bearer {sent['api_key']}"}
    (told,) = (await client.get(address, headers=own)).json()
    assert (told["status"], told["status_notes"], told["description"]) == ("open", "Mới", None)
    assert told["expected_datetime"]
    assert len((await client.get(f"{BASE}/requests.json", headers=own)).json()) == 1
    other = {"Authorization": f"Bearer {await key('Khác')}"}
    assert (await client.get(address, headers=other)).status_code == 404
    assert (await client.get(f"{BASE}/requests.json", headers=other)).json() == []
    wrong = {"Authorization": "Bearer sai"}
    assert (await client.get(address, headers=wrong)).status_code == 403
    # A key in an address stands in logs: it is not looked at.
    asked = await client.get(address, params={"api_key": sent["api_key"]})
    assert asked.status_code == 404


async def test_requests_are_found_by_id_service_day_and_status(
    client: httpx.AsyncClient, town: Town
) -> None:
    one = await published(town, type="delay")
    two = await published(town, type="fees")
    (case,) = await fetch("SELECT id FROM reflection_case WHERE reference = $1", two)
    await reflections.not_settled(case["id"], "Vẫn thu thêm.", now=MONDAY)

    async def found(**query: str) -> set[str]:
        told = await both(client, f"{BASE}/requests", **query)
        return {each["service_request_id"] for each in told}

    march = {"start_date": "2026-03-01T00:00:00+07:00", "end_date": "2026-03-31T00:00:00+07:00"}
    assert await found(**march) == {one, two}
    assert await found(service_request_id=f"{one},{two},PA-X") == {one, two}
    assert await found(**march, service_code="fees,other") == {two}
    assert await found(**march, status="open") == {two}
    assert await found(**march, status="closed") == {one}
    assert await found(**march, status="open,closed") == {one, two}
    assert await found(**march, page="2") == set()
    assert await found(start_date="2026-03-03T00:00:00+07:00") == set()
    assert await found(end_date="2026-03-02T23:00:00+07:00") == {one, two}
    # The day is the day in Viet Nam.
    assert await found(**march | {"start_date": "2026-03-02T18:00:00Z"}) == set()


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "hôm qua"},
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
        {"status": "xong"},
        {"start_date": "9999-12-31T00:00:00Z"},
        {"end_date": "0001-01-02T00:00:00Z"},
        {"start_date": "0001-01-01T00:00:00+14:00"},
    ],
)
async def test_a_question_that_cannot_be_answered_is_refused(
    client: httpx.AsyncClient, town: Town, query: dict[str, str]
) -> None:
    told = await both(client, f"{BASE}/requests", **query)
    assert [one["code"] for one in told] == [400]


async def test_an_address_without_a_format_is_refused(
    client: httpx.AsyncClient, database: str
) -> None:
    answer = await client.get(f"{BASE}/services/fees")
    assert answer.status_code == 404
    assert answer.json()[0]["code"] == 404


@given(st.text())
def test_every_text_is_xml_that_can_be_read(text: str) -> None:
    body = to_xml("service_requests", [{"description": text}])
    read = fromstring(body)[0][0].text or ""
    kept = [sign for sign in text if sign >= " " or sign in "\t\n"]
    assert len(read) <= len(text)
    assert set(read) <= {*kept, "\n"}
