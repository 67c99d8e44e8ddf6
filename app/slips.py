"""Slips for receipts: a QR code, the code to type and two sentences, as PDF.

For receipt printers (a roll of 80 mm, each slip as long as it needs) and on A6.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from app.rendering import HERE, catalogue
from app.typesetting import qr_picture, typeset
from surveys.rights import Slip

SIZES = ("80mm", "a6")
SOURCE = HERE / "templates" / "slips" / "slip.typ"

# Marks texts that are translated for the slip, which speaks both languages at once.
N_ = str

HEADING = N_("Mời Ông/Bà đánh giá sau khi nhận kết quả")
HOW = N_("Quét mã bằng điện thoại, hoặc gõ mã ở ki-ốt hay ở trang")
PROMISE = N_("Mỗi hồ sơ một lần; không ai biết câu trả lời nào là của Ông/Bà.")
DOSSIER = N_("Hồ sơ")


def make_slip_pdf(slips: Sequence[Slip], size: str, base: str) -> bytes:
    """One PDF with a page for each slip; takes a moment, so call it in a thread."""
    data = {
        "size": size,
        "slips": [_page(slip, base) for slip in slips],
        "vi": _words("vi"),
        "en": _words("en"),
    }
    found = typeset(SOURCE, data)
    assert isinstance(found, bytes)  # noqa: S101 - one document is one file
    return found


def link_of(slip: Slip, base: str) -> str:
    """What a telephone opens when it scans the slip; empty when there is nothing to open."""
    return f"{base}/r/{slip.token}" if slip.token else ""


def _page(slip: Slip, base: str) -> dict[str, Any]:
    return {
        "dossier": slip.dossier,
        "agency": slip.agency,
        "code": slip.typed,
        "page": f"{base.partition('://')[2]}/c",
        "qr": qr_picture(link_of(slip, base)),
    }


@cache
def _words(code: str) -> dict[str, str]:
    said = catalogue(code).gettext
    return {
        "heading": said(HEADING),
        "how": said(HOW),
        "promise": said(PROMISE),
        "dossier": said(DOSSIER),
    }
