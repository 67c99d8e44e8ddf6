"""What kiosks say and how long they wait, for the province, an agency or one counter."""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect, Template

from app.access import Role, requires, signed_in
from app.forms import read_form, refuse_form, see_other, translate
from app.kiosk_config import QUESTIONNAIRE, REPEAT_SECONDS, first_of, forget_configs, offered
from app.kiosk_texts import TEXTS
from app.pages.office.scopes import Chosen, search_scope
from app.rendering import _, page
from surveys import accounts, kiosks
from surveys.accounts import FieldError
from surveys.kiosks import KioskSettings, Scope

ADDRESS = "/office/kiosk-settings"
GUARDS = [requires(Role.ADMINISTRATOR)]
WHERE = ("agency", "counter")
FIELDS = ("languages", "default_language", "idle_seconds", "repeat_seconds", "assisted", "sleep")

AnyRequest = Request[Any, Any, Any]

# Marks texts that are translated where the reader is known.
N_ = str

DONE = {
    "saved": N_("Đã lưu. Ki-ốt nhận cài đặt mới trong vài phút."),
    "same": N_("Không có gì đổi, nên không có phiên bản mới."),
    "texts": N_("Đã lưu lời riêng. Ki-ốt nhận lời mới trong vài phút."),
}
CHOICES = {"": N_("Theo cấp trên"), "yes": N_("Có"), "no": N_("Không")}
SAID = {"yes": True, "no": False}


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_settings(request: AnyRequest) -> Template:
    """Show what a scope says, what it inherits, and its versions."""
    chosen = await search_scope(request)
    done = translate(DONE).get(request.query_params.get("done", ""), "")
    context = await _context(chosen, request)
    return page("office/kiosk_settings.html", errors={}, done=done, **context)


@post(ADDRESS, guards=GUARDS, include_in_schema=False)
async def post_settings(request: AnyRequest) -> Template | Redirect:
    """Make a version with other settings; the texts stay."""
    typed = await read_form(request, *WHERE, *FIELDS)
    scope = await kiosks.find_scope(typed["agency"], typed["counter"])
    try:
        said = msgspec.structs.replace(await kiosks.newest(scope), **_read(typed))
        _check_default(said, await _offered(scope, said, request))
        return await _save(scope, said, request, "saved")
    except FieldError as error:
        return await _refuse(scope, request, {error.field: error.told(_)}, typed)


@post(f"{ADDRESS}/texts", guards=GUARDS, include_in_schema=False)
async def post_text(request: AnyRequest) -> Template | Redirect:
    """Say one text in the operator's own words; an empty one takes them back."""
    typed = await read_form(request, *WHERE, "language", "key", "text")
    scope = await kiosks.find_scope(typed["agency"], typed["counter"])
    try:
        kiosks.check_text(typed["key"], typed["text"].strip(), TEXTS)
        given = {typed["key"]: typed["text"].strip()}
        said = await _with_texts(scope, typed["language"], given, request)
        return await _save(scope, said, request, "texts")
    except FieldError as error:
        return await _refuse(scope, request, {error.field: error.told(_)}, typed)


@post(f"{ADDRESS}/upload", guards=GUARDS, include_in_schema=False)
async def post_upload(request: AnyRequest) -> Template | Redirect:
    """Take all texts of a language out of a file, in place of those that the scope had."""
    typed = await read_form(request, *WHERE, "upload_language")
    scope = await kiosks.find_scope(typed["agency"], typed["counter"])
    file = (await request.form()).get("file")
    content = await file.read() if isinstance(file, UploadFile) else b""
    try:
        _check_chosen(content)
        code = typed["upload_language"]
        own = kiosks.parse_texts(content, TEXTS)
        said = await _with_texts(scope, code, own, request, "upload_language", replace=True)
        return await _save(scope, said, request, "texts")
    except FieldError as error:
        return await _refuse(scope, request, {error.field: error.told(_)}, typed)


async def _save(scope: Scope, said: KioskSettings, request: AnyRequest, done: str) -> Redirect:
    made = await kiosks.save_settings(scope, said, actor=signed_in(request).id)
    forget_configs()
    return see_other(Chosen(scope).address(ADDRESS, done=done if made else "same"))


async def _refuse(
    scope: Scope, request: AnyRequest, errors: dict[str, str], typed: dict[str, str]
) -> Template:
    context = await _context(Chosen(scope), request)
    context["given"] |= typed
    return refuse_form("office/kiosk_settings.html", errors, done="", **context)


