"""How long a short message is: what the network counts, and the operator pays."""

import unicodedata
from dataclasses import dataclass

# GSM 03.38: the letters of the 7-bit alphabet, and those that count twice.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True, slots=True)
class Length:
    """Characters as the network counts them, and the parts that are paid for."""

    alphabet: str
    units: int
    segments: int


def sms_length(text: str) -> Length:
    """Measure a short message: 160 letters of the GSM alphabet, else 70; less in each of many."""
    if all(letter in BASIC or letter in TWICE for letter in text):
        sizes = [2 if letter in TWICE else 1 for letter in text]
        return Length("GSM-7", sum(sizes), _segments(sizes, 160, 153))
    sizes = [len(letter.encode("utf-16-le")) // 2 for letter in text]
    return Length("UCS-2", sum(sizes), _segments(sizes, 70, 67))


def _segments(sizes: list[int], whole: int, part: int) -> int:
    """Parts needed when no letter may lie across two of them."""
    if sum(sizes) <= whole:
        return 1
    parts, used = 1, 0
    for size in sizes:
        if used + size > part:
            parts, used = parts + 1, 0
        used += size
    return parts


def without_marks(text: str) -> str:
    """The text in plain letters, as gateways that only take GSM-7 want it: Hồ sơ → Ho so."""
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
