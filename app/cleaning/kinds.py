"""The few kinds of files that are taken, told by their first bytes and never by their name."""

from enum import StrEnum
from typing import Final

ENDINGS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
}
# A PDF may begin after some other bytes, says its specification; readers look this far.
PDF_HEAD: Final = 1024


class Refusal(StrEnum):
    """What can be wrong with a file."""

    BROKEN = "broken"
    LOCKED = "locked"
    TOO_LARGE = "too_large"


def kind_of(data: bytes) -> str | None:
    """The media type of a file that may be taken, or None."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return "application/pdf" if b"%PDF-" in data[:PDF_HEAD] else None
