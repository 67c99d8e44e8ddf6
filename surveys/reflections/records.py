"""What goes into the verbs about cases and what comes out."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

Kind = Literal["reflection", "recommendation"]
Intake = Literal["web", "kiosk", "phone", "paper", "email", "api", "portal"]
Notify = Literal["sms", "zalo", "mail"]


class Consents(msgspec.Struct, frozen=True, kw_only=True):
    """What the citizen agreed to, each by itself; nothing is agreed to by silence."""

    reply: bool = False
    publication: bool = False
    survey: bool = False
    notice: str = ""
    how: Literal["online", "counter", "phone", "paper"] = "online"


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Who writes. A way to reach the person is needed: phone, mail or a postal address."""

    name: str = ""
    address: str = ""
    phone: str = ""
    mail: str = ""


class NewCase(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent in. `source` names it where it came from, so that it is not taken twice.

    The lines `under` the text are kept with it, and count when its length is checked.
    """

    kind: Kind
    text: str
    agency: int
    channel: Intake
    person: Person
    consents: Consents = Consents()
    type: str = "other"
    subject: str = ""
    notify: Notify | None = None
    language: Literal["vi", "en"] = "vi"
    dossier: int | None = None
    unit: int | None = None
    received_at: datetime | None = None
    source: str | None = None
    under: tuple[str, ...] = ()


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What the citizen takes along; the code is told this once, and is empty for a resend.

    So is the token, once the citizen has renewed their link.
    """

    id: UUID
    reference: str
    token: str
    code: str = ""
    due_at: datetime | None = None
    known: bool = False


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """A case after a move."""

    id: UUID
    reference: str
    state: str
    version: int
    agency: int
    due_at: datetime | None = None


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the address of the inbox. Empty means all.

    `scope`: mine (I own it), agency (all of my agency), unowned. A coordinator's agency is all.
    `due`: overdue, today, week. `state`: a state, or open (the default), answered, any. `order`:
    due or newest.
    """

    scope: Literal["mine", "agency", "unowned"] = "agency"
    due: Literal["", "overdue", "today", "week"] = ""
    state: str = "open"
    type: str = ""
    kind: str = ""
    channel: str = ""
    agency: int | None = None
    owner: int | None = None
    words: str = ""
    first: date | None = None
    last: date | None = None
    order: Literal["due", "newest"] = "due"


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Some rows of a list, and whether there are more."""

    rows: list[dict[str, Any]]
    page: int
    more: bool


class Redacted(msgspec.Struct, frozen=True, kw_only=True):
    """A text as everybody may see it, and the places that were covered (start, end, kind, by)."""

    text: str
    spans: list[dict[str, Any]] = []
