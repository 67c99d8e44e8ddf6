"""What is known of the files of a case. The files themselves lie beside the database."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import msgspec

from surveys.accounts import FieldError, audit
from surveys.errors import NotFoundError
from surveys.reflections.actors import CITIZEN, Actor, wants_approval
from surveys.reflections.errors import MoveError, RoleError
from surveys.reflections.log import find_case, lock_case, write_event
from surveys.reflections.states import OPEN
from surveys.transactions import Row, fetch, fetch_one, transaction

N_ = str

# Of one side of a case: what its citizen sent, what officials scanned for them, or what came with
# one answer.
MOST_FILES: Final = 5
STAFF: Final = frozenset({"clerk", "head", "coordinator"})
# States of the scan. `not_scanned`: there is no scanner; `waiting`: it gave no verdict yet.
READABLE: Final = ("clean", "not_scanned")
UNJUDGED: Final = ("waiting", "not_scanned")

INSERT: Final = """
INSERT INTO case_attachment (id, case_id, answer, label, media_type, bytes, sha256, scan, account,
    added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
SAME_SIDE: Final = """
SELECT label, sha256, account IS NOT NULL AS by_staff FROM case_attachment
WHERE case_id = $1 AND answer IS NOT DISTINCT FROM $2
"""
# Of ended cases only: who still waits for an answer has not sent papers for nothing.
OUTLIVED: Final = """
DELETE FROM case_attachment a USING reflection_case c
WHERE c.id = a.case_id AND c.state <> ALL ($1) AND a.added_at <= $2 RETURNING a.id
"""


class NewFile(msgspec.Struct, frozen=True):
    """A file that was checked; its label is a name of ours with a place for its number."""

    id: UUID
    label: str
    media_type: str
    size: int
    sha256: str
    scan: str


def new_file_id() -> UUID:
    """A name for a file that says nothing of it."""
    return uuid4()


async def check_room(case: UUID, by: Actor, *, answer: int | None = None) -> None:
    """Refuse before anything is written. Raises UnknownCaseError, MoveError, RoleError."""
    _check_side(await find_case(case, by), by, answer)


async def add_files(
    case: UUID,
    files: Sequence[NewFile],
    by: Actor,
    *,
    answer: int | None = None,
    now: datetime | None = None,
) -> list[UUID]:
    """Note files of a case, or of one answer; returns the ids of those that were not there yet.

    A file that is sent twice is kept once. Raises FieldError (files), MoveError, RoleError,
    UnknownCaseError.
    """
    moment = now or datetime.now(UTC)
    async with transaction():
        row = await lock_case(case, by)
        _check_side(row, by, answer)
        if answer is not None and not await fetch(
            "SELECT 1 FROM case_answer WHERE id = $1 AND case_id = $2", answer, case
        ):
            raise NotFoundError(N_("Không có câu trả lời này."))
        near = await fetch(SAME_SIDE, case, answer)
        held = [one for one in near if one["by_staff"] == (by.account is not None)]
        known = {one["sha256"] for one in held}
        sent = {file.sha256: file for file in files}
        fresh = [file for digest, file in sent.items() if digest not in known]
        if len(held) + len(fresh) > MOST_FILES:
            raise _too_many()
        for number, file in enumerate(fresh, _last_number(near) + 1):
            await fetch(
                INSERT,
                *(file.id, case, answer, file.label.format(number=number)[:80], file.media_type),
                *(file.size, file.sha256, file.scan, by.account, moment),
            )
        if fresh:
            if answer is not None:
                await _check_approval(row, by)
            await write_event(row, "files_added", by, at=moment, count=len(fresh))
    return [one.id for one in fresh]


async def find_file(case: UUID, file: UUID, by: Actor) -> Row:
    """A file that may be read now: id, label, media_type, bytes, scan, reference of its case.

    A reading by staff stands in the audit log.

    Raises NotFoundError, UnknownCaseError, and MoveError for one that waits to be scanned.
    """
    row = await find_case(case, by)
    if not by.roles & (STAFF | CITIZEN.roles):
        raise RoleError
    found = await fetch_one(
        "SELECT id, label, media_type, bytes, scan FROM case_attachment"
        " WHERE id = $1 AND case_id = $2",
        *(file, case),
    )
    if found is None or found["scan"] == "infected":
        raise NotFoundError(N_("Không có tệp này, hoặc tệp đã bị xóa."))
    if found["scan"] not in READABLE:
        raise MoveError(N_("Tệp đang chờ quét vi-rút. Hãy thử lại sau ít phút."))
    if by.roles & STAFF:
        await audit("case_file_read", row["reference"], actor=by.account, file=found["label"])
    return found | {"reference": row["reference"]}


async def remove_file(case: UUID, file: UUID, by: Actor, *, now: datetime | None = None) -> None:
    """The citizen takes back a file that they sent, while the case is open.

    Raises NotFoundError, also for a file of officials, MoveError, RoleError.
    """
    async with transaction():
        row = await lock_case(case, by)
        if by.account is not None or not by.roles & CITIZEN.roles:
            raise RoleError
        if row["state"] not in OPEN:
            raise MoveError(N_("Vụ việc đã có trả lời nên không rút tệp lại được."))
        gone = await fetch(
            "DELETE FROM case_attachment WHERE id = $1 AND case_id = $2 AND answer IS NULL"
            " AND account IS NULL RETURNING label",
            *(file, case),
        )
        if not gone:
            raise NotFoundError(N_("Không có tệp này, hoặc tệp đã bị xóa."))
        moment = now or datetime.now(UTC)
        await write_event(row, "file_removed", by, at=moment, file=gone[0]["label"])


async def files_to_scan(*, limit: int = 100) -> list[Row]:
    """Files that no scanner has judged, oldest first."""
    return await fetch(
        "SELECT id, case_id FROM case_attachment WHERE scan = ANY ($1) ORDER BY added_at LIMIT $2",
        *(list(UNJUDGED), limit),
    )


async def note_scan(file: UUID, *, virus: str, now: datetime | None = None) -> None:
    """Keep what the scanner said; what it found stands in the log of the case."""
    async with transaction():
        found = await fetch_one(
            "UPDATE case_attachment SET scan = $2 WHERE id = $1 RETURNING case_id",
            *(file, "infected" if virus else "clean"),
        )
        if found is None or not virus:
            return
        row = await fetch_one("SELECT * FROM reflection_case WHERE id = $1", found["case_id"])
        assert row is not None  # noqa: S101 - a file belongs to a case
        system = Actor(frozenset({"system"}))
        moment = now or datetime.now(UTC)
        await write_event(row, "file_infected", system, at=moment, virus=virus[:100])


async def forget_files(days: int, *, now: datetime | None = None) -> list[UUID]:
    """Delete the rows of files that were kept long enough, of cases that are not open."""
    before = (now or datetime.now(UTC)) - timedelta(days=days)
    async with transaction():
        gone = [row["id"] for row in await fetch(OUTLIVED, list(OPEN), before)]
        if gone:
            await audit("retention_purged", "", actor=None, case_files=len(gone))
    return gone


async def known_files(ids: Sequence[UUID]) -> set[UUID]:
    """Those of these names that some row still speaks of, apart from what was infected."""
    rows = await fetch(
        "SELECT id FROM case_attachment WHERE id = ANY ($1) AND scan <> 'infected'", list(ids)
    )
    return {row["id"] for row in rows}


def _check_side(case: Row, by: Actor, answer: int | None) -> None:
    if answer is not None and not by.roles & STAFF:
        raise RoleError
    if answer is None and by.account is None and case["state"] not in OPEN:
        raise MoveError(N_("Vụ việc đã có trả lời. Nếu chưa thỏa đáng, bạn có thể mở lại."))


async def _check_approval(case: Row, by: Actor) -> None:
    """Where a head approves what is sent, nobody else puts in what no head has seen."""
    if "head" not in by.roles and await wants_approval(case["agency"]):
        text = N_("Lãnh đạo chưa xem các tệp này. Gửi không kèm tệp, hoặc nhờ lãnh đạo gửi kèm.")
        raise FieldError("files", text)


def _last_number(held: Sequence[Row]) -> int:
    """The highest number in these labels: after one was taken back no two carry the same."""
    found = [re.search(r"-(\d+)\.\w+$", one["label"]) for one in held]
    return max((int(one[1]) for one in found if one), default=0)


def _too_many() -> FieldError:
    return FieldError("files", N_("Mỗi vụ việc nhận tối đa {most} tệp."), most=MOST_FILES)
