"""Places in a text that tell who somebody is, and the text with these covered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

# In the order in which they win where two were found in one place.
COVERS: Final = {
    "mail": "[thư điện tử]",
    "profile": "[tài khoản mạng]",
    "identity": "[số giấy tờ]",
    "account": "[số tài khoản]",
    "plate": "[biển số xe]",
    "phone": "[số điện thoại]",
    "birth": "[ngày sinh]",
    "dossier": "[mã hồ sơ]",
    "address": "[địa chỉ]",
    "name": "[họ tên]",
    "other": "[thông tin riêng]",
}
ORDER: Final = tuple(COVERS)


@dataclass(frozen=True, order=True)
class Span:
    """Characters `start` up to `end` (exclusive) of a text; `found_by` is a rule or "person"."""

    start: int
    end: int
    kind: str
    found_by: str


def join(spans: Iterable[Span], length: int) -> list[Span]:
    """The same places in order, none over another; what overlaps becomes one.

    The longer one gives the kind, of equally long ones the kind that stands first in `COVERS`.
    """
    joined: list[tuple[Span, Span]] = []
    inside = (
        Span(max(one.start, 0), min(one.end, length), one.kind, one.found_by) for one in spans
    )
    for span in sorted(one for one in inside if one.start < one.end and one.kind in COVERS):
        if joined and span.start < joined[-1][0].end:
            last, best = joined[-1]
            best = max(best, span, key=_weight)
            both = Span(last.start, max(last.end, span.end), best.kind, best.found_by)
            joined[-1] = both, best
        else:
            joined.append((span, span))
    return [whole for whole, _ in joined]


def cover(text: str, spans: Sequence[Span]) -> str:
    """The text with every span replaced by words that say what stood there."""
    shown, place = "", 0
    for span in join(spans, len(text)):
        shown += text[place : span.start] + COVERS[span.kind]
        place = span.end
    return shown + text[place:]


def _weight(span: Span) -> tuple[int, int]:
    return span.end - span.start, -ORDER.index(span.kind)
