"""The kiosk's page: the same for every device, kept on the device by a service worker.

Before it stands somebody with a bus in six minutes and an official looking on.
"""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Template

from app.access import cache_for
from app.kiosk_release import KINDS, Release
from app.rendering import _, page
from surveys.errors import NotFoundError

# The address changes with the content.
YEAR_SECONDS = 31_536_000
ALWAYS_ASK = {"Cache-Control": "no-cache"}

AnyRequest = Request[Any, Any, Any]


def release_of(request: AnyRequest) -> Release:
    """The release that this process serves."""
    release: Release = request.app.state.kiosk_release
    return release


def shell(request: AnyRequest, script: str) -> Template:
    """The empty page; its script fills it from what the device keeps."""
    answer = page("kiosk/shell.html", release=release_of(request), script=script)
    answer.headers |= ALWAYS_ASK
    return answer


@get("/kiosk", opt={"public": True}, include_in_schema=False)
async def show_kiosk(request: AnyRequest) -> Template:
    """Show the faces of the counter for which this browser is enrolled."""
    return shell(request, "main.js")


@get("/kiosk/enrol", opt={"public": True}, include_in_schema=False)
async def show_enrolment(request: AnyRequest) -> Template:
    """Take the one-time code that makes this browser a counter's kiosk."""
    return shell(request, "enrol.js")


@get("/kiosk/worker.js", opt={"public": True}, include_in_schema=False)
async def show_worker(request: AnyRequest) -> Response[bytes]:
    """The service worker; it may rule over /kiosk, one level above its own address."""
    return Response(
        release_of(request).worker,
        media_type=KINDS[".js"],
        headers={**ALWAYS_ASK, "Service-Worker-Allowed": "/kiosk"},
    )


@get("/kiosk/files/{version:str}/{name:str}", opt={"public": True}, include_in_schema=False)
async def show_file(
    version: FromPath[str], name: FromPath[str], request: AnyRequest
) -> Response[bytes]:
    """A script or style of the release in force; another release's files are not here."""
    release = release_of(request)
    if version != release.version or name not in release.files:
        raise NotFoundError(_("Không có tệp này trong phiên bản đang dùng."))
    kind = KINDS[name[name.rindex(".") :]]
    headers = {"Cache-Control": cache_for(YEAR_SECONDS).to_header()}
    return Response(release.files[name], media_type=kind, headers=headers)


routes = [show_kiosk, show_enrolment, show_worker, show_file]
