"""What an agency does with a case before it answers."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from surveys.accounts import FieldError, agency_name
from surveys.reflections.actors import SYSTEM, Actor
from surveys.reflections.errors import (
    MoveError,
    RoleError,
    StaleCaseError,
    UnknownCaseError,
)
from surveys.reflections.log import lock_case, touch, write_event
from surveys.reflections.moving import move, moved
from surveys.reflections.needs import check_text
from surveys.reflections.opening import add_text
from surveys.reflections.records import Moved
from surveys.reflections.rules import list_types
from surveys.reflections.states import OPEN
from surveys.transactions import fetch, fetch_one, transaction

N_ = str

STAFF: Final = frozenset({"clerk", "head", "coordinator"})
MOST_AT_ONCE: Final = 200

# Cases whose citizen was asked and has no more time to tell.
LAPSED: Final = """
SELECT c.id, c.version FROM case_clock k JOIN reflection_case c ON c.id = k.case_id
WHERE k.clock = 'ask' AND k.stopped_at IS NULL AND k.due_at < $1
    AND c.state = 'information_asked' ORDER BY k.due_at, c.id
"""
# Only accounts of the agency that has the case can own it.
ASSIGN: Final = """
UPDATE reflection_case c SET owner = $2, version = version + 1
FROM account a WHERE c.id = $1 AND a.id = $2 AND NOT a.disabled AND a.agency = c.agency
RETURNING a.username
"""


async def receive(
    case: UUID,
    by: Actor,
    *,
    title: str = "",
    case_type: str = "",
    expected: int | None = None,
    now: datetime | None = None,
) -> Moved:
    """Take a new case into the book, perhaps with a short title without names, and its type."""
    async with transaction():
        done = await move(case, "receive", by, expected=expected, now=now)
        if title:
            await set_title(case, title, by, now=now)
        if case_type:
            await set_type(case, case_type, by, now=now)
    return done


async def set_title(case: UUID, title: str, by: Actor, *, now: datetime | None = None) -> None:
    """Give the case a title that names nobody; lists show it instead of the citizen's words."""
    line = " ".join(title.replace("\0", "").split())
    if not 0 < len(line) <= 200:
        raise FieldError("title", N_("Hãy đặt tiêu đề ngắn, tối đa 200 ký tự."))
    async with transaction():
        row = await _held(case, by)
        await fetch("UPDATE reflection_case SET title = $2 WHERE id = $1", case, line)
        await write_event(row, "titled", by, at=now or datetime.now(UTC), public=False, title=line)
        await touch(case)


async def set_type(case: UUID, case_type: str, by: Actor, *, now: datetime | None = None) -> None:
    """Say what the case is about; clocks that run keep their terms."""
    if case_type not in await list_types():
        raise FieldError("type", N_("Hãy chọn loại vụ việc."))
    async with transaction():
        row = await _held(case, by)
        await fetch("UPDATE reflection_case SET type = $2 WHERE id = $1", case, case_type)
        at = now or datetime.now(UTC)
        await write_event(row, "typed", by, at=at, public=False, type=case_type)
        await touch(case)


async def describe(
    case: UUID, by: Actor, *, title: str = "", case_type: str = "", now: datetime | None = None
) -> None:
    """Change the title, the type or both; what is as it was writes no line in the log."""
    async with transaction():
        row = await _held(case, by)
        if title and title != row["title"]:
            await set_title(case, title, by, now=now)
        if case_type and case_type != row["type"]:
            await set_type(case, case_type, by, now=now)


async def ask_information(
    case: UUID, text: str, by: Actor, *, expected: int | None = None, now: datetime | None = None
) -> Moved:
    """Ask the citizen something; the agency's clocks stand still until they tell."""
    given = {"text": text.strip() if isinstance(text, str) else text}
    return await move(case, "ask", by, expected=expected, now=now, given=given)


async def add_information(
    case: UUID, text: str, by: Actor, *, now: datetime | None = None
) -> Moved:
    """Keep what the citizen adds, in any open state; if they were asked, the clocks go on."""
    said = check_text(text, "text", N_("Hãy viết nội dung bổ sung."))
    moment = now or datetime.now(UTC)
    async with transaction():
        row = await lock_case(case, by)
        if row["state"] not in OPEN:
            raise MoveError(N_("Vụ việc đã có trả lời. Nếu chưa thỏa đáng, bạn có thể mở lại."))
        if not by.roles & (STAFF | {"citizen"}):
            raise RoleError
        await add_text(row, "addition", said, by, moment)
        if row["state"] == "information_asked":
            return await move(case, "inform", by, now=moment, given={"text": said})
        await write_event(row, "information_added", by, at=moment)
        version = await touch(case)
    return moved(row | {"version": version}, row["due_at"])


