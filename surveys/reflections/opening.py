"""Opening a case: what the citizen wrote, who they are, and what they take along."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final, get_args
from uuid import uuid4

from surveys.accounts import FieldError
from surveys.days import ZONE, local_day
from surveys.messages.addresses import case_token
from surveys.reflections.actors import CITIZEN, Actor
from surveys.reflections.log import write_event
from surveys.reflections.needs import check_text
from surveys.reflections.reaching import Reach, read_reach
from surveys.reflections.records import Intake, Kind, NewCase, Opened
from surveys.reflections.references import (
    hash_access_code,
    hash_case_token,
    make_reference,
    new_code,
)
from surveys.reflections.rules import list_types
from surveys.reflections.running import refresh_due, start_clocks
from surveys.transactions import Row, fetch, fetch_one, transaction

N_ = str

# Who a case is about is known no longer than it may be needed.
CONTACT_DAYS: Final = 730
# A slip of the finger; a clock from then would be reckoned through two thousand years.
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=ZONE)

INSERT: Final = """
INSERT INTO reflection_case (id, reference, kind, type, channel, source, agency, unit, dossier,
    on_behalf, notify, language, received_on, created_at, code_hash, token_hash, state, version,
    extended, title)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'new', 1, false, '')
ON CONFLICT DO NOTHING RETURNING *
"""
CONTACT: Final = """
INSERT INTO case_contact (case_id, name, address, phone, mail, reply, publication, survey, notice,
    consented_how, consented_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
TEXT: Final = """
INSERT INTO case_text (case_id, version, part, subject, text, account, added_at)
SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5, $6 FROM case_text WHERE case_id = $1
"""


async def open_case(
    new: NewCase,
    pepper: bytes,
    *,
    by: Actor = CITIZEN,
    contact_days: int = CONTACT_DAYS,
    now: datetime | None = None,
) -> Opened:
    """Open a case with its clocks; what came from the same `source` before is answered as known.

    A member of staff who keys in what was said or written is `by`; the case says so, and its clocks
    run from `received_at`. All others' run from `now`. Raises
    FieldError (fields text, agency, kind, channel, type, notify, contact, name, phone, mail,
    dossier).
    """
    moment = now or datetime.now(UTC)
    # What came on Friday and is keyed in on Monday has waited since Friday. What a program or a
    # letter says of its own way moves no clock: the agency has the case only now.
    came = moment if by.account is None else min(new.received_at or moment, moment)
    text = await _check(new)
    reach = read_reach(new)
    async with transaction():
        known = await _known(new, pepper)
        if known is not None:
            return known
        code = new_code()
        case = await _insert(new, pepper, code, by, moment)
        if case is None:
            known = await _known(new, pepper)
            assert known is not None  # noqa: S101 - nothing else can be in the way
            return known
        await add_text(case, "original", text, by, moment, subject=new.subject)
        await _insert_contact(case, new, reach, moment + timedelta(days=contact_days), moment)
        await start_clocks(case, ["receive", "transfer", "answer"], cause="open", now=came)
        due_at = await refresh_due(case["id"])
        await write_event(case, "opened", by, at=moment, to_state="new", channel=new.channel)
    return Opened(
        id=case["id"],
        reference=case["reference"],
        token=case_token(pepper, case["id"]),
        code=code,
        due_at=due_at,
    )


async def add_text(
    case: Row, part: str, text: str, by: Actor, now: datetime, *, subject: str = ""
) -> None:
    """Keep what the citizen wrote, beside what they wrote before."""
    plain = " ".join(subject.replace("\0", "").split())[:200]
    await fetch(TEXT, case["id"], part, plain, text, by.account, now)


async def _check(new: NewCase) -> str:
    if new.received_at is not None and new.received_at < EARLIEST:
        raise FieldError("received_at", N_("Ngày nhận không được trước năm 2000."))
    if new.kind not in get_args(Kind):
        raise FieldError("kind", N_("Hãy chọn phản ánh hoặc kiến nghị."))
    if new.channel not in get_args(Intake):
        raise FieldError("channel", N_("Hãy chọn cách gửi đến."))
    if new.type not in await list_types(retired=True):
        raise FieldError("type", N_("Hãy chọn loại vụ việc."))
    if await fetch_one("SELECT 1 AS it FROM agency WHERE id = $1", new.agency) is None:
        raise FieldError("agency", N_("Hãy chọn cơ quan."))
    if new.dossier and not await fetch("SELECT 1 FROM dossier WHERE id = $1", new.dossier):
        raise FieldError("dossier", N_("Không có hồ sơ này."))
    fault = N_("Hãy viết nội dung phản ánh hoặc kiến nghị.")
    text = check_text(new.text, "text", fault)
    return check_text("\n\n".join((text, *new.under)), "text", fault)


async def _known(new: NewCase, pepper: bytes) -> Opened | None:
    if new.source is None:
        return None
    row = await fetch_one(
        "SELECT id, reference, due_at, token_version FROM reflection_case WHERE source = $1",
        new.source[:200],
    )
    if row is None:
        return None
    # Who sent it knows the first link; one that the citizen made since is the citizen's.
    token = case_token(pepper, row["id"]) if row["token_version"] == 1 else ""
    return Opened(
        id=row["id"], reference=row["reference"], token=token, due_at=row["due_at"], known=True
    )


async def _insert(
    new: NewCase, pepper: bytes, code: str, by: Actor, now: datetime
) -> dict[str, Any] | None:
    case_id = uuid4()
    came = new.received_at or now
    for _attempt in range(10):
        row = await fetch_one(
            INSERT,
            *(case_id, make_reference(local_day(now)), new.kind, new.type, new.channel),
            *(new.source and new.source[:200], new.agency, new.unit, new.dossier, by.account),
            *(new.notify, new.language, local_day(min(came, now)), now),
            *(hash_access_code(code), hash_case_token(case_token(pepper, case_id))),
        )
        # Some reference of the day, or another request with this source, may have been first.
        if row is not None or await _known(new, pepper) is not None:
            return row
    raise AssertionError


async def _insert_contact(
    case: Row, new: NewCase, reach: Reach, expires: datetime, now: datetime
) -> None:
    said = new.consents
    await fetch(
        CONTACT,
        *(case["id"], reach.name, reach.address, reach.phone, reach.mail),
        *(said.reply, said.publication, said.survey),
        *(said.notice[:40], said.how, now, expires),
    )
