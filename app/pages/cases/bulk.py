"""Many cases at once: what was ticked, and what became of it."""

from uuid import UUID

from app.pages.cases.people import AnyRequest
from app.rendering import _, ngettext


async def read_cases(request: AnyRequest) -> list[UUID]:
    """The ids of the cases that were ticked; what is no id is left out."""
    form = await request.form()
    return [found for typed in form.getall("case", []) if (found := _id(typed)) is not None]


def told_result(request: AnyRequest) -> str:
    """What an assignment did, as its redirect tells it; empty when there was none."""
    told = request.query_params.get("told", "")
    if told == "none":
        return _("Chưa phân công gì: hãy chọn vụ việc và người nhận.")
    parts = told.split("-")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) < 5 for part in parts):
        return ""
    assigned, unchanged, refused = map(int, parts)
    said = [ngettext("Đã phân công %(num)s vụ việc.", "Đã phân công %(num)s vụ việc.", assigned)]
    said[0] %= {"num": assigned}
    if unchanged:
        said.append(_("{number} vụ việc đã của người này từ trước.", number=unchanged))
    if refused:
        said.append(_("{number} vụ việc không phân công được: của cơ quan khác.", number=refused))
    return " ".join(said)


def _id(typed: object) -> UUID | None:
    try:
        return UUID(str(typed))
    except ValueError:
        return None
