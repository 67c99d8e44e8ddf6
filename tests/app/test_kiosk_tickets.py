"""A citizen's own code at the kiosk: the tap comes with a ticket and without a token."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.demo.kiosks import Kiosk
from surveys.devices import issue_code
from surveys.ratings import Handover, hand_over, waiting_rights
from surveys.transactions import fetch
from tests.app.rights import link, obtain_ticket
from tests.factories import make_agency, make_counter, make_dossier, make_procedure

TAP = {"overall": 4}


@pytest.fixture
async def kiosk(client: httpx.AsyncClient, form: int) -> Kiosk:
    """A device at counter C1, whose agency has returned dossiers H1 to H3."""
    agency = await make_agency("A1")
    counter = await make_counter(agency, "C1")
    procedure = await make_procedure()
    for place in (1, 2, 3):
        await make_dossier(agency, procedure, f"H{place}")
    kiosk = Kiosk()
    assert (await kiosk.enrol(client, (await issue_code(counter, actor=None)).code)).is_success
    return kiosk


async def send(client: httpx.AsyncClient, kiosk: Kiosk, *events: Any) -> list[str]:
    receipts = (await kiosk.send(client, *events)).json()["receipts"]
    return [one["code"] or one["status"] for one in receipts]


async def waiting() -> list[dict[str, Any]]:
    return await fetch(
        "SELECT mode, cell IS NOT NULL AS linked, counter IS NOT NULL AS at_counter"
        " FROM waiting_rating ORDER BY cell NULLS LAST"
    )


LINKED = {"mode": "kiosk", "linked": True, "at_counter": False}
UNLINKED = {"mode": "kiosk", "linked": False, "at_counter": True}


async def test_a_tap_with_a_ticket_is_linked_and_leaves_the_handovers_alone(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    await hand_over([Handover("H2", "C1")], questionnaire="counter", minutes=10)
    tap = kiosk.event(TAP, ticket=await obtain_ticket(client, await link("H1")))
    assert await send(client, kiosk, tap) == ["stored"]
    assert await waiting() == [LINKED]
    assert await waiting_rights("C1") == 1
    assert await send(client, kiosk, kiosk.event(TAP)) == ["stored"]
    assert await waiting() == [LINKED, LINKED]


async def test_details_follow_a_tap_with_a_ticket(client: httpx.AsyncClient, kiosk: Kiosk) -> None:
    name = str(uuid4())
    tap = kiosk.event(TAP, id=name, ticket=await obtain_ticket(client, await link("H1")))
    details = kiosk.event({"overall": 4, "access": 2}, id=name, kind="details")
    assert await send(client, kiosk, tap, details) == ["stored", "stored"]
    assert len(await fetch("SELECT FROM waiting_answer")) == 2


async def test_a_tap_whose_ticket_is_no_good_counts_without_a_dossier(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    await hand_over([Handover("H2", "C1")], questionnaire="counter", minutes=10)
    good = await obtain_ticket(client, await link("H1"))
    bad = [
        good | {"signature": good["signature"][:-8] + "AAAAAAAA"},
        good | {"message": "không phải base64"},
        good | {"key": str(uuid4())},
    ]
    events = [kiosk.event(TAP, ticket=one) for one in bad]
    assert await send(client, kiosk, *events) == ["stored"] * 3
    assert await waiting() == [UNLINKED] * 3
    # None of them took the right that a handover has opened for somebody else.
    assert await waiting_rights("C1") == 1


async def test_a_ticket_links_one_tap_and_a_resend_changes_nothing(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    ticket = await obtain_ticket(client, await link("H1"))
    taps = [kiosk.event(TAP, ticket=ticket) for _tap in range(3)]
    assert await send(client, kiosk, *taps) == ["stored"] * 3
    assert await send(client, kiosk, *taps) == ["stored"] * 3
    assert await waiting() == [LINKED, UNLINKED, UNLINKED]
    assert len(await fetch("SELECT FROM spent_signature")) == 1


async def test_one_ticket_from_many_kiosks_at_once_links_one_tap(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    counter = (await fetch("SELECT id FROM counter"))[0]["id"]
    kiosks = [kiosk]
    for _device in range(5):
        another = Kiosk()
        await another.enrol(client, (await issue_code(counter, actor=None)).code)
        kiosks.append(another)
    ticket = await obtain_ticket(client, await link("H1"))
    taps = [one.event(TAP, ticket=ticket) for one in kiosks]
    words = await asyncio.gather(
        *(send(client, one, tap) for one, tap in zip(kiosks, taps, strict=True) for _time in "ab")
    )
    assert {word for (word,) in words} == {"stored"}
    assert await waiting() == [LINKED, *[UNLINKED] * 5]


async def test_a_ticket_holds_no_token(client: httpx.AsyncClient, kiosk: Kiosk) -> None:
    token = await link("H1")
    tap = kiosk.event(TAP, ticket=await obtain_ticket(client, token))
    assert token not in json.dumps(tap)
