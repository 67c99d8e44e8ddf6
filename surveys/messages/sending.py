"""A claimed message becomes words with an address, or turns out not to be wanted any more."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from surveys.messages.addresses import case_token, rating_token, stop_token
from surveys.messages.events import find_event
from surveys.messages.outbox import mark_cancelled
from surveys.messages.stopping import has_stopped
from surveys.messages.templates import find_words
from surveys.ratings.rights import find_invitation
from surveys.transactions import Row, fetch, fetch_one

CONTACT = "SELECT address, seed, expires_at, withdrawn_at FROM contact WHERE id = $1"

# A citizen of a case may take consent back, and their contact goes at its time.
STILL_AGREES = """
SELECT 1 AS it FROM case_contact WHERE case_id = $1 AND reply AND expires_at > $2
"""

# The one reminder follows an invitation that left.
INVITED = """
SELECT 1 AS it FROM outbox_message
WHERE contact = $1 AND NOT reminder AND state IN ('sent', 'delivered') LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a channel needs to send one message; the id is the idempotency key."""

    id: UUID
    channel: str
    address: str
    subject: str
    body: str
    stop_url: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """What links are made of: the program's pepper and the address that citizens reach."""

    pepper: bytes
    base_url: str


async def prepare(message: Row, origin: Origin, *, now: datetime) -> Outgoing | None:
    """The message as it leaves; None, and cancelled, when it must not be sent any more."""
    contact = await fetch_one(CONTACT, message["contact"]) if message["contact"] else None
    if reason := await _unwanted(message, contact, origin, now):
        await mark_cancelled(message, reason)
        return None
    return await _write(message, contact, origin)


async def _unwanted(message: Row, contact: Row | None, origin: Origin, now: datetime) -> str:
    if contact is None:
        if message["address"] is None:
            return "contact deleted"
        case = message["fields"].get("case")
        if case and not await fetch_one(STILL_AGREES, UUID(case), now):
            return "consent withdrawn"
    elif contact["withdrawn_at"] is not None:
        return "consent withdrawn"
    elif contact["expires_at"] <= now:
        return "consent expired"
    address = contact["address"] if contact else message["address"]
    if find_event(message["event"]).for_citizens and await has_stopped(address, origin.pepper):
        return "opted out"
    return await _too_late(message, contact, origin, now) if contact else ""


async def _too_late(message: Row, contact: Row, origin: Origin, now: datetime) -> str:
    invitation = await find_invitation(rating_token(origin.pepper, contact["seed"]))
    if invitation is not None and invitation.spent:
        return "already rated"
    if invitation is None or invitation.expires_at <= now:
        return "link expired"
    if message["reminder"] and await fetch_one(INVITED, message["contact"]) is None:
        return "invitation not sent"
    return ""


async def _write(message: Row, contact: Row | None, origin: Origin) -> Outgoing:
    address = contact["address"] if contact else message["address"]
    values = dict(message["fields"])
    stop = ""
    if find_event(message["event"]).for_citizens:
        stop = values["stop"] = f"{origin.base_url}/stop/{stop_token(origin.pepper, address)}"
    if contact:
        values["link"] = f"{origin.base_url}/r/{rating_token(origin.pepper, contact['seed'])}"
    if case := values.pop("case", None):
        values["link"] = f"{origin.base_url}/p/{await _case_token(UUID(case), origin.pepper)}"
    words = await find_words(
        message["event"],
        message["channel"],
        message["language"],
        version=message["template_version"],
    )
    # A gateway that knows the key wants the same text again, whatever the office wrote since.
    await fetch(
        "UPDATE outbox_message SET template_version = $2 WHERE id = $1",
        *(message["id"], words.version),
    )
    subject, body = words.fill(values)
    return Outgoing(message["id"], message["channel"], address, subject, body, stop)


async def _case_token(case: UUID, pepper: bytes) -> str:
    """The link that holds now: its citizen may have ended an earlier one."""
    row = await fetch_one("SELECT token_version FROM reflection_case WHERE id = $1", case)
    return case_token(pepper, case, row["token_version"] if row else 1)
