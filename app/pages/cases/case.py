"""One case on an official's desk: what was written, whose turn it is, and what can be done."""

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from litestar import get
from litestar.params import FromPath
from litestar.response import Template

from app.forms import translate
from app.pages.cases.bulk import told_result
from app.pages.cases.enclosing import upload_context
from app.pages.cases.history import tell_history
from app.pages.cases.offers import move_forms
from app.pages.cases.people import ADDRESS, GUARDS, AnyRequest, named_case
from app.pages.cases.words import (
    CHANNELS,
    KINDS,
    PARTS,
    due_sign,
    due_words,
    state_names,
    tell_clocks,
)
from app.rendering import _, language, page
from surveys import reflections
from surveys.reflections import Actor, CaseDesk

N_ = str

DONE: Final = {
    "title": N_("Đã lưu tiêu đề và loại vụ việc."),
    "note": N_("Đã lưu ghi chú."),
    "draft": N_("Đã lưu dự thảo."),
    "approve": N_("Đã duyệt dự thảo."),
    "merge": N_("Đã gộp. Người gửi của vụ việc này sẽ nhận câu trả lời của vụ việc chính."),
    "unmerge": N_("Đã tách khỏi vụ việc chính."),
}


@get(f"{ADDRESS}/{{reference:str}}", guards=GUARDS, include_in_schema=False)
async def show_case(reference: FromPath[str], request: AnyRequest) -> Template:
    """Show everything about a case; that its text was read is logged."""
    case, by = await named_case(reference, request)
    return await case_page(case, by, request)


async def case_page(
    case: UUID,
    by: Actor,
    request: AnyRequest,
    *,
    status_code: int = 200,
    **said: Any,
) -> Template:
    """The page of a case; `said` may be the `form` that was refused, `typed`, `errors`, `contact`."""
    now = datetime.now(UTC)
    desk = await reflections.case_desk(case, by, now=now)
    view = desk.view
    texts = {"form": "", "typed": {}, "errors": {}, "contact": None, "fault": ""} | said
    return page(
        "cases/case.html",
        status_code=status_code,
        view=view,
        case=view.case,
        state=reflections.state_title(view.case["state"], language.get()),
        due=due_words(view.case["due_at"], now),
        due_tag=due_sign(view.case["due_at"], now),
        clocks=tell_clocks(view.clocks),
        history=tell_history(view.events),
        types={key: names[language.get()] for key, names in desk.types.items()},
        kinds=translate(KINDS),
        channels=translate(CHANNELS),
        parts=translate(PARTS),
        state_names=state_names(),
        moves=move_forms(view.moves, view.case["state"]),
        told=told_result(request) or _done(request),
        is_open=desk.is_open,
        colleagues=desk.colleagues,
        agencies=desk.agencies,
        alike=desk.alike,
        **(draft_context(desk, by) | upload_context(request) | texts),
    )


def draft_context(desk: CaseDesk, by: Actor) -> dict[str, Any]:
    """What the editor of the answer needs: the newest version and what is to be done with it."""
    view = desk.view
    newest = view.drafts[0] if view.drafts else None
    last = view.answers[-1]["answered_at"] if view.answers else None
    # After an answer the next draft begins with an empty page.
    fresh = newest if newest and (last is None or newest["saved_at"] > last) else None
    return {
        "draft": fresh,
        "base": newest["version"] if newest else 0,
        "can_draft": reflections.can_draft(view.case["state"], by),
        "templates": desk.templates,
        "is_head": "head" in by.roles,
        "needs_approval": desk.needs_approval,
    }


def _done(request: AnyRequest) -> str:
    """What the redirect of a move tells."""
    name = request.query_params.get("done", "")
    if name in DONE:
        return _(DONE[name])
    if name in reflections.machine().moves:
        return _("Đã xong: {move}.", move=reflections.event_title(name, language.get()).lower())
    return ""


routes = [show_case]
