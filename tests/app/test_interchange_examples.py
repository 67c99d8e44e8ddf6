"""The examples in the description of the interface: taken as they stand, and true."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from surveys import webhooks
from surveys.accounts import issue_key
from surveys.transactions import fetch
from surveys.webhooks import TOLD as EVENTS
from tests.factories import make_agency, make_dossier, make_procedure

TEXT = (Path(__file__).parents[2] / "docs" / "interchange.md").read_text()
GROUPS = {"Cases", "Open311"}


@pytest.fixture
async def headers(database: str) -> dict[str, str]:
    agency = await make_agency("H32.15", name="UBND phường Nha Trang")
    await make_dossier(agency, await make_procedure(), "H32.15-2026-0042")
    return {"Authorization": f"Bearer {await issue_key('Cổng tỉnh', 'cases', actor=None)}"}


@pytest.fixture
async def described(client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/api/schema/openapi.json")).json()
    return found


def operations(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, one)
        for path, methods in described["paths"].items()
        for method, one in methods.items()
        if isinstance(one, dict) and GROUPS & set(one.get("tags", []))
    ]


def shown(content: dict[str, Any]) -> list[Any]:
    return [one["value"] for kind in content.values() for one in kind.get("examples", {}).values()]


def lacking(shown: Any, real: Any, where: str = "") -> list[str]:
    """The names that are shown and not there. (What is empty is not shown by the description.)"""
    if isinstance(shown, list) and shown:
        return lacking(shown[0], real[0], f"{where}[]") if real else [where]
    if isinstance(shown, dict):
        gone = [f"{where}.{name}" for name in shown if name not in real]
        return gone + [
            found
            for name in shown.keys() & real.keys()
            for found in lacking(shown[name], real[name], f"{where}.{name}")
        ]
    return []


def within(described: Any, where: str = "") -> list[str]:
    """The places at which a schema holds examples."""
    if isinstance(described, list):
        return [found for one in described for found in within(one, where)]
    if not isinstance(described, dict):
        return []
    here = [where] if isinstance(described.get("examples"), list) else []
    return here + [
        found for name, one in described.items() for found in within(one, f"{where}/{name}")
    ]


async def test_every_operation_has_examples_of_what_it_takes_and_gives(
    described: dict[str, Any],
) -> None:
    found = operations(described)
    assert len(found) >= 14
    for path, method, one in found:
        assert shown(one["responses"]["200"]["content"]), (method, path)
        if method == "post":
            assert shown(one["requestBody"]["content"]), path


async def test_what_is_shown_as_sent_is_taken_as_it_stands_and_taken_again(
    client: httpx.AsyncClient, headers: dict[str, str], described: dict[str, Any]
) -> None:
    posts = [one for one in operations(described) if one[1] == "post"]
    assert {path for path, _method, _one in posts} == {
        "/api/cases", "/open311/v2/requests.json", "/open311/v2/requests.xml",
    }  # fmt: skip
    for path, _method, one in posts:
        ((kind, content),) = one["requestBody"]["content"].items()
        for example in content["examples"].values():
            as_sent = "json" if kind == "application/json" else "data"
            for _time in range(2):
                sent: dict[str, Any] = {as_sent: example["value"]}
                answer = await client.post(path, headers=headers, **sent)
                assert answer.status_code == 200, (path, answer.text)
            if path.endswith(".xml"):
                continue
            (told,) = shown(one["responses"]["200"]["content"])
            assert lacking(told, answer.json()) == [], path
    # The two forms of Open311 show the same case.
    assert len(await fetch("SELECT FROM reflection_case")) == 2


async def test_what_is_shown_as_given_has_the_fields_that_are_given(
    client: httpx.AsyncClient, headers: dict[str, str], described: dict[str, Any]
) -> None:
    sent = next(one for path, _m, one in operations(described) if path == "/api/cases"
                and _m == "post")  # fmt: skip
    (case,) = shown(sent["requestBody"]["content"])
    reference = (await client.post("/api/cases", json=case, headers=headers)).json()["reference"]
    names = {"{reference}": reference, "/services/{name}": "/services/other.json",
             "/requests/{name}": f"/requests/{reference}.json",
             "/tokens/{name}": f"/tokens/{reference}.json"}  # fmt: skip
    for path, method, one in operations(described):
        if method != "get" or path.endswith(".xml"):
            continue
        address = path
        for name, value in names.items():
            address = address.replace(name, value)
        answer = await client.get(address, headers=headers)
        assert answer.status_code == 200, (address, answer.text)
        (told,) = shown(one["responses"]["200"]["content"])
        real = answer.json()
        if "published" in told:
            # Nothing is public yet.
            real["published"] = told["published"]
        assert lacking(told, real) == [], path


async def test_the_example_of_a_webhook_has_the_fields_that_are_told(
    client: httpx.AsyncClient, headers: dict[str, str], described: dict[str, Any]
) -> None:
    seal = webhooks.Seal("x")
    await webhooks.add_webhook("W", "https://a.example/", seal, actor=await admin())
    sent = next(one for path, _m, one in operations(described) if path == "/api/cases"
                and _m == "post")  # fmt: skip
    (case,) = shown(sent["requestBody"]["content"])
    await client.post("/api/cases", json=case, headers=headers)
    (delivery,) = await fetch(
        "SELECT d.*, w.prefix FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook"
    )
    told = json.loads(await webhooks.payload_of(delivery, "https://a.example"))
    body = described["webhooks"]["case"]["post"]["requestBody"]["content"]
    assert lacking(shown(body)[0], told) == lacking(told, shown(body)[0]) == []


async def admin() -> int:
    rows = await fetch(
        "INSERT INTO account (username, password_hash, role, language, disabled,"
        " must_change_password, failed_sign_ins) VALUES ('a', 'x', 'administrator', 'vi', false,"
        " false, 0) RETURNING id"
    )
    return int(rows[0]["id"])


async def test_what_the_document_tells_to_send_is_taken(
    client: httpx.AsyncClient, headers: dict[str, str], described: dict[str, Any]
) -> None:
    (body,) = re.findall(r'curl -sS "\$SIPAS/api/cases".*?-d \'\n(.*?)\'\n', TEXT, re.DOTALL)
    answer = await client.post("/api/cases", json=json.loads(body), headers=headers)
    assert answer.status_code == 200, answer.text
    (form,) = re.findall(r'requests\.xml" (.*?)\n```', TEXT, re.DOTALL)
    fields = dict(re.findall(r'--data-urlencode "([^=]+)=([^"]*)"', form))
    posted = await client.post("/open311/v2/requests.xml", data=fields, headers=headers)
    assert posted.status_code == 200, posted.text


def test_the_document_names_every_event_and_how_long_it_is_tried() -> None:
    assert [name for name in EVENTS if f"`{name}`" not in TEXT] == []
    assert f"{len(webhooks.DISTANCES) + 1} attempts" in TEXT


async def test_the_description_is_the_same_every_time_and_holds_nothing_made_up(
    client: httpx.AsyncClient, described: dict[str, Any]
) -> None:
    assert (await client.get("/api/schema/openapi.json")).json() == described
    # Ours have names and stand beside a schema; made up ones are a list within it.
    assert within(described["paths"]) == []
    # What a schema refers to is there.
    for name in set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(described))):
        assert name in described["components"]["schemas"]


async def test_every_refusal_is_described_as_it_comes(
    client: httpx.AsyncClient, headers: dict[str, str], described: dict[str, Any]
) -> None:
    sent = described["paths"]["/api/cases"]["post"]
    assert {"400", "401", "422", "429"} <= set(sent["responses"])
    for status, body, key in (
        (400, b"[", headers), (401, b"{}", {}),
        (422, b'{"source": "1", "text": "", "person": {}}', headers),
    ):  # fmt: skip
        json_body = {"Content-Type": "application/json"} | key
        told = await client.post("/api/cases", content=body, headers=json_body)
        assert told.status_code == status
        ((kind, content),) = sent["responses"][str(status)]["content"].items()
        assert told.headers["content-type"] == kind
        schema = described["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
        assert set(schema["required"]) <= told.json().keys() <= set(schema["properties"])
    lost = await client.get("/api/cases/PA-X", headers=headers)
    assert str(lost.status_code) in described["paths"]["/api/cases/{reference}"]["get"]["responses"]


async def test_what_needs_a_key_says_so(
    client: httpx.AsyncClient, described: dict[str, Any]
) -> None:
    assert described["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    for path, methods in described["paths"].items():
        for method, one in methods.items():
            keyed = {"key": []} in one.get("security", [])
            if "{" in path or path.startswith("/open311/"):
                continue
            told = await client.request(method, path, headers={"Accept": "application/json"})
            assert (told.status_code == 401) == keyed, (method, path, told.status_code)
    assert described["paths"]["/open311/v2/requests.json"]["get"]["security"] == [{}, {"key": []}]


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_open311_describes_what_it_reads_and_the_format_of_its_address(
    client: httpx.AsyncClient, described: dict[str, Any], form: str
) -> None:
    address = f"/open311/v2/requests.{form}"
    one = described["paths"][address]["get"]
    assert {each["name"] for each in one["parameters"]} == {
        "service_request_id", "service_code", "start_date", "end_date", "status", "page",
        "jurisdiction_id", "lang",
    }  # fmt: skip
    for status, query in (("200", ""), ("400", "?status=x")):
        told = await client.get(address + query)
        assert str(told.status_code) == status
        ((kind, content),) = one["responses"][status]["content"].items()
        assert told.headers["content-type"].startswith(kind)
        (example,) = content["examples"].values()
        assert isinstance(example["value"], str) == (form == "xml")
