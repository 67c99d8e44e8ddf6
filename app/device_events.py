"""What devices send: signed envelopes, opened, checked and made ready to record."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from app.intake import Forms, Intake
from app.rendering import _
from app.submissions import REFUSALS, STORED, Code, SentRating, checked
from surveys.devices import (
    Clock,
    Device,
    Event,
    FindingKind,
    Heartbeat,
    SignatureError,
    Tapped,
    count_bad_signatures,
    count_odd,
    given_time,
    is_signed,
    load_key,
)
from surveys.errors import InputError
from surveys.questionnaires import AnswerError, UnknownVersionError
from surveys.ratings import NOTED, NewRating, Ticket
from surveys.rights import SentTicket, check_tickets

# Marks texts that are translated where the reader is known.
N_ = str

# A page has at most this many characters to say in one event; a comment takes a tenth of it.
LONGEST_PAYLOAD = 20_000

EVENT_REFUSALS = {
    "bad signature": N_("Chữ ký không khớp với khóa của thiết bị này."),
    "malformed": N_("Nội dung không đọc được. Hãy tải lại trang của ki-ốt để dùng bản mới."),
    "number used": N_("Số thứ tự này đã dùng cho một lượt khác."),
    "revoked device": N_("Thiết bị đã bị thu hồi."),
    "unknown device": N_("Không có thiết bị này."),
}


class Envelope(msgspec.Struct, frozen=True):
    """A text and its signature: base64url of the raw 64 bytes, P-256 with SHA-256."""

    payload: Annotated[str, Meta(max_length=LONGEST_PAYLOAD)]
    signature: Annotated[str, Meta(max_length=200)]


class Payload(msgspec.Struct, frozen=True):
    """What an event says: a tap, or details that complete the tap of the same id."""

    number: Annotated[int, Meta(ge=1, le=2**53)]
    id: UUID
    kind: Literal["tap", "details"]
    at: Annotated[int, Meta(ge=-(2**53), le=2**53)]
    tick: float
    boot: UUID
    answers: dict[str, Any]
    offset: float | None = None
    questionnaire: Code = "counter"
    assisted: Literal["", "official", "relative", "other"] = ""
    ticket: SentTicket | None = None

    @property
    def tapped(self) -> Tapped:
        """What the device's clocks said at the tap."""
        return Tapped(self.at, self.tick, self.boot, self.offset)


class EventReceipt(msgspec.Struct, frozen=True):
    """What became of one event; number and id are missing only if they could not be read."""

    number: int | None
    id: UUID | None
    status: str
    code: str = ""
    message: str = ""


class _Named(msgspec.Struct, frozen=True):
    """As much of a refused event as names it."""

    number: int | None = None
    id: UUID | None = None


async def take_events(
    device: Device,
    envelopes: Sequence[Envelope],
    sent: Clock,
    *,
    now: datetime,
    intake: Intake,
    forms: Forms,
) -> list[EventReceipt]:
    """Check, record and answer; one receipt each, in order, after the commit."""
    signed = await asyncio.to_thread(_signed, device, envelopes)
    receipts: dict[int, EventReceipt] = {}
    ready: dict[int, NewRating | Event] = {}
    payloads = [_read(one) if good else None for one, good in zip(envelopes, signed, strict=True)]
    tickets = await _check_tickets(payloads)
    for place, (envelope, payload) in enumerate(zip(envelopes, payloads, strict=True)):
        if payload is None:
            code = "malformed" if signed[place] else "bad signature"
            receipts[place] = _refusal(_name(envelope), code)
            continue
        given = given_time(payload.tapped, sent, now)
        event = Event(device.id, payload.number, payload.id, payload.kind, given)
        made = await _prepare(payload, event, device, forms)
        if isinstance(made, NewRating) and place in tickets:
            made = msgspec.structs.replace(made, ticket=tickets[place])
        # Refused answers have a number too: it has come, and is not missing.
        ready[place] = event if isinstance(made, EventReceipt) else made
        if isinstance(made, EventReceipt):
            receipts[place] = made
    if not all(signed):
        await count_bad_signatures(device.id, signed.count(False))
    outcomes = await intake.submit(list(ready.values())) if ready else []
    for (place, one), word in zip(ready.items(), outcomes, strict=True):
        told = one if isinstance(one, Event) else one.event
        if told is not None and word != NOTED:
            receipts[place] = _receipt(told, word)
    await _count_refused(device, list(receipts.values()))
    return [receipts[place] for place in range(len(envelopes))]


async def _count_refused(device: Device, receipts: Sequence[EventReceipt]) -> None:
    """Count what was refused for the device's page; numbers that were used the ledger has noted."""
    refused = Counter(one.code for one in receipts if one.status != STORED)
    await count_odd(device.id, FindingKind.UNREADABLE, refused.pop("malformed", 0))
    for known in ("bad signature", "number used"):
        refused.pop(known, 0)
    await count_odd(device.id, FindingKind.REFUSED, refused.total())


async def open_heartbeat(device: Device, envelope: Envelope) -> Heartbeat:
    """What a device says of itself.

    Raises
    ------
    SignatureError, InputError
    """
    if not is_signed(load_key(device.public_key), envelope.payload, envelope.signature):
        await count_bad_signatures(device.id, 1)
        raise SignatureError
    try:
        return msgspec.json.decode(envelope.payload, type=Heartbeat)
    except (msgspec.MsgspecError, UnicodeError):
        raise InputError(EVENT_REFUSALS["malformed"]) from None


def _signed(device: Device, envelopes: Sequence[Envelope]) -> list[bool]:
    key = load_key(device.public_key)
    return [is_signed(key, one.payload, one.signature) for one in envelopes]


async def _check_tickets(payloads: Sequence[Payload | None]) -> dict[int, Ticket]:
    """The tickets that taps brought; one that is not good is worth no right, but a tap all the same."""
    brought = {
        place: one.ticket
        for place, one in enumerate(payloads)
        if one is not None and one.ticket is not None and one.kind == "tap"
    }
    found = await check_tickets(list(brought.values()))
    return {place: one or Ticket() for place, one in zip(brought, found, strict=True)}


def _read(envelope: Envelope) -> Payload | None:
    try:
        return msgspec.json.decode(envelope.payload, type=Payload)
    except (msgspec.MsgspecError, UnicodeError):
        return None


def _name(envelope: Envelope) -> _Named:
    try:
        return msgspec.json.decode(envelope.payload, type=_Named)
    except (msgspec.MsgspecError, UnicodeError):
        return _Named()


async def _prepare(
    payload: Payload, event: Event, device: Device, forms: Forms
) -> NewRating | EventReceipt:
    rating = SentRating(
        payload.id,
        payload.answers,
        questionnaire=payload.questionnaire,
        completes=payload.kind == "details",
    )
    try:
        version, questionnaire = await forms.find(payload.questionnaire)
        made = checked(rating, version, questionnaire)
    except UnknownVersionError:
        return _refusal(event, "unknown questionnaire")
    except AnswerError as error:
        return _refusal(event, "wrong answer", error.told(_))
    return msgspec.structs.replace(
        made, counter=device.counter, assisted=payload.assisted, event=event
    )


def _receipt(event: Event, word: str) -> EventReceipt:
    if word == STORED:
        return EventReceipt(event.number, event.id, STORED)
    return _refusal(event, word)


def _refusal(named: Event | _Named, code: str, message: str = "") -> EventReceipt:
    text = message or _((EVENT_REFUSALS | REFUSALS)[code])
    return EventReceipt(named.number, named.id, "refused", code, text)
