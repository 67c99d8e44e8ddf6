"""Files that officials put in: with an answer, or scanned for somebody who wrote on paper."""

from typing import Any
from uuid import UUID

from app.attachments import ACCEPT, check_upload, keep_files
from app.pages.cases.people import AnyRequest
from surveys import reflections
from surveys.reflections import Actor
from surveys.transactions import transaction


async def send_answer(
    case: UUID,
    by: Actor,
    request: AnyRequest,
    *,
    approved: int | None = None,
    read: int | None = None,
    expected: int | None = None,
) -> None:
    """Send the answer with the files that were chosen, first approving the version `approved`.

    `read` is the version that stood on the page; a newer one is not sent unread.

    Each citizen of a merged case gets copies of their own: what one case forgets the other keeps.
    """
    settings = request.app.state.settings
    files = await check_upload(request, settings)

    async def along(one: UUID, answer: int) -> None:
        await keep_files(one, files, by=by, settings=settings, answer=answer)

    async with transaction():
        if approved is not None:
            await reflections.approve(case, by, version=approved)
        await reflections.answer(
            case, by, read=approved if read is None else read, expected=expected, along=along
        )


async def inform(case: UUID, text: str, by: Actor, request: AnyRequest) -> None:
    """Keep what the citizen told an official, and the papers that they gave along."""
    settings = request.app.state.settings
    files = await check_upload(request, settings)
    # Together or not at all: what is shown again after a refusal is not there already.
    async with transaction():
        await reflections.add_information(case, text, by)
        await keep_files(case, files, by=by, settings=settings)


def upload_context(request: AnyRequest) -> dict[str, Any]:
    """What a field for files needs to know."""
    return {"accept": ACCEPT, "megabytes": request.app.state.settings.file_max_mb}
