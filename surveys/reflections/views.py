"""One case as an official, its citizen, or everybody sees it."""

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from surveys.accounts import audit
from surveys.reflections.actors import CITIZEN, Actor
from surveys.reflections.answering import list_drafts
from surveys.reflections.clocks import Explanation
from surveys.reflections.errors import RoleError, UnknownCaseError
from surveys.reflections.log import find_case, list_events
from surveys.reflections.references import hash_access_code, hash_case_token, read_access_code
from surveys.reflections.running import explain_clocks
from surveys.reflections.states import moves_from
from surveys.transactions import Row, fetch, fetch_one, transaction

STAFF: Final = frozenset({"clerk", "head", "coordinator"})

NAMES: Final = """
SELECT a.code AS agency_code, a.name AS agency_name, o.username AS owner_name,
    b.username AS on_behalf_name, m.reference AS main_reference, d.code AS dossier_code,
    w.name AS unit_name
FROM reflection_case c JOIN agency a ON a.id = c.agency LEFT JOIN account o ON o.id = c.owner
LEFT JOIN account b ON b.id = c.on_behalf LEFT JOIN reflection_case m ON m.id = c.merged_into
LEFT JOIN dossier d ON d.id = c.dossier LEFT JOIN admin_unit w ON w.id = c.unit
WHERE c.id = $1
"""
TEXTS: Final = """
SELECT version, part, subject, text, added_at, account IS NOT NULL AS keyed_in
FROM case_text WHERE case_id = $1 ORDER BY version
"""
ANSWERS: Final = """
SELECT r.id, r.turn, r.text, r.change, r.explanation, r.answered_at, r.verdict, r.verdict_at,
    r.level, a.name AS agency_name
FROM case_answer r JOIN agency a ON a.id = r.agency WHERE r.case_id = $1 ORDER BY r.turn
"""
CONTACT: Final = """
SELECT name, address, phone, mail, reply, publication, survey, consented_how, consented_at,
    expires_at
FROM case_contact WHERE case_id = $1
"""
NOTES: Final = """
SELECT n.id, n.text, n.at, u.username FROM case_note n JOIN account u ON u.id = n.account
WHERE n.case_id = $1 AND n.agency = $2 ORDER BY n.id
"""
# Files that came together have one time; the number in each label tells their order.
ATTACHMENTS: Final = r"""
SELECT id, label, media_type, bytes, scan, answer, added_at, account IS NOT NULL AS by_staff
FROM case_attachment WHERE case_id = $1
ORDER BY added_at, substring(label FROM '\d+')::int, id
"""
DUPLICATES: Final = """
SELECT id, reference, state FROM reflection_case WHERE merged_into = $1 ORDER BY created_at
"""
PUBLIC: Final = """
SELECT title, published_at, question IS NOT NULL AS with_question FROM case_publication
WHERE case_id = $1 AND ended_at IS NULL
"""


class CaseView(msgspec.Struct, frozen=True, kw_only=True):
    """What an official sees. `moves` are those that their roles and the state allow."""

    case: Row
    overdue: bool
    moves: list[str]
    clocks: dict[str, Explanation]
    events: list[Row]
    notes: list[Row]
    drafts: list[Row]
    answers: list[Row]
    attachments: list[Row]
    duplicates: list[Row]
    publication: Row | None
    texts: list[Row] = []


class CitizenView(msgspec.Struct, frozen=True, kw_only=True):
    """What the citizen sees: no names of officials, no notes, no drafts.

    `is_known` while their name and address are kept.
    """

    case: Row
    overdue: bool
    moves: list[str]
    clocks: dict[str, Explanation]
    events: list[Row]
    texts: list[Row]
    answers: list[Row]
    attachments: list[Row]
    consents: dict[str, bool]
    is_known: bool
    publication: Row | None


async def case_view(
    case: UUID, by: Actor, *, original: bool = True, now: datetime | None = None
) -> CaseView:
    """The case for an official; with `original` also what the citizen wrote, and that is logged."""
    # One transaction, so one connection: else each of twenty small questions borrows one anew.
    async with transaction():
        return await _case_view(case, by, now or datetime.now(UTC), original=original)


