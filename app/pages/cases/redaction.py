"""Covering what names a person, reading it again, making it public, taking it back.

An official with the next case waiting; fears that a name slips through and stays on the web.
"""

from asyncio import to_thread
from typing import Any, Final
from uuid import UUID

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from analysis.texts.personal import cover, join
from app.forms import clean, number_of, read_form, see_other, translate
from app.pages.cases.people import ADDRESS, GUARDS, AnyRequest, case_address, named_case
from app.pages.cases.redaction_view import (
    PARTS,
    Part,
    check_read,
    check_shared,
    check_words,
    covered_words,
    part_view,
)
from app.problems import status_of
from app.redaction import (
    KINDS,
    find_places,
    kept_spans,
    mark_of,
    own_spans,
    read_spans,
)
from app.rendering import _, page
from surveys import reflections
from surveys.accounts import FieldError
from surveys.errors import InputError, StateError
from surveys.reflections import Actor, OpenTexts, Redacted

N_ = str

HERE: Final = f"{ADDRESS}/{{reference:str}}/redaction"
LONGEST: Final = 20_000
DONE: Final = {
    "saved": N_("Đã lưu bản đã che. Hãy đọc lại rồi xác nhận."),
    "confirmed": N_("Đã xác nhận."),
    "published": N_("Đã công khai."),
    "ended": N_("Đã gỡ khỏi trang công khai."),
}


@get(HERE, guards=GUARDS, include_in_schema=False)
async def show_redaction(reference: FromPath[str], request: AnyRequest) -> Template:
    """Show the texts with what was found in them; that the original was read is logged."""
    case, by = await named_case(reference, request)
    return await redaction_page(case, by, request)


@post(f"{HERE}/{{part:str}}", guards=GUARDS, include_in_schema=False)
async def post_redaction(
    reference: FromPath[str], part: FromPath[str], request: AnyRequest
) -> Template | Redirect:
    """Show what everybody would read, or keep it as a version to be confirmed."""
    case, by = await named_case(reference, request)
    named = _part(part)
    texts = await reflections.open_texts(case, by)
    text = str(getattr(texts, named))
    form = await request.form()
    words = clean(form.get("words", ""))
    spans = await to_thread(read_spans, text, form.getall("span", []), words)
    # What names the citizen is covered, ticked or not.
    spans = join([*spans, *own_spans(text, texts.known)], len(text))
    given: dict[str, Any] = {"part": named, "spans": spans, "words": words}
    try:
        _check_same(text, form.get("mark"))
        await to_thread(check_words, named, text, words)
        if form.get("then") != "save":
            return await redaction_page(case, by, request, given=given, texts=texts)
        covered = Redacted(text=cover(text, spans), spans=kept_spans(spans))
        await reflections.save_redaction(case, named, covered, by)
    except (InputError, StateError) as error:
        return await redaction_page(case, by, request, error=error, given=given, texts=texts)
    return see_other(case_address(reference, f"/redaction?done=saved#{named}"))


@post(f"{HERE}/{{part:str}}/confirm", guards=GUARDS, include_in_schema=False)
async def post_confirm(
    reference: FromPath[str], part: FromPath[str], request: AnyRequest
) -> Template | Redirect:
    """Say that a version was read and names nobody, also where a name seems to be left."""
    case, by = await named_case(reference, request)
    named = _part(part)
    typed = await read_form(request, "version", "read")
    version = min(number_of(typed["version"]) or 0, 32_000)
    not_names = {str(key) for key in (await request.form()).getall("not_name", [])}
    texts = await reflections.open_texts(case, by)
    kept = await reflections.list_redactions(case, by)
    try:
        shown = part_view(named, texts, kept, None)
        check_read(shown, version, typed["read"], not_names)
        await reflections.confirm_redaction(case, named, by, version=version)
    except (InputError, StateError) as error:
        said: dict[str, Any] = {"sent": named, "not_names": not_names, "read": typed["read"]}
        return await redaction_page(case, by, request, error=error, texts=texts, **said)
    return see_other(case_address(reference, f"/redaction?done=confirmed#{part}"))


