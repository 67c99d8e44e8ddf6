"""Around a case: internal notes, its title and type, and how its writer is reached."""

from litestar import post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.forms import read_form, see_other
from app.pages.cases.case import case_page
from app.pages.cases.people import ADDRESS, GUARDS, AnyRequest, case_address, named_case
from app.pages.cases.refusing import refuse_move
from surveys import reflections
from surveys.accounts import FieldError
from surveys.errors import InputError, StateError

N_ = str


@post(f"{ADDRESS}/{{reference:str}}/notes", guards=GUARDS, include_in_schema=False)
async def post_note(reference: FromPath[str], request: AnyRequest) -> Template | Redirect:
    """Keep an internal note."""
    case, by = await named_case(reference, request)
    typed = await read_form(request, "text")
    try:
        await reflections.note(case, typed["text"], by)
    except (InputError, StateError) as error:
        return await refuse_move(error, case, by, request, form="note", typed=typed)
    return see_other(case_address(reference, "?done=note#notes"))


@post(f"{ADDRESS}/{{reference:str}}/title", guards=GUARDS, include_in_schema=False)
async def post_title(reference: FromPath[str], request: AnyRequest) -> Template | Redirect:
    """Give a case another title or type."""
    case, by = await named_case(reference, request)
    typed = await read_form(request, "title", "type")
    try:
        await reflections.describe(case, by, title=typed["title"], case_type=typed["type"])
    except (InputError, StateError) as error:
        return await refuse_move(error, case, by, request, form="title", typed=typed)
    return see_other(case_address(reference, "?done=title"))


@post(f"{ADDRESS}/{{reference:str}}/contact", guards=GUARDS, include_in_schema=False)
async def post_contact(reference: FromPath[str], request: AnyRequest) -> Template:
    """Show this once who wrote and how to reach them; who asked, and why, is logged."""
    case, by = await named_case(reference, request)
    typed = await read_form(request, "why")
    try:
        if not typed["why"].strip():
            raise FieldError("why", N_("Hãy ghi vì sao cần xem; lý do này được lưu lại."))
        contact = await reflections.read_contact(case, by, typed["why"].strip())
    except InputError as error:
        return await refuse_move(error, case, by, request, form="contact", typed=typed)
    return await case_page(case, by, request, contact=contact or {})


routes = [post_note, post_title, post_contact]
