"""A reflection keyed in for somebody: an official with a telephone at the ear or a letter in hand."""

import asyncio
from datetime import UTC, datetime, time
from typing import Any, Final
from uuid import UUID, uuid4

from litestar import Response, get, post
from litestar.response import Template

from app.access import Role, pepper, signed_in
from app.attachments import UNKEPT, UPLOAD_BYTES, check_upload, has_upload, keep_files
from app.case_slips import SIZES, CaseSlip, make_case_slip
from app.forms import day_of, read_form, refuse_form, translate
from app.pages.cases.enclosing import upload_context
from app.pages.cases.people import ADDRESS, GUARDS, AnyRequest, actor_of
from app.rendering import _, language, page
from surveys import accounts, reflections
from surveys.accounts import FieldError
from surveys.days import ZONE, local_day
from surveys.errors import NotFoundError
from surveys.ratings import grouped
from surveys.reflections import Consents, NewCase, Opened, Person
from surveys.reflections.programs import LONGEST_AGO

# Which wording of the consents was read out.
NOTICE: Final = "keyed-2026-11"
FIELDS: Final = (
    "key", "channel", "came_on", "kind", "agency", "type", "text", "dossier", "name", "phone",
    "mail", "address", "reply", "publication", "survey", "notify",
)  # fmt: skip
PRIVATE: Final = {"Cache-Control": "no-store"}

# Marks texts that are translated where the reader is known.
N_ = str

CHANNELS = {
    "phone": N_("gọi điện thoại, hoặc nói trực tiếp"),
    "paper": N_("viết trên giấy: nộp tại chỗ hoặc gửi bưu điện"),
}
KINDS = {
    "reflection": N_("Phản ánh: có việc chưa đúng, chưa tốt"),
    "recommendation": N_("Kiến nghị: đề nghị sửa quy định, cách làm"),
}
WAYS = {
    "": N_("Không gửi tin"),
    "sms": N_("Tin nhắn SMS"),
    "zalo": N_("Zalo"),
    "mail": N_("Thư điện tử"),
}


@get(f"{ADDRESS}/new", guards=GUARDS, include_in_schema=False)
async def show_new(request: AnyRequest) -> Template:
    """Show the empty form; nothing is agreed to in it."""
    today = str(local_day(datetime.now(UTC)))
    given = dict.fromkeys(FIELDS, "") | {"key": str(uuid4()), "came_on": today, "type": "other"}
    return page("cases/new.html", errors={}, given=given, **await _context(request))


@post(
    f"{ADDRESS}/new", guards=GUARDS, status_code=200, include_in_schema=False,
    request_max_body_size=UPLOAD_BYTES,
)  # fmt: skip
async def post_new(request: AnyRequest) -> Template:
    """Open the case and show its code, once; a second click opens no second one."""
    typed = await read_form(request, *FIELDS)
    errors = _faults(typed)
    if not errors:
        try:
            opened = await _open(typed, request)
        except FieldError as error:
            errors = {error.field: error.told(_)}
    if errors:
        if await has_upload(request):
            errors.setdefault("files", _(UNKEPT))
        return refuse_form("cases/new.html", errors, given=typed, **await _context(request))
    return _told(opened, request)


@post(f"{ADDRESS}/new/slip", guards=GUARDS, status_code=200, include_in_schema=False)
async def post_slip(request: AnyRequest) -> Response[bytes]:
    """Print what the person takes along. Raises NotFoundError where the code is not the case's."""
    typed = await read_form(request, "reference", "code", "size")
    by = await actor_of(request)
    case = await reflections.find_by_reference(typed["reference"], by)
    if await reflections.find_by_code(typed["code"]) != case:
        raise NotFoundError(N_("Mã không phải của vụ việc này; không in lại được phiếu."))
    view = await reflections.case_view(case, by, original=False)
    answer = view.clocks.get("answer")
    base = _base(request)
    token = await reflections.link_token(case, pepper(request.app.state.settings))
    slip = CaseSlip(
        reference=typed["reference"],
        agency=view.case["agency_name"],
        code=typed["code"],
        link=f"{base}/p/{token}",
        page=f"{base.partition('://')[2]}/p",
        due_at=answer.due_at if answer else None,
    )
    size = typed["size"] if typed["size"] in SIZES else SIZES[0]
    pdf = await asyncio.to_thread(make_case_slip, slip, size)
    name = f'attachment; filename="{typed["reference"]}.pdf"'
    headers = PRIVATE | {"Content-Disposition": name}
    return Response(pdf, media_type="application/pdf", headers=headers)


