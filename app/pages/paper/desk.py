"""The desk: an operator with a pile of sheets, a scanner and a keyboard."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import Role, requires, signed_in
from app.forms import clean, see_other, translate
from app.paper.layout import lay_out
from app.paper.reading import OUTCOMES, Given, keyed_in, read_values, shown_values, told
from app.rendering import _, page
from surveys import paper
from surveys.accounts import Staff
from surveys.errors import DomainError
from surveys.paper import Sheet, SheetOutcome
from surveys.questionnaires import AnswerError, load_questionnaire
from surveys.ratings import grouped

# The name by which Babel finds msgids that are translated later, where the reader is known.
N_ = str

ADDRESS = "/paper"
GUARDS = [requires(Role.OPERATOR)]
# What is wrong with a sheet as a whole; the buttons of the form.
WITHOUT_ANSWERS = [one for one in OUTCOMES if one is not SheetOutcome.ANSWERS]
KEYED = N_("Bạn đã nhập phiếu này rồi. Không cần nhập lại.")
CLOSED = N_("Phiếu này đã được hai người nhập. Bạn không cần nhập nữa.")

AnyRequest = Request[Any, Any, Any]


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_desk(request: AnyRequest) -> Template | Redirect:
    """Ask for a serial; say what is done and what is left."""
    staff = signed_in(request)
    typed = clean(request.query_params.get("serial", "")).strip()
    if not typed:
        return await _desk(staff, saved=clean(request.query_params.get("saved", "")))
    try:
        sheet = await paper.find_sheet(paper.read_serial(typed), staff)
    except DomainError as error:
        return await _desk(staff, typed=typed, error=error.told(_))
    if sheet.state in {"disputed", "settled"}:
        return await _desk(staff, typed=typed, error=_(KEYED if sheet.mine else CLOSED))
    return see_other(f"{ADDRESS}/sheets/{sheet.serial}")


@get(f"{ADDRESS}/batches/{{batch:uuid}}", guards=GUARDS, include_in_schema=False)
async def show_outstanding(batch: FromPath[UUID], request: AnyRequest) -> Template:
    """List the sheets of a batch that this operator has not had."""
    return page(
        "paper/outstanding.html",
        batch=await paper.find_batch(batch),
        sheets=await paper.outstanding(batch, signed_in(request)),
        grouped=grouped,
    )


@get(f"{ADDRESS}/sheets/{{serial:str}}", guards=GUARDS, include_in_schema=False)
async def show_sheet(serial: FromPath[str], request: AnyRequest) -> Template | Redirect:
    """Show the form of one sheet, empty or with what this operator keyed; never another's."""
    staff = signed_in(request)
    sheet = await paper.find_sheet(serial, staff)
    if sheet.state in {"disputed", "settled"}:
        return see_other(f"{ADDRESS}?serial={sheet.serial}")
    own = await paper.own_reading(serial, staff)
    return await _form(sheet, shown_values(own) if own else {}, {}, again=own is not None)


@post(f"{ADDRESS}/sheets/{{serial:str}}", guards=GUARDS, include_in_schema=False)
async def post_sheet(serial: FromPath[str], request: AnyRequest) -> Template | Redirect:
    """Keep what was keyed, and go on to the next sheet."""
    staff = signed_in(request)
    sheet = await paper.find_sheet(serial, staff)
    given = await read_values(request)
    questionnaire = await load_questionnaire(sheet.version)
    window = request.app.state.window
    try:
        keyed = keyed_in(given, questionnaire)
        await paper.key_sheet(serial, keyed, staff, window=window)
    except AnswerError as error:
        return await _form(sheet, given, told(error), again=False)
    return see_other(f"{ADDRESS}?saved={sheet.serial}")


async def _desk(staff: Staff, *, typed: str = "", error: str = "", saved: str = "") -> Template:
    last = None
    if saved:
        last = await paper.find_sheet(paper.read_serial(saved), staff)
    return page(
        "paper/desk.html",
        status_code=422 if error else 200,
        typed=typed,
        error=error,
        last=last,
        pending=await paper.pending(staff),
        disputed=await paper.disputed(staff),
        tallies=(await paper.list_tallies(staff.id))[:1],
        grouped=grouped,
    )


async def _form(sheet: Sheet, given: Given, errors: dict[str, str], *, again: bool) -> Template:
    questionnaire = await load_questionnaire(sheet.version)
    return page(
        "paper/sheet.html",
        status_code=422 if errors else 200,
        sheet=sheet,
        serial=grouped(sheet.serial),
        blocks=lay_out(questionnaire),
        given=given,
        errors=errors,
        again=again,
        outcomes={one: _(OUTCOMES[one]) for one in WITHOUT_ANSWERS},
        names=translate(OUTCOMES),
    )


routes = [show_desk, show_outstanding, show_sheet, post_sheet]
