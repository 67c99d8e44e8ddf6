"""From a draft to an answer: saved in versions, approved where the agency wants it, sent."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from surveys.accounts import FieldError
from surveys.reflections.actors import SYSTEM, Actor
from surveys.reflections.errors import (
    DraftConflictError,
    MoveError,
    RoleError,
    UnreadDraftError,
)
from surveys.reflections.log import lock_case, write_event
from surveys.reflections.merging import part
from surveys.reflections.moving import move
from surveys.reflections.needs import NEWEST_ANSWER, NEWEST_DRAFT, check_text
from surveys.reflections.records import Moved
from surveys.reflections.states import OPEN
from surveys.tables.reflections import Change
from surveys.transactions import Row, fetch, fetch_one, transaction

N_ = str

WRITERS: Final = frozenset({"clerk", "head"})
# What comes with an answer is kept by whoever sends it: case, and id of the answer.
WithAnswer = Callable[[UUID, int], Awaitable[object]]
DRAFTING: Final = ("received", "in_hand", "extended", "drafted", "inadequate", "reopened")

SAVE: Final = """
INSERT INTO case_draft (case_id, version, agency, text, change, explanation, account, saved_at)
SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5, $6, $7
FROM case_draft WHERE case_id = $1 RETURNING version
"""
ANSWER: Final = """
INSERT INTO case_answer (case_id, turn, draft, agency, text, change, explanation, account,
    approved_by, answered_at)
SELECT $1, coalesce(max(turn), 0) + 1,
    (SELECT coalesce(max(version), 0) FROM case_draft WHERE case_id = $1),
    $2, $3, $4, $5, $6, $7, $8
