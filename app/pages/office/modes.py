"""How an agency's citizens are asked: the administrator sets up a random split."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import Role, requires, signed_in
from app.forms import read_form, refuse_form, see_other, translate
from app.rendering import _, page
from surveys import accounts, messages
from surveys.accounts import FieldError

ADDRESS = "/office/modes"
GUARDS = [requires(Role.ADMINISTRATOR)]
ARMS = ("kiosk", "message", "none")

N_ = str

DONE = {
    "started": N_("Cách chia có hiệu lực từ hôm nay."),
    "ended": N_("Đã kết thúc. Những hồ sơ đã chia giữ nguyên cách hỏi."),
}

AnyRequest = Request[Any, Any, Any]


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_modes(request: AnyRequest) -> Template:
    """List the splits, and ask for a new one."""
    given = {"agency": "", "kiosk": "40", "message": "40", "none": "20", "seed": ""}
    done = translate(DONE).get(request.query_params.get("done", ""), "")
    return page("office/modes.html", errors={}, given=given, done=done, **await _context())


@post(ADDRESS, guards=GUARDS, include_in_schema=False)
async def post_mode(request: AnyRequest) -> Template | Redirect:
    """Start a split for one agency."""
    given = await read_form(request, "agency", *ARMS, "seed")
    try:
        agency = await _agency(given["agency"])
        split = messages.Split(*(_percent(name, given[name]) for name in ARMS))
        await messages.start_plan(agency, split, actor=signed_in(request).id, seed=given["seed"])
    except FieldError as error:
        errors = {error.field: error.told(_)}
        return refuse_form("office/modes.html", errors, given=given, done="", **await _context())
    return see_other(f"{ADDRESS}?done=started")


@post(f"{ADDRESS}/{{plan:int}}/end", guards=GUARDS, include_in_schema=False)
async def post_end(plan: FromPath[int], request: AnyRequest) -> Redirect:
    """End a split."""
    await messages.end_plan(plan, actor=signed_in(request).id)
    return see_other(f"{ADDRESS}?done=ended")


async def _agency(code: str) -> int:
    if not code.strip():
        raise FieldError("agency", N_("Hãy chọn cơ quan."))
    return await accounts.find_agency(code)


def _percent(name: str, text: str) -> int:
    if text.strip().isascii() and text.strip().isdigit() and len(text.strip()) <= 3:
        return int(text)
    raise FieldError(name, N_("Hãy viết một số từ 0 đến 100."))


async def _context() -> dict[str, Any]:
    return {
        "plans": await messages.list_plans(),
        "agencies": await accounts.suggest_agencies(),
    }


routes = [show_modes, post_mode, post_end]
