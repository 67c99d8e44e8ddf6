"""Flags as the analyst reads them: what was seen, what the agency says, and a decision."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import Role, requires, signed_in
from app.evidence import DETECTORS, STATES, describe_flag
from app.forms import clean, read_form, refuse_form, see_other, translate
from app.rendering import _, language, page
from surveys.accounts import suggest_agencies
from surveys.errors import InputError
from surveys.quality import flags
from surveys.quality.flags import WantedFlags

ADDRESS = "/office/flags"
GUARDS = [requires(Role.ANALYST)]
SIZE = 50

AnyRequest = Request[Any, Any, Any]


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_flags(request: AnyRequest) -> Template:
    """List flags, filtered by what stands in the address."""
    asked = {
        name: clean(request.query_params.get(name, "")) for name in ("state", "agency", "detector")
    }
    wanted = WantedFlags(
        asked["state"] if asked["state"] in STATES else "",
        asked["agency"],
        asked["detector"] if asked["detector"] in DETECTORS else "",
    )
    typed = request.query_params.get("page", "")
    at = max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
    rows, total = await flags.list_flags(wanted, limit=SIZE, offset=(at - 1) * SIZE)
    filters = {"state": wanted.state, "agency": wanted.agency, "detector": wanted.detector}
    return page(
        "office/flags.html",
        flags=rows,
        wanted=wanted,
        counts=await flags.count_flags(),
        chips=[(name, f"{ADDRESS}?{urlencode(filters | {'state': name})}") for name in STATES],
        states=translate(STATES),
        names={name: _(title) for name, (title, _null) in DETECTORS.items()},
        agencies=await suggest_agencies(),
        number_of_page=at,
        pages=-(-total // SIZE),
        address=f"{ADDRESS}?{urlencode(filters)}&page=",
    )


@get(f"{ADDRESS}/{{flag:uuid}}", guards=GUARDS, include_in_schema=False)
async def show_flag(flag: FromPath[UUID], request: AnyRequest) -> Template:
    """Show what a flag rests on."""
    done = "done" in request.query_params
    return page("office/flag.html", text="", errors={}, done=done, **await _context(flag))


@post(f"{ADDRESS}/{{flag:uuid}}", guards=GUARDS, include_in_schema=False)
async def post_decision(flag: FromPath[UUID], request: AnyRequest) -> Template | Redirect:
    """Uphold or dismiss a flag, with a reason."""
    typed = await read_form(request, "text", "decision")
    uphold = typed["decision"] != "dismiss"
    try:
        await flags.decide_flag(
            flag, uphold=uphold, text=typed["text"], actor=signed_in(request).id
        )
    except InputError as error:
        errors = {"text": error.told(_)}
        context = await _context(flag)
        return refuse_form("office/flag.html", errors, text=typed["text"], done=False, **context)
    return see_other(f"{ADDRESS}/{flag}?done#answer")


async def _context(flag: UUID) -> dict[str, Any]:
    return describe_flag(await flags.get_flag(flag), language.get())


routes = [show_flags, show_flag, post_decision]
