"""Posters for counters: a QR code, a short address, and what happens with the answers, as PDF."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from app.rendering import HERE, catalogue
from app.typesetting import qr_picture, typeset
from surveys.addresses import Place

SIZES = ("a4", "a5")
SOURCE = HERE / "templates" / "posters" / "poster.typ"
# An address longer than this is set smaller, so that it stays on one line.
WIDE_ADDRESS = 32
# Names that would take more than two lines are set small, so that the page stays one page.
LONG_NAME = 110

# Marks texts that are translated for the poster, which speaks both languages at once.
N_ = str

HEADING = N_("Ông/Bà hài lòng đến đâu với lần làm thủ tục này?")
SCAN = N_("Quét bằng máy ảnh, hoặc gõ")
HOW = N_("Cách đánh giá")
STEPS = (
    N_("Quét mã hoặc gõ địa chỉ ở trên."),
    N_("Gõ mã đánh giá in trên giấy biên nhận."),
    N_("Chọn một khuôn mặt rồi bấm Gửi. Mất khoảng một phút."),
)
PROMISE = N_("Câu trả lời của Ông/Bà")
PROMISES = (
    N_("Phiếu không hỏi tên, số điện thoại hay số giấy tờ."),
    N_("Cán bộ và cơ quan không biết ai đã trả lời thế nào."),
    N_("Chỉ công bố số liệu gộp của nhiều người."),
)


def make_posters(places: Sequence[Place], size: str, base: str) -> bytes:
    """One PDF with a page for each place; takes a moment, so call it in a thread."""
    title = places[0].agency
    data = {
        "size": size,
        "title": f"{title} · {places[0].counter}" if len(places) == 1 else title,
        "places": [_page(place, base) for place in places],
        "vi": _words("vi"),
        "en": _words("en"),
    }
    found = typeset(SOURCE, data)
    assert isinstance(found, bytes)  # noqa: S101 - one document is one file
    return found


def address_of(place: Place, base: str) -> str:
    """What a telephone opens when it scans the poster."""
    return f"{base}/c/{place.code}"


def _page(place: Place, base: str) -> dict[str, Any]:
    address = address_of(place, base)
    typed = address.partition("://")[2]
    return {
        "agency": place.agency,
        "counter": place.counter,
        "address": address,
        "typed": typed,
        "name_size": 14 if len(place.agency + place.counter) <= LONG_NAME else 8,
        "address_size": 27 * min(1.0, WIDE_ADDRESS / len(typed)),
        "qr": qr_picture(address),
    }


@cache
def _words(code: str) -> dict[str, Any]:
    said = catalogue(code).gettext
    return {
        "heading": said(HEADING),
        "scan": said(SCAN),
        "how": said(HOW),
        "steps": [said(step) for step in STEPS],
        "promise": said(PROMISE),
        "promises": [said(promise) for promise in PROMISES],
    }
