"""Tickets: a message that was signed blindly, brought back with a rating, without a dossier."""

import asyncio
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Annotated
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from surveys.devices.signatures import decode
from surveys.ratings.tickets import Ticket
from surveys.rights.blinding import MESSAGE_BYTES, is_signed
from surveys.rights.keys import public_keys

# More than these take longer than a request should hold up its neighbours.
FEW = 8

Text = Annotated[str, msgspec.Meta(max_length=400)]


class SentTicket(msgspec.Struct, frozen=True):
    """A prepared message of 64 bytes and its signature, both base64url, and the key's id."""

    key: UUID
    message: Text
    signature: Text


async def check_tickets(tickets: Sequence[SentTicket]) -> list[Ticket | None]:
    """What each is worth to the recorder; None where the signature is not good.

    A ticket whose key is gone is handed on without it: recording tells a resend from one too late.
    """
    if not tickets:
        return []
    keys = await public_keys(list({ticket.key for ticket in tickets}))
    if len(tickets) <= FEW:
        return _check(tickets, keys)
    return await asyncio.to_thread(_check, tickets, keys)


def _check(tickets: Sequence[SentTicket], keys: Mapping[UUID, RSAPublicKey]) -> list[Ticket | None]:
    return [_check_one(ticket, keys.get(ticket.key)) for ticket in tickets]


def _check_one(ticket: SentTicket, key: RSAPublicKey | None) -> Ticket | None:
    try:
        message, signature = decode(ticket.message), decode(ticket.signature)
    except ValueError:
        return None
    if len(message) != MESSAGE_BYTES:
        return None
    spent = sha256(message).hexdigest()
    if key is None:
        return Ticket(spent)
    return Ticket(spent, ticket.key) if is_signed(key, message, signature) else None
