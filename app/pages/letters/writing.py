"""Apology letters: an official of the one-stop shop with a list of late dossiers and ten minutes."""

import asyncio
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import Role, requires, signed_in
from app.forms import clean, day_of, number_of, read_form, refuse_form, see_other, translate
from app.letter_documents import make_docx, make_pdf
from app.rendering import _, page
from app.shipped_letter import shipped_form
from surveys import accounts, letters, reflections
from surveys.accounts import FieldError
from surveys.errors import DomainError, NotFoundError
from surveys.letters import Letter, NewLetter, Wanted
from surveys.messages.addresses import AddressError

ADDRESS: Final = "/letters"
GUARDS: Final = [requires(Role.AGENCY, Role.ADMINISTRATOR, Role.ANALYST)]
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ASKED: Final = ("agency", "flag", "since", "code", "page")
TYPED: Final = ("reason", "new_due_on", "breach")

AnyRequest = Request[Any, Any, Any]

# Marks texts that are translated where the reader is known.
N_ = str

FLAGS = {
    "missing": N_("Chưa xin lỗi"),
    "soon": N_("Sắp đến hẹn"),
    "unsent": N_("Đã lập, chưa gửi"),
    "late": N_("Gửi muộn"),
    "second": N_("Hẹn lần hai"),
}
EXPLAINED = {
    "": N_("Mọi hồ sơ trễ hẹn hoặc đã có văn bản xin lỗi, hẹn trả từ ngày đã chọn."),
    "missing": N_("Đã quá ngày hẹn trả mà chưa văn bản xin lỗi nào được gửi."),
    "soon": N_("Còn không quá ba ngày đến hẹn, chưa có kết quả: nếu sẽ trễ, văn bản phải gửi trước ngày hẹn ít nhất một ngày."),
    "unsent": N_("Văn bản đã lập nhưng chưa ai đánh dấu là đã gửi."),
    "late": N_("Văn bản gửi muộn hơn một ngày trước ngày hẹn (Nghị định 61/2018/NĐ-CP, Điều 19)."),
    "second": N_("Hẹn lại quá một lần, hoặc ngày hẹn lại đã qua mà vẫn chưa có kết quả."),
}  # fmt: skip
WAYS = {"sms": N_("SMS"), "zalo": N_("Zalo"), "mail": N_("Thư điện tử")}
DONE = {
    "written": N_("Đã lập văn bản. Hãy tải về, ký, gửi, rồi đánh dấu đã gửi."),
    "sent": N_("Đã ghi là gửi hôm nay."),
    "removed": N_("Đã xóa văn bản chưa gửi."),
}


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_letters(request: AnyRequest) -> Template:
    """List late dossiers with their letters and flags."""
    done = translate(DONE).get(request.query_params.get("done", ""), "")
    given = dict.fromkeys(TYPED, "")
    query = {name: clean(request.query_params.get(name, "")).strip() for name in ASKED}
    context = await _context(request, query)
    return page("letters/letters.html", errors={}, done=done, given=given, picked=[], **context)


@post(ADDRESS, guards=GUARDS, include_in_schema=False)
async def post_letters(request: AnyRequest) -> Template | Redirect:
    """Write a letter for each dossier that was picked."""
    form = await request.form()
    typed = await read_form(request, *TYPED)
    query = await read_form(request, *ASKED)
    picked = [number for one in form.getall("dossier", []) if (number := number_of(one))][:1000]
    try:
        new = NewLetter(
            reason=typed["reason"],
            new_due_on=_day(typed["new_due_on"], "new_due_on"),
            breach=typed["breach"],
        )
        await letters.write_letters(picked, new, await _actor(request))
    except FieldError as error:
        context = await _context(request, query)
        errors = {error.field: error.told(_)}
        return refuse_form(
            "letters/letters.html", errors, done="", given=typed, picked=picked, **context
        )
    if query["code"]:
        return see_other(_address(query | {"done": "written"}))
    kept = {name: query[name] for name in ("agency", "since")}
    return see_other(_address(kept | {"flag": "unsent", "done": "written"}))


