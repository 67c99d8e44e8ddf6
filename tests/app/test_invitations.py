"""From a returned dossier to its invitation and the one reminder, by a clock that the tests set."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from app.delivery import GatewayChannel, GatewayConfig, Sender, is_quiet
from app.settings import SettingError, Settings
from surveys.accounts import Role
from surveys.messages import (
    Split,
    invite_returned,
    rating_token,
    start_plan,
    stop_messages,
    stop_token,
    withdraw_contacts,
)
from surveys.ratings import Handover, find_invitation, hand_over
from surveys.retention import purge
from surveys.transactions import fetch
from tests.app.gateways import http_gateway
from tests.app.outbox import (
    PEPPER,
    TIMING,
    Clock,
    consent,
    contact,
    make_sender,
    noon,
    states,
    take_contacts,
)
from tests.app.people import make_person
from tests.factories import KEPT_DAYS, make_agency, make_counter, make_dossier, make_procedure


@pytest.fixture
async def agency(database: str) -> int:
    """One agency with counter C1 and dossiers H1 (just returned) and H2 (not yet)."""
    agency = await make_agency("A1", name="Sở Tư pháp")
    await make_counter(agency, "C1")
    procedure = await make_procedure()
    now = datetime.now(UTC)
    for code, returned in (("H1", now - timedelta(hours=1)), ("H2", None)):
        await make_dossier(
            agency, procedure, code, received_at=now - timedelta(days=5), due_at=now,
            returned_at=returned, closed_at=returned,
        )  # fmt: skip
    return agency


@pytest.fixture
def sender(tmp_path: Path) -> Sender:
    """A sender that writes files and lives at noon."""
    return make_sender(tmp_path, clock=Clock(noon()))


def move(sender: Sender, **by: float) -> None:
    assert isinstance(sender.now, Clock)
    sender.now.move(**by)


def bodies(sender: Sender) -> list[str]:
    return [path.read_text() for path in sorted(sender.settings.var.glob("*.json"))]


async def spend(dossier: str) -> None:
    await fetch(
        "INSERT INTO spent_right (id, dossier, questionnaire, day)"
        " SELECT $1, id, 'counter', '2026-11-27' FROM dossier WHERE code = $2",
        *(uuid4(), dossier),
    )


async def dump() -> str:
    """Every row of every table, as text."""
    tables = await fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = [await fetch(f'SELECT t::text AS row FROM "{one["tablename"]}" t') for one in tables]
    return "\n".join(row["row"] for rows in found for row in rows)


async def test_a_returned_dossier_is_invited_once_reminded_once_and_then_forgotten(
    agency: int, sender: Sender
) -> None:
    assert await take_contacts(contact("H1")) == ["taken"]
    assert "+84912345678" in await dump()
    start = sender.now()
    assert await invite_returned(TIMING, PEPPER, now=start) == 1
    assert await invite_returned(TIMING, PEPPER, now=start) == 0
    rows = await fetch("SELECT dossier, seed FROM contact")
    assert rows[0]["dossier"] is None
    assert await sender.send_due() == 0
    move(sender, minutes=31)
    assert await sender.send_due() == 1
    token = rating_token(PEPPER, rows[0]["seed"])
    assert f"https://sipas.example.vn/r/{token}" in bodies(sender)[0]
    assert "Sở Tư pháp" in bodies(sender)[0]
    invitation = await find_invitation(token)
    assert invitation is not None
    assert not invitation.spent
    move(sender, days=5)
    assert await sender.send_due() == 1
    move(sender, days=60)
    assert await sender.send_due() == 0
    assert [state for _event, state, _reason in await states()] == ["sent", "sent"]
    assert "912345678" not in await dump()
    assert await fetch("SELECT * FROM contact") == []
    assert await take_contacts(contact("H1")) == ["taken"]
    assert await fetch("SELECT * FROM contact") == []


async def test_a_dossier_is_invited_when_it_is_returned_and_not_before(
    agency: int, sender: Sender
) -> None:
    assert await take_contacts(contact("H2", channel="mail", address="hoa@example.vn")) == ["taken"]
    assert await invite_returned(TIMING, PEPPER, now=datetime.now(UTC)) == 0
    await hand_over([Handover("H2", "C1")], questionnaire="counter", minutes=10)
    assert await invite_returned(TIMING, PEPPER, now=datetime.now(UTC)) == 1


@pytest.mark.parametrize(("after_invitation", "left"), [(False, 0), (True, 1)])
async def test_who_has_rated_gets_no_message_more(
    agency: int, sender: Sender, after_invitation: bool, left: int
) -> None:
    await take_contacts(contact("H1"))
    await invite_returned(TIMING, PEPPER, now=sender.now())
    if after_invitation:
        move(sender, hours=1)
        await sender.send_due()
    await spend("H1")
    move(sender, days=6)
    await sender.send_due()
    assert len(bodies(sender)) == left
    told = await states()
    assert told[-1][:2] == ("rating_reminder", "cancelled")
    assert "already rated" in {reason for _event, _state, reason in told}
    assert "912345678" not in await dump()


async def test_a_number_that_takes_no_message_gets_no_reminder_and_goes(
    agency: int, sender: Sender
) -> None:
    await take_contacts(contact("H1"))
    await invite_returned(TIMING, PEPPER, now=sender.now())
    async with http_gateway(mood="refuse") as gateway:
        sms = GatewayChannel(GatewayConfig(url=gateway.address))
        move(sender, hours=1)
        await make_sender(sender.settings.var, {"sms": sms}, Clock(sender.now())).send_due()
    assert [(state, reason) for _event, state, reason in await states()] == [
        ("failed", 'HTTP 400: {"error": "no"}'), ("cancelled", "invitation not sent")
    ]  # fmt: skip
    assert "912345678" not in await dump()


async def test_opting_out_stops_the_reminder_and_everything_later(
    agency: int, sender: Sender
) -> None:
    await take_contacts(contact("H1"))
    await invite_returned(TIMING, PEPPER, now=sender.now())
    move(sender, hours=1)
    await sender.send_due()
    token = stop_token(PEPPER, "+84912345678")
    assert f"/stop/{token}" in bodies(sender)[0]
    assert await stop_messages(token, PEPPER)
    assert await stop_messages(token, PEPPER)
    assert "912345678" not in await dump()
    move(sender, days=6)
    assert await sender.send_due() == 0
    assert await take_contacts(contact("H2", address="+84 912 345 678")) == ["opted out"]
    assert not await stop_messages("A" * 28, PEPPER)
    assert not await stop_messages("nonsense!", PEPPER)


async def test_consent_withdrawn_at_the_counter_empties_the_contact(
    agency: int, sender: Sender
) -> None:
    await take_contacts(contact("H1"))
    await invite_returned(TIMING, PEPPER, now=sender.now())
    assert await withdraw_contacts(["H1", "H2", "unknown"], PEPPER) == 1
    assert "912345678" not in await dump()
    move(sender, days=1)
    assert await sender.send_due() == 0
    rows = await fetch("SELECT withdrawn_at IS NOT NULL AS withdrawn, consented_how FROM contact")
    assert rows == [{"withdrawn": True, "consented_how": "counter"}]


async def test_an_expired_contact_goes_and_its_message_with_it(agency: int, sender: Sender) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    await take_contacts(contact("H1", consent=consent(expires_at=soon)))
    await invite_returned(TIMING, PEPPER, now=datetime.now(UTC))
    await fetch("UPDATE contact SET expires_at = now() - interval '1 minute'")
    counts = await purge(**KEPT_DAYS)
    assert counts["contacts"] == 1
    assert "912345678" not in await dump()
    move(sender, days=10)
    await sender.send_due()
    assert {reason for _event, _state, reason in await states()} == {"contact deleted"}


async def test_an_uncertain_message_loses_its_address_after_a_week(
    agency: int, sender: Sender
) -> None:
    await take_contacts(contact("H1"))
    await invite_returned(TIMING, PEPPER, now=sender.now())
    await fetch("UPDATE outbox_message SET state = 'uncertain', due = now() - interval '8 days'")
    assert (await purge(**KEPT_DAYS))["uncertain_messages"] == 2
    assert "912345678" not in await dump()


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"consent": None}, "no consent"),
        ({"consent": consent(purpose="marketing")}, "no consent"),
        ({"consent": consent(notice=" ")}, "no consent"),
        ({"consent": consent(how="assumed")}, "no consent"),
        ({"consent": consent(given_at=datetime(2099, 1, 1, tzinfo=UTC))}, "no consent"),
        ({"consent": consent(expires_at=datetime(2021, 1, 1, tzinfo=UTC))}, "consent expired"),
        ({"channel": "pigeon"}, "unknown channel"),
        ({"address": "0212 345 678"}, "wrong address"),
        ({"channel": "mail", "address": "hoa@"}, "wrong address"),
        ({"dossier": "H9"}, "unknown dossier"),
    ],
)
async def test_a_contact_that_cannot_be_taken_is_refused_in_a_word(
    agency: int, given: dict[str, object], word: str
) -> None:
    assert await take_contacts(contact(**({"dossier": "H1"} | given))) == [word]  # type: ignore[arg-type]
    assert await fetch("SELECT * FROM contact") == []


async def test_a_dossier_returned_long_ago_is_not_asked_about(agency: int) -> None:
    await make_dossier(agency, await make_procedure(), "H0")
    assert await take_contacts(contact("H0")) == ["returned long ago"]
    assert await take_contacts(contact("H1"), agency=agency + 1) == ["unknown dossier"]


async def test_a_corrected_number_replaces_the_first(agency: int) -> None:
    await take_contacts(contact("H2"))
    await take_contacts(contact("H2", address="0987 654 321"))
    rows = await fetch("SELECT address FROM contact")
    assert rows == [{"address": "+84987654321"}]


async def test_messages_wait_while_citizens_sleep(agency: int, sender: Sender) -> None:
    await take_contacts(contact("H1"))
    move(sender, hours=9.5)
    await invite_returned(TIMING, PEPPER, now=sender.now())
    move(sender, hours=1)
    assert is_quiet(sender.settings, sender.now())
    assert await sender.send_due() == 0
    move(sender, hours=8)
    assert await sender.send_due() == 0
    move(sender, hours=1)
    assert await sender.send_due() == 1


@pytest.mark.parametrize(
    ("hours", "utc_hour", "quiet"),
    [
        ("21:00-07:00", 13, False),
        ("21:00-07:00", 14, True),
        ("21:00-07:00", 23, True),
        ("21:00-07:00", 0, False),
        ("12:00-13:30", 6, True),
        ("12:00-13:30", 7, False),
        ("00:00-00:00", 17, False),
    ],
)
def test_quiet_hours_are_hours_in_viet_nam(hours: str, utc_hour: int, quiet: bool) -> None:
    moment = datetime(2026, 11, 27, utc_hour, tzinfo=UTC)
    assert is_quiet(Settings(quiet_hours=hours), moment) is quiet


def test_hours_that_are_none_name_the_setting() -> None:
    with pytest.raises(SettingError, match="SIPAS_QUIET_HOURS"):
        is_quiet(Settings(quiet_hours="night"), datetime.now(UTC))


async def plan(agency: int, kiosk: int, message: int, none: int) -> None:
    actor = await make_person(Role.ADMINISTRATOR)
    await start_plan(agency, Split(kiosk, message, none), actor=actor, seed="lot")


@pytest.mark.parametrize(
    ("shares", "word", "contacts"),
    [((100, 0, 0), "open", 0), ((0, 100, 0), "asked otherwise", 1), ((0, 0, 100), "asked otherwise", 0)],
)  # fmt: skip
async def test_a_split_decides_where_a_citizen_is_asked_and_tells_nobody(
    agency: int, shares: tuple[int, int, int], word: str, contacts: int
) -> None:
    await plan(agency, *shares)
    assert await take_contacts(contact("H2"), contact("H2")) == ["taken", "taken"]
    assert len(await fetch("SELECT * FROM contact")) == contacts
    told = await hand_over([Handover("H2", "C1")], questionnaire="counter", minutes=10)
    assert told == [word]
    (row,) = await fetch("SELECT mode, before_return FROM mode_assignment")
    assert row["before_return"]
    (dossier,) = await fetch("SELECT returned_at FROM dossier WHERE code = 'H2'")
    assert dossier["returned_at"] is not None


async def test_without_consent_nobody_takes_part_in_a_split(agency: int) -> None:
    await plan(agency, 0, 0, 100)
    await take_contacts(contact("H2", consent=None))
    told = await hand_over([Handover("H2", "C1")], questionnaire="counter", minutes=10)
    assert told == ["open"]
    assert await fetch("SELECT * FROM mode_assignment") == []


async def test_a_contact_that_comes_after_the_handover_closes_the_kiosk_and_says_so(
    agency: int,
) -> None:
    await hand_over([Handover("H2", "C1")], questionnaire="counter", minutes=10)
    await plan(agency, 0, 100, 0)
    await take_contacts(contact("H2"))
    assert await fetch("SELECT * FROM right_to_rate") == []
    (row,) = await fetch("SELECT mode, before_return FROM mode_assignment")
    assert (row["mode"], row["before_return"]) == ("message", False)
