"""Batches: the administrator has sheets made, prints them, and sees which have not come back."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import Role, requires, signed_in
from app.forms import day_of, read_form, refuse_form, see_other, translate
from app.paper.printing import make_sheets
from app.paper.reading import OUTCOMES
from app.rendering import _, page
from app.settings import Settings
from surveys import accounts, paper
from surveys.accounts import FieldError
from surveys.errors import DomainError
from surveys.questionnaires import list_versions, load_questionnaire

# The name by which Babel finds msgids that are translated later, where the reader is known.
N_ = str

ADDRESS = "/office/paper"
GUARDS = [requires(Role.ADMINISTRATOR)]
DAY_FAULT = N_("Hãy chọn ngày phát phiếu.")
EMPTY = {"version": "", "counter": "", "day": "", "count": "", "agency": "", "dossiers": ""}

AnyRequest = Request[Any, Any, Any]


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_batches() -> Template:
    """List batches, and ask what is to be printed."""
    return page("paper/batches.html", errors={}, given=EMPTY, **await _choices())


@post(f"{ADDRESS}/counter", guards=GUARDS, include_in_schema=False)
async def post_counter_batch(request: AnyRequest) -> Redirect | Template:
    """Make sheets for a counter's day."""
    given = EMPTY | await read_form(request, "version", "counter", "day", "count")
    try:
        batch = await paper.print_blank_sheets(
            given["counter"],
            _day(given["day"]),
            _number(given["count"]),
            version=_number(given["version"]),
            actor=signed_in(request).id,
        )
    except DomainError as error:
        return await _refuse(given, error, "counter")
    return see_other(f"{ADDRESS}/{batch}")


@post(f"{ADDRESS}/dossiers", guards=GUARDS, include_in_schema=False)
async def post_dossier_batch(request: AnyRequest) -> Template:
    """Make sheets for finished dossiers; the answer is the only list of whose they are."""
    given = EMPTY | await read_form(request, "version", "agency", "dossiers")
    settings: Settings = request.app.state.settings
    try:
        printed = await paper.print_dossier_sheets(
            [code.strip() for code in given["dossiers"].splitlines() if code.strip()],
            agency=await accounts.find_agency(given["agency"]),
            version=_number(given["version"]),
            actor=signed_in(request).id,
            least=settings.batch_others + 1,
            cell_dossiers=settings.cell_dossiers,
        )
    except DomainError as error:
        return await _refuse(given, error, "dossiers")
    return page(
        "paper/printed.html",
        printed=printed,
        reasons=translate(paper.LEFT_OUT),
        least=settings.batch_others + 1,
    )


@get(f"{ADDRESS}/{{batch:uuid}}", guards=GUARDS, include_in_schema=False)
async def show_batch(batch: FromPath[UUID]) -> Template:
    """Show one batch, and every sheet of it that is not settled."""
    return page(
        "paper/batch.html",
        batch=await paper.find_batch(batch),
        open_sheets=await paper.open_sheets(batch),
        outcomes=await paper.outcomes_of(batch),
        names=translate(OUTCOMES),
        states=_states(),
    )


@get(f"{ADDRESS}/{{batch:uuid}}/sheets", guards=GUARDS, include_in_schema=False)
async def get_sheets(batch: FromPath[UUID], request: AnyRequest) -> Response[bytes]:
    """Every sheet of a batch as one PDF."""
    found = await paper.find_batch(batch)
    questionnaire = await load_questionnaire(found.version)
    sheets = await paper.sheets_of(batch)
    await accounts.audit("paper_fetched", str(batch), actor=signed_in(request).id)
    pdf = await asyncio.to_thread(make_sheets, found, questionnaire, sheets)
    name = f'attachment; filename="sipas-{str(batch)[:8]}.pdf"'
    return Response(pdf, media_type="application/pdf", headers={"Content-Disposition": name})


async def _choices() -> dict[str, Any]:
    return {
        "batches": await paper.list_batches(),
        "versions": await list_versions(),
        "agencies": await accounts.suggest_agencies(),
        "most": paper.MOST_SHEETS,
    }


async def _refuse(given: dict[str, str], error: DomainError, field: str) -> Template:
    name = error.field if isinstance(error, FieldError) else field
    return refuse_form("paper/batches.html", {name: error.told(_)}, given=given, **await _choices())


def _day(text: str) -> date:
    found = day_of(text)
    if found is None:
        raise FieldError("day", DAY_FAULT)
    return found


def _number(text: str) -> int:
    """The number that was typed; 0, which no rule accepts, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _states() -> dict[str, str]:
    return {
        "printed": _("Chưa nhập"),
        "keyed": _("Đã nhập một lần"),
        "disputed": _("Hai lần nhập khác nhau"),
    }


routes = [show_batches, post_counter_batch, post_dossier_batch, show_batch, get_sheets]
