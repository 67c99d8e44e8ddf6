"""Recorded questions: upload, listen, remove, by question and language."""

import asyncio
from typing import Any

from litestar import Request, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect, Template

from app.access import Role, requires, signed_in
from app.forms import read_form, refuse_form, see_other, translate
from app.kiosk_config import QUESTIONNAIRE, forget_configs
from app.kiosk_prompts import list_prompts, remove_prompt, save_prompt
from app.rendering import LANGUAGES, _, page
from surveys import accounts, kiosks
from surveys.accounts import FieldError

ADDRESS = "/office/recordings"
GUARDS = [requires(Role.ADMINISTRATOR)]

AnyRequest = Request[Any, Any, Any]

# Marks texts that are translated where the reader is known.
N_ = str

DONE = {
    "saved": N_("Đã lưu bản ghi âm. Hãy nghe lại một lần ở dưới."),
    "removed": N_("Đã xóa bản ghi âm."),
}


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_recordings(request: AnyRequest) -> Template:
    """List the recordings, to be heard."""
    done = translate(DONE).get(request.query_params.get("done", ""), "")
    return page("office/recordings.html", errors={}, done=done, **await _context(request))


@post(ADDRESS, guards=GUARDS, include_in_schema=False)
async def post_recording(request: AnyRequest) -> Template | Redirect:
    """Keep a recording in place of an older one."""
    typed = await read_form(request, "question", "language")
    file = (await request.form()).get("file")
    settings = request.app.state.settings
    content = await file.read() if isinstance(file, UploadFile) else b""
    try:
        await _check(typed, request)
        kind = await asyncio.to_thread(
            save_prompt, settings, QUESTIONNAIRE, typed["question"], typed["language"], content
        )
    except FieldError as error:
        errors = {error.field: error.told(_)}
        context = await _context(request) | {"given": typed}
        return refuse_form("office/recordings.html", errors, done="", **context)
    actor = signed_in(request).id
    await accounts.audit(
        "prompt_saved", typed["question"], actor=actor, language=typed["language"], format=kind
    )
    forget_configs()
    return see_other(f"{ADDRESS}?done=saved")


@post(f"{ADDRESS}/remove", guards=GUARDS, include_in_schema=False)
async def post_remove(request: AnyRequest) -> Redirect:
    """Take a recording away."""
    typed = await read_form(request, "question", "language")
    known = {(one.question, one.language) for one in _prompts(request)}
    if (typed["question"], typed["language"]) in known:
        remove_prompt(
            request.app.state.settings, QUESTIONNAIRE, typed["question"], typed["language"]
        )
        await accounts.audit(
            "prompt_removed",
            typed["question"],
            actor=signed_in(request).id,
            language=typed["language"],
        )
        forget_configs()
    return see_other(f"{ADDRESS}?done=removed")


async def _check(typed: dict[str, str], request: AnyRequest) -> None:
    if typed["question"] not in await _questions(request):
        raise FieldError("question", N_("Hãy chọn một câu hỏi trong danh sách."))
    if typed["language"] not in await _languages():
        raise FieldError("language", N_("Hãy chọn một ngôn ngữ trong danh sách."))


async def _questions(request: AnyRequest) -> dict[str, str]:
    _version, form = await request.app.state.forms.find(QUESTIONNAIRE)
    return {one.name: one.labels.get("vi") or one.name for one in form.questions}


async def _languages() -> dict[str, str]:
    return LANGUAGES | await kiosks.known_languages()


def _prompts(request: AnyRequest) -> list[Any]:
    return list(list_prompts(request.app.state.settings, QUESTIONNAIRE))


async def _context(request: AnyRequest) -> dict[str, Any]:
    return {
        "questions": await _questions(request),
        "known": await _languages(),
        "prompts": await asyncio.to_thread(_prompts, request),
        "most": request.app.state.settings.prompt_kilobytes,
        "given": {"question": "", "language": ""},
    }


routes = [show_recordings, post_recording, post_remove]
