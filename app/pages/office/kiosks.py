"""Kiosks: the administrator gives each counter's device the address that it starts from."""

from typing import Any
from urllib.parse import quote, urlencode

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import Role, forget_kiosks, requires, signed_in
from app.forms import clean, see_other
from app.rendering import _, page
from surveys import devices

ADDRESS = "/office/kiosks"
GUARDS = [requires(Role.ADMINISTRATOR)]
SIZE = 50

AnyRequest = Request[Any, Any, Any]


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_kiosks(request: AnyRequest) -> Template:
    """List the counters that match, with a button for each."""
    text = clean(request.query_params.get("text", "")).strip()
    number = _page_number(request.query_params.get("page", ""))
    counters = await devices.list_counters(text, page=number, size=SIZE)
    total = await devices.count_counters(text)
    done = "done" in request.query_params
    return page(
        "office/kiosks.html",
        counters=counters,
        text=text,
        number=number,
        total=total,
        pages=-(-total // SIZE),
        address=f"{ADDRESS}?{urlencode({'text': text})}&page=",
        done=_("Đã thu hồi. Ki-ốt của quầy này không gửi được đánh giá nữa.") if done else "",
    )


@post(f"{ADDRESS}/{{counter:int}}", guards=GUARDS, include_in_schema=False)
async def post_kiosk(counter: FromPath[int], request: AnyRequest) -> Template:
    """Make a key for a counter's kiosk and show its address, for the only time."""
    key = await devices.issue_kiosk_key(counter, actor=signed_in(request).id)
    kiosk = await devices.get_kiosk(counter)
    forget_kiosks()
    base = request.app.state.settings.public_url or str(request.base_url)
    link = f"{base.rstrip('/')}/kiosk/{quote(kiosk.code, safe='')}/start/{key}"
    # No redirect: the key is kept nowhere, so its address is shown here.
    return page("office/kiosk.html", kiosk=kiosk, link=link)


@post(f"{ADDRESS}/{{counter:int}}/revoke", guards=GUARDS, include_in_schema=False)
async def post_revoke(counter: FromPath[int], request: AnyRequest) -> Redirect:
    """Stop a counter's kiosk."""
    await devices.revoke_kiosk_key(counter, actor=signed_in(request).id)
    forget_kiosks()
    return see_other(f"{ADDRESS}?done=revoked")


def _page_number(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) < 7
    return max(1, int(text)) if is_number else 1


routes = [show_kiosks, post_kiosk, post_revoke]
