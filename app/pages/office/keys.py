"""Keys of other programs: one-stop software that reports handovers, portals that send cases."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import Role, requires, signed_in
from app.forms import read_form, refuse_form, see_other, translate
from app.pages.office.names import PURPOSES
from app.rendering import _, page
from surveys import accounts
from surveys.accounts import FieldError

ADDRESS = "/office/keys"
GUARDS = [requires(Role.ADMINISTRATOR)]

AnyRequest = Request[Any, Any, Any]


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_keys(request: AnyRequest) -> Template:
    """List the keys, and ask for the name of a new one."""
    done = "done" in request.query_params
    return page(
        "office/keys.html",
        errors={},
        given={"name": "", "agency": "", "purpose": "handover"},
        done=_("Đã thu hồi khóa. Phần mềm dùng khóa này bị từ chối ngay.") if done else "",
        **await _context(),
    )


@post(ADDRESS, guards=GUARDS, include_in_schema=False)
async def post_key(request: AnyRequest) -> Template:
    """Make a key and show it, for the only time."""
    given = await read_form(request, "name", "agency", "purpose")
    try:
        agency = await accounts.find_agency(given["agency"]) if given["agency"].strip() else None
        key = await accounts.issue_key(
            given["name"], given["purpose"], actor=signed_in(request).id, agency_id=agency
        )
    except FieldError as error:
        errors = {error.field: error.told(_)}
        return refuse_form("office/keys.html", errors, given=given, done="", **await _context())
    # No redirect: the key is kept nowhere, so it is shown here.
    return page("office/key.html", holder=given["name"].strip(), key=key)


@post(f"{ADDRESS}/{{key:int}}/revoke", guards=GUARDS, include_in_schema=False)
async def post_revoke(key: FromPath[int], request: AnyRequest) -> Redirect:
    """End a key at once."""
    await accounts.revoke_key(key, actor=signed_in(request).id)
    return see_other(f"{ADDRESS}?done=revoked")


async def _context() -> dict[str, Any]:
    return {
        "keys": await accounts.list_keys(),
        "purposes": translate(PURPOSES),
        "agencies": await accounts.suggest_agencies(),
    }


routes = [show_keys, post_key, post_revoke]
