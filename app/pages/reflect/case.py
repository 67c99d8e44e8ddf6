"""A citizen's own case behind a link: what became of it, and the citizen's word on it. They fear
that nothing happens, and that somebody else reads along."""

from collections.abc import Awaitable, Callable
from secrets import token_hex
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import post, route
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app import citizen_words as words
from app.access import pepper
from app.attachments import ACCEPT, UPLOAD_BYTES, check_upload, keep_files, path_of
from app.forms import clean, number_of, see_other
from app.private_pages import PRIVATE, READ, AnyRequest, base_address, face, kept_language
from app.rendering import _, page
from surveys.accounts import FieldError
from surveys.errors import DomainError, NotFoundError
from surveys.ratings import grouped
from surveys.reflections import (
    CITIZEN,
    OPEN,
    CitizenView,
    add_information,
    citizen_view,
    find_by_token,
    not_settled,
    rate_reply,
    renew_access,
    settle,
    withdraw_consent,
    withdraw_publication,
    withdraw_reply,
    withdraw_survey,
)
from surveys.reflections.files import remove_file
from surveys.reflections.needs import check_text, is_blank
from surveys.reflections.states import ANSWERED

# Marks texts that are translated where the reader is known.
N_ = str

Typed = dict[str, str]
Action = Callable[[UUID, Typed, AnyRequest], Awaitable[Any]]
LONGEST: Final = 20_000

DONE: Final = {
    "add": N_("Đã gửi phần bổ sung. Cơ quan sẽ đọc cùng với điều bạn viết trước đó."),
    "remove": N_("Đã rút lại tệp. Cơ quan không còn xem được tệp này."),
    "settle": N_("Cảm ơn bạn. Vụ việc đã thỏa đáng theo lời bạn."),
    "reopen": N_("Đã mở lại. Cơ quan phải trả lời lần nữa, trong hạn mới."),
    "rate": N_("Đã ghi đánh giá của bạn về câu trả lời."),
    "withdraw": N_("Đã xóa tên và cách liên hệ. Hãy tự vào xem bằng mã hoặc liên kết này."),
    "hide": N_("Đã ghi: lời bạn viết không được công khai. Cơ quan vẫn trả lời bạn."),
    "no_reply": N_(
        "Đã ghi: không gửi tin nào cho bạn nữa. Câu trả lời sẽ có ở trang này: hãy giữ mã hoặc liên kết."
    ),
    "no_survey": N_("Đã ghi: không ai hỏi ý kiến bạn sau này nữa."),
}


class Shown(msgspec.Struct, frozen=True):
    """What there is to say above the page, and what was typed when it was refused."""

    typed: Typed = {}
    errors: dict[str, str] = {}
    notice: str = ""


@route(
    "/p/{token:str}", http_method=READ, status_code=200, opt={"public": True},
    include_in_schema=False, response_headers=PRIVATE,
)  # fmt: skip
async def show_case(token: FromPath[str], request: AnyRequest) -> Template:
    """Show the case of a link."""
    case = await find_by_token(token)
    if case is None:
        return page("reflect/unknown.html", status_code=404)
    done = request.query_params.get("done", "")
    return await _show(request, case, Shown(notice=_(DONE[done]) if done in DONE else ""))


@post(
    "/p/{token:str}", status_code=200, opt={"public": True}, include_in_schema=False,
    response_headers=PRIVATE, request_max_body_size=UPLOAD_BYTES,
)  # fmt: skip
async def post_case(token: FromPath[str], request: AnyRequest) -> Template | Redirect:
    """Do what the citizen wants done; what was typed comes back when it cannot be."""
    typed = await _read(request)
    if typed["action"] == "code":
        return await _renew(token, typed["key"], request)
    case = await find_by_token(token)
    if case is None:
        return page("reflect/unknown.html", status_code=404)
    try:
        if typed["action"] in ACTIONS:
            await ACTIONS[typed["action"]](case, typed, request)
    except FieldError as error:
        field = "files" if error.field == "files" else FIELDS.get(typed["action"], "")
        return await _show(request, case, Shown(typed, {field: error.told(_)}), status_code=422)
    except DomainError as error:
        return await _show(request, case, Shown(typed, {"": error.told(_)}), status_code=409)
    query = urlencode(kept_language(request) | {"done": typed["action"]})
    return see_other(f"/p/{token}?{query}")


async def _renew(token: str, key: str, request: AnyRequest) -> Template:
    """A new code and a new link, shown once; a second click shows the same."""
    settings = request.app.state.settings
    renewed = await renew_access(token, key or token_hex(16), pepper(settings))
    if renewed is None:
        return page("reflect/unknown.html", status_code=404)
    query = urlencode(kept_language(request))
    return page(
        "reflect/renewed.html",
        reference=renewed.reference,
        code=grouped(renewed.code),
        link=f"/p/{renewed.token}{'?' + query if query else ''}",
        address=f"{base_address(request)}/p/{renewed.token}",
    )


