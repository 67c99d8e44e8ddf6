"""The page for a code: somebody kept the slip of paper, and wants to know what became of it."""

from urllib.parse import urlencode

from litestar import post, route
from litestar.exceptions import TooManyRequestsException
from litestar.response import Redirect, Template

from app.access import pepper
from app.forms import read_form, see_other
from app.guessing import guesses
from app.private_pages import PRIVATE, READ, AnyRequest, kept_language
from app.rendering import _, page
from surveys.errors import InputError
from surveys.reflections import find_by_code, link_token

# Marks texts that are translated where the reader is known.
N_ = str

UNKNOWN = N_("Không có vụ việc nào mang mã này. Hãy so từng chữ rồi gõ lại.")


@route(
    "/p", http_method=READ, status_code=200, opt={"public": True}, include_in_schema=False,
    response_headers=PRIVATE,
)  # fmt: skip
async def show_entry() -> Template:
    """Ask for the access code of a case."""
    return _ask("")


@post(
    "/p", status_code=200, opt={"public": True}, include_in_schema=False, response_headers=PRIVATE
)
async def post_entry(request: AnyRequest) -> Template | Redirect:
    """Open the case of a typed code."""
    typed = (await read_form(request, "code"))["code"].strip()
    if not typed:
        return _ask("", _("Hãy gõ mã tra cứu."))
    try:
        guesses.check()
        case = await find_by_code(typed)
    except TooManyRequestsException as error:
        return _ask(typed, error.detail, status_code=429)
    except InputError as error:
        return _ask(typed, error.told(_), status_code=422)
    if case is None:
        guesses.count_wrong()
        return _ask(typed, _(UNKNOWN), status_code=422)
    token = await link_token(case, pepper(request.app.state.settings))
    chosen = urlencode(kept_language(request))
    return see_other(f"/p/{token}?{chosen}" if chosen else f"/p/{token}")


def _ask(typed: str, error: str = "", *, status_code: int = 200) -> Template:
    errors = {"code": error} if error else {}
    status = 422 if error and status_code == 200 else status_code
    return page("reflect/entry.html", status_code=status, typed=typed, errors=errors)


routes = [show_entry, post_entry]
