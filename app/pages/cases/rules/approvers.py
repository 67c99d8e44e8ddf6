"""Who approves answers: the focal point when an agency's head changes."""

from typing import Any
from urllib.parse import urlencode

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import signed_in
from app.forms import clean, read_form, see_other, translate
from app.pages.cases.people import AnyRequest
from app.pages.cases.rules.common import ADDRESS as ROOM
from app.pages.cases.rules.common import GUARDS, agency_id, around
from app.rendering import _, page
from surveys import accounts, reflections
from surveys.errors import DomainError

ADDRESS = f"{ROOM}/approvers"

# Marks texts that are translated where the reader is known.
N_ = str

DONE = {"approval": N_("Đã lưu cách duyệt."), "approver": N_("Đã lưu người duyệt.")}


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_approvers(request: AnyRequest) -> Template:
    """Show what the province or one agency wants, and who approves there."""
    done = translate(DONE).get(request.query_params.get("done", ""), "")
    code = clean(request.query_params.get("agency", "")).strip()
    return page("cases/rules/approvers.html", done=done, **await _context(code))


@post(ADDRESS, guards=GUARDS, include_in_schema=False)
async def post_approval(request: AnyRequest) -> Redirect:
    """Say whether answers need a head's approval."""
    typed = await read_form(request, "agency", "approval")
    await reflections.set_approval(
        await agency_id(typed["agency"]),
        approval=typed["approval"] == "yes",
        actor=signed_in(request).id,
    )
    return _back(typed["agency"], "approval")


@post(f"{ADDRESS}/{{account:int}}", guards=GUARDS, include_in_schema=False)
async def post_approver(account: FromPath[int], request: AnyRequest) -> Redirect:
    """Make somebody an approver, or take that back."""
    typed = await read_form(request, "agency", "approves")
    await reflections.set_approver(
        account, approves=typed["approves"] == "yes", actor=signed_in(request).id
    )
    return _back(typed["agency"], "approver")


def _back(agency: str, done: str) -> Redirect:
    asked = {name: text for name, text in (("agency", agency), ("done", done)) if text}
    return see_other(f"{ADDRESS}?{urlencode(asked)}")


async def _context(code: str) -> dict[str, Any]:
    agency, error = None, ""
    try:
        agency = await agency_id(code)
    except DomainError as refused:
        error = refused.told(_)
    said = await reflections.list_approval()
    chosen = await accounts.agency_code(agency) if agency else None
    return around("approvers") | {
        "agencies": await accounts.suggest_agencies(),
        "asked": code,
        "error": error,
        "code": chosen or "",
        "place": await accounts.agency_name(agency) if agency else _("Cả tỉnh"),
        "said": said,
        "own_word": next((row["approval"] for row in said if row["agency_code"] == chosen), None),
        "wanted": await reflections.wants_approval(agency or 0),
        "people": await reflections.list_clerks(agency) if agency else [],
    }


routes = [show_approvers, post_approval, post_approver]