FROM case_answer WHERE case_id = $1 RETURNING id
"""
TWINS: Final = """
SELECT id FROM reflection_case WHERE merged_into = $1 AND state = ANY ($2) ORDER BY id
"""


async def save_draft(
    case: UUID,
    text: str,
    by: Actor,
    *,
    base: int,
    change: str = "none",
    explanation: str = "",
    now: datetime | None = None,
) -> int:
    """Save a draft answer that was written over version `base` (0: none); returns its version.

    Versions are counted through the agencies that had the case, but each sees its own. Saving
    what is there already makes no new version. `change` is none, planned or made; the last two
    need an explanation. Raises DraftConflictError when somebody saved meanwhile.
    """
    said = check_text(text, "text", N_("Hãy viết nội dung trả lời."))
    _check_change(change, explanation)
    async with transaction():
        row = await lock_case(case, by)
        if not by.roles & WRITERS:
            raise RoleError
        if row["state"] not in DRAFTING:
            raise MoveError(N_("Không soạn trả lời được ở trạng thái này của vụ việc."))
        newest = await fetch_one(NEWEST_DRAFT, case)
        version = newest["version"] if newest else 0
        new = (said, change, explanation.strip())
        if newest and new == (newest["text"], newest["change"], newest["explanation"]):
            return int(version)
        if newest and base != version:
            raise DraftConflictError(version)
        moment = now or datetime.now(UTC)
        made = await fetch_one(SAVE, case, row["agency"], *new, by.account, moment)
    return int(made["version"]) if made else 0


def can_draft(state: str, by: Actor) -> bool:
    """Whether somebody may save a draft of a case in this state."""
    return state in DRAFTING and bool(by.roles & WRITERS)


async def submit_draft(
    case: UUID,
    by: Actor,
    *,
    read: int | None = None,
    expected: int | None = None,
    now: datetime | None = None,
) -> Moved:
    """Put the newest draft forward: to be approved, or to be sent.

    `read` is the version that was read; raises UnreadDraftError when there is a newer one.
    """
    async with transaction():
        await lock_case(case, by, expected=expected)
        await _check_read(case, read)
        return await move(case, "submit", by, now=now)


async def approve(case: UUID, by: Actor, *, version: int, now: datetime | None = None) -> None:
    """Approve the version of the draft that was read; a newer one must be read first."""
    async with transaction():
        row = await lock_case(case, by)
        if "head" not in by.roles:
            raise RoleError
        if row["state"] != "drafted":
            raise MoveError(N_("Chưa có dự thảo nào được trình để duyệt."))
        newest = await _check_read(case, version)
        moment = now or datetime.now(UTC)
        await fetch(
            "UPDATE case_draft SET approved_by = $2, approved_at = $3 WHERE id = $1",
            *(newest and newest["id"], by.account, moment),
        )
        await write_event(row, "approved", by, at=moment, public=False, draft=version)


async def return_draft(
    case: UUID, reason: str, by: Actor, *, expected: int | None = None, now: datetime | None = None
) -> Moved:
    """Send a submitted draft back as inadequate, with the reason; an approval of it is gone."""
    given = {"reason": reason}
    async with transaction():
        done = await move(case, "return_draft", by, expected=expected, now=now, given=given)
        await fetch(
            "UPDATE case_draft SET approved_by = NULL, approved_at = NULL WHERE case_id = $1", case
        )
    return done


async def return_answer(
    case: UUID, reason: str, by: Actor, *, expected: int | None = None, now: datetime | None = None
) -> Moved:
    """Send an answer back as inadequate before it is published; the answer's clock runs anew.

    The citizens of merged cases had the same answer: theirs goes back too, and they are answered
    again with the main case. A duplicate that is sent back by itself is a case of its own again.
    """
    moment, given = now or datetime.now(UTC), {"reason": reason}
    async with transaction():
        done = await move(case, "return_answer", by, expected=expected, now=moment, given=given)
        await part(case, moment)
        for twin in await fetch(TWINS, case, ["answered"]):
            await move(twin["id"], "return_answer", by, now=moment, given=given)
    return done


async def answer(
    case: UUID,
    by: Actor,
    *,
    read: int | None = None,
    expected: int | None = None,
    now: datetime | None = None,
    along: WithAnswer | None = None,
) -> Moved:
    """Send the newest draft as the answer, also to the citizens of cases merged into this one.

    `read` is the version that was read; raises UnreadDraftError when there is a newer one. `along`
    is called once for each of these cases; where it raises, nothing is sent to anybody.
    """
    moment = now or datetime.now(UTC)
    async with transaction():
        await lock_case(case, by, expected=expected)
        await _check_read(case, read)
        done = await move(case, "answer", by, now=moment)
        draft = await fetch_one(NEWEST_DRAFT, case)
        assert draft is not None  # noqa: S101 - the move needs one
        kept = {case: await _keep_answer(case, done.agency, draft, by, moment)}
        for twin in await fetch(TWINS, case, list(OPEN)):
            await move(twin["id"], "answer_with_main", SYSTEM, now=moment)
            kept[twin["id"]] = await _keep_answer(twin["id"], done.agency, draft, by, moment)
        if along is not None:
            for one, made in kept.items():
                await along(one, made)
    return done


async def newest_answer(case: UUID) -> Row | None:
    """The answer that holds now."""
    return await fetch_one(NEWEST_ANSWER, case)


async def list_drafts(case: UUID, *, limit: int = 20) -> list[Row]:
    """Versions of the draft by the agency that has the case, newest first."""
    return await fetch(
        "SELECT d.version, d.text, d.change, d.explanation, d.saved_at, a.username, d.approved_at"
        " FROM case_draft d JOIN account a ON a.id = d.account"
        " JOIN reflection_case c ON c.id = d.case_id AND c.agency = d.agency"
        " WHERE d.case_id = $1 ORDER BY d.version DESC LIMIT $2",
        *(case, limit),
    )


async def _check_read(case: UUID, read: int | None) -> Row | None:
    """The newest draft of a case that is held. Raises UnreadDraftError when another was read."""
    newest = await fetch_one(NEWEST_DRAFT, case)
    if read is not None and read != (newest["version"] if newest else 0):
        raise UnreadDraftError(newest["version"] if newest else 0)
    return newest


async def _keep_answer(
    case: UUID, agency: int, draft: dict[str, Any], by: Actor, now: datetime
) -> int:
    made = await fetch_one(
        ANSWER,
        *(case, agency, draft["text"], draft["change"], draft["explanation"], by.account),
        *(draft["approved_by"], now),
    )
    return int(made["id"]) if made else 0


def _check_change(change: str, explanation: str) -> None:
    if change not in set(Change):
        raise FieldError("change", N_("Hãy chọn: không thay đổi, sẽ thay đổi, đã thay đổi."))
    if change != Change.NONE:
        text = N_("Hãy giải thích đã hoặc sẽ thay đổi điều gì; nếu không thì chọn không thay đổi.")
        check_text(explanation, "explanation", text)
