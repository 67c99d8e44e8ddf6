"""Slips for a handful of dossiers, printed by hand where the one-stop software does not do it.

The administrator only: whoever holds a slip can rate, so an agency does not make its own here.
"""

import asyncio
import re
from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Template

from app.access import Role, requires, signed_in
from app.forms import read_form
from app.pages.office.posters import base_address
from app.rendering import _, page
from app.settings import Settings
from app.slips import SIZES, make_slip_pdf
from surveys.errors import DomainError, InputError
from surveys.rights import print_slips

ADDRESS = "/office/slips"
GUARDS = [requires(Role.ADMINISTRATOR)]
MOST_SLIPS = 100
QUESTIONNAIRE = "counter"

AnyRequest = Request[Any, Any, Any]


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_slips() -> Template:
    """Ask which dossiers to print slips for."""
    return _ask("", SIZES[0])


@post(ADDRESS, guards=GUARDS, status_code=200, include_in_schema=False)
async def post_slips(request: AnyRequest) -> Response[bytes] | Template:
    """Print a slip for each of these dossiers; who printed how many stands in the audit log."""
    form = await read_form(request, "dossiers", "size")
    typed, size = form["dossiers"], form["size"] if form["size"] in SIZES else SIZES[0]
    settings: Settings = request.app.state.settings
    try:
        slips = await print_slips(
            _read_codes(typed),
            questionnaire=QUESTIONNAIRE,
            days=settings.link_right_days,
            cell_dossiers=settings.cell_dossiers,
            actor=signed_in(request).id,
        )
    except DomainError as error:
        return _ask(typed, size, error.told(_))
    pdf = await asyncio.to_thread(make_slip_pdf, slips, size, base_address(request))
    headers = {"Content-Disposition": f'attachment; filename="sipas-giay-moi-{size}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


def _read_codes(typed: str) -> list[str]:
    codes = list(dict.fromkeys(re.findall(r"[^\s,;]+", typed)))
    if not 1 <= len(codes) <= MOST_SLIPS:
        raise InputError(_("Hãy ghi từ 1 đến 100 mã hồ sơ, mỗi mã một dòng."))
    return codes


def _ask(typed: str, size: str, error: str = "") -> Template:
    return page(
        "office/slips.html",
        status_code=422 if error else 200,
        typed=typed,
        size=size,
        sizes=SIZES,
        errors={"dossiers": error} if error else {},
    )


routes = [show_slips, post_slips]
