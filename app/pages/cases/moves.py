"""The moves of a case: what happens when one is sent."""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

from litestar import post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.forms import number_of, read_form, see_other
from app.pages.cases.people import ADDRESS, GUARDS, AnyRequest, case_address, named_case
from app.pages.cases.refusing import refuse_move
from surveys import reflections
from surveys.accounts import FieldError
from surveys.errors import InputError, StateError
from surveys.reflections import Actor

N_ = str

Typed = dict[str, str]
Verb = Callable[[UUID, Actor, Typed, int | None], Awaitable[object]]

FIELDS: Final = ("version", "reason", "text", "agency", "title", "type")


async def _receive(case: UUID, by: Actor, typed: Typed, version: int | None) -> object:
    return await reflections.receive(
        case, by, title=typed["title"], case_type=typed["type"], expected=version
    )


async def _inform(case: UUID, by: Actor, typed: Typed, version: int | None) -> object:
    del version
    return await reflections.add_information(case, typed["text"], by)


async def _transfer(case: UUID, by: Actor, typed: Typed, version: int | None) -> object:
    agency = find_agency(typed["agency"], await reflections.list_agencies())
    return await reflections.transfer(case, agency, typed["reason"], by, expected=version)


def _plain(verb: Callable[..., Awaitable[object]], field: str = "") -> Verb:
    """A verb that takes nothing, or one text."""

    async def act(case: UUID, by: Actor, typed: Typed, version: int | None) -> object:
        given = (typed[field],) if field else ()
        return await verb(case, *given, by, expected=version)

    return act


VERBS: Final[dict[str, Verb]] = {
    "receive": _receive,
    "ask": _plain(reflections.ask_information, "text"),
    "inform": _inform,
    "go_on": _plain(reflections.go_on),
    "refuse": _plain(reflections.refuse, "reason"),
    "transfer": _transfer,
    "take": _plain(reflections.take),
    "extend": _plain(reflections.extend, "reason"),
    "submit": _plain(reflections.submit_draft),
    "return_draft": _plain(reflections.return_draft, "reason"),
    "answer": _plain(reflections.answer),
    "return_answer": _plain(reflections.return_answer, "reason"),
}


@post(f"{ADDRESS}/{{reference:str}}/moves/{{move:str}}", guards=GUARDS, include_in_schema=False)
async def post_move(
    reference: FromPath[str], move: FromPath[str], request: AnyRequest
) -> Template | Redirect:
    """Make a move; what was typed stays on the page when it is refused."""
    if move not in VERBS:
        raise NotFoundException
    case, by = await named_case(reference, request)
    typed = await read_form(request, *FIELDS)
    try:
        await VERBS[move](case, by, typed, number_of(typed["version"]))
    except (InputError, StateError) as error:
        return await refuse_move(error, case, by, request, form=move, typed=typed)
    if move == "transfer":
        return see_other(f"{ADDRESS}?left={reference}")
    return see_other(case_address(reference, f"?done={move}"))


def find_agency(typed: str, agencies: list[dict[str, Any]]) -> int:
    """The agency of this code or name, or the only one whose name holds it. Raises FieldError."""
    wanted = typed.strip().casefold()
    exact = [a for a in agencies if wanted in {a["code"].casefold(), a["name"].casefold()}]
    found = exact or [a for a in agencies if wanted and wanted in a["name"].casefold()]
    if len(found) == 1:
        return int(found[0]["id"])
    if not found:
        raise FieldError("agency", N_("Không có cơ quan nào mang tên hoặc mã này."))
    names = ", ".join(one["name"] for one in found[:5])
    raise FieldError("agency", N_("Có nhiều cơ quan khớp: {names}. Hãy ghi rõ hơn."), names=names)


routes = [post_move]
