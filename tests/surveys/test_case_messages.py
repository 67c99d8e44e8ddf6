"""The link of a case in a message: made when it leaves, and only while the citizen agrees."""

from datetime import timedelta

import pytest

from surveys import reflections
from surveys.accounts import FieldError
from surveys.messages import Origin, catalogue, claim, find_event, prepare, recover
from surveys.reflections import CITIZEN, Person
from surveys.transactions import fetch
from tests.surveys.case_town import (
    MONDAY,
    PEPPER,
    bring_in_hand,
    bring_to_answer,
    confirm_both,
    make_town,
    open_one,
)

ORIGIN = Origin(PEPPER, "https://sipas.example.vn")
LATER = MONDAY + timedelta(minutes=1)


async def test_the_message_of_an_answer_carries_the_link_that_is_stored_nowhere(
    database: str,
) -> None:
    town = await make_town()
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    await bring_to_answer(opened.id, town)
    rows = await fetch("SELECT outbox_message::text AS all FROM outbox_message")
    assert all(opened.token not in row["all"] for row in rows)
    bodies = []
    for _message in rows:
        message = await claim("w", now=LATER, quiet=False, lease_seconds=60)
        assert message is not None
        outgoing = await prepare(message, ORIGIN, now=LATER)
        assert outgoing is not None
        assert outgoing.address == "+84912345678"
        bodies.append(outgoing.body)
    assert len(bodies) == 2
    assert all(f"https://sipas.example.vn/p/{opened.token}" in body for body in bodies)
    assert all(opened.reference in body for body in bodies)


@pytest.mark.parametrize("phone", ["0258 3822 222", "+1 415 555 0123"])
async def test_no_text_message_goes_to_a_number_that_takes_none(database: str, phone: str) -> None:
    town = await make_town()
    person = Person(name="Trần Thị Bé", phone=phone)
    with pytest.raises(FieldError) as refused:
        await open_one(town, person=person)
    assert refused.value.field == "notify"
    # Not even where such a wish was kept some other way: the case goes on without a message.
    opened = await open_one(town, person=person, notify=None)
    await fetch("UPDATE reflection_case SET notify = 'sms' WHERE id = $1", opened.id)
    await bring_in_hand(opened.id, town)
    assert await fetch("SELECT 1 FROM outbox_message") == []


async def test_who_takes_back_the_consent_to_replies_is_told_nothing_more_and_still_answered(
    database: str,
) -> None:
    town = await make_town()
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    await reflections.withdraw_reply(opened.id)
    await bring_to_answer(opened.id, town)
    rows = await fetch("SELECT state, address FROM outbox_message")
    assert [tuple(row.values()) for row in rows] == [("cancelled", None)]
    (contact,) = await fetch("SELECT phone, reply, publication FROM case_contact")
    assert tuple(contact.values()) == ("+84912345678", False, True)
    view = await reflections.citizen_view(opened.id)
    assert view.answers[0]["text"] == "Chúng tôi xin lỗi."


def test_every_message_about_a_case_must_have_its_link() -> None:
    told = {move.message for move in reflections.machine().moves.values()} - {""}
    assert {"reflection_returned", "reflection_published"} <= told
    shipped = {
        name
        for name, event in catalogue().events.items()
        if name.startswith("reflection_") and event.for_citizens
    }
    assert told == shipped - {"reflection_by_mail"}
    assert all("link" in find_event(name).needed for name in shipped)


async def leave() -> tuple[str, str]:
    """The event and the text of the next message that leaves."""
    message = await claim("w", now=LATER, quiet=False, lease_seconds=60)
    assert message is not None
    outgoing = await prepare(message, ORIGIN, now=LATER)
    assert outgoing is not None
    return message["event"], outgoing.body


async def told_since(opened: reflections.Opened) -> list[tuple[str, str]]:
    """What waits for the citizen leaves: each event and its text, which has the link."""
    rows = await fetch("SELECT event FROM outbox_message WHERE state = 'queued'")
    found = [await leave() for _row in rows]
    assert all(opened.token in body for _event, body in found)
    return found


async def test_the_citizen_is_told_that_an_answer_was_sent_back_and_the_new_date(
    database: str,
) -> None:
    town = await make_town()
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    await bring_to_answer(opened.id, town)
    await told_since(opened)
    done = await reflections.return_answer(opened.id, "Né ý chính.", town.coordinator, now=MONDAY)
    ((event, body),) = await told_since(opened)
    assert event == "reflection_returned"
    assert done.due_at is not None
    assert f"Hạn mới: {done.due_at.astimezone(MONDAY.tzinfo):%d/%m/%Y}." in body