async def _read(request: AnyRequest) -> Typed:
    form = await request.form()
    names = ("action", "key", "version", "level", "addition", "reason", "file")
    typed = {name: clean(form.get(name, "")) for name in names}
    for name in ("addition", "reason"):
        whole = form.get(name, "")
        typed[name] = whole.replace("\0", "").replace("\r\n", "\n")[: LONGEST + 1]
    return typed


async def _add(case: UUID, typed: Typed, request: AnyRequest) -> None:
    """Files may come alone, unless a question waits for words."""
    settings = request.app.state.settings
    files = await check_upload(request, settings)
    said = not is_blank(typed["addition"])
    if said or not files or await _is_asked(case):
        check_text(typed["addition"], "addition", N_("Hãy viết nội dung bổ sung."))
    await keep_files(case, files, by=CITIZEN, settings=settings)
    if said:
        await add_information(case, typed["addition"], CITIZEN)


async def _remove(case: UUID, typed: Typed, request: AnyRequest) -> None:
    """The row goes first: a file that no row speaks of is swept up anyway."""
    try:
        file = UUID(typed["file"])
    except ValueError:
        raise NotFoundError(N_("Không có tệp này, hoặc tệp đã bị xóa.")) from None
    await remove_file(case, file, CITIZEN)
    path_of(request.app.state.settings, file).unlink(missing_ok=True)


async def _is_asked(case: UUID) -> bool:
    return bool((await citizen_view(case)).case["state"] == "information_asked")


async def _settle(case: UUID, typed: Typed, _request: AnyRequest) -> None:
    await settle(case, expected=number_of(typed["version"]))


async def _reopen(case: UUID, typed: Typed, _request: AnyRequest) -> None:
    await not_settled(case, typed["reason"], expected=number_of(typed["version"]))


async def _rate(case: UUID, typed: Typed, _request: AnyRequest) -> None:
    await rate_reply(case, number_of(typed["level"]) or 0)


async def _withdraw(case: UUID, _typed: Typed, _request: AnyRequest) -> None:
    await withdraw_consent(case)


async def _hide(case: UUID, _typed: Typed, _request: AnyRequest) -> None:
    await withdraw_publication(case)


async def _no_reply(case: UUID, _typed: Typed, _request: AnyRequest) -> None:
    await withdraw_reply(case)


async def _no_survey(case: UUID, _typed: Typed, _request: AnyRequest) -> None:
    await withdraw_survey(case)


ACTIONS: Final[dict[str, Action]] = {
    "add": _add, "remove": _remove, "settle": _settle, "reopen": _reopen, "rate": _rate,
    "withdraw": _withdraw, "hide": _hide, "no_reply": _no_reply, "no_survey": _no_survey,
}  # fmt: skip
# Where on the page a fault of an action can be mended.
FIELDS: Final = {"add": "addition", "reopen": "reason", "rate": "level"}


async def _show(
    request: AnyRequest, case: UUID, shown: Shown, *, status_code: int = 200
) -> Template:
    view = await citizen_view(case)
    answer = _newest_answer(view)
    title, meaning = words.STATES[view.case["state"]]
    return page(
        "reflect/case.html",
        status_code=status_code,
        view=view,
        token=request.path_params["token"],
        accept=ACCEPT,
        megabytes=request.app.state.settings.file_max_mb,
        shown=shown,
        state=_(title),
        meaning=_(meaning),
        clocks={name: words.clock_words(name, clock) for name, clock in view.clocks.items()},
        events=[words.event_words(event) for event in reversed(view.events)],
        question=_question(view),
        levels=[_(level) for level in words.LEVELS],
        changes=words.CHANGES,
        is_open=view.case["state"] in OPEN,
        answer=answer,
        earlier=[one for one in reversed(view.answers) if one is not answer],
        face=face,
        key=token_hex(16),
    )


def _question(view: CitizenView) -> str:
    """What the agency asks, while it waits for it."""
    if view.case["state"] != "information_asked":
        return ""
    asked = [event for event in view.events if event["name"] == "ask"]
    return str(asked[-1]["detail"].get("text", "")) if asked else ""


def _newest_answer(view: CitizenView) -> dict[str, Any] | None:
    """The answer that the citizen may rate and judge."""
    if not view.answers or view.case["state"] not in {*ANSWERED, "reopened"}:
        return None
    return view.answers[-1]


routes = [show_case, post_case]
