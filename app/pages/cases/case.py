"""One case on an official's desk: what was written, whose turn it is, and what can be done."""

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from litestar import get
from litestar.params import FromPath
from litestar.response import Template

from app.forms import translate
from app.pages.cases.bulk import told_result
from app.pages.cases.history import tell_history
from app.pages.cases.offers import move_forms
from app.pages.cases.people import ADDRESS, GUARDS, AnyRequest, named_case
from app.pages.cases.words import (
    CHANNELS,
    KINDS,
    PARTS,
    due_sign,
    due_words,
    tell_clocks,
)
from app.rendering import _, language, page
from surveys import reflections
from surveys.reflections import Actor, CaseView

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
    view = await reflections.case_view(case, by, now=now)
    types = await reflections.list_types(retired=True)
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
        types={key: names[language.get()] for key, names in types.items()},
        kinds=translate(KINDS),
        channels=translate(CHANNELS),
        parts=translate(PARTS),
        moves=move_forms(view.moves, view.case["state"]),
        told=told_result(request) or _done(request),
        **await _around(view, by),
        **(await draft_context(view, by) | texts),
    )


async def draft_context(view: CaseView, by: Actor) -> dict[str, Any]:
    """What the editor of the answer needs: the newest version and what is to be done with it."""
    newest = view.drafts[0] if view.drafts else None
    last = view.answers[-1]["answered_at"] if view.answers else None
    # After an answer the next draft begins with an empty page.
    fresh = newest if newest and (last is None or newest["saved_at"] > last) else None
    may = reflections.can_draft(view.case["state"], by)
    return {
        "draft": fresh,
        "base": newest["version"] if newest else 0,
        "can_draft": may,
        "templates": await _templates(view) if may else [],
        "is_head": "head" in by.roles,
        "needs_approval": await reflections.wants_approval(view.case["agency"]),
    }


async def _templates(view: CaseView) -> list[dict[str, Any]]:
    case = view.case
    return await reflections.list_templates(case["agency"], case_type=case["type"])


async def _around(view: CaseView, by: Actor) -> dict[str, Any]:
    """Colleagues, other agencies, and cases that read alike; only while something can be done."""
    agency = view.case["agency"]
    is_open = view.case["state"] in reflections.OPEN
    alike = is_open and view.case["merged_into"] is None
    return {
        "is_open": is_open,
        "colleagues": await reflections.list_colleagues(agency, by) if is_open else [],
        "agencies": await reflections.list_agencies() if "transfer" in view.moves else [],
        "alike": await reflections.suggest_duplicates(view.case["id"], by) if alike else [],
        "state_names": {
            name: titles[language.get()] for name, titles in reflections.machine().states.items()
        },
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