@pytest.mark.parametrize("settled", [False, True])
async def test_the_citizen_is_told_once_that_an_answer_is_public(
    database: str, settled: bool
) -> None:
    town = await make_town()
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    await bring_to_answer(opened.id, town)
    if settled:
        await reflections.settle(opened.id, now=MONDAY)
    await confirm_both(opened.id, town)
    await told_since(opened)
    await reflections.publish(opened.id, town.head, now=MONDAY)
    assert [event for event, _body in await told_since(opened)] == ["reflection_published"]
    # What is covered better is no news; the next answer is.
    await confirm_both(opened.id, town)
    await reflections.publish(opened.id, town.head, now=MONDAY)
    assert await told_since(opened) == []
    if not settled:
        await reflections.not_settled(opened.id, "Chưa xong", now=MONDAY)
        await reflections.take(opened.id, town.clerk, now=MONDAY)
        await bring_to_answer(opened.id, town, text="Lần hai.")
        await confirm_both(opened.id, town)
        await told_since(opened)
        await reflections.publish(opened.id, town.head, now=MONDAY)
        assert [event for event, _body in await told_since(opened)] == ["reflection_published"]


async def test_a_message_that_waits_is_not_sent_when_consent_was_taken_back(database: str) -> None:
    town = await make_town()
    opened = await open_one(town)
    await reflections.receive(opened.id, town.clerk, now=MONDAY)
    message = await claim("w", now=LATER, quiet=False, lease_seconds=60)
    assert message is not None
    await reflections.withdraw_consent(opened.id)
    assert await prepare(message, ORIGIN, now=LATER) is None


async def test_consent_taken_back_forgets_every_address_that_waits(database: str) -> None:
    town = await make_town()
    opened = await open_one(town)
    other = await open_one(town)
    await bring_in_hand(opened.id, town)
    await reflections.receive(other.id, town.clerk, now=MONDAY)
    await reflections.ask_information(opened.id, "Hôm nào?", town.clerk, now=MONDAY)
    await reflections.add_information(opened.id, "Thứ Hai", CITIZEN, now=MONDAY)
    await bring_to_answer(opened.id, town)
    mine = "fields ->> 'case' = $1"
    states = ["uncertain", "sending", "queued"]
    messages = await fetch(f"SELECT id FROM outbox_message WHERE {mine}", str(opened.id))
    assert len(messages) == len(states)
    for row, state in zip(messages, states, strict=True):
        await fetch("UPDATE outbox_message SET state = $2 WHERE id = $1", row["id"], state)
    await reflections.withdraw_consent(opened.id)
    rows = await fetch(
        "SELECT * FROM outbox_message WHERE id = ANY ($1)", [row["id"] for row in messages]
    )
    assert sorted(row["state"] for row in rows) == ["cancelled", "cancelled", "sending"]
    assert [(row["address"], row["fields"]) for row in rows] == [(None, "{}")] * 3
    (kept,) = await fetch(f"SELECT state, address FROM outbox_message WHERE {mine}", str(other.id))
    assert kept == {"state": "queued", "address": "+84912345678"}
    # What was being sent is not sent again.
    await recover(LATER, repeatable=["sms"])
    await fetch("UPDATE outbox_message SET leased_until = $1 WHERE state = 'sending'", MONDAY)
    await recover(LATER, repeatable=["sms"])
    while message := await claim("w", now=LATER, quiet=False, lease_seconds=60):
        outgoing = await prepare(message, ORIGIN, now=LATER)
        assert (outgoing is None) == (message["id"] in {row["id"] for row in messages})


async def test_a_message_that_waits_carries_the_link_that_was_renewed_meanwhile(
    database: str,
) -> None:
    town = await make_town()
    opened = await open_one(town, source="api:x:1")
    await bring_in_hand(opened.id, town)
    await bring_to_answer(opened.id, town)
    renewed = await reflections.renew_access(opened.token, "k", PEPPER)
    assert renewed is not None
    bodies = []
    while message := await claim("w", now=LATER, quiet=False, lease_seconds=60):
        outgoing = await prepare(message, ORIGIN, now=LATER)
        assert outgoing is not None
        bodies.append(outgoing.body)
    assert any(f"/p/{renewed.token}" in body for body in bodies)
    assert not any(opened.token in body for body in bodies)
    assert await reflections.find_by_token(opened.token) is None
    # Nor does the program that sent it learn the new one by sending again.
    known = await open_one(town, source="api:x:1")
    assert (known.known, known.token, known.code) == (True, "", "")
