"""Messages seen from outside: contacts that the one-stop software brings, receipts that gateways
bring back, and the citizen's link that ends them."""

import hmac
from typing import Annotated, Any
from urllib.parse import parse_qsl

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, JSONBody
from litestar.response import Template

from app.access import pepper, program_of, requires_key
from app.delivery import GatewayConfig, ReceiptsConfig, look_up, read_channels
from app.described import KEYED, problems
from app.rendering import _, page
from app.settings import Settings
from surveys.errors import InputError, NotFoundError
from surveys.messages import (
    NewContact,
    Rules,
    stop_messages,
    take_contacts,
    take_receipt,
    withdraw_contacts,
)

# Marks texts that are translated where the reader is known.
N_ = str

MOST = 100

EXAMPLE = {
    "dossier": "H32.15-2026-0042",
    "channel": "sms",
    "address": "0912 345 678",
    "language": "vi",
    "consent": {
        "purpose": "rating",
        "notice": "2026-1",
        "how": "counter",
        "given_at": "2026-11-27T08:00:00+07:00",
    },
}

AnyRequest = Request[Any, Any, Any]


class Contacts(msgspec.Struct, frozen=True):
    """Up to 100 contacts."""

    contacts: Annotated[list[NewContact], msgspec.Meta(examples=[[EXAMPLE]])]


class ContactOutcomes(msgspec.Struct, frozen=True):
    """One word for each contact: `taken`, `no consent`, `consent expired`, `opted out`, …"""

    outcomes: list[str]


class Withdrawals(msgspec.Struct, frozen=True):
    """Codes of up to 100 dossiers whose citizens took their consent back."""

    dossiers: list[str]


class Withdrawn(msgspec.Struct, frozen=True):
    """How many contacts were emptied."""

    withdrawn: int


class Taken(msgspec.Struct, frozen=True):
    """How many receipts changed what we know of a message."""

    taken: int


@post(
    "/api/contacts",
    status_code=200,
    guards=[requires_key("handover")],
    security=KEYED,
    responses=problems(400, 401, 422),
    tags=["Contacts"],
)
async def post_contacts(data: JSONBody[Contacts], request: AnyRequest) -> ContactOutcomes:
    """Bring the address of a dossier's citizen, with the consent to be asked for a rating.

    Send it when the citizen agrees, at the latest when the result is handed over. Nothing is kept
    without a consent of purpose `rating` that names its notice's version, how (`counter`,
    `online`, `phone`, `paper`) and when it was given. Sending again corrects the address until
    the invitation is made. Channels are `sms`, `zalo` and `mail`.
    """
    _check_size(data.contacts)
    settings: Settings = request.app.state.settings
    rules = Rules(pepper(settings), settings.contact_days, program_of(request).agency_id)
    return ContactOutcomes(await take_contacts(data.contacts, rules))


@post(
    "/api/contacts/withdrawals",
    status_code=200,
    guards=[requires_key("handover")],
    security=KEYED,
    responses=problems(400, 401, 422),
    tags=["Contacts"],
)
async def post_withdrawals(data: JSONBody[Withdrawals], request: AnyRequest) -> Withdrawn:
    """Tell that citizens took their consent back: their addresses go, nothing more is sent."""
    _check_size(data.dossiers)
    settings: Settings = request.app.state.settings
    agency = program_of(request).agency_id
    return Withdrawn(await withdraw_contacts(data.dossiers, pepper(settings), agency=agency))


@post("/api/receipts/{secret:str}", status_code=200, opt={"public": True}, tags=["Contacts"])
async def post_receipts(secret: FromPath[str], request: AnyRequest) -> Taken:
    """Take a gateway's receipts, one or a list, as JSON or as a form; repeats are harmless.

    The secret and the names of the fields stand in the file of channels (docs/messages.md).
    """
    channel, config = _find_receipts(secret, request.app.state.settings)
    taken = 0
    for one in _read_receipts(await request.body()):
        state = look_up(one, config.state_field)
        reference = look_up(one, config.id_field)
        if reference and "\0" not in reference and state in {*config.delivered, *config.failed}:
            delivered = state in config.delivered
            taken += await take_receipt(
                channel, reference, delivered=delivered, detail="" if delivered else state
            )
    return Taken(taken)


def _find_receipts(secret: str, settings: Settings) -> tuple[str, ReceiptsConfig]:
    for name, config in read_channels(settings).items():
        receipts = config.receipts if isinstance(config, GatewayConfig) else None
        if receipts and hmac.compare_digest(receipts.secret.encode(), secret.encode()):
            return name, receipts
    raise NotFoundError(N_("Không có địa chỉ nhận báo phát này."))


def _read_receipts(body: bytes) -> list[Any]:
    try:
        read = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        read = dict(parse_qsl(body.decode(errors="replace")))
    if not read or not isinstance(read, dict | list):
        raise InputError(N_("Báo phát phải là JSON hoặc biểu mẫu."))
    return read if isinstance(read, list) else [read]


def _check_size(things: list[Any]) -> None:
    if not 1 <= len(things) <= MOST:
        raise InputError(f"Send between 1 and {MOST} in one request; this one has {len(things)}.")


@get("/stop/{token:str}", opt={"public": True}, include_in_schema=False)
async def show_stop(token: FromPath[str]) -> Template:
    """Ask once: programs that look at links before their reader does must stop nothing."""
    return page("citizen/stop.html", token=token, done=False)


@post("/stop/{token:str}", status_code=200, opt={"public": True}, include_in_schema=False)
async def post_stop(token: FromPath[str], request: AnyRequest) -> Template:
    """Write to this address no more, from now on."""
    if not await stop_messages(token, pepper(request.app.state.settings)):
        raise NotFoundError(_("Liên kết này không đúng. Hãy mở lại liên kết trong tin nhắn."))
    return page("citizen/stop.html", token=token, done=True)


routes = [post_contacts, post_withdrawals, post_receipts, show_stop, post_stop]
