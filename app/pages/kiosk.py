"""The kiosk of a counter: before it stands somebody with a bus in six minutes and an official
looking on. One tap is a stored rating; everything after it may be left out."""

from typing import Any

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import kiosk_cookie, kiosk_counter
from app.questions import questions_of
from app.rendering import LANGUAGES, _, language, page
from app.settings import Settings
from surveys.devices import find_counter
from surveys.errors import NotFoundError

QUESTIONNAIRE = "counter"


@get("/kiosk/{counter:str}/start/{key:str}", opt={"public": True}, include_in_schema=False)
async def start_kiosk(
    counter: FromPath[str], key: FromPath[str], request: Request[Any, Any, Any]
) -> Redirect:
    """Make this browser the counter's kiosk; the office hands out the address once."""
    settings: Settings = request.app.state.settings
    return Redirect(f"/kiosk/{counter}", cookies=[kiosk_cookie(key, settings)])


@get("/kiosk/{counter:str}", opt={"public": True}, include_in_schema=False)
async def show_kiosk(counter: FromPath[str], request: Request[Any, Any, Any]) -> Template:
    """Show the five faces of one counter."""
    found = await find_counter(counter)
    if found is None:
        raise NotFoundError(_("Không có quầy này. Hãy kiểm tra lại địa chỉ của thiết bị."))
    known = await kiosk_counter(request, counter) == counter
    _version, questionnaire = await request.app.state.forms.find(QUESTIONNAIRE)
    return page(
        "kiosk/kiosk.html",
        counter=found,
        known=known,
        questions=questions_of(questionnaire),
        idle_seconds=request.app.state.settings.kiosk_idle_seconds,
        other_languages={code: name for code, name in LANGUAGES.items() if code != language.get()},
    )


routes = [start_kiosk, show_kiosk]
