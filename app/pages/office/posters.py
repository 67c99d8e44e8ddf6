"""Posters for counters, as PDF: the administrator prints for everybody, an agency for itself."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Template

from app.access import Role, requires, signed_in
from app.forms import clean
from app.posters import SIZES, make_posters
from app.rendering import _, page
from app.settings import Settings
from surveys import addresses
from surveys.addresses import Place
from surveys.errors import NotFoundError

ADDRESS = "/office/posters"
GUARDS = [requires(Role.ADMINISTRATOR, Role.AGENCY)]
AGENCIES_A_PAGE = 20

AnyRequest = Request[Any, Any, Any]


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_posters(request: AnyRequest) -> Template:
    """List agencies with their counters and what each can print."""
    text = clean(request.query_params.get("text", "")).strip()
    number = _page_number(request.query_params.get("page", ""))
    own = own_agency(request)
    agencies, total = await addresses.list_agencies(
        text, agency=own, page=number, size=AGENCIES_A_PAGE
    )
    places = await addresses.places_of([agency.id for agency in agencies])
    return page(
        "office/posters.html",
        agencies=agencies,
        places=places,
        sizes=SIZES,
        text=text,
        number=number,
        total=total,
        own=own,
        pages=-(-total // AGENCIES_A_PAGE),
        address=f"{ADDRESS}?{urlencode({'text': text})}&page=",
        base=base_address(request),
    )


@get(f"{ADDRESS}/counters/{{counter:int}}/{{size:str}}", guards=GUARDS, include_in_schema=False)
async def get_counter_poster(
    counter: FromPath[int], size: FromPath[str], request: AnyRequest
) -> Response[bytes]:
    """The poster of one counter."""
    place = await addresses.place_of_counter(counter, agency=own_agency(request))
    return await _print([place], size, request)


@get(f"{ADDRESS}/agencies/{{agency:int}}/{{size:str}}", guards=GUARDS, include_in_schema=False)
async def get_agency_posters(
    agency: FromPath[int], size: FromPath[str], request: AnyRequest
) -> Response[bytes]:
    """The posters of an agency in one file: its own first, then one for each counter."""
    if own_agency(request) not in {None, agency}:
        raise NotFoundError(_("Không có cơ quan này."))
    places = await addresses.places_of([agency])
    if not places:
        raise NotFoundError(_("Không có cơ quan này."))
    return await _print(places, size, request)


def own_agency(request: AnyRequest) -> int | None:
    """The agency that this person is confined to; None for the administrator."""
    staff = signed_in(request)
    return staff.agency_id if staff.role is Role.AGENCY else None


def base_address(request: AnyRequest) -> str:
    """The address that citizens reach, without a slash at its end."""
    settings: Settings = request.app.state.settings
    return (settings.public_url or str(request.base_url)).rstrip("/")


async def _print(places: Sequence[Place], size: str, request: AnyRequest) -> Response[bytes]:
    if size not in SIZES:
        raise NotFoundError(_("Áp phích có hai khổ giấy: a4 và a5."))
    pdf = await asyncio.to_thread(make_posters, places, size, base_address(request))
    name = f"sipas-{places[0].code}-{size}.pdf"
    return Response(
        pdf,
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _page_number(text: str) -> int:
    return max(1, int(text)) if re.fullmatch(r"[0-9]{1,6}", text) else 1


routes = [show_posters, get_counter_poster, get_agency_posters]
