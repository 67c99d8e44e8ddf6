"""Publication: nothing is public before a person has read the covered text and confirmed it."""

import json
from datetime import UTC, datetime
from typing import Any, Final, Literal
from uuid import UUID

from surveys.accounts import FieldError
from surveys.reflections.actors import Actor
from surveys.reflections.errors import MoveError, RoleError, UnknownCaseError
from surveys.reflections.log import find_case, lock_case, touch, write_event
from surveys.reflections.moving import move
from surveys.reflections.needs import NEWEST_ANSWER, check_text, confirmed_redactions
from surveys.reflections.own_contact import check_covered
from surveys.reflections.records import Moved, Redacted
from surveys.transactions import Row, fetch, fetch_one, transaction

N_ = str

STAFF: Final = frozenset({"clerk", "head", "coordinator"})
Part = Literal["question", "answer", "explanation"]

SAVE: Final = """
INSERT INTO case_redaction (case_id, part, answer, version, text, spans, account, saved_at)
SELECT $1, $2::varchar, $3, coalesce(max(version), 0) + 1, $4, $5::jsonb, $6, $7 FROM case_redaction
WHERE case_id = $1 AND part = $2::varchar RETURNING version
"""
CONFIRM: Final = """
UPDATE case_redaction r SET confirmed_by = $4, confirmed_at = $5
WHERE case_id = $1 AND part = $2 AND version = $3
    AND version = (SELECT max(version) FROM case_redaction WHERE case_id = $1 AND part = $2)
RETURNING id, text
"""
PUBLISH: Final = """
INSERT INTO case_publication (case_id, answer, title, question, reply, explanation, published_at,
    account)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
END: Final = """
UPDATE case_publication SET ended_at = $2, reason = $3 WHERE case_id = $1 AND ended_at IS NULL
RETURNING id
"""
TEXTS: Final = "SELECT text FROM case_redaction WHERE id = ANY ($1)"
LIST: Final = """
SELECT r.part, r.version, r.text, r.spans, r.saved_at, r.confirmed_at, s.username AS saved_by,
    c.username AS confirmed_by
FROM case_redaction r LEFT JOIN account s ON s.id = r.account
LEFT JOIN account c ON c.id = r.confirmed_by WHERE r.case_id = $1 ORDER BY r.id DESC
"""


async def save_redaction(
    case: UUID, part: Part, redacted: Redacted, by: Actor, *, now: datetime | None = None
) -> int:
    """Keep a version of the question, the newest answer or the explanation of its change as
    everybody may see it; its version.

    Any new version must be confirmed before it is published; who proposed it may be a program
    (`by` is then SYSTEM).
    """
    text = check_text(redacted.text, "text", N_("Bản đã ẩn danh không được để trống."))
    if part not in {"question", "answer", "explanation"}:
        raise FieldError("part", N_("Hãy chọn phần phản ánh, phần trả lời hoặc lời giải thích."))
    async with transaction():
        row = await lock_case(case, by)
        if not by.roles & (STAFF | {"system"}):
            raise RoleError
        answer = await fetch_one(NEWEST_ANSWER, case) if part != "question" else None
        if part != "question" and answer is None:
            raise MoveError(N_("Vụ việc chưa có câu trả lời để công khai."))
        if part == "explanation" and answer and answer["change"] == "none":
            raise MoveError(N_("Câu trả lời không nói có gì thay đổi."))
        spans = json.dumps(redacted.spans, ensure_ascii=False)
        made = await fetch_one(
            SAVE,
            *(row["id"], part, answer["id"] if answer else None, text, spans, by.account),
            now or datetime.now(UTC),
        )
    return int(made["version"]) if made else 0


async def confirm_redaction(
    case: UUID, part: Part, by: Actor, *, version: int, now: datetime | None = None
) -> None:
    """Say that this version was read and names nobody. Only the newest can be confirmed, and none
    that still holds the citizen's own name, phone or mail.
    """
    async with transaction():
        row = await lock_case(case, by)
        if not by.roles & STAFF or by.account is None:
            raise RoleError
        moment = now or datetime.now(UTC)
        read = await fetch(CONFIRM, case, part, version, by.account, moment)
        if not read:
            raise MoveError(N_("Bản đã ẩn danh vừa có bản mới hơn. Hãy tải lại trang."))
        await check_covered(case, read[0]["text"])
        await write_event(
            row, "redaction_confirmed", by, at=moment, public=False, part=part, version=version
        )


async def publish(
    case: UUID,
    by: Actor,
    *,
    title: str = "",
    expected: int | None = None,
    now: datetime | None = None,
) -> Moved:
    """Show the answer to everybody, with the explanation of a change, and the question where the
    citizen agreed to that.

    The title is the case's own unless one is given. What was public of the case before is
    replaced.
    """
    moment = now or datetime.now(UTC)
    async with transaction():
        row = await lock_case(case, by, expected=expected)
        name = "publish_settled" if row["state"] == "settled" else "publish"
        done = await move(case, name, by, now=moment)
        line = " ".join((title or row["title"]).replace("\0", "").split())[:200]
        if not line:
            raise FieldError("title", N_("Hãy đặt tiêu đề không nêu tên ai trước khi công khai."))
        shown = await confirmed_redactions(row)
        ids = [shown[part] for part in ("question", "reply", "explanation") if shown[part]]
        await check_covered(case, line, *(one["text"] for one in await fetch(TEXTS, ids)))
        await fetch(END, case, moment, "")
        await fetch(
            PUBLISH,
            *(case, shown["answer"], line, shown["question"], shown["reply"]),
            *(shown["explanation"], moment, by.account),
        )
    return done


async def end_publication(
    case: UUID, reason: str, by: Actor, *, now: datetime | None = None
) -> None:
    """Take back what is public of a case, with a reason that stands in its log."""
    said = check_text(reason, "reason", N_("Hãy ghi lý do; người gửi sẽ đọc được."))
    async with transaction():
        row = await lock_case(case, by)
        if not by.roles & STAFF:
            raise RoleError
        moment = now or datetime.now(UTC)
        if not await fetch(END, case, moment, said):
            raise MoveError(N_("Vụ việc này không được công khai."))
        await write_event(row, "publication_ended", by, at=moment, reason=said)
        await touch(case)


async def list_redactions(case: UUID, by: Actor) -> list[Row]:
    """All versions, newest first, with who saved and who confirmed them."""
    if not by.roles & STAFF:
        raise UnknownCaseError
    await find_case(case, by)
    rows: list[dict[str, Any]] = await fetch(LIST, case)
    return [row | {"spans": json.loads(row["spans"])} for row in rows]
