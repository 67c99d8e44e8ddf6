"""What the pages of rules share: who may enter, the way between them, how things are called."""

from typing import Any, Final

from app.access import Role, requires
from app.pages.cases.words import CLOCKS as RUNNING
from app.rendering import _, language
from surveys import accounts, reflections

ADDRESS: Final = "/office/cases"
GUARDS: Final = [requires(Role.ADMINISTRATOR, Role.ANALYST)]

# Marks texts that are translated where the reader is known.
N_ = str

PAGES: Final = {
    "types": N_("Loại vụ việc"),
    "terms": N_("Thời hạn"),
    "escalations": N_("Báo cấp trên"),
    "approvers": N_("Duyệt trả lời"),
    "templates": N_("Mẫu câu trả lời"),
}
CLOCKS: Final = {
    "receive": RUNNING["receive"],
    "transfer": RUNNING["transfer"],
    "answer": RUNNING["answer"],
    "extension": N_("Gia hạn (cộng vào hạn trả lời)"),
    "ask": RUNNING["ask"],
    "verdict": RUNNING["verdict"],
}
UNITS: Final = {
    "working_days": N_("ngày làm việc"),
    "working_hours": N_("giờ làm việc"),
    "calendar_days": N_("ngày lịch"),
}


def around(here: str) -> dict[str, Any]:
    """What every page of rules shows: the way to the others."""
    return {
        "here": here,
        "pages": {f"{ADDRESS}/{name}": _(title) for name, title in PAGES.items()},
        "own_page": f"{ADDRESS}/{here}",
        "page_title": _(PAGES[here]),
    }


async def type_names(*, retired: bool = False) -> dict[str, str]:
    """Types of cases in the reader's language."""
    types = await reflections.list_types(retired=retired)
    return {key: names[language.get()] for key, names in types.items()}


async def agency_id(code: str) -> int | None:
    """The agency of a code; None for all. Raises FieldError."""
    return await accounts.find_agency(code) if code.strip() else None


def whole(typed: str) -> int:
    """A whole number as typed, or -1, which every verb refuses."""
    plain = typed.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 6 else -1
