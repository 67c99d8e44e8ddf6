"""The online form behind a link: a person with a phone, on a bus, who fears being found out.
It works without script; a link rates one dossier, once. What was begun can be left as a draft
that only the link opens."""

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID, uuid4

import msgspec
from litestar import post, route
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.forms import clean, see_other
from app.pages.citizen.views import PRIVATE, READ, AnyRequest, closed, face, kept_language
from app.questions import questions_of
from app.rendering import _, page
from app.submissions import STORED, SentRating, take_ratings
from surveys.questionnaires import AnswerError, Questionnaire, check_answers, parse_form
from surveys.ratings import (
    DraftError,
    Invitation,
    delete_draft,
    find_draft,
    forget_drafts,
    open_invitation,
    save_draft,
)

MOST_VALUES = 50

Given = dict[str, list[str]]


class Filled(msgspec.Struct, frozen=True):
    """The form as it is shown: what was typed or begun, and what there is to say of it."""

    given: Given = {}
    rating: UUID = msgspec.field(default_factory=uuid4)
    errors: dict[str, str] = {}
    draft_until: datetime | None = None
    notice: str = ""
    broken: str = ""


@route(
    "/r/{token:str}", http_method=READ, opt={"public": True}, include_in_schema=False,
    status_code=200, response_headers=PRIVATE,
)  # fmt: skip
async def show_form(token: FromPath[str], request: AnyRequest) -> Template:
    """Show the form of a link with its draft, or why it cannot be used any more."""
    invitation = await _invited(token, request)
    if (why := refused(invitation)) or invitation is None:
        return closed(why)
    notice = _("Đã xóa bản nháp.") if request.query_params.get("draft") == "deleted" else ""
    try:
        draft = await find_draft(token)
    except DraftError as error:
        return await _form(invitation, request, Filled(broken=error.told(_)))
    if draft is None:
        return await _form(invitation, request, Filled(notice=notice))
    filled = Filled(given=draft.given, draft_until=draft.expires_at)
    return await _form(invitation, request, filled)


@post(
    "/r/{token:str}", status_code=200, opt={"public": True}, include_in_schema=False,
    response_headers=PRIVATE,
)  # fmt: skip
async def post_form(token: FromPath[str], request: AnyRequest) -> Template | Redirect:
    """Take, keep or forget a filled-in form; a second click of a button counts once."""
    invitation = await _invited(token, request)
    if invitation is None or not invitation.finished:
        return closed(refused(invitation))
    form = await request.form()
    given = {name: [clean(value) for value in form.getall(name)[:MOST_VALUES]] for name in form}
    action = given.pop("action", ["send"])[0]
    if action == "delete":
        await delete_draft(token)
        return see_other(_address(token, request, draft="deleted"))
    _version, questionnaire = await request.app.state.forms.find(invitation.questionnaire)
    if action == "save":
        return await _keep(token, request, _answers_in(given, questionnaire))
    return await _send(token, request, invitation, questionnaire, given)


async def _invited(token: str, request: AnyRequest) -> Invitation | None:
    settings = request.app.state.settings
    return await open_invitation(token, cell_dossiers=settings.cell_dossiers)


async def _keep(token: str, request: AnyRequest, given: Given) -> Template | Redirect:
    days = request.app.state.settings.draft_days
    until = await save_draft(token, given, days=days)
    if until is None:
        return closed(refused(await _invited(token, request)))
    return see_other(_address(token, request, draft="saved"))


async def _send(
    token: str,
    request: AnyRequest,
    invitation: Invitation,
    questionnaire: Questionnaire,
    given: Given,
) -> Template | Redirect:
    state = request.app.state
    rating = _id_of(given)
    text = turned_text(given, questionnaire)
    kept = without_comment(given, questionnaire) if text else given
    answers = parse_form(questionnaire, _answers_in(kept, questionnaire))
    try:
        check_answers(questionnaire, answers)
    except AnswerError as error:
        if why := refused(invitation):
            return closed(why)
        return await _form(invitation, request, Filled(given, rating, _told(error)))
    sent = SentRating(rating, answers, questionnaire=invitation.questionnaire, right=token)
    (receipt,) = await take_ratings([sent], state.intake, state.forms)
    if receipt.status != STORED:
        return closed(receipt.code)
    await forget_drafts(token)
    if text:
        return page("citizen/turn.html", text=text, agency_code=invitation.agency_code)
    chosen = urlencode(kept_language(request))
    return see_other(f"/thanks?{chosen}" if chosen else "/thanks")


@route(
    "/thanks", http_method=READ, status_code=200, opt={"public": True}, include_in_schema=False,
    response_headers=PRIVATE,
)  # fmt: skip
async def show_thanks() -> Template:
    """Say thank you; the address holds nothing that could be traced."""
    return page("citizen/thanks.html")


def refused(invitation: Invitation | None) -> str:
    """Why a link opens no form; empty when it does."""
    if invitation is None:
        return "unknown right"
    if not invitation.finished:
        return "not finished"
    if invitation.spent:
        return "already rated"
    return "expired" if invitation.expired else ""


def turned_text(given: Given, questionnaire: Questionnaire) -> str:
    """The comment that its writer wants to make a reflection; it goes nowhere but back to them."""
    if not given.get("turn"):
        return ""
    texts = (given.get(name, [""])[0].strip() for name in _comments(questionnaire))
    return "\n\n".join(text for text in texts if text)


def without_comment(given: Given, questionnaire: Questionnaire) -> Given:
    """The form as if no comment had been written."""
    comments = _comments(questionnaire)
    return {name: values for name, values in given.items() if name not in comments}


def _comments(questionnaire: Questionnaire) -> list[str]:
    return [one.name for one in questionnaire.questions if one.role == "reflection"]


def _answers_in(given: Given, questionnaire: Questionnaire) -> Given:
    names = {question.name for question in questionnaire.questions}
    return {name: values for name, values in given.items() if name in names and any(values)}


def _told(error: AnswerError) -> dict[str, str]:
    """What is wrong with each question, without the name that programs give it."""
    return {
        fault.question: msgspec.structs.replace(fault, question="").told(_)
        for fault in error.faults
    }


def _id_of(given: Given) -> UUID:
    try:
        return UUID(given.get("id", [""])[0])
    except ValueError:
        return uuid4()


def _address(token: str, request: AnyRequest, **query: str) -> str:
    return f"/r/{token}?{urlencode(kept_language(request) | query)}"


async def _form(invitation: Invitation, request: AnyRequest, filled: Filled) -> Template:
    _version, questionnaire = await request.app.state.forms.find(invitation.questionnaire)
    return page(
        "citizen/form.html",
        status_code=422 if filled.errors else 200,
        invitation=invitation,
        questions=questions_of(questionnaire),
        filled=filled,
        draft_days=request.app.state.settings.draft_days,
        face=face,
    )


routes = [show_form, post_form, show_thanks]
