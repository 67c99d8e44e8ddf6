"""A case that comes by Open311."""

from typing import Any, Final, get_args
from uuid import uuid4

import msgspec
from litestar import Response, post

from app.access import pepper
from app.described import OPEN_OR_KEYED, sends_form
from app.forms import clean
from app.pages.open311.callers import check_place, needed_caller
from app.pages.open311.describing import shows
from app.pages.open311.examples import OPENED, answers
from app.pages.open311.formats import ERRORS, AnyRequest, Open311Error, answer
from app.pages.open311.requests import PRIVATE
from app.pages.open311.services import BASE, TAGS
from app.rendering import _
from app.settings import Settings
from surveys.accounts import Program
from surveys.ratings import grouped
from surveys.reflections import (
    Consents,
    Opened,
    Person,
    SentCase,
    agency_named,
    list_types,
    take_case,
)
from surveys.reflections.records import Kind, Notify

YES: Final = frozenset({"true", "1", "yes"})

FIELDS: Final = {
    "api_key": "The key, purpose cases; or as Authorization: Bearer",
    "jurisdiction_id": "Not needed: there is one place here",
    "service_code": "From GET services",
    "description": "What the citizen writes",
    "attribute[agency]": "Code of the agency; else address_string",
    "address_string": "Code or name of the agency, for clients that know no attributes",
    "attribute[kind]": "reflection (the default) or recommendation",
    "attribute[source]": "What your program calls it; sending it again makes no second case",
    "attribute[dossier]": "Code of the dossier",
    "attribute[address]": "Postal address of the citizen",
    "attribute[consent_reply]": "true when the citizen agreed to messages about this case",
    "attribute[consent_publication]": "true when they agreed to publication without personal data",
    "attribute[notify]": "sms, zalo or mail; needs consent_reply",
    "first_name": "Given name of the citizen",
    "last_name": "Family and middle name of the citizen",
    "phone": "Phone of the citizen",
    "email": "Mail of the citizen",
}
EXAMPLE: Final = {
    "service_code": "extra_papers",
    "attribute[agency]": "H32.15",
    "attribute[source]": "APP-2026-000815",
    "attribute[consent_reply]": "true",
    "attribute[notify]": "sms",
    "description": "Ba lần tôi đến nộp hồ sơ đều được bảo về lấy thêm một loại giấy tờ.",
    "last_name": "Trần Thị",
    "first_name": "Bé",
    "phone": "0912 345 678",
}


@post(
    [f"{BASE}/requests.json", f"{BASE}/requests.xml"],
    status_code=200,
    opt={"public": True},
    tags=TAGS,
    exception_handlers=ERRORS,
    responses=answers(OPENED, "The case is on the disk."),
    security=OPEN_OR_KEYED,  # the key may stand in the form as well
    operation_class=shows(
        "service_requests",
        sent=sends_form(FIELDS, ["service_code", "description"], request=EXAMPLE),
    ),
)
async def post_request(request: AnyRequest) -> Response[bytes]:
    """Take a case. The id is given at once; link and code for the citizen stand in the notice.

    Coordinates and files are not kept: `lat`, `long` and `media_url` are left unread.
    """
    form = await request.form()
    sent = {name: clean(form.get(name, "")).strip() for name in (*FIELDS, "media_url")}
    check_place(request, sent["jurisdiction_id"])
    program = await needed_caller(request, sent["api_key"])
    settings: Settings = request.app.state.settings
    # Here a longer text is refused rather than cut.
    text = form.get("description", "")
    sent["description"] = text.replace("\0", "") if isinstance(text, str) else ""
    opened = await take_case(program, await _read(program, sent), pepper(settings))
    base = (settings.public_url or str(request.base_url)).rstrip("/")
    said = {
        "service_request_id": opened.reference,
        "service_notice": _notice(opened, base, sent["media_url"]),
        "account_id": None,
    }
    return answer(request, "service_requests", [said], headers=PRIVATE)


async def _read(program: Program, sent: dict[str, str]) -> SentCase:
    """The fields of Open311 as a case. Raises Open311Error, FieldError."""
    if not sent["service_code"]:
        raise Open311Error(400, _("Thiếu service_code."))
    if sent["service_code"] not in await list_types():
        raise Open311Error(404, _("Không có service_code này."))
    case: dict[str, Any] = {
        "source": sent["attribute[source]"] or f"open311-{uuid4()}",
        "kind": sent["attribute[kind]"] or get_args(Kind)[0],
        "type": sent["service_code"],
        "agency": await _agency(program, sent),
        "text": sent["description"],
        "dossier": sent["attribute[dossier]"],
        "notify": sent["attribute[notify]"] or None,
        "person": Person(
            name=f"{sent['last_name']} {sent['first_name']}".strip(),
            address=sent["attribute[address]"],
            phone=sent["phone"],
            mail=sent["email"],
        ),
        "consents": Consents(
            reply=sent["attribute[consent_reply]"].lower() in YES,
            publication=sent["attribute[consent_publication]"].lower() in YES,
        ),
    }
    for name, choices in (("kind", get_args(Kind)), ("notify", (None, *get_args(Notify)))):
        if case[name] not in choices:
            raise Open311Error(400, _("attribute[{name}] không nhận giá trị này.", name=name))
    try:
        return msgspec.convert(case, SentCase)
    except msgspec.ValidationError as error:
        raise Open311Error(400, str(error)) from None


async def _agency(program: Program, sent: dict[str, str]) -> str:
    named = sent["attribute[agency]"] or sent["address_string"]
    if named:
        return await agency_named(named)
    if program.agency_id is None:
        text = _("Hãy cho biết cơ quan: attribute[agency] hoặc address_string.")
        raise Open311Error(400, text)
    return ""


def _notice(opened: Opened, base: str, media_url: str) -> str:
    said = ""
    if opened.token:
        link = f"{base}/p/{opened.token}"
        said = _("Theo dõi, bổ sung và cho ý kiến về câu trả lời tại {link}.", link=link)
    if opened.code:
        said += " " + _("Mã tra cứu: {code} (chỉ báo một lần).", code=grouped(opened.code))
    if media_url:
        said += " " + _("Tệp đính kèm không được nhận qua cách gửi này.")
    return said.strip()


routes = [post_request]
