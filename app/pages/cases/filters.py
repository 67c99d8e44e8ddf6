"""What stands in the address of the inbox, read strictly and written back."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from app.forms import clean, day_of
from app.pages.cases.people import ADDRESS, AnyRequest
from surveys.reflections import Filters, machine

CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "scope": ("mine", "agency", "unowned"),
    "due": ("", "overdue", "today", "week"),
    "order": ("due", "newest"),
    "kind": ("", "reflection", "recommendation"),
    "channel": ("", "web", "kiosk", "phone", "paper", "email", "api", "portal"),
}
NAMES: Final = (
    *("scope", "due", "state", "type", "kind", "channel", "agency", "owner"),
    *("words", "first", "last", "order"),
)
# Only these change what is looked at; the rest narrows it.
VIEWS: Final = ("scope", "due", "state")


def read_filters(request: AnyRequest, *, scope: str) -> Filters:
    """The filters of an address; what is not known there counts as not said."""
    asked = {name: clean(request.query_params.get(name, "")).strip() for name in NAMES}
    found: dict[str, Any] = {
        name: asked[name] for name, known in CHOICES.items() if asked[name] in known
    }
    if not found.get("scope"):
        found["scope"] = scope
    if asked["state"] in {"open", "answered", "any", *machine().states}:
        found["state"] = asked["state"]
    found |= {"type": asked["type"][:40], "words": asked["words"][:200]}
    for name in ("agency", "owner"):
        found[name] = _number(asked[name])
    for name in ("first", "last"):
        found[name] = day_of(asked[name])
    return msgspec.convert({name: value for name, value in found.items() if value}, Filters)


def page_number(request: AnyRequest) -> int:
    """The page that is asked for."""
    return _number(request.query_params.get("page", "")) or 1


def query_of(filters: Filters, **changed: object) -> dict[str, str]:
    """The filters as they stand in an address, without what goes without saying."""
    plain = {name: getattr(filters, name) for name in NAMES} | changed
    default = Filters()
    return {
        name: str(value)
        for name, value in plain.items()
        if value not in (None, "") and (name == "scope" or value != getattr(default, name, None))
    }


def list_address(query: Mapping[str, str]) -> str:
    """The address of the inbox for this query."""
    return f"{ADDRESS}?{urlencode(query)}" if query else ADDRESS


def _number(typed: str) -> int | None:
    good = typed.isascii() and typed.isdigit() and len(typed) < 10
    return int(typed) if good else None
