"""The link of a case in a message: made when it leaves, and only while the citizen agrees."""

from datetime import timedelta

from surveys import reflections
from surveys.messages import Origin, claim, prepare
from surveys.transactions import fetch
from tests.surveys.case_town import (
    MONDAY,
    PEPPER,
    bring_in_hand,
    bring_to_answer,
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
    assert sum(f"https://sipas.example.vn/p/{opened.token}" in body for body in bodies) == 1
    assert all(opened.reference in body for body in bodies)


async def test_a_message_that_waits_is_not_sent_when_consent_was_taken_back(database: str) -> None:
    town = await make_town()
    opened = await open_one(town)
    await reflections.receive(opened.id, town.clerk, now=MONDAY)
    message = await claim("w", now=LATER, quiet=False, lease_seconds=60)
    assert message is not None
    await reflections.withdraw_consent(opened.id)
    assert await prepare(message, ORIGIN, now=LATER) is None
