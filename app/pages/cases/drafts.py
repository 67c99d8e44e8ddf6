"""The answer: written in versions that nobody overwrites, approved by the head."""

from typing import Any, Final
from uuid import UUID

from litestar import post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.forms import number_of, read_form, see_other
from app.pages.cases.case import case_page, draft_context
from app.pages.cases.comparing import compare
from app.pages.cases.people import ADDRESS, GUARDS, AnyRequest, case_address, named_case
from app.pages.cases.refusing import refuse_move
from app.problems import status_of
from app.rendering import _, page
from surveys import reflections
from surveys.errors import InputError, StateError
from surveys.reflections import Actor, DraftConflictError

FIELDS: Final = ("base", "text", "change", "explanation", "then", "version", "template")
# Longer than any answer may be, so that a text that is too long is refused, not cut.


@post(f"{ADDRESS}/{{reference:str}}/draft", guards=GUARDS, include_in_schema=False)
async def post_draft(reference: FromPath[str], request: AnyRequest) -> Template | Redirect:
    """Save a version of the answer, and put it forward when that was asked for."""
    case, by = await named_case(reference, request)
    typed = await read_draft(request)
    try:
        await reflections.save_draft(
            case,
            typed["text"],
            by,
            base=number_of(typed["base"]) or 0,
            change=typed["change"],
            explanation=typed["explanation"],
        )
        if typed["then"] == "submit":
            await reflections.submit_draft(case, by)
    except DraftConflictError as error:
        return await _conflict(error, case, by, typed)
    except (InputError, StateError) as error:
        return await refuse_move(error, case, by, request, form="draft", typed=typed)
    done = "submit" if typed["then"] == "submit" else "draft"
    return see_other(case_address(reference, f"?done={done}#draft"))


@post(f"{ADDRESS}/{{reference:str}}/approve", guards=GUARDS, include_in_schema=False)
async def post_approval(reference: FromPath[str], request: AnyRequest) -> Template | Redirect:
    """Approve the version that was read, and send it when that was asked for."""
    case, by = await named_case(reference, request)
    typed = await read_form(request, "base", "then", "version")
    try:
        await reflections.approve(case, by, version=number_of(typed["base"]) or 0)
        if typed["then"] == "answer":
            await reflections.answer(case, by)
    except (InputError, StateError) as error:
        return await refuse_move(error, case, by, request, form="approve", typed=typed)
    done = "answer" if typed["then"] == "answer" else "approve"
    return see_other(case_address(reference, f"?done={done}#draft"))


@post(f"{ADDRESS}/{{reference:str}}/insert", guards=GUARDS, include_in_schema=False)
async def post_insert(reference: FromPath[str], request: AnyRequest) -> Template:
    """Put the words of a template behind what stands in the editor; nothing is saved yet."""
    case, by = await named_case(reference, request)
    typed = await read_draft(request)
    words = await reflections.fill_template(number_of(typed["template"]) or 0, case, by)
    text = f"{typed['text'].rstrip()}\n\n{words}".lstrip()
    return await case_page(case, by, request, form="draft", typed=typed | {"text": text})


async def read_draft(request: AnyRequest) -> dict[str, str]:
    """What stands in the editor, with the line ends that are kept."""
    typed = await read_form(request, *FIELDS)
    return {name: text.replace("\r\n", "\n") for name, text in typed.items()}


async def _conflict(
    error: DraftConflictError, case: UUID, by: Actor, typed: dict[str, Any]
) -> Template:
    """Both texts beside one another, and one's own in the editor over the newest version."""
    desk = await reflections.case_desk(case, by)
    newest = desk.view.drafts[0]
    return page(
        "cases/conflict.html",
        status_code=status_of(error),
        case=desk.view.case,
        newest=newest,
        form="draft",
        errors={},
        typed=typed | {"base": str(error.newest)},
        parts=compare(newest["text"], typed["text"].strip()),
        fault=error.told(_),
        **draft_context(desk, by),
    )


routes = [post_draft, post_approval, post_insert]