async def _open(typed: dict[str, str], request: AnyRequest) -> Opened:
    """The case, with the letter that was scanned. Raises FieldError before anything is kept."""
    settings = request.app.state.settings
    by, new = await actor_of(request), await _case(typed, request)
    files = await check_upload(request, settings)
    opened = await reflections.open_case(new, pepper(settings), by=by)
    await keep_files(opened.id, files, by=by, settings=settings)
    return opened


def _told(opened: Opened, request: AnyRequest) -> Template:
    shown = page(
        "cases/keyed_in.html",
        reference=opened.reference,
        code=grouped(opened.code) if opened.code else "",
        due_at=opened.due_at,
        page_address=f"{_base(request).partition('://')[2]}/p",
    )
    shown.headers |= PRIVATE
    return shown


def _faults(typed: dict[str, str]) -> dict[str, str]:
    errors = {}
    if typed["channel"] not in CHANNELS:
        errors["channel"] = _("Hãy chọn người dân đã gửi bằng cách nào.")
    if typed["kind"] not in KINDS:
        errors["kind"] = _("Hãy chọn phản ánh hoặc kiến nghị.")
    try:
        _came(typed["came_on"])
    except FieldError as error:
        errors[error.field] = error.told(_)
    return errors


async def _case(typed: dict[str, str], request: AnyRequest) -> NewCase:
    """What was typed, as the verbs take it. Raises FieldError."""
    agency = await _agency(typed["agency"], request)
    dossier = await reflections.dossier_of(typed["dossier"], agency) if typed["dossier"] else None
    if typed["dossier"].strip() and dossier is None:
        raise FieldError("dossier", N_("Cơ quan này không có hồ sơ mang mã đó; hãy sửa, hoặc xóa."))
    return NewCase(
        kind=typed["kind"],  # type: ignore[arg-type]
        text=typed["text"],
        agency=agency,
        channel=typed["channel"],  # type: ignore[arg-type]
        person=Person(**{name: typed[name] for name in ("name", "phone", "mail", "address")}),
        consents=Consents(
            **{name: bool(typed[name]) for name in ("reply", "publication", "survey")},
            notice=NOTICE,
            how=typed["channel"],  # type: ignore[arg-type]
        ),
        type=typed["type"],
        notify=typed["notify"] if typed["notify"] in WAYS and typed["notify"] else None,  # type: ignore[arg-type]
        dossier=dossier,
        received_at=_came(typed["came_on"]),
        source=f"desk:{signed_in(request).id}:{_key(typed['key'])}",
    )


async def _agency(code: str, request: AnyRequest) -> int:
    own = signed_in(request).agency_id
    return own if own is not None else await accounts.find_agency(code)


def _came(typed: str) -> datetime | None:
    """The beginning of an earlier day; None for today, whose moment is now."""
    today = local_day(datetime.now(UTC))
    day = day_of(typed)
    if day is None or day > today:
        raise FieldError("came_on", N_("Hãy chọn ngày nhận được, không sau hôm nay."))
    # An older day is a slip: its case would be late for good.
    if day < today - LONGEST_AGO:
        text = N_("Ngày nhận được cách hôm nay hơn một năm; hãy xem lại năm.")
        raise FieldError("came_on", text)
    return None if day == today else datetime.combine(day, time(), ZONE)


def _key(typed: str) -> str:
    try:
        return str(UUID(typed))
    except ValueError:
        return str(uuid4())


def _base(request: AnyRequest) -> str:
    return (request.app.state.settings.public_url or str(request.base_url)).rstrip("/")


async def _context(request: AnyRequest) -> dict[str, Any]:
    staff = signed_in(request)
    own = staff.agency_id if staff.role is Role.AGENCY else None
    types = await reflections.list_types()
    return {
        "agencies": {} if own else await accounts.suggest_agencies(),
        "own_agency": await accounts.agency_name(own) if own else "",
        "types": {key: names[language.get()] for key, names in types.items()},
        "channels": translate(CHANNELS),
        "kinds": translate(KINDS),
        "ways": translate(WAYS),
        **upload_context(request),
    }


routes = [show_new, post_new, post_slip]
