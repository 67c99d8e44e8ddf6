"""Letters of the mailbox: which case one belongs to, and what became of each."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from surveys.accounts import agency_name
from surveys.days import ZONE, local_day
from surveys.errors import InputError, NotFoundError
from surveys.messages import queue_message
from surveys.reflections.actors import CITIZEN
from surveys.reflections.log import find_case, write_event
from surveys.reflections.records import Opened
from surveys.reflections.states import ANSWERED, OPEN
from surveys.reflections.telling import short_reason
from surveys.reflections.views import find_by_code
from surveys.transactions import Row, fetch, fetch_one

N_ = str

# Cases that one sender may open by mail within a day.
MOST_A_DAY: Final = 10

DONE: Final = frozenset({"opened", "added", "known"})
# Why a person must look at a letter; it stays in the mailbox, flagged.
REFUSED: Final = {
    "no_agency": N_("Không rõ gửi cơ quan nào"),
    "no_sender": N_("Không có địa chỉ người gửi"),
    "empty": N_("Thư không có nội dung"),
    "too_long": N_("Nội dung dài quá 20.000 ký tự"),
    "too_large": N_("Thư quá nặng"),
    "too_many": N_("Một người gửi quá nhiều thư trong ngày"),
    "answered": N_(
        "Vụ việc đã có trả lời hoặc không được tiếp nhận; người gửi đã có đường dẫn để mở lại"
    ),
    "unreadable": N_("Không đọc được thư"),
    "not_taken": N_("Không lưu được nội dung"),
}
OUTCOMES: Final = DONE | {"automatic"} | REFUSED.keys()

NOTE: Final = """
INSERT INTO mailbox_letter (key, outcome, uid, sender, sent_at, case_id, noted_at)
VALUES ($1, $2, $3, $4, $5, $6, now())
ON CONFLICT (key) DO UPDATE SET outcome = excluded.outcome, uid = excluded.uid,
    sender = excluded.sender, case_id = excluded.case_id, noted_at = now(), done_at = NULL,
    account = NULL
