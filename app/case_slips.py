"""The slip that somebody takes along whose reflection was keyed in: reference, code, QR, term."""

from datetime import datetime
from functools import cache
from typing import Any, Final

import msgspec

from app.rendering import HERE, catalogue, moment
from app.typesetting import qr_picture, typeset

SIZES: Final = ("80mm", "a6")
SOURCE: Final = HERE / "templates" / "cases" / "slip.typ"

# Marks texts that are translated for the slip, which speaks both languages at once.
N_ = str

WORDS: Final = {
    "heading": N_("Phiếu nhận phản ánh, kiến nghị"),
    "code": N_("Mã riêng của Ông/Bà"),
    "how": N_("Quét mã, hoặc gõ mã ở trang"),
    "why": N_(
        "để xem đang làm đến đâu, bổ sung, và nói đã thỏa đáng hay chưa. Chỉ Ông/Bà nói được điều đó."
    ),
    "keep": N_(
        "Giữ kín mã này. Ở trang đó Ông/Bà đổi được mã và liên kết, để người ghi hộ không mở được nữa."
    ),
    "due": N_("Hạn trả lời"),
}


class CaseSlip(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on one slip."""

    reference: str
    agency: str
    code: str
    link: str
    page: str
    due_at: datetime | None


def make_case_slip(slip: CaseSlip, size: str) -> bytes:
    """The slip as PDF; takes a moment, so call it in a thread."""
    data: dict[str, Any] = {
        "size": size,
        "reference": slip.reference,
        "agency": slip.agency,
        "code": slip.code,
        "page": slip.page,
        "due": moment(slip.due_at) if slip.due_at else "",
        "qr": qr_picture(slip.link),
        "vi": _words("vi"),
        "en": _words("en"),
    }
    found = typeset(SOURCE, data)
    assert isinstance(found, bytes)  # noqa: S101 - one document is one file
    return found


@cache
def _words(code: str) -> dict[str, str]:
    said = catalogue(code).gettext
    return {name: said(text) for name, text in WORDS.items()}