async def _case_view(case: UUID, by: Actor, now: datetime, *, original: bool) -> CaseView:
    row = await _staff_case(case, by)
    return CaseView(
        case=row,
        overdue=_is_overdue(row, now),
        moves=list(moves_from(row["state"], by.roles)),
        clocks=await explain_clocks(case, row["agency"], now),
        events=await list_events(case, public_only=False),
        notes=await fetch(NOTES, case, row["agency"]),
        drafts=await list_drafts(case),
        answers=await fetch(ANSWERS, case),
        attachments=await fetch(ATTACHMENTS, case),
        duplicates=await fetch(DUPLICATES, case),
        publication=await fetch_one(PUBLIC, case),
        texts=await _read_texts(row, by) if original else [],
    )


async def read_texts(case: UUID, by: Actor) -> list[Row]:
    """What the citizen wrote, in their words; the reading stands in the audit log."""
    async with transaction():
        return await _read_texts(await _staff_case(case, by), by)


async def _read_texts(row: Row, by: Actor) -> list[Row]:
    await audit("case_text_read", row["reference"], actor=by.account)
    return await fetch(TEXTS, row["id"])


async def read_contact(case: UUID, by: Actor, why: str = "") -> Row | None:
    """Who wrote and how to reach them, or None when that is forgotten; the reading is logged."""
    row = await _staff_case(case, by)
    async with transaction():
        await audit("case_contact_read", row["reference"], actor=by.account, text=why[:200])
        return await fetch_one(CONTACT, case)


async def citizen_view(case: UUID, *, now: datetime | None = None) -> CitizenView:
    """The case for its citizen, whose token or code the page has checked."""
    moment = now or datetime.now(UTC)
    row = await _named(await find_case(case, CITIZEN))
    clocks = await explain_clocks(case, row["agency"], moment)
    contact = await fetch_one(CONTACT, case)
    names = ("reply", "publication", "survey")
    hidden = {"owner", "owner_name", "on_behalf_name", "main_reference", "merged_into"}
    return CitizenView(
        case={key: value for key, value in row.items() if key not in hidden},
        overdue=_is_overdue(row, moment),
        moves=_open_moves(row["state"], clocks),
        clocks={clock: clocks[clock] for clock in clocks if clock not in {"receive", "transfer"}},
        events=await list_events(case, public_only=True),
        texts=await fetch(TEXTS, case),
        answers=await fetch(ANSWERS, case),
        attachments=await fetch(ATTACHMENTS, case),
        consents={name: bool(contact and contact[name]) for name in names},
        is_known=contact is not None,
        publication=await fetch_one(PUBLIC, case),
    )


async def find_by_token(token: str) -> UUID | None:
    """The case of a link, or None."""
    row = await fetch_one(
        "SELECT id FROM reflection_case WHERE token_hash = $1", hash_case_token(token)
    )
    return row["id"] if row else None


async def find_by_code(typed: str) -> UUID | None:
    """The case of an access code as typed, or None; raises InputError for a slip of the finger."""
    code = hash_access_code(read_access_code(typed))
    row = await fetch_one("SELECT id FROM reflection_case WHERE code_hash = $1", code)
    return row["id"] if row else None


async def find_by_reference(reference: str, by: Actor) -> UUID:
    """The id of a case for an official. Raises UnknownCaseError."""
    row = await fetch_one("SELECT id FROM reflection_case WHERE reference = $1", reference)
    if row is None:
        raise UnknownCaseError
    await find_case(row["id"], by)
    found: UUID = row["id"]
    return found


async def _staff_case(case: UUID, by: Actor) -> Row:
    row = await find_case(case, by)
    if not by.roles & STAFF:
        raise RoleError
    return await _named(row)


async def _named(row: Row) -> dict[str, Any]:
    secret = {"code_hash", "token_hash", "token_version", "source", "plain"}
    names = await fetch_one(NAMES, row["id"]) or {}
    return {key: value for key, value in row.items() if key not in secret} | names


def _is_overdue(row: Row, now: datetime) -> bool:
    return row["due_at"] is not None and row["due_at"] < now


def _open_moves(state: str, clocks: dict[str, Explanation]) -> list[str]:
    """A citizen's moves; to reopen, the time for it must not have run out."""
    late = "verdict" not in clocks or clocks["verdict"].is_overdue
    return [name for name in moves_from(state, CITIZEN.roles) if name != "reopen" or not late]
