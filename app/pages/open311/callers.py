"""Who asks: the place that is meant, and the program whose key came along."""

from app.limits import program_limit
from app.pages.open311.formats import AnyRequest, Open311Error
from app.rendering import _
from surveys.accounts import Program, find_program


def check_place(request: AnyRequest, given: str | None = None) -> None:
    """There is one place here: another one that is named is not found. Raises Open311Error."""
    named = given if given is not None else request.query_params.get("jurisdiction_id", "")
    ours = request.app.state.settings.jurisdiction
    if named and ours and named != ours:
        raise Open311Error(404, _("Không có jurisdiction_id này."))


async def caller(request: AnyRequest, given: str = "") -> Program | None:
    """The program whose key came in the form or the header; a wrong key is refused.

    A key in an address would stand in logs, so none is looked for there.
    """
    key = given or _bearer(request)
    if not key:
        return None
    program = await find_program(key.strip(), "cases")
    if program is None:
        raise Open311Error(403, _("Khóa (api_key) không đúng hoặc không dùng cho việc này."))
    program_limit(request.app.state, program.id)
    return program


async def needed_caller(request: AnyRequest, given: str) -> Program:
    """The program, which there must be. Raises Open311Error."""
    program = await caller(request, given)
    if program is None:
        raise Open311Error(403, _("Cần khóa (api_key) do quản trị viên cấp."))
    return program


def _bearer(request: AnyRequest) -> str:
    kind, _space, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if kind.lower() == "bearer" else ""
