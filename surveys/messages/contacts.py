"""Contacts: where a citizen may be reached, taken only with the consent that allows it."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec

from surveys.messages.addresses import (
    AddressError,
    dossier_reference,
    hash_address,
    normalise,
)
from surveys.messages.events import CHANNELS, LANGUAGES
from surveys.messages.modes import assign_mode
from surveys.register.finished import finished_at
from surveys.tables.messages import AskedBy
from surveys.transactions import Row, fetch, fetch_one, transaction

PURPOSE = "rating"
HOW = ("counter", "online", "phone", "paper")
# A dossier finished longer ago is not asked about any more.
RETURNED_DAYS = 30

Code = Annotated[str, msgspec.Meta(max_length=80, pattern="^[^\\x00]*$")]
Typed = Annotated[str, msgspec.Meta(max_length=400, pattern="^[^\\x00]*$")]

FIND = f"""
SELECT d.id, d.code, d.agency, {finished_at()} AS finished_at FROM dossier d
WHERE d.code = $1 AND d.agency = coalesce($2, d.agency)
"""

# A corrected address replaces the old one, until the invitation is queued.
STORE = """
INSERT INTO contact (id, reference, dossier, channel, address, address_hash, language, seed,
    purpose, notice, consented_how, consented_at, expires_at)
VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (reference) DO UPDATE SET dossier = $2, channel = $3, address = $4, address_hash = $5,
    language = $6, purpose = $8, notice = $9, consented_how = $10, consented_at = $11,
    expires_at = $12, withdrawn_at = NULL
WHERE contact.dossier IS NOT NULL OR contact.withdrawn_at IS NOT NULL
"""


class Consent(msgspec.Struct, frozen=True):
    """What the citizen agreed to: for which purpose, after reading which notice, how and when."""

    purpose: Code
    notice: Code
    how: Code
    given_at: datetime
    expires_at: datetime | None = None


class NewContact(msgspec.Struct, frozen=True):
    """Where the citizen of one dossier may be reached, with the consent to it."""

    dossier: Code
    channel: Code
    address: Typed
    consent: Consent | None = None
    language: Code = "vi"


class Rules(msgspec.Struct, frozen=True):
    """What a contact is held against."""

    pepper: bytes
    days: int
    agency: int | None = None


async def take_contacts(
    contacts: Sequence[NewContact], rules: Rules, *, now: datetime | None = None
) -> list[str]:
    """Keep contacts with consent; returns one word for each.

    The words are `taken`, `no consent`, `consent expired`, `unknown channel`, `wrong address`,
    `opted out`, `unknown dossier` and `returned long ago`. `taken` says nothing of how a mode
    split decided: whoever reports the contact must not know.
    """
    moment = now or datetime.now(UTC)
    return [await _take(one, rules, moment) for one in contacts]


async def _take(contact: NewContact, rules: Rules, now: datetime) -> str:
    if refused := refuse_consent(contact.consent, now):
        return refused
    if contact.channel not in CHANNELS or contact.language not in LANGUAGES:
        return "unknown channel"
    try:
        address = normalise(contact.channel, contact.address)
    except AddressError:
        return "wrong address"
    async with transaction():
        return await _store(contact, address, rules, now)


def refuse_consent(consent: Consent | None, now: datetime) -> str:
    """The word for a consent that allows nothing, or nothing."""
    if consent is None or consent.purpose != PURPOSE or not consent.notice.strip():
        return "no consent"
    if consent.how not in HOW or consent.given_at.tzinfo is None or consent.given_at > now:
        return "no consent"
    if consent.expires_at is not None and consent.expires_at.tzinfo is None:
        return "no consent"
    return "consent expired" if consent.expires_at and consent.expires_at <= now else ""


async def _store(contact: NewContact, address: str, rules: Rules, now: datetime) -> str:
    dossier = await fetch_one(FIND, contact.dossier, rules.agency)
    if dossier is None:
        return "unknown dossier"
    hashed = hash_address(rules.pepper, address)
    if await fetch_one("SELECT 1 AS found FROM opt_out WHERE address_hash = $1", hashed):
        return "opted out"
    finished = dossier["finished_at"]
    if finished and finished < now - timedelta(days=RETURNED_DAYS):
        return "returned long ago"
    reference = dossier_reference(rules.pepper, contact.dossier)
    if await _was_invited(reference) or await assign_mode(dossier, now) is not AskedBy.MESSAGE:
        return "taken"
    await _insert(contact, dossier, (reference, address, hashed), rules, now)
    return "taken"


async def _was_invited(reference: str) -> bool:
    key = f"rating_invitation:{reference}"
    return bool(await fetch("SELECT 1 FROM outbox_message WHERE unique_key = $1", key))


async def _insert(
    contact: NewContact, dossier: Row, found: tuple[str, str, str], rules: Rules, now: datetime
) -> None:
    consent = contact.consent
    assert consent is not None  # noqa: S101 - refused before
    latest = now + timedelta(days=rules.days)
    reference, address, hashed = found
    await fetch(
        STORE,
        *(reference, dossier["id"], contact.channel, address, hashed, contact.language),
        *(secrets.token_bytes(16), consent.purpose, consent.notice[:40], consent.how),
        *(consent.given_at, min(consent.expires_at or latest, latest)),
    )


async def withdraw_contacts(
    dossiers: Sequence[str], pepper: bytes, *, agency: int | None = None
) -> int:
    """Take consent back at the citizen's word; what has not left yet is not sent."""
    async with transaction():
        rows = await fetch(
            "SELECT code FROM dossier WHERE code = ANY($1) AND agency = coalesce($2, agency)",
            *([code.replace("\0", "") for code in dossiers], agency),
        )
        references = [dossier_reference(pepper, row["code"]) for row in rows]
        return await withdraw("reference = ANY($1)", references)


async def withdraw(condition: str, value: object) -> int:
    """Empty the contacts of this condition and cancel what waits for them; returns how many."""
    rows = await fetch(
        "UPDATE contact SET withdrawn_at = now(), address = NULL, dossier = NULL"
        f" WHERE {condition} AND withdrawn_at IS NULL RETURNING id",
        value,
    )
    await fetch(
        "UPDATE outbox_message SET state = 'cancelled', done_at = now(), fields = '{}',"
        " last_error = 'consent withdrawn' WHERE contact = ANY($1)"
        " AND state IN ('queued', 'uncertain')",
        [row["id"] for row in rows],
    )
    return len(rows)
