"""What a citizen typed, and the case that is made of it. Nothing that was typed is ever lost."""

import unicodedata
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec

from app.private_pages import AnyRequest
from app.rendering import _, language
from surveys.accounts import FieldError, find_agency, search_agencies
from surveys.messages.addresses import AddressError, normalise
from surveys.reflections import Consents, NewCase, Person, dossier_lines, dossier_of
from surveys.reflections.needs import is_blank

# Which wording of the consents somebody agreed to.
NOTICE: Final = "reflect-2026-11"
MOST_SIGNS: Final = 10_000
FIELDS: Final = (
    "key", "channel", "kind", "agency", "agency_code", "agency_for", "type", "text", "dossier",
    "name", "phone", "mail", "address", "notify", "consent_reply", "consent_publication",
    "consent_survey",
)  # fmt: skip

Typed = dict[str, str]


class Letter(msgspec.Struct, frozen=True):
    """The form as it is shown: what was typed, the agencies that may be meant, what is wrong."""

    typed: Typed
    found: dict[str, str] = {}
    errors: dict[str, str] = {}
    searched: bool = False


def empty_letter(**given: str) -> Letter:
    """A form with nothing chosen but what is given, and an id by which a second click is known."""
    return Letter(dict.fromkeys(FIELDS, "") | {"key": str(uuid4())} | given)


async def read_letter(request: AnyRequest) -> Typed:
    """What was typed into each field, trimmed of nothing but what no text may hold."""
    form = await request.form()
    typed = {name: _cleaned(form.get(name, ""), name) for name in FIELDS}
    return typed | {"key": _key(typed["key"]), "channel": channel_of(typed["channel"])}


def channel_of(typed: str) -> str:
    """Web, unless a kiosk says that it is one."""
    return "kiosk" if typed == "kiosk" else "web"


async def choose_agency(typed: Typed) -> Letter:
    """The letter with the agency that is meant, or those among which to choose."""
    wanted = " ".join(typed["agency"].split())
    code = typed["agency_code"]
    if code and (not wanted or wanted == typed["agency_for"]):
        # Among several, the words that were typed are not the name of the one that was chosen.
        name = (await search_agencies(code)).get(code) or wanted or typed["agency_for"]
        return _chosen(typed, code, name)
    found = await search_agencies(wanted) if wanted else {}
    if len(found) == 1:
        return _chosen(typed, *next(iter(found.items())))
    chosen = {"agency_for": wanted if found else "", "agency_code": ""}
    return Letter(typed | chosen, found, searched=bool(wanted))


def _chosen(typed: Typed, code: str, name: str) -> Letter:
    chosen = {"agency": name, "agency_for": name, "agency_code": code}
    return Letter(typed | chosen, searched=True)


def check_letter(letter: Letter) -> dict[str, str]:
    """Everything that can be told without the database, all at once."""
    typed, errors = letter.typed, {}
    if not typed["kind"]:
        errors["kind"] = _("Hãy chọn phản ánh hoặc kiến nghị.")
    if not typed["agency_code"]:
        errors["agency"] = _agency_fault(letter)
    if is_blank(typed["text"]):
        errors["text"] = _("Hãy viết nội dung phản ánh hoặc kiến nghị.")
    elif len(typed["text"]) > MOST_SIGNS:
        errors["text"] = _("Nội dung quá dài; tối đa {most} ký tự.", most="10.000")
    return errors | _reach_faults(typed)


async def make_case(typed: Typed) -> NewCase:
    """The case as the verbs take it. Raises FieldError."""
    agency = await find_agency(typed["agency_code"])
    code, tongue = typed["dossier"], "en" if language.get() == "en" else "vi"
    return NewCase(
        kind=typed["kind"],  # type: ignore[arg-type]
        text=typed["text"].strip(),
        agency=agency,
        channel=channel_of(typed["channel"]),  # type: ignore[arg-type]
        person=Person(
            name=typed["name"],
            address=typed["address"],
            phone=typed["phone"],
            mail=typed["mail"],
        ),
        consents=Consents(
            reply=bool(typed["consent_reply"]),
            publication=bool(typed["consent_publication"]),
            survey=bool(typed["consent_survey"]),
            notice=NOTICE,
        ),
        type=typed["type"] or "other",
        notify=typed["notify"] if typed["notify"] in {"sms", "zalo", "mail"} else None,  # type: ignore[arg-type]
        language=tongue,  # type: ignore[arg-type]
        dossier=await dossier_of(code, agency) if code.strip() else None,
        source=f"web:{typed['key']}",
        under=dossier_lines(code, tongue),
    )


def told(error: FieldError) -> dict[str, str]:
    """What a verb refused, at the field where it can be mended."""
    field = "phone" if error.field == "contact" else error.field
    return {field: error.told(_)}


def _cleaned(typed: Any, name: str) -> str:
    if not isinstance(typed, str):
        return ""
    plain = typed.replace("\0", "").replace("\r\n", "\n")
    return unicodedata.normalize("NFC", plain[: 50_000 if name == "text" else 400])


def _key(typed: str) -> str:
    try:
        return str(UUID(typed))
    except ValueError:
        return str(uuid4())


def _agency_fault(letter: Letter) -> str:
    if letter.found:
        return _("Có nhiều cơ quan khớp; hãy chọn một trong danh sách.")
    if letter.typed["agency"].strip():
        return _("Không tìm thấy cơ quan này; hãy thử gõ ít chữ hơn, ví dụ tên xã, phường.")
    return _("Hãy chọn cơ quan.")


def _reach_faults(typed: Typed) -> dict[str, str]:
    faults = {}
    for field in ("phone", "mail"):
        try:
            if typed[field].strip():
                normalise(field, typed[field].strip())
        except AddressError as error:
            faults[field] = error.told(_)
    if not any(typed[name].strip() for name in ("phone", "mail", "address")):
        faults["phone"] = _(
            "Hãy cho một cách để cơ quan trả lời: số điện thoại, thư điện tử hoặc địa chỉ."
        )
    return faults
