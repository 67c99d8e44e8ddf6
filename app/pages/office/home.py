"""Where each role begins its day."""

from typing import Any

from litestar import Request, get
from litestar.response import Redirect, Template

from app.access import Role, requires, signed_in
from app.forms import see_other
from app.rendering import page

# These roles have one page only, so it is their home.
SINGLE_PAGES = {Role.AGENCY: "/agency", Role.SURVEYOR: "/fieldwork", Role.OPERATOR: "/paper"}


@get("/office", guards=[requires()], include_in_schema=False)
async def show_home(request: Request[Any, Any, Any]) -> Template | Redirect:
    """Show what this person can do here."""
    staff = signed_in(request)
    if staff.role in SINGLE_PAGES:
        return see_other(SINGLE_PAGES[staff.role])
    return page("office/home.html", staff=staff)


routes = [show_home]
