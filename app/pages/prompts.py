"""Recorded questions, served to kiosks under addresses that change with their content."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from app.access import cache_for
from app.kiosk_prompts import ADDRESS, MEDIA_TYPES, read_prompt
from app.rendering import _
from surveys.errors import NotFoundError

YEAR_SECONDS = 31_536_000


@get(
    f"{ADDRESS}/{{questionnaire:str}}/{{said:str}}/{{name:str}}",
    opt={"public": True},
    include_in_schema=False,
    cache_control=cache_for(YEAR_SECONDS),
    sync_to_thread=True,
)
def show_prompt(
    questionnaire: FromPath[str],
    said: FromPath[str],
    name: FromPath[str],
    request: Request[Any, Any, Any],
) -> Response[bytes]:
    """One recording, as long as its content is what the address says."""
    content = read_prompt(request.app.state.settings, questionnaire, said, name)
    if content is None:
        raise NotFoundError(_("Không có bản ghi âm này."))
    return Response(content, media_type=MEDIA_TYPES[name.rpartition(".")[2]])


routes = [show_prompt]
