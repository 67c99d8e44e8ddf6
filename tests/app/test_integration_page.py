"""What docs/integration.md tells integrators to send is taken as it stands there."""

import json
import re
from pathlib import Path

import httpx
import pytest

from surveys.accounts import issue_key
from tests.factories import make_agency, make_counter, make_dossier, make_procedure

TEXT = (Path(__file__).parents[2] / "docs" / "integration.md").read_text()
CALLS = re.findall(r'curl -sS "\$SIPAS(/api/[a-z/]+)".*?-d \'\n(.*?)\'\n', TEXT, re.DOTALL)


@pytest.fixture
async def headers(form: int) -> dict[str, str]:
    agency = await make_agency()
    await make_counter(agency, "KH-STP-1")
    procedure = await make_procedure()
    for number in (42, 43):
        await make_dossier(agency, procedure, f"H32.15-2026-00{number}")
    return {"Authorization": f"Bearer {await issue_key('Một cửa', 'handover', actor=None)}"}


def test_every_call_has_an_example() -> None:
    assert [path for path, _body in CALLS] == [
        "/api/slips", "/api/slips/pdf", "/api/handovers", "/api/links", "/api/contacts",
    ]  # fmt: skip


@pytest.mark.parametrize(("path", "body"), CALLS, ids=[path for path, _body in CALLS])
async def test_an_example_is_taken_again_and_again(
    client: httpx.AsyncClient, headers: dict[str, str], path: str, body: str
) -> None:
    for _time in range(2):
        answer = await client.post(path, json=json.loads(body), headers=headers)
        assert answer.status_code == 200, answer.text


async def test_the_description_of_the_interface_shows_the_same_examples(
    client: httpx.AsyncClient, database: str
) -> None:
    schemas = (await client.get("/api/schema/openapi.json")).json()["components"]["schemas"]
    sent = {path: json.loads(body) for path, body in CALLS}
    shown = {
        name: schemas[name]["properties"][field]["examples"][0]
        for name, field in (("Handovers", "handovers"), ("Contacts", "contacts"))
    }
    assert shown["Handovers"] == sent["/api/handovers"]["handovers"]
    assert shown["Contacts"] == sent["/api/contacts"]["contacts"]