@post(f"{ADDRESS}/{{reference:str}}/publish", guards=GUARDS, include_in_schema=False)
async def post_publish(reference: FromPath[str], request: AnyRequest) -> Template | Redirect:
    """Make a case public under a title that names nobody."""
    case, by = await named_case(reference, request)
    typed = await read_form(request, "title", "version", "sure", longest=200)
    title = " ".join(typed["title"].split())
    texts = await reflections.open_texts(case, by)
    kept = await reflections.list_redactions(case, by)
    by_hand = covered_words(PARTS, texts, kept)
    try:
        await to_thread(check_shared, texts, kept)
        _check_title(title, texts.known, by_hand, sure=bool(typed["sure"]))
        await reflections.publish(case, by, title=title, expected=number_of(typed["version"]))
    except (InputError, StateError) as error:
        return await redaction_page(case, by, request, error=error, texts=texts, title=title)
    return see_other(case_address(reference, "/redaction?done=published"))


@post(f"{ADDRESS}/{{reference:str}}/unpublish", guards=GUARDS, include_in_schema=False)
async def post_unpublish(reference: FromPath[str], request: AnyRequest) -> Template | Redirect:
    """Take a case off the public pages, with a reason that the citizen reads."""
    case, by = await named_case(reference, request)
    typed = await read_form(request, "reason")
    try:
        await reflections.end_publication(case, typed["reason"], by)
    except (InputError, StateError) as error:
        return await redaction_page(case, by, request, error=error, reason=typed["reason"])
    return see_other(case_address(reference, "/redaction?done=ended"))


async def redaction_page(
    case: UUID,
    by: Actor,
    request: AnyRequest,
    *,
    error: InputError | StateError | None = None,
    given: dict[str, Any] | None = None,
    texts: OpenTexts | None = None,
    **said: Any,
) -> Template:
    """The page; `given` are the places that were ticked but not kept yet."""
    texts = texts or await reflections.open_texts(case, by)
    view = await reflections.case_view(case, by, original=False)
    kept = await reflections.list_redactions(case, by)
    parts = [
        await to_thread(part_view, name, texts, kept, given)
        for name in PARTS
        if getattr(texts, name)
    ]
    blank = {"title": view.case["title"], "reason": "", "sent": ""}
    return page(
        "cases/redaction.html",
        status_code=status_of(error) if error else 200,
        view=view,
        case=view.case,
        parts=parts,
        consent=bool(texts.question),
        history=kept,
        kinds=translate(KINDS),
        ready=all(part["confirmed"] for part in parts),
        may_publish=bool({"publish", "publish_settled"} & set(view.moves)),
        errors=_faults(error),
        told=_(DONE[done]) if (done := request.query_params.get("done", "")) in DONE else "",
        **(blank | said),
    )


def _check_title(
    title: str, known: list[tuple[str, str]], by_hand: list[tuple[str, str]], *, sure: bool
) -> None:
    """Refuse no title (the one that officials read is checked by nobody), and names in it.

    What a person covered in a text of the case is refused like a name.
    """
    if not title:
        raise FieldError("title", N_("Hãy đặt tiêu đề không nêu tên ai trước khi công khai."))
    if find_places(title, known, by_hand) and not sure:
        raise FieldError(
            "title",
            N_(
                "Tiêu đề có chỗ giống tên người, số riêng hoặc cụm từ đã che. Hãy sửa, hoặc "
                "đánh dấu đã xem."
            ),
        )


def _check_same(text: str, mark: object) -> None:
    """Refuse places that were ticked in a text that is another one by now."""
    if not text or mark != mark_of(text):
        raise InputError(N_("Văn bản vừa thay đổi. Hãy xem lại các chỗ che dưới đây."))


def _faults(error: InputError | StateError | None) -> dict[str, str]:
    if error is None:
        return {}
    return {error.field if isinstance(error, FieldError) else "": error.told(_)}


def _part(part: str) -> Part:
    for known in PARTS:
        if part == known:
            return known
    raise NotFoundException


routes = [show_redaction, post_redaction, post_confirm, post_publish, post_unpublish]
