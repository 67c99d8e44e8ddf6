"""A few lines of HTML for the portal of the province or of an agency, to copy, with a preview."""

from typing import Any
from urllib.parse import urlencode

from litestar import MediaType, Request, Response, get
from litestar.response import Template
from markupsafe import Markup, escape

from app.access import Role, requires
from app.headers import FRAMING_POLICY, PREVIEW_POLICY
from app.pages.office.posters import base_address, own_agency
from app.rendering import LANGUAGES, _, catalogue, page
from app.settings import Settings
from surveys import addresses
from surveys.errors import NotFoundError

ADDRESS = "/office/embed"
GUARDS = [requires(Role.ADMINISTRATOR, Role.AGENCY)]
KINDS = ("frame", "button")
HEIGHT = 400

AnyRequest = Request[Any, Any, Any]

# Marks texts that are translated for the snippet, which has a language of its own.
N_ = str

TITLE = N_("Đánh giá lần làm thủ tục của bạn")

FRAME = Markup(
    '<iframe src="{base}/embed{place}?lang={lang}" title="{title}"\n'
    '  style="border:1px solid #d6d9df;border-radius:8px;width:100%;max-width:480px;'
    'height:{height}px"\n  referrerpolicy="no-referrer" loading="lazy"></iframe>'
)
BUTTON = Markup(
    '<a href="{base}/c{place}?lang={lang}" target="_blank" rel="noopener noreferrer"\n'
    '  style="display:inline-block;background:#0b5c66;color:#fff;font:600 17px sans-serif;'
    'padding:14px 22px;border-radius:8px;text-decoration:none">{title}</a>'
)


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_snippets(request: AnyRequest) -> Template:
    """Show both snippets and how they look."""
    settings: Settings = request.app.state.settings
    place, lang = await _wanted(request)
    shown = page(
        "office/embed.html",
        snippets={kind: snippet(kind, base_address(request), place, lang) for kind in KINDS},
        preview=f"{ADDRESS}/preview?{urlencode({'place': place, 'lang': lang})}",
        origins=settings.embed_origins.split(),
        place=place,
        lang=lang,
    )
    shown.headers["Content-Security-Policy"] = FRAMING_POLICY
    return shown


@get(f"{ADDRESS}/preview", guards=GUARDS, include_in_schema=False)
async def show_preview(request: AnyRequest) -> Response[str]:
    """A page as a portal would have it, with nothing but a snippet."""
    place, lang = await _wanted(request)
    kind = "button" if request.query_params.get("kind") == "button" else "frame"
    # Here the frame is ours, whatever address citizens reach.
    found = snippet(kind, str(request.base_url).rstrip("/"), place, lang)
    return Response(
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{_("Xem trước")}'
        f"</title></head><body>{found}</body></html>",
        media_type=MediaType.HTML,
        headers={"Content-Security-Policy": PREVIEW_POLICY},
    )


def snippet(kind: str, base: str, place: str, lang: str) -> Markup:
    """The lines to copy; they need no script and bring their own style."""
    return (FRAME if kind == "frame" else BUTTON).format(
        base=escape(base),
        place=f"/{place}" if place else "",
        lang=lang,
        title=catalogue(lang).gettext(TITLE),
        height=HEIGHT,
    )


async def _wanted(request: AnyRequest) -> tuple[str, str]:
    lang = request.query_params.get("lang", "vi")
    code = request.query_params.get("place", "")
    own = own_agency(request)
    if code:
        place = await addresses.find_place(code)
        if place is None or own not in {None, place.agency_id}:
            raise NotFoundError(_("Không có quầy này."))
        code = place.code
    elif own is not None:
        code = (await addresses.places_of([own]))[0].code
    return code, lang if lang in LANGUAGES else "vi"


routes = [show_snippets, show_preview]
