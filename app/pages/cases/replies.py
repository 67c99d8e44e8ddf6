"""Templates of replies: the province's for everybody, an agency's own beside them."""

from typing import Any, Final

from litestar import get, post
from litestar.response import Redirect, Template

from app.forms import clean, read_form, see_other, translate
from app.pages.cases.people import GUARDS, AnyRequest, actor_of
from app.problems import status_of
from app.rendering import _, language, page
from surveys import reflections
from surveys.accounts import FieldError
from surveys.errors import InputError
from surveys.reflections import Actor, NewTemplate
from surveys.reflections.replying import FIELDS

ADDRESS: Final = "/office/cases/templates"
NAMES: Final = ("key", "title", "type", "body", "retired")


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_templates(request: AnyRequest) -> Template:
    """List templates; with `edit` or `copy` in the address one of them stands in the form."""
    by = await actor_of(request)
    rows = await reflections.list_templates(by.agency, retired=True)
    chosen = clean(request.query_params.get("edit") or request.query_params.get("copy") or "")
    found = next((row for row in rows if str(row["id"]) == chosen), None)
    typed = dict.fromkeys(NAMES, "")
    if found is not None:
        own = found["agency"] == by.agency and "edit" in request.query_params
        typed |= {
            "key": found["key"] if own else "",
            "title": found["title"],
            "type": found["case_type"] or "",
            "body": found["body"],
            "retired": "yes" if found["retired"] and own else "",
        }
    return await _page(by, typed, done="done" in request.query_params)


@post(ADDRESS, guards=GUARDS, include_in_schema=False)
async def post_template(request: AnyRequest) -> Template | Redirect:
    """Save a template as its next version."""
    by = await actor_of(request)
    typed = await read_form(request, *NAMES)
    new = NewTemplate(
        title=typed["title"],
        body=typed["body"].replace("\r\n", "\n"),
        key=typed["key"],
        case_type=typed["type"] or None,
        retired=bool(typed["retired"]),
    )
    try:
        await reflections.save_template(new, by)
    except InputError as error:
        field = error.field if isinstance(error, FieldError) else ""
        errors = {field: error.told(_)}
        return await _page(by, typed, status_code=status_of(error), errors=errors)
    return see_other(f"{ADDRESS}?done")


async def _page(by: Actor, typed: dict[str, str], **said: Any) -> Template:
    texts: dict[str, Any] = {"errors": {}, "done": False} | said
    types = await reflections.list_types()
    rows = await reflections.list_templates(by.agency, retired=True)
    return page(
        "cases/templates.html",
        typed=typed,
        own=[row for row in rows if row["agency"] == by.agency],
        shared=[row for row in rows if row["agency"] != by.agency],
        types={"": _("Mọi loại")} | {key: names[language.get()] for key, names in types.items()},
        fields=translate(FIELDS),
        is_province=by.agency is None,
        **texts,
    )


routes = [show_templates, post_template]
