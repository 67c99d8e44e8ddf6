"""Comments by theme, for an analyst with a thousand of them: read, check, confirm, go on."""

import hmac
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from litestar import get, post
from litestar.response import Redirect, Template

from app.access import Role, requires, secret, signed_in
from app.forms import clean, see_other
from app.pages.themes.words import AnyRequest, list_quarters, mood_names, read_period
from app.redaction import cover_aside
from app.rendering import page
from surveys import themes
from surveys.themes import Asked, Group

ADDRESS = "/office/themes"
GUARDS = [requires(Role.ANALYST)]
SIZE = 60
# What a group is put to besides a theme of the list.
AS_SUGGESTED, NOTHING = "@suggested", "@none"


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_comments(request: AnyRequest) -> Template:
    """Show comments of a period that are suggested for a theme, or confirmed."""
    quarters = await list_quarters()
    period = read_period(request, quarters)
    view = await _read_view(request, Asked(first=period.first, last=period.last))
    asked: Asked = view["asked"]
    groups = _chosen(await themes.list_groups(asked), view)
    pages = max(1, -(-len(groups) // SIZE))
    at = min(view["page"], pages)
    here = groups[(at - 1) * SIZE : at * SIZE]
    # A comment is anonymous; whom it names need not be known to tell what it is about.
    covered = await cover_aside(*(one.text for one in here))
    if groups:
        await themes.log_reading(asked, actor=signed_in(request).id)
    return page(
        "themes/comments.html",
        **view,
        period=period,
        quarters=quarters,
        moods=mood_names(),
        themes={one.key: one for one in await themes.list_themes()},
        counts=await themes.count_themes(asked),
        groups=[
            (_handle(request, one), text, one) for one, text in zip(here, covered, strict=True)
        ],
        found=sum(one.comments for one in groups),
        number_of_page=at,
        pages=pages,
        done=request.query_params.get("done", ""),
        address=lambda **changed: _address(view, period.name, **changed),
    )


@post(ADDRESS, guards=GUARDS, include_in_schema=False)
async def post_themes(request: AnyRequest) -> Redirect:
    """Put the chosen comments to a theme, to what is suggested, or to none."""
    form = await request.form()
    period = read_period(request, await list_quarters())
    view = await _read_view(request, Asked(first=period.first, last=period.last))
    chosen = {clean(one) for one in form.getall("group", [])}
    groups = [
        one for one in await themes.list_groups(view["asked"]) if _handle(request, one) in chosen
    ]
    target = clean(form.get("theme", ""))
    known = {one.key for one in await themes.list_themes()}
    done = 0
    if groups and (target in known or target in {AS_SUGGESTED, NOTHING}):
        keys = None if target == AS_SUGGESTED else [] if target == NOTHING else [target]
        done = await themes.confirm(groups, keys, actor=signed_in(request).id)
    return see_other(_address(view, period.name, page=view["page"], done=done))


async def _read_view(request: AnyRequest, asked: Asked) -> dict[str, Any]:
    """What stands in the address; an agency only where it has comments enough."""
    query = request.query_params
    mood = query.get("mood", "unsatisfied")
    mood = mood if mood in mood_names() else "unsatisfied"
    minimum = request.app.state.settings.minimum_published
    whole = Asked(first=asked.first, last=asked.last, mood=mood)  # type: ignore[arg-type]
    agencies = await themes.readable_agencies(whole, minimum)
    agency = clean(query.get("agency", ""))
    number = query.get("page", "1")
    return {
        "asked": Asked(
            first=asked.first,
            last=asked.last,
            mood=mood,  # type: ignore[arg-type]
            agency=agency if agency in agencies else "",
        ),
        "agencies": agencies,
        "minimum": minimum,
        "theme": clean(query.get("theme", "")),
        "state": "confirmed" if query.get("state") == "confirmed" else "open",
        "page": int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
    }


def _chosen(groups: list[Group], view: dict[str, Any]) -> list[Group]:
    confirmed = view["state"] == "confirmed"
    rows = [one for one in groups if one.confirmed == confirmed]
    theme = view["theme"]
    if not theme:
        return sorted(rows, key=lambda one: (_theme_of(one, confirmed=confirmed), -one.comments))
    wanted = "" if theme == NOTHING else theme
    return [one for one in rows if wanted in _themes_of(one, confirmed=confirmed)]


def _themes_of(group: Group, *, confirmed: bool) -> list[str]:
    return (group.themes if confirmed else group.suggested[:1]) or [""]


def _theme_of(group: Group, *, confirmed: bool) -> str:
    return _themes_of(group, confirmed=confirmed)[0]


def _handle(request: AnyRequest, group: Group) -> str:
    """A name for a text that means nothing outside this installation; ids stay here."""
    key = secret(request.app.state.settings).encode()
    return hmac.new(key, b"comment:" + group.text.strip().lower().encode(), sha256).hexdigest()[:24]


def _address(view: dict[str, Any], period: str, /, **changed: Any) -> str:
    asked: Asked = view["asked"]
    given = {
        "period": period,
        "mood": asked.mood,
        "agency": asked.agency,
        "theme": view["theme"],
        "state": view["state"],
        "page": 1,
    } | changed
    usual = {"mood": "unsatisfied", "agency": "", "theme": "", "state": "open", "page": 1}
    kept = {name: value for name, value in given.items() if usual.get(name) != value}
    return f"{ADDRESS}?{urlencode(kept)}"
