"""Writing a letter, saying that it left, taking back one that did not."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec

from surveys.accounts import FieldError, audit
from surveys.calendars import load_calendar, plan_of
from surveys.days import local_day
from surveys.errors import ForbiddenError, NotFoundError, StateError
from surveys.letters.forms import form_in_force
from surveys.messages import queue_message
from surveys.reflections import Actor
from surveys.register.finished import finished_at
from surveys.transactions import Row, fetch, fetch_one, transaction

N_ = str

MOST_LETTERS: Final = 100
LONGEST: Final = 2000
# A new date beyond this is a slip of the year, and a letter that left is not changed.
FARTHEST: Final = timedelta(days=366)
STAFF: Final = frozenset({"clerk", "head", "coordinator"})

# Locked, so that two people at once do not both promise a first new date. What the other one wrote
# meanwhile is seen only by a statement that begins after the wait.
LOCK: Final = """
SELECT d.id FROM dossier d WHERE d.id = ANY ($1) AND ($2::integer IS NULL OR d.agency = $2)
ORDER BY d.id FOR UPDATE
"""
DOSSIERS: Final = f"""
SELECT d.id, d.code, d.agency, d.received_at, d.due_at, {finished_at()} AS finished_at,
    p.name AS procedure, a.name AS agency_name, b.name AS parent_name, u.name AS place,
    (SELECT count(*) FROM apology_letter l WHERE l.dossier = d.id) AS made,
    (SELECT count(new_due_on) FROM apology_letter l WHERE l.dossier = d.id) AS appointments,
    (SELECT max(new_due_on) FROM apology_letter l WHERE l.dossier = d.id) AS promised_on,
    (SELECT count(*) FROM apology_letter l WHERE l.dossier = d.id AND sent_on IS NULL) AS unsent
FROM dossier d JOIN agency a ON a.id = d.agency JOIN procedure p ON p.id = d.procedure
LEFT JOIN agency b ON b.id = a.parent LEFT JOIN admin_unit u ON u.id = a.unit
WHERE d.id = ANY ($1) AND ($2::integer IS NULL OR d.agency = $2)
ORDER BY d.id
"""
INSERT: Final = """
INSERT INTO apology_letter (id, dossier, number, due_on, new_due_on, reason, breach, fields,
    template, account, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $11)
"""
GET: Final = """
SELECT l.*, l.fields::text AS said, d.code, d.agency FROM apology_letter l
JOIN dossier d ON d.id = l.dossier
WHERE l.id = $1 AND ($2::integer IS NULL OR d.agency = $2)
"""
HOLD: Final = f"{GET} FOR UPDATE OF l"
LIST: Final = """
SELECT l.id, l.dossier, l.number, l.due_on, l.new_due_on, l.reason, l.breach, l.made_at,
    l.sent_on, coalesce(l.sent_on > l.due_on - 1, false) AS sent_late, u.username
FROM apology_letter l JOIN account u ON u.id = l.account
WHERE l.dossier = ANY ($1) ORDER BY l.dossier, l.number
"""


class NewLetter(msgspec.Struct, frozen=True, kw_only=True):
    """What the letters of some dossiers say. Who has the result already needs no new date."""

    reason: str
    new_due_on: date | None = None
    breach: str = ""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One letter as it was made, with the words that its form is filled with."""

    id: UUID
    dossier: str
    agency: int
    number: int
    due_on: date
    new_due_on: date | None
    reason: str
    template: int | None
    sent_on: date | None
    fields: dict[str, str]


