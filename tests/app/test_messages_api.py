"""Contacts, receipts and the link that stops messages, over real HTTP."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from app.access import pepper
from app.delivery import Sender, make_sender
from app.settings import Settings
from surveys.accounts import issue_key
from surveys.messages import stop_token
from surveys.transactions import fetch
from tests.app.outbox import message, queue
from tests.app.people import get
from tests.factories import make_agency, make_dossier, make_procedure

CHANNELS = """
[sms]
kind = "http"
url = "http://127.0.0.1:9/send"

[sms.receipts]
secret = "a-long-secret"
id_field = "message.id"
state_field = "status"
delivered = ["DELIVRD"]
failed = ["UNDELIV", "EXPIRED"]
"""


@pytest.fixture
async def headers(database: str) -> dict[str, str]:
    """The key of the one-stop software; dossier H1 was returned an hour ago."""
    agency = await make_agency("A1")
    now = datetime.now(UTC)
    await make_dossier(
        agency, await make_procedure(), "H1", received_at=now - timedelta(days=3),
        returned_at=now - timedelta(hours=1), closed_at=None,
    )  # fmt: skip
    return {"Authorization": f"Bearer {await issue_key('Một cửa', 'handover', actor=None)}"}


def body(**given: object) -> dict[str, object]:
    moment = datetime.now(UTC) - timedelta(hours=1)
    consent = {
        "purpose": "rating", "notice": "2026-1", "how": "counter", "given_at": moment.isoformat()
    }  # fmt: skip
    one = {"dossier": "H1", "channel": "sms", "address": "0912345678", "consent": consent}
    return {"contacts": [one | given]}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of the server under test, with a gateway that sends receipts."""
    (tmp_path / "channels.toml").write_text(CHANNELS)
    return Settings(var=tmp_path)


async def test_a_contact_needs_the_key_and_the_consent(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    assert (await client.post("/api/contacts", json=body())).status_code == 401
    answer = await client.post("/api/contacts", json=body(), headers=headers)
    assert answer.json() == {"outcomes": ["taken"]}
    refused = await client.post("/api/contacts", json=body(consent=None), headers=headers)
    assert refused.json() == {"outcomes": ["no consent"]}
    assert len(await fetch("SELECT * FROM contact")) == 1


@pytest.mark.parametrize(
    "sent",
    [
        {"contacts": []},
        {"contacts": [{"dossier": "H1"}]},
        {"contacts": [{"dossier": "H\0", "channel": "sms", "address": "0912345678"}]},
        body(consent={"purpose": "rating"}),
        {},
    ],
)
async def test_a_request_that_is_no_list_of_contacts_is_refused(
    client: httpx.AsyncClient, headers: dict[str, str], sent: dict[str, object]
) -> None:
    answer = await client.post("/api/contacts", json=sent, headers=headers)
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_consent_can_be_taken_back_by_the_one_stop_software(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    await client.post("/api/contacts", json=body(), headers=headers)
    sent = {"dossiers": ["H1", "H2"]}
    assert (await client.post("/api/contacts/withdrawals", json=sent)).status_code == 401
    answer = await client.post("/api/contacts/withdrawals", json=sent, headers=headers)
    assert answer.json() == {"withdrawn": 1}
    assert (await fetch("SELECT address FROM contact"))[0]["address"] is None


async def sent_message(state: str = "sent", provider_id: str | None = "G-1") -> UUID:
    which = await queue(due=None)
    address = "address" if state == "uncertain" else "NULL"
    await fetch(
        f"UPDATE outbox_message SET state = $2, provider_id = $3, address = {address}"
        " WHERE id = $1",
        *(which, state, provider_id),
    )
    return which


async def test_receipts_repeat_without_harm(settings: Settings, client: httpx.AsyncClient) -> None:
    which = await sent_message()
    receipt = {"message": {"id": "G-1"}, "status": "DELIVRD"}
    taken = [
        (await client.post("/api/receipts/a-long-secret", json=one)).json()
        for one in (receipt, receipt, [receipt | {"status": "UNDELIV"}, receipt])
    ]
    assert taken == [{"taken": 1}, {"taken": 0}, {"taken": 0}]
    assert (await message(which))["state"] == "delivered"


async def test_a_receipt_settles_an_uncertain_message_by_our_own_key(
    settings: Settings, client: httpx.AsyncClient
) -> None:
    which = await sent_message("uncertain", None)
    receipt = {"message": {"id": str(which)}, "status": "EXPIRED"}
    await client.post("/api/receipts/a-long-secret", json=receipt)
    row = await message(which)
    assert (row["state"], row["address"], row["last_error"]) == ("failed", None, "EXPIRED")


async def test_a_receipt_with_a_wrong_secret_or_no_sense_changes_nothing(
    settings: Settings, client: httpx.AsyncClient
) -> None:
    which = await sent_message()
    receipt = {"message": {"id": "G-1"}, "status": "DELIVRD"}
    assert (await client.post("/api/receipts/other", json=receipt)).status_code == 404
    address = "/api/receipts/a-long-secret"
    assert (await client.post(address, content=b"")).status_code == 422
    assert (await client.post(address, json=[1, None, {"status": "DELIVRD"}])).json() == {
        "taken": 0
    }
    assert (await client.post(address, json=receipt | {"status": "SEEN"})).json() == {"taken": 0}
    assert (await message(which))["state"] == "sent"


async def test_looking_at_the_link_stops_nothing_and_its_button_stops_at_once(
    settings: Settings, client: httpx.AsyncClient
) -> None:
    token = stop_token(pepper(settings), "+84912345678")
    page = await get(client, f"/stop/{token}")
    assert page.status_code == 200
    assert "Ngừng nhận tin" in page.text
    assert await fetch("SELECT * FROM opt_out") == []
    # As mail programs do it (RFC 8058): a POST with no cookie and no page before it.
    sent = {"List-Unsubscribe": "One-Click"}
    answer = await client.post(f"/stop/{token}", data=sent, headers={"accept": "text/html"})
    assert "Đã ngừng" in answer.text
    assert len(await fetch("SELECT * FROM opt_out")) == 1
    assert (await client.post("/stop/made-up")).status_code == 404
    which = await queue(due=None)
    sender: Sender = make_sender(settings)
    loud = Sender(Settings(quiet_hours="00:00-00:00"), sender.channels, sender.origin)
    await loud.send_due()
    assert (await message(which))["last_error"] == "opted out"


async def test_a_silent_device_is_told_by_mail_even_at_night(
    database: str, settings: Settings
) -> None:
    which = await queue(
        "device_silent", channel="mail", address="truc@example.vn", due=None,
        fields={"counter": "Quầy số 1", "agency": "Sở Tư pháp", "since": "09:15"},
    )  # fmt: skip
    sender = make_sender(settings)
    night = Sender(Settings(quiet_hours="00:00-23:59"), sender.channels, sender.origin)
    await night.send_due()
    assert (await message(which))["state"] == "sent"
    (written,) = (settings.var / "outbox").glob("*.json")
    assert "ki-ốt Quầy số 1 (Sở Tư pháp) im lặng từ 09:15" in written.read_text()
    assert "/stop/" not in written.read_text()
