"""The page that a portal shows in a frame. The form itself opens in a window of its own, since
nobody can tell in a frame whose page he is typing into."""

from litestar import Response, route
from litestar.params import FromPath
from litestar.response import Template

from app.headers import embed_policy
from app.pages.citizen.views import READ, AnyRequest
from app.rendering import page
from surveys.addresses import find_place


@route(
    ["/embed", "/embed/{address:str}"], http_method=READ, status_code=200, opt={"public": True},
    include_in_schema=False,
)  # fmt: skip
async def show_embedded(
    request: AnyRequest, address: FromPath[str] = ""
) -> Template | Response[None]:
    """Ask for the code of a receipt, small enough for a corner of a portal."""
    place = await find_place(address) if address else None
    shown = page(
        "citizen/embed.html", place=place, status_code=404 if address and not place else 200
    )
    policy = embed_policy(request.app.state.settings.embed_origins)
    shown.headers["Content-Security-Policy"] = policy
    shown.headers["Referrer-Policy"] = "no-referrer"
    shown.headers["Cache-Control"] = "no-store"
    return shown


routes = [show_embedded]
