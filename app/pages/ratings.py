"""The JSON interface that takes ratings and handovers; the one-stop software uses it."""

from typing import Annotated, Any

import msgspec
from litestar import Request, post
from litestar.params import JSONBody
from msgspec import Meta

from app.access import program_of, requires_key
from app.described import KEYED, problems
from app.settings import Settings
from app.submissions import Code, Receipt, SentRating, take_ratings
from surveys.errors import InputError
from surveys.ratings import Handover, grouped, hand_over, open_coded_links

MOST_RATINGS = 100
QUESTIONNAIRE = "counter"

AnyRequest = Request[Any, Any, Any]


class Ratings(msgspec.Struct, frozen=True):
    """Up to 100 ratings."""

    ratings: list[SentRating]


class Receipts(msgspec.Struct, frozen=True):
    """One receipt for each rating, in order. What is stored here is committed."""

    receipts: list[Receipt]


class Handovers(msgspec.Struct, frozen=True):
    """Up to 100 results that were handed over."""

    handovers: Annotated[
        list[Handover],
        Meta(examples=[[{"dossier": "H32.15-2026-0042", "counter": "KH-STP-1"}]]),
    ]


class HandoverReceipts(msgspec.Struct, frozen=True):
    """One word for each handover: `open`, `already rated`, `unknown dossier`, …"""

    outcomes: list[str]


class Dossiers(msgspec.Struct, frozen=True):
    """Codes of up to 100 returned dossiers."""

    dossiers: Annotated[list[Code], Meta(examples=[["H32.15-2026-0042"]])]


class Links(msgspec.Struct, frozen=True):
    """The address of the online form for each dossier; each works once.

    `codes` are the same rights to type: print the code on the receipt, in its groups of four.
    """

    links: dict[str, str]
    codes: dict[str, str]


def check_size(things: list[Any]) -> None:
    """Refuse an empty request and one that is too long."""
    if not 1 <= len(things) <= MOST_RATINGS:
        raise InputError(
            f"Send between 1 and {MOST_RATINGS} in one request; this one has {len(things)}."
        )


@post(
    "/api/ratings",
    status_code=200,
    opt={"public": True},
    tags=["Ratings"],
    responses=problems(400, 422),
)
async def post_ratings(data: JSONBody[Ratings], request: AnyRequest) -> Receipts:
    """Take ratings; safe to resend: a rating is stored once, and the answer stays the same.

    A rating brings its one-time `right`; kiosks send theirs as signed events of their device.
    `completes` adds details to a rating sent before under the same id.
    """
    check_size(data.ratings)
    state = request.app.state
    return Receipts(await take_ratings(data.ratings, state.intake, state.forms))


@post(
    "/api/handovers",
    status_code=200,
    guards=[requires_key("handover")],
    security=KEYED,
    responses=problems(400, 401, 422),
    tags=["Handovers"],
)
async def post_handovers(data: JSONBody[Handovers], request: AnyRequest) -> HandoverReceipts:
    """Tell that results were handed over: each opens one right to rate at its counter's kiosk."""
    check_size(data.handovers)
    settings: Settings = request.app.state.settings
    outcomes = await hand_over(
        data.handovers,
        questionnaire=QUESTIONNAIRE,
        minutes=settings.kiosk_right_minutes,
        agency=program_of(request).agency_id,
        cell_dossiers=settings.cell_dossiers,
        window=request.app.state.window,
    )
    return HandoverReceipts(outcomes)


@post(
    "/api/links",
    status_code=200,
    guards=[requires_key("handover")],
    security=KEYED,
    responses=problems(400, 401, 422),
    tags=["Handovers"],
)
async def post_links(data: JSONBody[Dossiers], request: AnyRequest) -> Links:
    """Make links to the online form for finished dossiers, to print as QR or to send."""
    check_size(data.dossiers)
    settings: Settings = request.app.state.settings
    opened = await open_coded_links(
        data.dossiers,
        questionnaire=QUESTIONNAIRE,
        days=settings.link_right_days,
        agency=program_of(request).agency_id,
        cell_dossiers=settings.cell_dossiers,
    )
    base = settings.public_url or str(request.base_url).rstrip("/")
    return Links(
        {dossier: f"{base}/r/{token}" for dossier, (token, _code) in opened.items()},
        {dossier: grouped(code) for dossier, (_token, code) in opened.items()},
    )


routes = [post_ratings, post_handovers, post_links]
