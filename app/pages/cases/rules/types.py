"""Types of cases: the focal point, once a year, when a decision renames what people write about."""

from typing import Any

from litestar import get, post
from litestar.response import Redirect, Template

from app.access import signed_in
from app.forms import read_form, refuse_form, see_other
from app.pages.cases.people import AnyRequest
from app.pages.cases.rules.common import ADDRESS as ROOM
from app.pages.cases.rules.common import GUARDS, around
from app.rendering import _, page
from surveys import reflections
from surveys.accounts import FieldError

ADDRESS = f"{ROOM}/types"
NAMES = ("key", "name", "name_en", "retired")


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_types(request: AnyRequest) -> Template:
    """List the types; `edit` in the address puts one of them into the form."""
    done = _("Đã lưu loại vụ việc.") if "done" in request.query_params else ""
    known = await reflections.list_types(retired=True)
    chosen = request.query_params.get("edit", "")
    given = dict.fromkeys(NAMES, "")
    if chosen in known:
        given = {"key": chosen, "name": known[chosen]["vi"], "name_en": known[chosen]["en"]}
        given["retired"] = "" if chosen in await reflections.list_types() else "1"
    return page("cases/rules/types.html", errors={}, done=done, given=given, **await _context())


@post(ADDRESS, guards=GUARDS, include_in_schema=False)
async def post_type(request: AnyRequest) -> Template | Redirect:
    """Add, rename or retire a type."""
    typed = await read_form(request, *NAMES)
    try:
        await reflections.save_type(
            typed["key"],
            typed["name"],
            typed["name_en"],
            retired=bool(typed["retired"]),
            actor=signed_in(request).id,
        )
    except FieldError as error:
        errors = {error.field: error.told(_)}
        context = await _context()
        return refuse_form("cases/rules/types.html", errors, done="", given=typed, **context)
    return see_other(f"{ADDRESS}?done")


async def _context() -> dict[str, Any]:
    known = await reflections.list_types(retired=True)
    return around("types") | {"types": known, "used": await reflections.list_types()}


routes = [show_types, post_type]
