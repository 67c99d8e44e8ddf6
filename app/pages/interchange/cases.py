"""The JSON interface of cases: a portal or a hotline brings in what citizens write, and asks where
it stands. Nobody reads here what citizen and officials write to one another."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from app.access import pepper, program_of, requires_key
from app.described import KEYED, problems, sends
from app.limits import program_limit
from app.pages.interchange.contract import (
    HISTORY,
    OPENED,
    SENT,
    STATE,
    CaseHistory,
    CaseStates,
    OpenedCase,
)
from app.rendering import language
from app.settings import Settings
from surveys.ratings import grouped
from surveys.reflections import SentCase, program_case, program_cases, take_case

GUARDS = [requires_key("cases")]
OWN = {"cases": [STATE], "page": 1, "more": False}
# What is told is for one program, and for its citizen.
PRIVATE = {"Cache-Control": "no-store"}

AnyRequest = Request[Any, Any, Any]


def answers(
    kind: type[Any], example: object, text: str, refused: tuple[int, ...]
) -> dict[int, ResponseSpec]:
    """Documentation of a successful answer, and of refusals."""
    told = ResponseSpec(
        kind, generate_examples=False, description=text, examples=[Example(value=example)]
    )
    return {200: told} | problems(*refused)


@post(
    "/api/cases",
    status_code=200,
    guards=GUARDS,
    security=KEYED,
    tags=["Cases"],
    summary="Send a case",
    operation_class=sends(case=SENT),
    responses=answers(OpenedCase, OPENED, "The case is on the disk.", (400, 401, 422, 429)),
)
async def post_case(data: JSONBody[SentCase], request: AnyRequest) -> Response[OpenedCase]:
    """Bring in a reflection or recommendation for a citizen. Safe to resend with its `source`."""
    settings: Settings = request.app.state.settings
    program = program_of(request)
    program_limit(request.app.state, program.id)
    opened = await take_case(program, data, pepper(settings))
    base = (settings.public_url or str(request.base_url)).rstrip("/")
    told = OpenedCase(
        reference=opened.reference,
        link=f"{base}/p/{opened.token}" if opened.token else "",
        code=grouped(opened.code) if opened.code else "",
        due_at=opened.due_at,
        known=opened.known,
    )
    return Response(told, headers=PRIVATE)


@get(
    "/api/cases",
    guards=GUARDS,
    security=KEYED,
    tags=["Cases"],
    summary="List own cases",
    responses=answers(CaseStates, OWN, "Own cases.", (400, 401, 429)),
)
async def give_cases(
    request: AnyRequest,
    source: FromQuery[str] = "",
    standing: Annotated[str, QueryParameter(name="state")] = "",
    page: FromQuery[int] = 1,
) -> Response[CaseStates]:
    """List the cases that this program sent, newest first; of one source, or in one state."""
    program = program_of(request)
    program_limit(request.app.state, program.id)
    found = await program_cases(
        program, source=source, state=standing, page=page, language=language.get()
    )
    told = {"cases": found.rows, "page": found.page, "more": found.more}
    return Response(msgspec.convert(told, CaseStates), headers=PRIVATE)


@get(
    "/api/cases/{reference:str}",
    guards=GUARDS,
    security=KEYED,
    tags=["Cases"],
    summary="State of a case",
    responses=answers(CaseHistory, HISTORY, "The case, and its way.", (401, 404, 429)),
)
async def give_case(reference: FromPath[str], request: AnyRequest) -> Response[CaseHistory]:
    """Tell where a case stands that this program sent, and its answer once that is public."""
    program = program_of(request)
    program_limit(request.app.state, program.id)
    found = await program_case(program, reference, language=language.get())
    return Response(msgspec.convert(found, CaseHistory), headers=PRIVATE)


routes = [post_case, give_cases, give_case]
