"""The JSON interface of devices: enrol, send signed events, say how one is, fetch what to show."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from app.device_events import Envelope, EventReceipt, open_heartbeat, take_events
from app.kiosk_config import is_asleep, kiosk_config
from app.limits import Limit
from app.settings import Settings
from surveys.devices import (
    Clock,
    CodeError,
    Device,
    enrol_device,
    get_device,
    record_heartbeat,
)

MOST_EVENTS = 200
SMALL_BODY = 16_000
EVENTS_BODY = 5_000_000
# Wrong codes a minute from everybody together: kiosks share addresses, and codes share a space.
WRONG_CODES = 30
CODES = "codes"

AnyRequest = Request[Any, Any, Any]


class Enrolment(msgspec.Struct, frozen=True):
    """A code from the office, and the public half of the key that this browser made."""

    code: Annotated[str, Meta(max_length=40)]
    public_key: Annotated[str, Meta(max_length=1000)]
    name: Annotated[str, Meta(max_length=200)] = ""


class Enrolled(msgspec.Struct, frozen=True):
    """The new device, and where it stands."""

    device: UUID
    counter: str
    counter_name: str
    agency_name: str


class Events(msgspec.Struct, frozen=True):
    """Up to 200 signed events, and what the device's clocks say as it sends them."""

    sent_at: int
    sent_tick: float
    boot: UUID
    events: Annotated[list[Envelope], Meta(min_length=1, max_length=MOST_EVENTS)]


class EventReceipts(msgspec.Struct, frozen=True):
    """One receipt for each event, in order. What is stored here is committed."""

    now: int
    config: str
    receipts: list[EventReceipt]


class Beat(msgspec.Struct, frozen=True):
    """The server's time, the version of the configuration in force, and whether to rest."""

    now: int
    config: str
    sleep: bool


@post("/api/devices", opt={"public": True}, tags=["Devices"], request_max_body_size=SMALL_BODY)
async def post_device(data: JSONBody[Enrolment], request: AnyRequest) -> Enrolled:
    """Enrol a browser as a counter's kiosk; one code enrols one device, and may be sent again."""
    wrong = _limit(request, "wrong_codes", WRONG_CODES)
    wrong.check(CODES)
    try:
        device = await enrol_device(data.code, data.public_key, data.name)
    except CodeError:
        wrong.take(CODES)
        raise
    return Enrolled(device.id, device.counter, device.counter_name, device.agency_name)


@post(
    "/api/devices/{device:uuid}/events",
    status_code=200,
    opt={"public": True},
    tags=["Devices"],
    request_max_body_size=EVENTS_BODY,
)
async def post_events(
    device: FromPath[UUID], data: JSONBody[Events], request: AnyRequest
) -> EventReceipts:
    """Take signed taps and details; whatever is sent again counts once.

    A device deletes only what a receipt names. A tap takes the right that was open at its counter
    when it was given; a bad signature or a number that was used before is refused.
    """
    now = datetime.now(UTC)
    found = await _device(request, device)
    state = request.app.state
    receipts = await take_events(
        found,
        data.events,
        Clock(data.sent_at, data.sent_tick, data.boot),
        now=now,
        intake=state.intake,
        forms=state.forms,
    )
    config = await _config(request, found)
    return EventReceipts(_now(), config["version"], receipts)


@post(
    "/api/devices/{device:uuid}/heartbeat",
    status_code=200,
    opt={"public": True},
    tags=["Devices"],
    request_max_body_size=SMALL_BODY,
)
async def post_heartbeat(
    device: FromPath[UUID], data: JSONBody[Envelope], request: AnyRequest
) -> Beat:
    """Hear how a device is: its queue, versions, clock and storage, signed."""
    found = await _device(request, device)
    await record_heartbeat(found.id, await open_heartbeat(found, data))
    config = await _config(request, found)
    return Beat(_now(), config["version"], is_asleep(config, datetime.now(UTC)))


@get("/api/devices/{device:uuid}/config", opt={"public": True}, tags=["Devices"])
async def get_config(device: FromPath[UUID], request: AnyRequest) -> Response[dict[str, Any]]:
    """What the device's kiosk shows and how it behaves; 304 when it holds this version."""
    config = await _config(request, await _device(request, device))
    headers = {"ETag": f'"{config["version"]}"', "Cache-Control": "no-cache"}
    return Response(config, headers=headers)


async def _device(request: AnyRequest, device: UUID) -> Device:
    settings: Settings = request.app.state.settings
    found = await get_device(device)
    _limit(request, "device_calls", settings.device_requests_per_minute).take(device)
    return found


async def _config(request: AnyRequest, device: Device) -> dict[str, Any]:
    state = request.app.state
    return await kiosk_config(device.counter_id, state.forms, state.settings)


def _limit(request: AnyRequest, name: str, per_minute: int) -> Limit:
    state = request.app.state
    if name not in state:
        state[name] = Limit(per_minute)
    limit: Limit = state[name]
    return limit


def _now() -> int:
    return round(datetime.now(UTC).timestamp() * 1000)


routes = [post_device, post_events, post_heartbeat, get_config]