async def write_letters(
    dossiers: Sequence[int], new: NewLetter, by: Actor, *, now: datetime | None = None
) -> list[UUID]:
    """Make a letter for each dossier, or none. Raises FieldError (dossiers, reason, new_due_on,
    breach)."""
    account = _staff(by)
    moment = now or datetime.now(UTC)
    wanted = sorted(set(dossiers))
    if not 1 <= len(wanted) <= MOST_LETTERS:
        raise FieldError("dossiers", N_("Hãy chọn từ 1 đến 100 hồ sơ."))
    reason = " ".join(new.reason.replace("\0", "").split())
    if not 0 < len(reason) <= LONGEST:
        raise FieldError("reason", N_("Hãy ghi lý do trễ; người dân sẽ đọc được."))
    async with transaction():
        await fetch(LOCK, wanted, by.agency)
        rows = await fetch(DOSSIERS, wanted, by.agency)
        if len(rows) != len(wanted):
            raise FieldError("dossiers", N_("Có hồ sơ không phải của cơ quan này."))
        made = []
        for row in rows:
            said = msgspec.structs.replace(new, reason=reason)
            made.append(await _write(row, said, account, moment))
    return made


async def get_letter(letter: UUID, by: Actor) -> Letter:
    """One letter. Raises NotFoundError, also for that of another agency."""
    _staff(by)
    row = await _find(letter, by)
    return Letter(
        id=row["id"],
        dossier=row["code"],
        agency=row["agency"],
        number=row["number"],
        due_on=row["due_on"],
        new_due_on=row["new_due_on"],
        reason=row["reason"],
        template=row["template"],
        sent_on=row["sent_on"],
        fields=json.loads(row["said"]),
    )


async def list_letters(dossiers: Sequence[int]) -> dict[int, list[Row]]:
    """The letters of some dossiers, by dossier; `sent_late` says that one came too late."""
    found: dict[int, list[Row]] = {}
    for row in await fetch(LIST, list(dossiers)):
        found.setdefault(row["dossier"], []).append(row)
    return found


async def mark_sent(
    letter: UUID,
    by: Actor,
    *,
    channel: str = "",
    address: str = "",
    now: datetime | None = None,
) -> None:
    """Say that a letter leaves today; with an address, a short message leaves too.

    The address stands in the outbox until the message is done, and nowhere else. Raises
    AddressError, NotFoundError, StateError.
    """
    account = _staff(by)
    moment = now or datetime.now(UTC)
    async with transaction():
        row = await _find(letter, by, HOLD)
        if row["sent_on"] is not None:
            raise StateError(N_("Văn bản này đã được đánh dấu là đã gửi."))
        await fetch(
            "UPDATE apology_letter SET sent_on = $2, sent_by = $3 WHERE id = $1",
            *(letter, local_day(moment), account),
        )
        if address.strip():
            await _tell(row, channel, address, moment)
        told = channel if address.strip() else ""
        await audit("apology_sent", row["code"], actor=account, number=row["number"], told=told)


async def remove_letter(letter: UUID, by: Actor) -> None:
    """Take back a letter that was not sent. Raises NotFoundError, StateError."""
    account = _staff(by)
    async with transaction():
        row = await _find(letter, by, HOLD)
        if row["sent_on"] is not None:
            raise StateError(N_("Văn bản đã gửi thì không xóa được."))
        await fetch("DELETE FROM apology_letter WHERE id = $1", letter)
        await audit("apology_removed", row["code"], actor=account, number=row["number"])


async def _write(row: Row, new: NewLetter, account: int, now: datetime) -> UUID:
    new_due_on = None if row["finished_at"] else new.new_due_on
    due_on = await _check(row, new_due_on, new.breach, now)
    form = await form_in_force(row["agency"])
    letter, number = uuid4(), row["made"] + 1
    said = _fields(row, new.reason, local_day(now)) | {
        "ngay_hen": _day(due_on),
        "ngay_hen_moi": _day(new_due_on) if new_due_on else "",
        "lan_thu": str(number),
    }
    await fetch(
        INSERT,
        *(letter, row["id"], number, due_on, new_due_on, new.reason),
        *(" ".join(new.breach.split())[:LONGEST], json.dumps(said), form and form.id),
        *(account, now),
    )
    detail = {"number": number, "new_due_on": str(new_due_on or ""), "breach": bool(new.breach)}
    await audit("apology_written", row["code"], actor=account, **detail)
    return letter