async def go_on(
    case: UUID, by: Actor, *, expected: int | None = None, now: datetime | None = None
) -> Moved:
    """Go on without what was asked, once the citizen's time to tell it has run out."""
    return await move(case, "go_on", by, expected=expected, now=now)


async def resume_lapsed(now: datetime | None = None) -> int:
    """Go on with every case whose citizen was asked and has no more time to tell; how many.

    Each by itself: one that somebody changed meanwhile is left for the next time.
    """
    moment, resumed = now or datetime.now(UTC), 0
    for row in await fetch(LAPSED, moment):
        with suppress(StaleCaseError, MoveError, UnknownCaseError):
            await go_on(row["id"], SYSTEM, expected=row["version"], now=moment)
            resumed += 1
    return resumed


async def refuse(
    case: UUID, reason: str, by: Actor, *, expected: int | None = None, now: datetime | None = None
) -> Moved:
    """Do not accept a case, with a reason that the citizen reads; they may reopen it."""
    return await move(case, "refuse", by, expected=expected, now=now, given={"reason": reason})


async def transfer(
    case: UUID,
    agency: int,
    reason: str,
    by: Actor,
    *,
    expected: int | None = None,
    now: datetime | None = None,
) -> Moved:
    """Hand the case to another agency, where it is new and its clocks begin anew."""
    given = {"agency": agency, "reason": reason, "agency_name": await agency_name(agency)}
    return await move(case, "transfer", by, expected=expected, now=now, given=given)


async def take(
    case: UUID, by: Actor, *, expected: int | None = None, now: datetime | None = None
) -> Moved:
    """Take the case in hand: it is ours to answer. Whoever takes a case without owner owns it."""
    return await move(case, "take", by, expected=expected, now=now)


async def assign(
    cases: Sequence[UUID], owner: int, by: Actor, *, now: datetime | None = None
) -> dict[UUID, str]:
    """Give cases to one account; a word for each: `assigned`, `unchanged`, `refused`.

    Refused is a case of another agency than the account's, or one that is none of `by`'s.
    """
    if len(cases) > MOST_AT_ONCE:
        raise FieldError("cases", N_("Mỗi lần phân công tối đa {most} vụ việc."), most=MOST_AT_ONCE)
    if not by.roles & STAFF:
        raise RoleError
    moment = now or datetime.now(UTC)
    async with transaction():
        # Always in one order, so that two who assign at once do not wait for one another.
        return {case: await _assign(case, owner, by, moment) for case in sorted(set(cases))}


async def _assign(case: UUID, owner: int, by: Actor, now: datetime) -> str:
    row = await fetch_one("SELECT * FROM reflection_case WHERE id = $1 FOR UPDATE", case)
    if row is None or (by.agency is not None and by.agency != row["agency"]):
        return "refused"
    if row["owner"] == owner:
        return "unchanged"
    given = await fetch_one(ASSIGN, case, owner)
    if given is None:
        return "refused"
    said = {"owner": owner, "owner_name": given["username"]}
    await write_event(row, "assigned", by, at=now, public=False, **said)
    return "assigned"


async def extend(
    case: UUID, reason: str, by: Actor, *, expected: int | None = None, now: datetime | None = None
) -> Moved:
    """Give the answer more time, once, before the time has run out; the citizen reads why."""
    return await move(case, "extend", by, expected=expected, now=now, given={"reason": reason})


async def note(case: UUID, text: str, by: Actor, *, now: datetime | None = None) -> int:
    """Keep an internal note; returns its id."""
    said = check_text(text, "text", N_("Hãy viết ghi chú."))
    async with transaction():
        row = await _held(case, by)
        made = await fetch_one(
            "INSERT INTO case_note (case_id, account, agency, text, at)"
            " VALUES ($1, $2, $3, $4, $5) RETURNING id",
            *(case, by.account, row["agency"], said, now or datetime.now(UTC)),
        )
    return int(made["id"]) if made else 0


async def _held(case: UUID, by: Actor) -> dict[str, object]:
    if not by.roles & STAFF or by.account is None:
        raise RoleError
    return await lock_case(case, by)
