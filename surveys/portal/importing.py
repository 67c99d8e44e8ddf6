"""Rows of a file into cases: all or none, or the good ones only when that is chosen."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
import polars as pl

from surveys.accounts import FieldError, audit
from surveys.portal.files import Sheet
from surveys.reflections import (
    Actor,
    Consents,
    NewCase,
    Person,
    dossier_lines,
    dossier_of,
    list_agencies,
    list_types,
    open_case,
)
from surveys.register.moments import read_moments
from surveys.register.words import fold
from surveys.transactions import transaction

N_ = str

MOST_ROWS: Final = 1000
# What fits the name of a case's source; cut off, two codes would count as one.
LONGEST_CODE: Final = 150
# Nobody asked the writer here, so nothing was agreed to here.
CONSENTS: Final = Consents(notice="portal")
# Where a verb speaks of a field that has another column.
COLUMN_OF: Final = {
    "contact": "phone", "agency": "agency", "type": "type", "received_at": "received",
}  # fmt: skip


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is to be taken in: which header holds what, and what to do with bad rows."""

    headers: Mapping[str, str]
    agency: int | None = None
    skip_bad: bool = False
    check_only: bool = False


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with one row; the text is translated where the reader is known."""

    line: int
    column: str
    error: FieldError


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, and whether it was written."""

    rows: int
    new: int
    known: int
    faults: list[Fault]
    written: bool


class _Undone(Exception):  # noqa: N818 - no error: it takes a check back
    pass


class _Names(msgspec.Struct, frozen=True):
    """Agencies and types by what people call them, folded."""

    agencies: dict[str, set[int]]
    types: dict[str, str]


async def import_sheet(
    sheet: Sheet, wish: Wish, pepper: bytes, *, by: Actor, now: datetime | None = None
) -> Outcome:
    """Open a case for each row; a row whose code is known already is left as it is.

    The clocks of a case run from the day on which it was sent to the portal.
    """
    if len(sheet.rows) > MOST_ROWS:
        raise FieldError("file", N_("Tệp có hơn 1000 hàng; hãy chia nhỏ."))
    moment = now or datetime.now(UTC)
    found: Outcome | None = None
    try:
        async with transaction():
            found = await _take(sheet, wish, pepper, by, moment)
            _undo_unless(found.written)
            detail = {"rows": found.rows, "new": found.new, "refused": len(found.faults)}
            await audit("portal_imported", "*", actor=by.account, **detail)
    except _Undone:
        pass
    assert found is not None  # noqa: S101 - it was found before anything was undone
    return found


def _undo_unless(written: bool) -> None:  # noqa: FBT001 - the one thing it is told
    if not written:
        raise _Undone


async def _take(sheet: Sheet, wish: Wish, pepper: bytes, by: Actor, now: datetime) -> Outcome:
    names = await _names()
    places = {column: sheet.headers.index(name) for column, name in wish.headers.items()}
    instants = _instants(sheet, places["received"])
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    new = known = 0
    for (line, cells), sent in zip(sheet.rows, instants, strict=True):
        given = {c: cells[place] if place < len(cells) else "" for c, place in places.items()}
        try:
            _check_once(given["source"], line, seen)
            case = await _case(given, _moment(sent, now), wish, by, names)
            opened = await open_case(case, pepper, by=by, now=now)
        except FieldError as error:
            column = COLUMN_OF.get(error.field, error.field)
            faults.append(Fault(line, wish.headers.get(column, ""), error))
            continue
        known, new = known + opened.known, new + (not opened.known)
    written = not wish.check_only and (wish.skip_bad or not faults)
    return Outcome(rows=len(sheet.rows), new=new, known=known, faults=faults, written=written)


def _instants(sheet: Sheet, place: int) -> list[datetime | None]:
    texts = [cells[place].strip() if place < len(cells) else "" for _line, cells in sheet.rows]
    return read_moments(pl.Series(texts, dtype=pl.String))["instant"].to_list()


def _moment(sent: datetime | None, now: datetime) -> datetime:
    if sent is None:
        raise FieldError("received", N_("Ngày gửi không đọc được; viết như 27/11/2026 08:30."))
    moment = sent.replace(tzinfo=UTC)
    if moment > now:
        raise FieldError("received", N_("Ngày gửi nằm trong tương lai."))
    return moment


def _check_once(source: str, line: int, seen: dict[str, int]) -> None:
    if not source:
        raise FieldError("source", N_("Thiếu mã phản ánh, kiến nghị."))
    if len(source) > LONGEST_CODE:
        raise FieldError("source", N_("Mã quá dài; tối đa {most} ký tự."), most=LONGEST_CODE)
    if source in seen:
        raise FieldError("source", N_("Trùng mã với hàng {other}."), other=seen[source])
    seen[source] = line


async def _case(
    given: Mapping[str, str], sent: datetime, wish: Wish, by: Actor, names: _Names
) -> NewCase:
    agency = _agency(given.get("agency", ""), wish, by, names)
    dossier = given.get("dossier", "")
    kind = fold(given.get("kind", ""))
    person = {name: given.get(name, "") for name in ("name", "phone", "mail", "address")}
    values: dict[str, Any] = {
        "type": names.types.get(fold(given.get("type", "")), "other"),
        "subject": given.get("subject", ""),
        "dossier": await dossier_of(dossier, agency) if dossier else None,
        "under": dossier_lines(dossier, "vi"),
    }
    return NewCase(
        kind="recommendation" if "kiennghi" in kind and "phananh" not in kind else "reflection",
        text=given["text"],
        agency=agency,
        channel="portal",
        person=Person(**person),
        consents=CONSENTS,
        received_at=sent,
        source=f"portal:{given['source']}",
        **values,
    )


def _agency(typed: str, wish: Wish, by: Actor, names: _Names) -> int:
    named = names.agencies.get(fold(typed), set()) if typed else set()
    if typed and not named:
        raise FieldError("agency", N_("Không có cơ quan «{name}» trong danh mục."), name=typed[:80])
    if by.agency is not None:
        if named and by.agency not in named:
            raise FieldError("agency", N_("Hàng này của cơ quan khác: {name}."), name=typed[:80])
        return by.agency
    if len(named) > 1:
        text = N_("Có {number} cơ quan tên là «{name}»; hãy ghi mã cơ quan thay cho tên.")
        raise FieldError("agency", text, number=len(named), name=typed[:80])
    found = next(iter(named), wish.agency)
    if found is None:
        raise FieldError("agency", N_("Thiếu cơ quan xử lý."))
    return found


async def _names() -> _Names:
    rows = await list_agencies()
    agencies: dict[str, set[int]] = {}
    for row in rows:
        agencies.setdefault(fold(row["name"]), set()).add(row["id"])
    # A code is nobody else's name.
    agencies |= {fold(row["code"]): {row["id"]} for row in rows}
    types = await list_types()
    spelled = {fold(name): key for key, names in types.items() for name in names.values()}
    return _Names(agencies, spelled | {fold(key): key for key in types})
