"""Sheets as operators find them: by serial, and what is still to do."""

from typing import Final
from uuid import UUID

from surveys.accounts import Staff
from surveys.errors import ForbiddenError, NotFoundError
from surveys.paper.batches import SERIAL_LENGTH
from surveys.paper.records import Pending, Sheet
from surveys.ratings import read_code
from surveys.transactions import Row, fetch, fetch_one

# Marks texts that are translated where the reader is known.
N_ = str

SERIAL_FAULT = N_("Có một chữ gõ nhầm trong số phiếu. Hãy so từng chữ với tờ phiếu rồi gõ lại.")
NO_SHEET = N_("Không có phiếu mang số {serial}. Hãy kiểm tra lại số in trên tờ phiếu.")
OWN_AGENCY = N_(
    "Phiếu này của cơ quan bạn, nên người của cơ quan khác phải nhập. Hãy đưa phiếu cho họ."
)

# Sheets that one operator has behind them: keyed by them, or keyed by two others.
_DONE: Final = """
(s.state IN ('disputed', 'settled') OR EXISTS (SELECT FROM paper_keying g
    WHERE g.sheet = s.serial AND g.account = $1))
"""

_FIND: Final = f"""
SELECT s.serial, s.place, s.batch, b.version, b.agency AS agency_id, a.name AS agency,
    coalesce(k.name, '') AS counter, b.day, s.state, b.sheets,
    EXISTS (SELECT FROM paper_keying g WHERE g.sheet = s.serial AND g.account = $1) AS mine,
    (SELECT count(*)::int FROM paper_sheet o WHERE o.batch = b.id
        AND {_DONE.replace("s.", "o.")}) AS done
FROM paper_sheet s JOIN paper_batch b ON b.id = s.batch JOIN agency a ON a.id = b.agency
LEFT JOIN counter k ON k.id = b.counter
WHERE s.serial = $2
"""

_PENDING: Final = f"""
SELECT b.id AS batch, a.name AS agency, coalesce(k.name, '') AS counter, b.day, b.made_on,
    b.sheets, count(*) FILTER (WHERE {_DONE})::int AS done
FROM paper_batch b JOIN paper_sheet s ON s.batch = b.id JOIN agency a ON a.id = b.agency
LEFT JOIN counter k ON k.id = b.counter
WHERE b.agency IS DISTINCT FROM $2 AND b.id IN
    (SELECT batch FROM paper_sheet WHERE state IN ('printed', 'keyed'))
GROUP BY b.id, a.name, k.name
HAVING count(*) FILTER (WHERE {_DONE}) < b.sheets
ORDER BY b.made_on, b.day, a.name, b.id
"""

_OUTSTANDING: Final = f"""
SELECT s.place, s.serial FROM paper_sheet s WHERE s.batch = $2 AND NOT {_DONE} ORDER BY s.place
"""

_DISPUTED: Final = """
SELECT s.serial FROM paper_sheet s JOIN paper_batch b ON b.id = s.batch
WHERE s.state = 'disputed' AND b.agency IS DISTINCT FROM $2 AND NOT EXISTS
    (SELECT FROM paper_keying g WHERE g.sheet = s.serial AND g.account = $1)
ORDER BY b.made_on, s.serial
"""

_OPEN: Final = """
SELECT s.place, s.serial, s.state FROM paper_sheet s
WHERE s.batch = $1 AND s.state <> 'settled' ORDER BY s.place
"""

_OUTCOMES: Final = """
SELECT outcome, count(*)::int AS sheets FROM paper_sheet
WHERE batch = $1 AND outcome IS NOT NULL GROUP BY outcome ORDER BY outcome
"""


def read_serial(typed: str) -> str:
    """What was scanned or typed as a serial; raises InputError with what to mend."""
    return read_code(typed, SERIAL_LENGTH, check_fault=SERIAL_FAULT)


async def find_sheet(serial: str, staff: Staff) -> Sheet:
    """The sheet with this serial; refuses whoever belongs to the agency that it rates."""
    row: Row | None = await fetch_one(_FIND, staff.id, serial)
    if row is None:
        raise NotFoundError(NO_SHEET, serial=serial)
    sheet = Sheet(**row)
    if staff.agency_id == sheet.agency_id:
        raise ForbiddenError(OWN_AGENCY)
    return sheet


async def pending(staff: Staff) -> list[Pending]:
    """Batches in which this operator can still key something, oldest first."""
    return [Pending(**row) for row in await fetch(_PENDING, staff.id, staff.agency_id)]


async def outstanding(batch: UUID, staff: Staff) -> list[tuple[int, str]]:
    """Number and serial of the sheets of a batch that this operator has not had."""
    rows = await fetch(_OUTSTANDING, staff.id, batch)
    return [(row["place"], row["serial"]) for row in rows]


async def disputed(staff: Staff) -> list[str]:
    """Serials of the sheets that were keyed in two ways by two others."""
    return [row["serial"] for row in await fetch(_DISPUTED, staff.id, staff.agency_id)]


async def open_sheets(batch: UUID) -> list[tuple[int, str, str]]:
    """Number, serial and state of the sheets of a batch that are not settled."""
    rows = await fetch(_OPEN, batch)
    return [(row["place"], row["serial"], row["state"]) for row in rows]


async def outcomes_of(batch: UUID) -> dict[str, int]:
    """How many settled sheets of a batch turned out as what."""
    return {row["outcome"]: row["sheets"] for row in await fetch(_OUTCOMES, batch)}
