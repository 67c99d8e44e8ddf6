"""What pages share that belong to one citizen: nobody keeps them, nobody learns where one came
from."""

from functools import cache
from pathlib import Path
from typing import Any

from litestar import HttpMethod, Request
from litestar.datastructures import ResponseHeader
from markupsafe import Markup

from app.rendering import HERE, LANGUAGES

READ = [HttpMethod.GET, HttpMethod.HEAD]

# The address of such a page is a key: no cache holds it, no other site hears of it.
PRIVATE = [
    ResponseHeader(name="Cache-Control", value="no-store"),
    ResponseHeader(name="Referrer-Policy", value="no-referrer"),
]

AnyRequest = Request[Any, Any, Any]


def kept_language(request: AnyRequest) -> dict[str, str]:
    """The language that the address names, to be named by the next address too."""
    chosen = request.query_params.get("lang", "")
    return {"lang": chosen} if chosen in LANGUAGES else {}


@cache
def face(place: int, of: int) -> Markup:
    """One face of a scale, in the page itself: five more requests would cost a second."""
    path = Path(HERE) / "static" / "faces" / f"face-{place}-of-{of}.svg"
    if not path.exists():
        return Markup("")
    attributes = '<svg class="face" aria-hidden="true" focusable="false"'
    return Markup(path.read_text().strip().replace("<svg", attributes, 1))  # noqa: S704 - ours


def base_address(request: AnyRequest) -> str:
    """The address that citizens reach, without a slash at its end."""
    return (request.app.state.settings.public_url or str(request.base_url)).rstrip("/")
