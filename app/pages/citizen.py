"""The online form behind a link: a person with a phone, on a bus, who fears being found out.
It works without script; a link rates one dossier, once."""

from typing import Any
from uuid import UUID, uuid4

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.questions import questions_of
from app.rendering import _, page
from app.submissions import STORED, SentRating, refusal, take_ratings
from surveys.errors import NotFoundError
from surveys.questionnaires import AnswerError, parse_form
from surveys.ratings import find_invitation


@get("/r/{token:str}", opt={"public": True}, include_in_schema=False)
async def show_form(token: FromPath[str], request: Request[Any, Any, Any]) -> Template:
    """Show the form of a link, or why it cannot be used any more."""
    invitation = await find_invitation(token)
    if invitation is None:
        raise NotFoundError(refusal(UUID(int=0), "unknown right").message)
    if invitation.spent or invitation.expired:
        code = "already rated" if invitation.spent else "expired"
        return page("citizen/closed.html", message=refusal(UUID(int=0), code).message)
    return await _form(token, request, rating=uuid4(), given={}, message="")


@post("/r/{token:str}", status_code=200, opt={"public": True}, include_in_schema=False)
async def post_form(token: FromPath[str], request: Request[Any, Any, Any]) -> Template | Redirect:
    """Take a filled-in form; a second click of the button counts once."""
    state = request.app.state
    invitation = await find_invitation(token)
    if invitation is None:
        raise NotFoundError(refusal(UUID(int=0), "unknown right").message)
    form = await request.form()
    given = {name: form.getall(name) for name in form}
    rating = _id_of(given)
    _version, questionnaire = await state.forms.find(invitation.questionnaire)
    try:
        answers = parse_form(questionnaire, {name: given[name] for name in given if name != "id"})
    except AnswerError as error:
        return await _form(token, request, rating=rating, given=given, message=error.told(_))
    sent = SentRating(rating, answers, questionnaire=invitation.questionnaire, right=token)
    (receipt,) = await take_ratings([sent], state.intake, state.forms)
    if receipt.status == STORED:
        return Redirect("/thanks")
    if receipt.code == "wrong answer":
        return await _form(token, request, rating=rating, given=given, message=receipt.message)
    return page("citizen/closed.html", message=receipt.message)


@get("/thanks", opt={"public": True}, include_in_schema=False)
async def show_thanks() -> Template:
    """Say thank you; the address holds nothing that could be traced."""
    return page("citizen/thanks.html")


def _id_of(given: dict[str, list[str]]) -> UUID:
    try:
        return UUID(given.get("id", [""])[0])
    except ValueError:
        return uuid4()


async def _form(
    token: str,
    request: Request[Any, Any, Any],
    *,
    rating: UUID,
    given: dict[str, list[str]],
    message: str,
) -> Template:
    invitation = await find_invitation(token)
    if invitation is None:
        raise NotFoundError(_("Liên kết này không đúng."))
    _version, questionnaire = await request.app.state.forms.find(invitation.questionnaire)
    return page(
        "citizen/form.html",
        status_code=422 if message else 200,
        invitation=invitation,
        questions=questions_of(questionnaire),
        rating=rating,
        given=given,
        message=message,
    )


routes = [show_form, post_form, show_thanks]
