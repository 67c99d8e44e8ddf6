"""What must be so before a move is made; one small check for each word in states.toml."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Final

from surveys.accounts import FieldError
from surveys.reflections.actors import wants_approval
from surveys.reflections.errors import MoveError
from surveys.reflections.running import running_clocks
from surveys.reflections.states import Move, find_move
from surveys.transactions import Row, fetch, fetch_one

N_ = str
Given = Mapping[str, Any]
Check = Callable[[Row, Move, Given, datetime], Awaitable[None]]

LONGEST: Final = 20_000
READ_BY_CITIZEN: Final = N_("Hãy ghi lý do; người gửi sẽ đọc được.")

# Of the agency that has the case; what another one drafted before a transfer is not theirs.
NEWEST_DRAFT: Final = """
SELECT d.* FROM case_draft d JOIN reflection_case c ON c.id = d.case_id AND c.agency = d.agency
WHERE d.case_id = $1 ORDER BY d.version DESC LIMIT 1
"""
NEWEST_ANSWER: Final = """
SELECT * FROM case_answer WHERE case_id = $1 ORDER BY turn DESC LIMIT 1
"""
# The newest redaction of each text; an older one that was confirmed does not count any more.
REDACTIONS: Final = """
SELECT DISTINCT ON (part) part, id, answer, confirmed_at FROM case_redaction
WHERE case_id = $1 ORDER BY part, version DESC
"""


async def _reason(_case: Row, move: Move, given: Given, _now: datetime) -> None:
    inside = move is find_move("return_draft")
    fault = N_("Hãy ghi lý do; chỉ cán bộ đọc được.") if inside else READ_BY_CITIZEN
    check_text(given.get("reason"), "reason", fault)


async def _text(_case: Row, _move: Move, given: Given, _now: datetime) -> None:
    check_text(given.get("text"), "text", N_("Hãy viết nội dung."))


async def _agency(case: Row, _move: Move, given: Given, _now: datetime) -> None:
    found = await fetch_one("SELECT id FROM agency WHERE id = $1", given.get("agency"))
    if found is None or found["id"] == case["agency"]:
        raise FieldError("agency", N_("Hãy chọn một cơ quan khác để chuyển đến."))


async def _draft(case: Row, _move: Move, _given: Given, _now: datetime) -> None:
    draft = await fetch_one(NEWEST_DRAFT, case["id"])
    answer = await fetch_one(NEWEST_ANSWER, case["id"])
    if draft is None or (answer is not None and draft["version"] <= answer["draft"]):
        raise MoveError(N_("Chưa có dự thảo trả lời mới. Hãy soạn và lưu dự thảo trước."))


async def _approval(case: Row, _move: Move, _given: Given, _now: datetime) -> None:
    if await wants_approval(case["agency"]):
        draft = await fetch_one(NEWEST_DRAFT, case["id"])
        if draft is None or draft["approved_at"] is None:
            raise MoveError(N_("Bản dự thảo mới nhất chưa được lãnh đạo duyệt."))


async def _redaction(case: Row, _move: Move, _given: Given, _now: datetime) -> None:
    await confirmed_redactions(case)


async def _in_time(case: Row, move: Move, _given: Given, now: datetime) -> None:
    end = await _end(case, move)
    if end is None or end < now:
        raise MoveError(N_("Đã hết hạn để làm bước này."))


async def _lapsed(case: Row, move: Move, _given: Given, now: datetime) -> None:
    end = await _end(case, move)
    if end is not None and end >= now:
        text = N_("Người gửi còn được bổ sung đến {day}. Hãy đợi đến lúc đó.")
        raise MoveError(text, day=f"{end:%d/%m/%Y}")


async def _once(case: Row, _move: Move, _given: Given, _now: datetime) -> None:
    if case["extended"]:
        raise MoveError(N_("Vụ việc đã được gia hạn một lần và không gia hạn thêm được."))


CHECKS: Final[dict[str, Check]] = {
    "reason": _reason,
    "text": _text,
    "agency": _agency,
    "draft": _draft,
    "approval": _approval,
    "redaction": _redaction,
    "in_time": _in_time,
    "lapsed": _lapsed,
    "once": _once,
}


async def check_needs(case: Row, move: Move, given: Given, now: datetime) -> None:
    """Raise FieldError or MoveError for the first thing that is missing."""
    for need in move.needs:
        await CHECKS[need](case, move, given, now)


def is_blank(text: str) -> bool:
    """Whether there is nothing to be seen in a text: blanks, breaks, signs of no width."""
    return not any(sign.isprintable() and not sign.isspace() for sign in text)


def check_text(text: object, field: str, fault: str) -> str:
    """A text that somebody wrote, trimmed. Raises FieldError."""
    if not isinstance(text, str) or is_blank(text):
        raise FieldError(field, fault)
    if "\0" in text:
        raise FieldError(field, N_("Nội dung có ký tự không (NUL), không lưu được; hãy bỏ đi."))
    if len(text) > LONGEST:
        raise FieldError(field, N_("Nội dung quá dài; tối đa {most} ký tự."), most=LONGEST)
    return text.strip()


async def confirmed_redactions(case: Row) -> dict[str, Any]:
    """Ids of what may be published: `reply`, `explanation` when something changes or changed, and
    `question` when the citizen agreed to it.

    Raises MoveError when a text was not read and confirmed by a person since it last changed.
    """
    answer = await fetch_one(NEWEST_ANSWER, case["id"])
    rows = await fetch_redactions(case)
    reply, question = rows.get("answer"), rows.get("question")
    if answer is None or reply is None or reply["answer"] != answer["id"]:
        raise MoveError(N_("Chưa có bản trả lời đã ẩn danh. Hãy soạn và xác nhận bản đó trước."))
    told = rows.get("explanation") if answer["change"] != "none" else None
    if answer["change"] != "none" and (told is None or told["answer"] != answer["id"]):
        raise MoveError(N_("Chưa có bản ẩn danh của lời giải thích về thay đổi."))
    asked = question if await has_consent(case, "publication") else None
    shown = {"reply": reply, "question": asked, "explanation": told}
    if any(row["confirmed_at"] is None for row in shown.values() if row):
        raise MoveError(N_("Bản đã ẩn danh chưa có người xác nhận."))
    return {"answer": answer["id"]} | {part: row and row["id"] for part, row in shown.items()}


async def fetch_redactions(case: Row) -> dict[str, Row]:
    """The newest redaction of each part."""
    return {row["part"]: row for row in await fetch(REDACTIONS, case["id"])}


async def has_consent(case: Row, purpose: str) -> bool:
    """Whether the citizen agreed to this purpose and that still holds."""
    row = await fetch_one(
        f"SELECT {purpose} AS agreed FROM case_contact WHERE case_id = $1 AND expires_at > now()",
        case["id"],
    )
    return bool(row and row["agreed"])


async def _end(case: Row, move: Move) -> datetime | None:
    rows = await running_clocks(case["id"], [move.within] if move.within else [])
    return rows[0]["due_at"] if rows else None
