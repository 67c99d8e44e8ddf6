"""The list of themes, edited by the analyst: names, factor, and the words that speak for each."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import Role, requires, signed_in
from app.forms import number_of, read_form, refuse_form, see_other
from app.pages.themes.words import AnyRequest, factor_names
from app.rendering import _, page
from surveys import themes
from surveys.accounts import FieldError
from surveys.errors import NotFoundError
from surveys.themes import NewTheme, Told

ADDRESS = "/office/themes/list"
GUARDS = [requires(Role.ANALYST)]
NEW = "new"


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_list(request: AnyRequest) -> Template:
    """List the themes, also those that are not used any more."""
    return page(
        "themes/list.html",
        themes=await themes.list_themes(retired=True),
        factors=factor_names(),
        done="done" in request.query_params,
    )


@get(f"{ADDRESS}/{{key:str}}", guards=GUARDS, include_in_schema=False)
async def show_theme(key: FromPath[str]) -> Template:
    """Show a theme to be changed, or an empty form."""
    return page("themes/theme.html", errors={}, **await _context(key))


@post(f"{ADDRESS}/{{key:str}}", guards=GUARDS, include_in_schema=False)
async def post_theme(key: FromPath[str], request: AnyRequest) -> Template | Redirect:
    """Keep a theme as it was typed."""
    context = await _context(key)
    typed = await read_form(request, "key", "name", "name_en", "factor", "seeds", "retired", "base")
    theme = NewTheme(
        key=typed["key"].strip() if key == NEW else key,
        name=typed["name"],
        name_en=typed["name_en"],
        factor=typed["factor"],
        seeds=typed["seeds"].splitlines(),
        retired=bool(typed["retired"]),
    )
    try:
        base = number_of(typed["base"]) or 0
        await themes.save_theme(theme, base=base, actor=signed_in(request).id)
    except FieldError as error:
        shown = context | {"typed": typed | {"retired": theme.retired}}
        return refuse_form("themes/theme.html", {error.field: error.told(_)}, **shown)
    return see_other(f"{ADDRESS}?done")


async def _context(key: str) -> dict[str, Any]:
    known = {one.key: one for one in await themes.list_themes(retired=True)}
    if key != NEW and key not in known:
        raise NotFoundError(_("Không có chủ đề nào như vậy."))
    told = known.get(key)
    return {
        "key": key,
        "is_new": key == NEW,
        "told": told,
        "typed": _typed(told),
        "factors": factor_names(),
    }


def _typed(told: Told | None) -> dict[str, Any]:
    if told is None:
        empty = dict.fromkeys(("key", "name", "name_en", "factor", "seeds"), "")
        return empty | {"retired": False, "base": 0}
    return {
        "key": told.key,
        "name": told.name,
        "name_en": told.name_en,
        "factor": told.factor,
        "seeds": "\n".join(told.seeds),
        "retired": told.retired,
        "base": told.version,
    }
