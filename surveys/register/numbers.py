"""Numbers as Vietnamese and English tables print them; None where a text is no such number."""

import re
from decimal import Decimal

_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,' \u00a0\u202f])[0-9]{3})(?:\1[0-9]{3})*")
_WHOLE = re.compile(r"([0-9]{1,14})(?:[.,]0{1,2})?")
_DECIMAL = re.compile(r"(-?[0-9]{1,14})(?:[.,]([0-9]{1,4}))?")
_SHARE = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]+))?\s*(%?)")


def read_count(text: str) -> Decimal | None:
    """A whole number whose thousands may be set apart: 130.729, 130,729, 130 729."""
    if _GROUPED.fullmatch(text) and len(digits := re.sub(r"[^0-9]", "", text)) <= 14:
        return Decimal(digits)
    found = _WHOLE.fullmatch(text)
    return Decimal(found[1]) if found else None


def read_percentage(text: str) -> Decimal | None:
    """A percentage with a decimal comma or point, with or without the sign: 98,63%."""
    found = _DECIMAL.fullmatch(text.removesuffix("%").rstrip())
    return Decimal(f"{found[1]}.{found[2] or 0}") if found else None


def read_whole(text: str) -> int | None:
    """A small whole number, as a time limit in days."""
    found = _WHOLE.fullmatch(text)
    return int(found[1]) if found and int(found[1]) <= 32_767 else None


def read_share(text: str) -> float | None:
    """A share above 0 up to 1: 0,4, 0.4 or 40%."""
    found = _SHARE.fullmatch(text)
    if not found:
        return None
    share = Decimal(f"{found[1]}.{found[2] or 0}") / (100 if found[3] else 1)
    return float(share) if 0 < share <= 1 else None
