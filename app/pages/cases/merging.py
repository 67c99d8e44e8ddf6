"""Cases that may tell of the same: side by side, then answered together or not."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.forms import clean, read_form, see_other
from app.pages.cases.people import ADDRESS, GUARDS, AnyRequest, case_address, named_case
from app.pages.cases.refusing import refuse_move
from app.pages.cases.words import state_names
from app.rendering import page
from surveys import reflections
from surveys.errors import InputError, StateError


@get(f"{ADDRESS}/{{reference:str}}/duplicates", guards=GUARDS, include_in_schema=False)
async def show_duplicates(reference: FromPath[str], request: AnyRequest) -> Template:
    """Compare a case with another; reading the words of both is logged."""
    case, by = await named_case(reference, request)
    wanted = clean(request.query_params.get("with", ""))
    other = None
    if wanted.strip():
        found, _by = await named_case(wanted, request)
        other = await reflections.case_view(found, by)
    view = await reflections.case_view(case, by)
    return page(
        "cases/duplicates.html",
        view=view,
        other=other,
        alike=await reflections.suggest_duplicates(case, by),
        state_names=state_names(),
    )


@post(f"{ADDRESS}/{{reference:str}}/merge", guards=GUARDS, include_in_schema=False)
async def post_merge(reference: FromPath[str], request: AnyRequest) -> Template | Redirect:
    """Let this case be answered with another."""
    case, by = await named_case(reference, request)
    typed = await read_form(request, "main")
    main, _by = await named_case(typed["main"], request)
    try:
        await reflections.merge(case, main, by)
    except (InputError, StateError) as error:
        return await refuse_move(error, case, by, request, form="merge", typed=typed)
    return see_other(case_address(reference, "?done=merge"))


@post(f"{ADDRESS}/{{reference:str}}/unmerge", guards=GUARDS, include_in_schema=False)
async def post_unmerge(reference: FromPath[str], request: AnyRequest) -> Template | Redirect:
    """Let this case go its own way again."""
    case, by = await named_case(reference, request)
    try:
        await reflections.unmerge(case, by)
    except (InputError, StateError) as error:
        return await refuse_move(error, case, by, request, form="merge", typed={})
    return see_other(case_address(reference, "?done=unmerge"))


routes = [show_duplicates, post_merge, post_unmerge]