"""
KNOWN_SENDER: Final = """
SELECT c.id FROM reflection_case c JOIN case_contact k ON k.case_id = c.id
WHERE c.reference = $1 AND k.mail = $2
"""
AGENCY: Final = """
SELECT id FROM agency WHERE upper(code) = upper($1)
    AND (valid_to IS NULL OR valid_to > (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
"""
FROM_SENDER: Final = """
SELECT count(*) AS n FROM case_contact k JOIN reflection_case c ON c.id = k.case_id
WHERE k.mail = $1 AND c.channel = 'email' AND c.created_at > $2
"""
REACHED: Final = """
SELECT mail FROM case_contact WHERE case_id = $1 AND mail IS NOT NULL AND reply AND expires_at > $2
"""
REFUSAL: Final = """
SELECT detail ->> 'reason' AS reason FROM case_event WHERE case_id = $1 AND name = 'refuse'
ORDER BY id DESC LIMIT 1
"""
LIST: Final = """
SELECT id, outcome, uid, sender, sent_at, noted_at FROM mailbox_letter
WHERE outcome = ANY ($1) AND done_at IS NULL ORDER BY noted_at DESC, id DESC LIMIT $2
"""
COUNT: Final = """
SELECT outcome, count(*) AS n FROM mailbox_letter WHERE noted_at > $1 GROUP BY outcome
"""


async def find_letter(key: str) -> UUID | None:
    """The case that this letter opened or was added to before."""
    row = await fetch_one(
        "SELECT case_id FROM mailbox_letter WHERE key = $1 AND outcome = ANY ($2)",
        *(key, list(DONE)),
    )
    if row is None:
        # What the letter's row was is forgotten before the case is.
        row = await fetch_one(
            "SELECT id AS case_id FROM reflection_case WHERE source = $1", f"mail:{key}"
        )
    return row["case_id"] if row else None


async def note_letter(
    key: str,
    outcome: str,
    *,
    uid: int = 0,
    sender: str = "",
    sent_at: datetime | None = None,
    case: UUID | None = None,
) -> None:
    """Keep what became of a letter. Of a sender only so much that the letter is found by it."""
    await fetch(NOTE, key, outcome, uid, hide_address(sender), sent_at, case)


async def find_case_of(reference: str, sender: str, codes: Sequence[str]) -> UUID | None:
    """The case of this reference, if its citizen's address wrote or its access code is told."""
    row = await fetch_one(KNOWN_SENDER, reference, sender)
    if row is not None:
        found: UUID = row["id"]
        return found
    named = await fetch_one("SELECT id FROM reflection_case WHERE reference = $1", reference)
    for code in codes if named else ():
        try:
            if (case := await find_by_code(code)) is not None and named and case == named["id"]:
                return case
        except InputError:
            continue
    return None


async def is_open(case: UUID) -> bool:
    """Whether something can still be added to a case."""
    return (await find_case(case, CITIZEN))["state"] in OPEN


async def agency_of(
    recipients: Sequence[str], addresses: Mapping[str, str], otherwise: str
) -> int | None:
    """The agency to which a letter went: by a +tag, by its address, or the one for all others."""
    for address in recipients:
        tag = address.partition("@")[0].partition("+")[2]
        for code in (tag, addresses.get(address, "")):
            if code and (row := await fetch_one(AGENCY, code)):
                return int(row["id"])
    row = await fetch_one(AGENCY, otherwise) if otherwise else None
    return int(row["id"]) if row else None


async def count_from(sender: str, *, now: datetime | None = None) -> int:
    """How many cases a sender has opened by mail within a day."""
    since = (now or datetime.now(UTC)) - timedelta(days=1)
    row = await fetch_one(FROM_SENDER, sender, since)
    return int(row["n"]) if row else 0


async def acknowledge(opened: Opened, address: str, *, now: datetime | None = None) -> None:
    """Tell the sender by mail what their letter has become, with the link to it; once."""
    row = await find_case(opened.id, CITIZEN)
    due = opened.due_at
    fields = {
        "agency": await agency_name(row["agency"]),
        "code": opened.reference,
        "date": f"{due.astimezone(ZONE):%d/%m/%Y}" if due else "",
        "case": str(opened.id),
    }
    await queue_message(
        "reflection_by_mail",
        key=f"reflection_by_mail:{opened.id}",
        channel="mail",
        address=address,
        fields=fields,
        due=now or datetime.now(UTC),
    )


async def send_link_again(case: UUID, *, now: datetime | None = None) -> None:
    """Tell the citizen of a case that is done once more where it is reopened; once a day at most.

    It goes to the address that they gave, whoever wrote, and never twice to a machine that replies.
    """
    moment = now or datetime.now(UTC)
    row = await find_case(case, CITIZEN)
    reached = await fetch_one(REACHED, case, moment)
    if reached is None or row["state"] in OPEN:
        return
    event, fields = "reflection_answered", {"code": row["reference"], "case": str(case)}
    if row["state"] not in ANSWERED:
        event, refusal = "reflection_not_accepted", await fetch_one(REFUSAL, case)
        fields["reason"] = short_reason(refusal["reason"] if refusal else "")
    await queue_message(
        event,
        key=f"{event}:{case}:again:{local_day(moment)}",
        channel="mail",
        address=reached["mail"],
        language=row["language"],
        fields=fields | {"agency": await agency_name(row["agency"])},
        due=moment,
    )


async def hold_letter(key: str) -> None:
    """Until the transaction ends, nobody else adds this letter to a case."""
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", key)


async def note_refused_files(case: UUID, count: int, *, now: datetime | None = None) -> None:
    """Say in the log of the case that files of a letter could not be kept."""
    row = await find_case(case, CITIZEN)
    await write_event(row, "files_refused", CITIZEN, at=now or datetime.now(UTC), count=count)


async def list_refused(*, limit: int = 200) -> list[Row]:
    """Letters that a person must look at, the newest first."""
    return await fetch(LIST, list(REFUSED), limit)


async def count_letters(days: int, *, now: datetime | None = None) -> dict[str, int]:
    """What became of the letters of the last days."""
    since = (now or datetime.now(UTC)) - timedelta(days=days)
    return {row["outcome"]: row["n"] for row in await fetch(COUNT, since)}


async def settle_letter(letter: int, *, actor: int) -> None:
    """A person has looked at a letter. Raises NotFoundError."""
    done = await fetch(
        "UPDATE mailbox_letter SET done_at = now(), account = $2"
        " WHERE id = $1 AND done_at IS NULL RETURNING id",
        *(letter, actor),
    )
    if not done:
        raise NotFoundError(N_("Không có thư này, hoặc thư đã được xử lý."))


def hide_address(address: str) -> str:
    """So much of an address that its holder's letter is found in the mailbox: n…@example.vn."""
    name, _sign, host = address.rpartition("@")
    return f"{name[:1]}…@{host}"[:120] if name else ""
