"""The JSON interface of slips: a link and a code for every receipt, also before there is a result."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, post
from litestar.params import JSONBody

from app.access import program_of, requires_key
from app.described import KEYED, problems
from app.settings import Settings
from app.slips import link_of, make_slip_pdf
from app.submissions import Code
from surveys.rights import Slip, make_all_slips, make_slips

MOST_SLIPS = 100
QUESTIONNAIRE = "counter"

AnyRequest = Request[Any, Any, Any]
Dossiers = Annotated[
    list[Code],
    msgspec.Meta(min_length=1, max_length=MOST_SLIPS, examples=[["H32.15-2026-0042"]]),
]


class SlipOrder(msgspec.Struct, frozen=True):
    """Codes of up to 100 dossiers of the register, finished or not."""

    dossiers: Dossiers


class PrintOrder(msgspec.Struct, frozen=True):
    """Codes of up to 100 dossiers, and the paper: a roll of 80 mm, or A6."""

    dossiers: Dossiers
    size: Literal["80mm", "a6"] = "80mm"


class MadeSlip(msgspec.Struct, frozen=True):
    """What to print on one receipt.

    `outcome` is `open` (it can be rated now), `promised` (once there is a result), `already rated`
    or `unknown dossier`; for the last two there is no link and no code.
    """

    dossier: str
    outcome: str
    link: str
    code: str


class MadeSlips(msgspec.Struct, frozen=True):
    """One slip for each dossier, in order; a dossier that was named twice has one."""

    slips: list[MadeSlip]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose dossiers may have slips, for how long, and under which address."""

    days: int
    agency: int | None
    cell_dossiers: int
    base: str


@post(
    "/api/slips",
    status_code=200,
    guards=[requires_key("handover")],
    security=KEYED,
    responses=problems(400, 401, 422),
    tags=["Handovers"],
)
async def post_slips(data: JSONBody[SlipOrder], request: AnyRequest) -> MadeSlips:
    """Make a link and a code for each dossier, to print on its receipt.

    Safe to repeat: every call makes new ones, and all of a dossier lead to the same one rating.
    """
    scope = _scope(request)
    slips = await make_slips(
        data.dossiers,
        questionnaire=QUESTIONNAIRE,
        days=scope.days,
        agency=scope.agency,
        cell_dossiers=scope.cell_dossiers,
    )
    return MadeSlips([_made(slip, scope.base) for slip in slips])


@post(
    "/api/slips/pdf",
    status_code=200,
    guards=[requires_key("handover")],
    security=KEYED,
    responses=problems(400, 401, 422),
    tags=["Handovers"],
)
async def post_slip_pdf(data: JSONBody[PrintOrder], request: AnyRequest) -> Response[bytes]:
    """Make slips and print them, one page each; all of them, or none when one cannot be made."""
    scope = _scope(request)
    slips = await make_all_slips(
        data.dossiers,
        questionnaire=QUESTIONNAIRE,
        days=scope.days,
        agency=scope.agency,
        cell_dossiers=scope.cell_dossiers,
    )
    pdf = await asyncio.to_thread(make_slip_pdf, slips, data.size, scope.base)
    return Response(pdf, media_type="application/pdf", headers={"Cache-Control": "no-store"})


def _scope(request: AnyRequest) -> Scope:
    settings: Settings = request.app.state.settings
    base = (settings.public_url or str(request.base_url)).rstrip("/")
    return Scope(
        settings.link_right_days, program_of(request).agency_id, settings.cell_dossiers, base
    )


def _made(slip: Slip, base: str) -> MadeSlip:
    return MadeSlip(slip.dossier, slip.outcome, link_of(slip, base), slip.typed)


routes = [post_slips, post_slip_pdf]
