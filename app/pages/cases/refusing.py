"""The page of a case again, when something on it was refused: nothing that was typed is lost."""

from typing import Any
from uuid import UUID

from litestar.response import Template

from app.attachments import UNKEPT, has_upload
from app.pages.cases.case import case_page
from app.pages.cases.people import AnyRequest
from app.problems import status_of
from app.rendering import _
from surveys.accounts import FieldError
from surveys.errors import InputError, StateError
from surveys.reflections import Actor


async def refuse_move(
    error: InputError | StateError,
    case: UUID,
    by: Actor,
    request: AnyRequest,
    **said: Any,
) -> Template:
    """The page with the fault at its field, and what was typed in the form `said["form"]`."""
    form = said["form"]
    field = f"{form}-{error.field}" if isinstance(error, FieldError) else ""
    errors = {field: error.told(_)}
    if await has_upload(request):
        errors.setdefault(f"{form}-files", _(UNKEPT))
    return await case_page(case, by, request, status_code=status_of(error), errors=errors, **said)
