"""Cases that other programs bring in for citizens, and what those programs may know of them.

A program sees the cases that it sent itself: where they stand, and the answer as everybody may
read it. What officials and citizen write to one another goes by the citizen's own link.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any, Final, Literal

import msgspec

from surveys.accounts import FieldError, Program, find_agency
from surveys.reflections.dossiers import dossier_lines, dossier_of
from surveys.reflections.errors import UnknownCaseError
from surveys.reflections.opening import open_case
from surveys.reflections.publications import public_case
from surveys.reflections.records import Consents, Kind, NewCase, Notify, Opened, Page, Person
from surveys.reflections.states import TOLD, event_title, state_title
from surveys.transactions import Row, fetch, fetch_one

N_ = str

SIZE: Final = 50
DEEPEST: Final = 1000
LONGEST_SOURCE: Final = 120
LONGEST_AGO: Final = timedelta(days=366)
# What the clocks of two machines may differ by.
AHEAD: Final = timedelta(minutes=5)

Source = Annotated[
    str, msgspec.Meta(min_length=1, max_length=LONGEST_SOURCE, pattern=r"^[^\x00-\x1f]*$")
]

COLUMNS: Final = """
SELECT c.id, c.reference, c.source, c.kind, c.type, c.state, c.received_on, c.due_at,
    a.code AS agency, a.name AS agency_name,
    EXISTS (SELECT FROM case_publication p WHERE p.case_id = c.id AND p.ended_at IS NULL)
        AS is_public,
    (SELECT max(r.answered_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date FROM case_answer r
        WHERE r.case_id = c.id) AS answered_on
FROM reflection_case c JOIN agency a ON a.id = c.agency
WHERE c.source COLLATE "C" >= $1 AND c.source COLLATE "C" < $2
"""
EVENTS: Final = """
SELECT e.at, e.name, e.to_state, a.name AS agency_name FROM case_event e
JOIN agency a ON a.id = e.agency WHERE e.case_id = $1 AND e.name = ANY ($2) ORDER BY e.id
"""


class SentCase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reflection or recommendation that your program brings in for a citizen.

    `source` is what your program calls it: the same source again is the same case. `agency` and
    `dossier` are codes; with a key of one agency, `agency` may be left out. A `dossier` is kept as a
    line under the text, whether the agency has it or not; nothing tells which. `received_at` is at
    most a year ago and never ahead; it is kept as the day of the case, and the clocks run from its
    coming here. `person` needs a phone, a mail or a postal address; a phone or mail that cannot be
    read is kept for staff where there is another way. Messages reach mobile numbers of Viet Nam
    only. `consents` are what the citizen said, each by itself; nothing is agreed to by silence.
    `notify` (`sms`, `zalo`, `mail`) needs the consent `reply`.
    """

    source: Source
    text: str
    person: Person
    kind: Kind = "reflection"
    type: str = "other"
    agency: str = ""
    subject: str = ""
    consents: Consents = Consents()
    notify: Notify | None = None
    language: Literal["vi", "en"] = "vi"
    dossier: str = ""
    received_at: datetime | None = None


def prefix_of(name: str, agency: int | None) -> str:
    """What the sources of a program begin with; a new key of the same name goes on with them."""
    holder = sha256(f"{name}\0{agency or ''}".encode()).hexdigest()[:16]
    return f"api:{holder}:"


def span(prefix: str) -> tuple[str, str]:
    """From the first source of a program to beyond its last, in the order of bytes."""
    return prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)


async def take_case(
    program: Program, sent: SentCase, pepper: bytes, *, now: datetime | None = None
) -> Opened:
    """Open a case that a program sends, or find it when it was sent before. Raises FieldError."""
    moment = now or datetime.now(UTC)
    _check_received(sent.received_at, moment)
    prefix = prefix_of(program.name, program.agency_id)
    agency = await _agency(program, sent.agency)
    dossier = await dossier_of(sent.dossier, agency) if sent.dossier else None
    case = NewCase(
        kind=sent.kind,
        text=sent.text,
        agency=agency,
        channel="api",
        person=sent.person,
        consents=sent.consents,
        type=sent.type,
        subject=sent.subject,
        notify=sent.notify,
        language=sent.language,
        dossier=dossier,
        received_at=sent.received_at,
        source=prefix + sent.source,
        under=dossier_lines(sent.dossier, sent.language),
    )
    return await open_case(case, pepper, now=moment)


async def program_case(program: Program, reference: str, *, language: str = "vi") -> Row:
    """One case of this program with its way. Raises UnknownCaseError."""
    prefix = prefix_of(program.name, program.agency_id)
    row = await fetch_one(
        f"{COLUMNS} AND c.reference = $3", *span(prefix), reference.replace("\0", "").upper()
    )
    if row is None:
        raise UnknownCaseError
    events = await fetch(EVENTS, row["id"], list(TOLD))
    told = [
        {"event": one["name"], "words": event_title(one["name"], language), "at": one["at"],
         "state": one["to_state"], "agency_name": one["agency_name"]}
        for one in events
    ]  # fmt: skip
    public = await public_case(row["reference"]) if row["is_public"] else None
    return _state(row, prefix, language) | {"events": told, "published": public}


async def program_cases(
    program: Program, *, source: str = "", state: str = "", page: int = 1, language: str = "vi"
) -> Page:
    """Cases of this program, newest first; of one `source`, or in one state."""
    prefix = prefix_of(program.name, program.agency_id)
    number = min(max(page, 1), DEEPEST)
    conditions, values = "", [*span(prefix)]
    for column, value in (("c.source", source and prefix + source), ("c.state", state)):
        if value:
            values.append(value.replace("\0", ""))
            conditions += f" AND {column} = ${len(values)}"
    rows = await fetch(
        f"{COLUMNS} {conditions} ORDER BY c.created_at DESC, c.id"
        f" LIMIT {SIZE + 1} OFFSET {(number - 1) * SIZE}",
        *values,
    )
    found = [_state(row, prefix, language) for row in rows[:SIZE]]
    return Page(rows=found, page=number, more=len(rows) > SIZE)


async def _agency(program: Program, code: str) -> int:
    """The agency that is meant; a key of one agency sends to that one only."""
    if program.agency_id is None or code:
        agency = await find_agency(code)
        if program.agency_id not in {None, agency}:
            raise FieldError("agency", N_("Khóa này chỉ gửi được cho cơ quan của mình."))
        return agency
    return program.agency_id


def _check_received(at: datetime | None, now: datetime) -> None:
    """Kept as the day of the case, so it must be a moment, past and not long ago; clocks run from
    its coming here. Raises FieldError."""
    if at is None:
        return
    if at.tzinfo is None:
        raise FieldError("received_at", N_("Thời điểm cần có múi giờ, ví dụ +07:00."))
    if at < now - LONGEST_AGO:
        raise FieldError("received_at", N_("Thời điểm nhận không được sớm hơn một năm trước."))
    if at > now + AHEAD:
        raise FieldError("received_at", N_("Thời điểm nhận không được ở tương lai."))


def _state(row: Row, prefix: str, language: str) -> dict[str, Any]:
    known = {name: row[name] for name in row if name not in {"id", "is_public"}}
    return known | {
        "source": row["source"].removeprefix(prefix),
        "state_words": state_title(row["state"], language),
    }