def _check_default(said: KioskSettings, languages: Mapping[str, str]) -> None:
    if said.default_language and said.default_language not in languages:
        text = N_("Ngôn ngữ mặc định phải là một trong các ngôn ngữ được chọn.")
        raise FieldError("default_language", text)


def _check_chosen(content: bytes) -> None:
    if not content:
        raise FieldError("file", N_("Hãy chọn tệp CSV có hai cột key và text."))


def _read(typed: Mapping[str, str]) -> dict[str, Any]:
    return {
        "languages": _languages(typed["languages"]),
        "default_language": typed["default_language"].strip() or None,
        "idle_seconds": _seconds("idle_seconds", typed["idle_seconds"]),
        "repeat_seconds": _seconds("repeat_seconds", typed["repeat_seconds"]),
        "assisted": SAID.get(typed["assisted"]),
        "sleep": SAID.get(typed["sleep"]),
    }


def _languages(text: str) -> dict[str, str] | None:
    """One language a line: its code, a space, its name."""
    parts = [line.split(None, 1) for line in text.splitlines() if line.strip()]
    return {part[0]: part[1].strip() if part[1:] else "" for part in parts} or None


def _seconds(field: str, text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    # A number that is none is refused with the bounds, as one outside them is.
    is_number = text.isascii() and text.isdigit() and len(text) < 5
    return int(text) if is_number else kiosks.LOWEST[field] - 1


async def _with_texts(
    scope: Scope,
    code: str,
    own: Mapping[str, str],
    request: AnyRequest,
    field: str = "language",
    *,
    replace: bool = False,
) -> KioskSettings:
    """What the scope says, with these texts of a language; empty ones go."""
    said = await kiosks.newest(scope)
    if code not in await _offered(scope, said, request):
        text = N_("Ki-ốt ở đây không có ngôn ngữ «{code}»; hãy thêm vào các ngôn ngữ trước.")
        raise FieldError(field, text, code=code[:20])
    kept = {} if replace else said.texts.get(code, {})
    texts = {key: text for key, text in (kept | dict(own)).items() if text}
    every = {name: mine for name, mine in (said.texts | {code: texts}).items() if mine}
    return msgspec.structs.replace(said, texts=every)


async def _wide(scope: Scope) -> KioskSettings:
    """What holds where the scope itself says nothing."""
    if scope.counter is not None:
        place = await kiosks.find_place(scope.counter)
        return await kiosks.effective_settings(place.agency_id, None)
    if scope.agency is not None:
        return await kiosks.effective_settings(None, None)
    return KioskSettings()


async def _offered(scope: Scope, said: KioskSettings, request: AnyRequest) -> dict[str, str]:
    _version, questionnaire = await request.app.state.forms.find(QUESTIONNAIRE)
    return offered(kiosks.merge_settings(await _wide(scope), said), questionnaire)


async def _context(chosen: Chosen, request: AnyRequest) -> dict[str, Any]:
    scope = chosen.scope
    said = await kiosks.newest(scope)
    wide = await _wide(scope)
    languages = await _offered(scope, said, request)
    agency = scope.agency
    if scope.counter is not None:
        agency = (await kiosks.find_place(scope.counter)).agency_id
    return {
        "chosen": chosen,
        "scope": scope,
        "agencies": await accounts.suggest_agencies(),
        "counters": await kiosks.list_counters(agency) if agency is not None else [],
        "said": said,
        "languages_here": languages,
        "wide_languages": await _offered(scope, KioskSettings(), request),
        "inherited": {
            "default_language": wide.default_language or first_of(languages),
            "idle_seconds": wide.idle_seconds or request.app.state.settings.kiosk_idle_seconds,
            "repeat_seconds": wide.repeat_seconds or REPEAT_SECONDS,
            "assisted": wide.assisted is not False,
            "sleep": wide.sleep is not False,
        },
        "choices": translate(CHOICES),
        "keys": {key: f"{key}: {_(text)}" for key, text in TEXTS.items()},
        "meant": translate(TEXTS),
        "versions": await kiosks.list_versions(scope),
        "given": _given(said),
    }


def _given(said: KioskSettings) -> dict[str, str]:
    words = {True: "yes", False: "no", None: ""}
    return {
        "languages": "\n".join(f"{code} {name}" for code, name in (said.languages or {}).items()),
        "default_language": said.default_language or "",
        "idle_seconds": str(said.idle_seconds or ""),
        "repeat_seconds": str(said.repeat_seconds or ""),
        "assisted": words[said.assisted],
        "sleep": words[said.sleep],
        "language": "",
        "upload_language": "",
        "key": "",
        "text": "",
    }


routes = [show_settings, post_settings, post_text, post_upload]
