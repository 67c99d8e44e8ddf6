"""What pages with forms share: reading what was typed, refusing it, sending the reader on."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from litestar import Request
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from app.rendering import _, page

Name = TypeVar("Name")

# More than any field of ours takes; a longer text is cut before anybody looks at it.
LONGEST = 25_000
TOO_MANY_DIGITS = 10
# Beyond these no day is meant, and some cannot be counted on from or kept.
YEARS = range(1900, 2100)


async def read_form(
    request: Request[Any, Any, Any], *names: str, longest: int = LONGEST
) -> dict[str, str]:
    """What was typed into these fields; a field that was not sent is empty."""
    form = await request.form()
    return {name: clean(form.get(name, ""), longest) for name in names}


def clean(typed: object, longest: int = LONGEST) -> str:
    """A text as it is kept: composed, without zeros, which PostgreSQL cannot hold."""
    if not isinstance(typed, str):
        return ""
    return unicodedata.normalize("NFC", typed[:longest].replace("\0", ""))


def number_of(typed: object) -> int | None:
    """The number that was typed or sent, of at most nine digits, as any number of ours; else None.

    A longer one fits no column and, from some length on, not even `int`.
    """
    text = typed.strip() if isinstance(typed, str) else ""
    return int(text) if text.isdecimal() and len(text) < TOO_MANY_DIGITS else None


def day_of(typed: object) -> date | None:
    """The day that was typed or stands in an address, if it is one that may be meant; else None.

    The first and last years of the calendar overflow in reckoning and in PostgreSQL.
    """
    try:
        found = date.fromisoformat(typed.strip()) if isinstance(typed, str) else None
    except ValueError:
        return None
    return found if found is not None and found.year in YEARS else None


def refuse_form(template: str, errors: Mapping[str, str], **context: Any) -> Template:
    """The form again, with what was typed and what to mend."""
    return page(template, status_code=HTTP_422_UNPROCESSABLE_ENTITY, errors=errors, **context)


def translate(texts: Mapping[Name, str]) -> dict[Name, str]:
    """A table of texts in the reader's language."""
    return {name: _(text) for name, text in texts.items()}


def see_other(address: str) -> Redirect:
    """Send the reader on after a change, so that a reload does not repeat it."""
    return Redirect(address, status_code=HTTP_303_SEE_OTHER)


def own_address(address: str, otherwise: str) -> str:
    """The address if it lies in this house, else another: no link may lead a reader out."""
    leads_out = not address.startswith("/") or address.startswith(("//", "/\\"))
    if leads_out or any(character <= " " for character in address):
        return otherwise
    return address