async def _check(row: Row, new_due_on: date | None, breach: str, now: datetime) -> date:
    """The day that was promised until now."""
    code = row["code"]
    if row["due_at"] is None:
        raise FieldError("dossiers", N_("Hồ sơ {code} không có ngày hẹn trả."), code=code)
    if row["unsent"]:
        text = N_("Hồ sơ {code} còn một văn bản chưa gửi; hãy gửi hoặc xóa văn bản đó trước.")
        raise FieldError("dossiers", text, code=code)
    due_on: date = row["promised_on"] or local_day(row["due_at"])
    if row["finished_at"]:
        if row["finished_at"] <= row["due_at"]:
            raise FieldError("dossiers", N_("Hồ sơ {code} đã trả đúng hẹn."), code=code)
        return due_on
    await _check_new_day(row, new_due_on, after=max(due_on, local_day(now)), today=local_day(now))
    if row["appointments"] and not breach.strip():
        text = N_(
            "Hồ sơ {code} đã hẹn lại một lần; quy định chỉ cho hẹn lại một lần. Nếu vẫn phải hẹn,"
            " hãy ghi vì sao: việc này được lưu là vi phạm."
        )
        raise FieldError("breach", text, code=code)
    return due_on


async def _check_new_day(row: Row, day: date | None, *, after: date, today: date) -> None:
    if day is None or day <= after:
        text = N_("Hãy chọn ngày hẹn mới, sau hôm nay và sau ngày hẹn cũ của hồ sơ {code}.")
        raise FieldError("new_due_on", text, code=row["code"])
    if day > today + FARTHEST:
        text = N_("Ngày hẹn mới cách hôm nay hơn một năm; hãy xem lại năm.")
        raise FieldError("new_due_on", text)
    if not plan_of(await load_calendar(row["agency"]), day).is_working:
        raise FieldError("new_due_on", N_("Ngày hẹn mới là ngày nghỉ; hãy chọn ngày làm việc."))


def _fields(row: Row, reason: str, today: date) -> dict[str, str]:
    """The words of a letter, by the names that forms use (app.letter_documents)."""
    return {
        "co_quan": row["agency_name"],
        "co_quan_cap_tren": row["parent_name"] or "",
        "dia_danh": row["place"] or "",
        "ngay": f"{today:%d}",
        "thang": f"{today:%m}",
        "nam": f"{today:%Y}",
        "ma_ho_so": row["code"],
        "ten_thu_tuc": row["procedure"],
        "ngay_tiep_nhan": _day(local_day(row["received_at"])),
        "ly_do": reason.rstrip(". "),
        "ngay_tra": _day(local_day(row["finished_at"])) if row["finished_at"] else "",
    }


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


async def _tell(row: Row, channel: str, address: str, now: datetime) -> None:
    said: dict[str, Any] = json.loads(row["said"])
    event = "decision_late" if row["new_due_on"] else "fault_apology"
    values = {
        "agency": said["co_quan"],
        "dossier": row["code"],
        "reason": _short(row["reason"]),
        "old_date": said["ngay_hen"],
        "date": said["ngay_hen_moi"],
    }
    await queue_message(
        event,
        key=f"apology:{row['id']}",
        channel=channel,
        address=address,
        fields=values,
        due=now,
    )


def _short(text: str, most: int = 120) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


async def _find(letter: UUID, by: Actor, query: str = GET) -> Row:
    row = await fetch_one(query, letter, by.agency)
    if row is None:
        raise NotFoundError(N_("Không có văn bản này."))
    return row


def _staff(by: Actor) -> int:
    if by.account is None or not by.roles & STAFF:
        raise ForbiddenError(N_("Bạn không có quyền làm việc này."))
    return by.account