@post(f"{ADDRESS}/{{letter:uuid}}/sent", guards=GUARDS, include_in_schema=False)
async def post_sent(letter: FromPath[UUID], request: AnyRequest) -> Template | Redirect:
    """Say that a letter leaves today, and tell the citizen if an address was typed."""
    typed = await read_form(request, "channel", "address")
    query = await read_form(request, *ASKED)
    try:
        await letters.mark_sent(
            letter, await _actor(request), channel=typed["channel"], address=typed["address"]
        )
    except AddressError as error:
        context = await _context(request, query)
        errors = {f"address-{letter}": error.told(_)}
        given = dict.fromkeys(TYPED, "")
        return refuse_form(
            "letters/letters.html", errors, done="", given=given, picked=[], **context
        )
    return see_other(_address(query | {"done": "sent"}))


@post(f"{ADDRESS}/{{letter:uuid}}/remove", guards=GUARDS, include_in_schema=False)
async def post_remove(letter: FromPath[UUID], request: AnyRequest) -> Redirect:
    """Take back a letter that was not sent."""
    query = await read_form(request, *ASKED)
    await letters.remove_letter(letter, await _actor(request))
    return see_other(_address(query | {"done": "removed"}))


@get(f"{ADDRESS}/{{file:str}}", guards=GUARDS, include_in_schema=False)
async def show_letter(file: FromPath[str], request: AnyRequest) -> Response[bytes]:
    """Hand out a letter: its id and .docx or .pdf."""
    name, _dot, kind = file.rpartition(".")
    if kind not in {"docx", "pdf"}:
        raise NotFoundError(N_("Không có văn bản này."))
    try:
        letter = await letters.get_letter(UUID(name), await _actor(request))
    except ValueError:
        raise NotFoundError(N_("Không có văn bản này.")) from None
    form = await letters.read_form_of(letter.template)
    made = await asyncio.to_thread(_document, letter, form, kind)
    called = f"xin-loi-{_plain(letter.dossier)}-{letter.number}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{called}"'}
    return Response(made, media_type=DOCX if kind == "docx" else "application/pdf", headers=headers)


def _document(letter: Letter, form: bytes | None, kind: str) -> bytes:
    docx = make_docx(form or shipped_form(), letter.fields)
    return docx if kind == "docx" else make_pdf(docx, f"{letter.dossier} ({letter.number})")


def _plain(code: str) -> str:
    return "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in code)


async def _actor(request: AnyRequest) -> reflections.Actor:
    return await reflections.staff_actor(signed_in(request))


async def _context(request: AnyRequest, query: dict[str, str]) -> dict[str, Any]:
    staff = signed_in(request)
    own = staff.agency_id if staff.role is Role.AGENCY else None
    errors = {}
    wanted = Wanted(agency=own)
    try:
        wanted = Wanted(
            agency=own or await _asked_agency(query["agency"]),
            flag=query["flag"] if query["flag"] in FLAGS else "",
            since=_day(query["since"], "since"),
            code=query["code"],
            page=number_of(query["page"]) or 1,
        )
    except DomainError as error:
        errors["agency"] = error.told(_)
    found = await letters.list_late(wanted)
    return {
        "query": query,
        "query_error": errors.get("agency", ""),
        "address": _address,
        "own": own,
        "agencies": {} if own else await accounts.suggest_agencies(),
        "wanted": wanted,
        "found": found,
        "letters": await letters.list_letters([row["id"] for row in found.rows]),
        "counts": await letters.count_flags(wanted),
        "flags": translate(FLAGS),
        "explained": _(EXPLAINED[wanted.flag]),
        "ways": translate(WAYS),
    }


async def _asked_agency(code: str) -> int | None:
    return await accounts.find_agency(code) if code else None


def _address(query: dict[str, str]) -> str:
    kept = urlencode({name: text for name, text in query.items() if text})
    return f"{ADDRESS}?{kept}" if kept else ADDRESS


def _day(typed: str, field: str) -> date | None:
    if not typed.strip():
        return None
    found = day_of(typed)
    if found is None:
        raise FieldError(field, N_("Hãy chọn một ngày."))
    return found


routes = [show_letters, post_letters, post_sent, post_remove, show_letter]
