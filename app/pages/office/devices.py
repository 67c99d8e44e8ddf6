"""The device board: an administrator with two hundred counters, and a phone that rings."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import segno
from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import Role, requires, signed_in
from app.forms import clean, see_other, translate
from app.rendering import _, number, page
from surveys import devices
from surveys.accounts import suggest_agencies
from surveys.devices import BoardRow, NewCode, State, Wanted

ADDRESS = "/office/devices"
GUARDS = [requires(Role.ADMINISTRATOR)]
SIZE = 100
# A clock that is less wrong than this needs no attention: the server puts the times right.
CLOCK_OFF = timedelta(minutes=2)

AnyRequest = Request[Any, Any, Any]

# Marks texts that are translated where the reader is known.
N_ = str

STATES = {
    State.RED: N_("Cần xử lý"),
    State.YELLOW: N_("Im lặng"),
    State.GREEN: N_("Đang chạy"),
    State.NONE: N_("Chưa có thiết bị"),
    State.REVOKED: N_("Đã thu hồi"),
}

DONE = {"revoked": N_("Đã thu hồi. Thiết bị không gửi được đánh giá nữa.")}


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_devices(request: AnyRequest) -> Template:
    """Show the board: the worst first, filtered by what stands in the address."""
    asked = {name: clean(request.query_params.get(name, "")) for name in ("text", "agency")}
    state = request.query_params.get("state", "")
    wanted = Wanted(asked["text"].strip(), asked["agency"], state if state in set(State) else "")
    now = datetime.now(UTC)
    board = await devices.device_board(wanted, now)
    at = _page_number(request.query_params.get("page", ""))
    filters = {"text": wanted.text, "agency": wanted.agency, "state": wanted.state}
    return page(
        "office/devices.html",
        rows=[_told(row, now) for row in board.rows[(at - 1) * SIZE : at * SIZE]],
        total=len(board.rows),
        counts=board.counts,
        wanted=wanted,
        states=translate(STATES),
        agencies=await suggest_agencies(),
        number_of_page=at,
        pages=-(-len(board.rows) // SIZE),
        address=f"{ADDRESS}?{urlencode(filters)}&page=",
        chips=[(name, f"{ADDRESS}?{urlencode(filters | {'state': name})}") for name in State],
        done=_done(request),
    )


@post(f"{ADDRESS}/counters/{{counter:int}}", guards=GUARDS, include_in_schema=False)
async def post_code(counter: FromPath[int], request: AnyRequest) -> Template:
    """Make a code that enrols a device for a counter, and show it for the only time."""
    made = await devices.issue_code(counter, actor=signed_in(request).id)
    return _code_page(made, request)


@post(f"{ADDRESS}/{{device:uuid}}/revoke", guards=GUARDS, include_in_schema=False)
async def post_revoke(device: FromPath[UUID], request: AnyRequest) -> Redirect:
    """Take a device's right to send, at once."""
    await devices.revoke_device(device, actor=signed_in(request).id)
    return see_other(f"{ADDRESS}?done=revoked")


@post(f"{ADDRESS}/{{device:uuid}}/replace", guards=GUARDS, include_in_schema=False)
async def post_replace(device: FromPath[UUID], request: AnyRequest) -> Template:
    """Revoke a device and show the code for the next one at its counter."""
    made = await devices.replace_device(device, actor=signed_in(request).id)
    return _code_page(made, request)


def _done(request: AnyRequest) -> str:
    text = DONE.get(request.query_params.get("done", ""))
    return _(text) if text else ""


def _code_page(made: NewCode, request: AnyRequest) -> Template:
    base = request.app.state.settings.public_url or str(request.base_url)
    place = f"{base.rstrip('/')}/kiosk/enrol"
    drawn = segno.make(f"{place}#{made.code}", error="m").svg_inline(scale=6, border=2)
    # No redirect: the code is kept nowhere, so it is shown here.
    return page("office/device_code.html", made=made, place=place, drawn=drawn)


def _told(row: BoardRow, now: datetime) -> dict[str, Any]:
    """A row of the board in words."""
    return {
        "row": row,
        "seen": _seen(row, now),
        "oldest": _ago(now - row.oldest_at) if row.oldest_at and row.queue else "",
        "clock": _clock(row),
        "storage": _storage(row),
        "marks": _marks(row),
        "full": row.storage_full,
    }


def _seen(row: BoardRow, now: datetime) -> str:
    if row.device is None:
        return ""
    if row.seen_at is None:
        return _("chưa thấy lần nào")
    return _("thấy {ago}", ago=_ago(now - row.seen_at))


def _clock(row: BoardRow) -> str:
    if row.seen_at is None or row.clock_offset_ms is None:
        return ""
    off = timedelta(milliseconds=abs(row.clock_offset_ms))
    if off < CLOCK_OFF:
        return _("đúng")
    if row.clock_offset_ms > 0:
        return _("chậm {span}", span=_span(off))
    return _("nhanh {span}", span=_span(off))


def _storage(row: BoardRow) -> str:
    if row.seen_at is None:
        return ""
    used = f"{number(100 * (row.usage or 0) / row.quota, 1)}%" if row.quota else "–"
    if row.persisted:
        return _("đã dùng {used}", used=used)
    return _("đã dùng {used}; trình duyệt có thể tự xóa", used=used)


def _marks(row: BoardRow) -> list[str]:
    """What is wrong with the numbers and signatures, or nothing."""
    found = [
        (row.lost, N_("mất {n} số")),
        (row.conflicts, N_("trùng {n} số")),
        (row.bad_signatures, N_("sai chữ ký {n} lần")),
    ]
    return [_(text, n=number(count)) for count, text in found if count]


def _ago(span: timedelta) -> str:
    return _("vừa xong") if span < timedelta(minutes=1) else _("{span} trước", span=_span(span))


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return _("{n} phút", n=minutes)
    if minutes < 48 * 60:
        return _("{n} giờ", n=minutes // 60)
    return _("{n} ngày", n=number(minutes // (24 * 60)))


def _page_number(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) < 7
    return max(1, int(text)) if is_number else 1


routes = [show_devices, post_code, post_revoke, post_replace]
