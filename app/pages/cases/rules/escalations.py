"""Who is told of late cases: the focal point after a complaint that nobody above had heard of it."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import signed_in
from app.forms import read_form, refuse_form, see_other, translate
from app.pages.cases.people import AnyRequest
from app.pages.cases.rules.common import ADDRESS as ROOM
from app.pages.cases.rules.common import CLOCKS, GUARDS, agency_id, around, whole
from app.rendering import _, page
from surveys import accounts, reflections
from surveys.accounts import FieldError
from surveys.messages.addresses import AddressError

ADDRESS = f"{ROOM}/escalations"
NAMES = ("agency", "clock", "after_hours", "channel", "address")
LATE = ("receive", "transfer", "answer")

# Marks texts that are translated where the reader is known.
N_ = str

DONE = {"added": N_("Đã thêm. Máy xét vài phút một lần."), "ended": N_("Đã thôi báo.")}
WAYS = {"mail": N_("Thư điện tử"), "sms": N_("Tin nhắn SMS"), "zalo": N_("Zalo")}


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_escalations(request: AnyRequest) -> Template:
    """List who is told of what."""
    done = translate(DONE).get(request.query_params.get("done", ""), "")
    given = dict.fromkeys(NAMES, "") | {"clock": "answer", "after_hours": "8"}
    context = await _context()
    return page("cases/rules/escalations.html", errors={}, done=done, given=given, **context)


@post(ADDRESS, guards=GUARDS, include_in_schema=False)
async def post_escalation(request: AnyRequest) -> Template | Redirect:
    """Add somebody who is told."""
    typed = await read_form(request, *NAMES)
    try:
        await reflections.add_escalation(
            clock=typed["clock"],
            after_hours=whole(typed["after_hours"]),
            channel=typed["channel"] if typed["channel"] in WAYS else "mail",
            address=typed["address"],
            agency=await agency_id(typed["agency"]),
            actor=signed_in(request).id,
        )
    except (FieldError, AddressError) as error:
        field = error.field if isinstance(error, FieldError) else "address"
        errors = {field: error.told(_)}
        context = await _context()
        return refuse_form("cases/rules/escalations.html", errors, done="", given=typed, **context)
    return see_other(f"{ADDRESS}?done=added")


@post(f"{ADDRESS}/{{rule:int}}/end", guards=GUARDS, include_in_schema=False)
async def post_end_escalation(rule: FromPath[int], request: AnyRequest) -> Redirect:
    """Let a rule hold no more."""
    await reflections.end_escalation(rule, actor=signed_in(request).id)
    return see_other(f"{ADDRESS}?done=ended")


async def _context() -> dict[str, Any]:
    clocks = translate(CLOCKS)
    return around("escalations") | {
        "rules": await reflections.list_escalations(),
        "clocks": {name: clocks[name] for name in LATE},
        "ways": translate(WAYS),
        "agencies": await accounts.suggest_agencies(),
    }


routes = [show_escalations, post_escalation, post_end_escalation]
