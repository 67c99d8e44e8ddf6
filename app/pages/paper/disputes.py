"""Disputes: a third person reads the sheet where two readings of it differ."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import Role, requires, signed_in
from app.forms import see_other, translate
from app.paper.layout import Block, lay_out
from app.paper.reading import (
    OUTCOMES,
    Given,
    ReadingError,
    decided_in,
    outcome_in,
    read_values,
    told,
)
from app.rendering import _, page
from surveys import paper
from surveys.paper import Dispute, Keyed
from surveys.questionnaires import AnswerError, Questionnaire, load_questionnaire
from surveys.ratings import grouped

ADDRESS = "/paper/disputes"
GUARDS = [requires(Role.OPERATOR)]

AnyRequest = Request[Any, Any, Any]


@get(f"{ADDRESS}/{{serial:str}}", guards=GUARDS, include_in_schema=False)
async def show_dispute(serial: FromPath[str], request: AnyRequest) -> Template:
    """Show both readings where they differ, without a sign of who made which."""
    dispute = await paper.find_dispute(serial, signed_in(request))
    questionnaire = await load_questionnaire(dispute.sheet.version)
    return _form(dispute, questionnaire, {}, {})


@post(f"{ADDRESS}/{{serial:str}}", guards=GUARDS, include_in_schema=False)
async def post_dispute(serial: FromPath[str], request: AnyRequest) -> Template | Redirect:
    """Settle the sheet as it was read now."""
    staff = signed_in(request)
    dispute = await paper.find_dispute(serial, staff)
    questionnaire = await load_questionnaire(dispute.sheet.version)
    given = await read_values(request)
    window = request.app.state.window
    try:
        decided = decided_in(given, dispute, questionnaire)
        await paper.adjudicate(serial, decided, staff, window=window)
    except ReadingError as error:
        return _form(dispute, questionnaire, given, error.faults)
    except AnswerError as error:
        return _form(dispute, questionnaire, given, told(error))
    return see_other("/paper?settled=1")


def _form(
    dispute: Dispute, questionnaire: Questionnaire, given: Given, errors: dict[str, str]
) -> Template:
    blocks = [block | {"questions": [one]} for block in lay_out(questionnaire)
              for one in block["questions"] if one["name"] in dispute.fields]  # fmt: skip
    for block in blocks:
        question = block["questions"][0]
        question["readings"] = [_said(block, question, one) for one in dispute.readings]
    return page(
        "paper/dispute.html",
        status_code=422 if errors else 200,
        dispute=dispute,
        serial=grouped(dispute.sheet.serial),
        blocks=blocks,
        given=given,
        errors=errors,
        names=translate(OUTCOMES),
        outcome=outcome_in(given),
    )


def _said(block: Block, question: Block, reading: Keyed) -> str:
    """One reading of one field, as people read it."""
    value = reading.answers.get(question["name"])
    if value in (None, "", []):
        return _("để trống")
    if block["kind"] == "text":
        return str(value)
    if block["kind"] == "choices":
        labels = {one["name"]: f"{one['key']}. {one['label']}" for one in question["choices"]}
        return ", ".join(labels.get(str(name), str(name)) for name in value)
    labels = {one["code"]: f"{one['key']}. {one['label']}" for one in block["levels"]}
    return labels.get(value, str(value))


routes = [show_dispute, post_dispute]
