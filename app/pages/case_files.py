"""Files of a case, read by officials who have the case and by the citizen who holds its link.

They are never shown in a page: the browser saves them, and is told to run nothing in them.
"""

from typing import Any, Final
from uuid import UUID

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import File

from app.access import Role, requires, signed_in
from app.attachments import path_of
from surveys.errors import NotFoundError
from surveys.reflections import (
    CITIZEN,
    DeadLinkError,
    find_by_reference,
    find_by_token,
    read_reference,
    staff_actor,
)
from surveys.reflections.files import find_file
from surveys.transactions import Row

# Marks texts that are translated where the reader is known.
N_ = str

STAFF: Final = [requires(Role.ADMINISTRATOR, Role.ANALYST, Role.AGENCY)]
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}

AnyRequest = Request[Any, Any, Any]


@get("/cases/{reference:str}/files/{file:uuid}", guards=STAFF, include_in_schema=False)
async def get_file_of_case(
    reference: FromPath[str], file: FromPath[UUID], request: AnyRequest
) -> File:
    """Send a file to an official; the reading stands in the audit log."""
    by = await staff_actor(signed_in(request))
    case = await find_by_reference(read_reference(reference), by)
    return _send(request, await find_file(case, file, by))


@get("/p/{token:str}/files/{file:uuid}", opt={"public": True}, include_in_schema=False)
async def get_file_of_citizen(
    token: FromPath[str], file: FromPath[UUID], request: AnyRequest
) -> File:
    """Send a file to the citizen of the case: their own, or one that came with an answer.

    No brake on wrong links: nobody guesses 128 bits, and dead links must not slow typed codes.
    """
    case = await find_by_token(token)
    if case is None:
        raise DeadLinkError
    return _send(request, await find_file(case, file, CITIZEN))


def _send(request: AnyRequest, file: Row) -> File:
    path = path_of(request.app.state.settings, file["id"])
    if not path.exists():
        raise NotFoundError(N_("Tệp không còn trong kho. Hãy báo quản trị viên."))
    return File(
        path,
        filename=f"{file['reference']}-{file['label']}",
        media_type=file["media_type"],
        headers=HEADERS,
    )


routes = [get_file_of_case, get_file_of_citizen]
