"""The page of a poster: somebody stands in the office, scans, and types the code of the receipt."""

from typing import Any
from urllib.parse import urlencode

from litestar import post, route
from litestar.exceptions import TooManyRequestsException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.forms import read_form, see_other
from app.guessing import guesses
from app.pages.citizen.views import PRIVATE, READ, AnyRequest, closed, kept_language
from app.rendering import _, page
from surveys.addresses import Place, find_place
from surveys.errors import DomainError, InputError
from surveys.ratings import LINK_CODE_LENGTH, open_by_code, read_code
from surveys.rights import UNKNOWN_CODE


@route(
    ["/c", "/c/{address:str}"], http_method=READ, status_code=200, opt={"public": True},
    include_in_schema=False, response_headers=PRIVATE,
)  # fmt: skip
async def show_code_page(address: FromPath[str] = "") -> Template:
    """Ask for the code of a receipt, and tell how else one can rate here."""
    place = await find_place(address) if address else None
    if address and place is None:
        return _ask("", None, status_code=404, unknown=True)
    return _ask("", place)


@post(
    ["/c", "/c/{address:str}"], status_code=200, opt={"public": True}, include_in_schema=False,
    response_headers=PRIVATE,
)  # fmt: skip
async def post_code(request: AnyRequest, address: FromPath[str] = "") -> Template | Redirect:
    """Open the form that belongs to a typed code."""
    typed = (await read_form(request, "code"))["code"].strip()
    place = await find_place(address) if address else None
    try:
        word, token = await _open(typed, request.app.state.settings.cell_dossiers)
    except TooManyRequestsException as error:
        return _ask(typed, place, error.detail, status_code=429)
    except DomainError as error:
        return _ask(typed, place, error.told(_), status_code=422)
    if word == "unknown right":
        return _ask(typed, place, _(UNKNOWN_CODE), status_code=422)
    if word != "open":
        return closed(word)
    chosen = urlencode(kept_language(request))
    return see_other(f"/r/{token}?{chosen}" if chosen else f"/r/{token}")


async def _open(typed: str, cell_dossiers: int) -> tuple[str, str]:
    if not typed:
        raise InputError(_("Hãy gõ mã đánh giá in trên giấy biên nhận."))
    code = read_code(typed, LINK_CODE_LENGTH)
    guesses.check()
    word, token = await open_by_code(code, cell_dossiers=cell_dossiers)
    if word == "unknown right":
        guesses.count_wrong()
    return word, token


def _ask(
    typed: str,
    place: Place | None,
    error: str = "",
    *,
    status_code: int = 200,
    unknown: bool = False,
) -> Template:
    errors: dict[str, Any] = {"code": error} if error else {}
    return page(
        "citizen/code.html",
        status_code=status_code,
        typed=typed,
        place=place,
        errors=errors,
        unknown=unknown,
    )


routes = [show_code_page, post_code]
