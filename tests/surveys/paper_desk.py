"""A desk with a pile of sheets: batches, operators, and readings, for tests."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from surveys.accounts import Role, Staff
from surveys.paper import Keyed, SheetOutcome, key_sheet, print_blank_sheets, sheets_of
from surveys.tables.accounts import Account
from tests.factories import RETURNED, make_agency, make_counter, make_dossier, make_procedure

DAY = date(2026, 11, 26)
GIVEN: Mapping[str, Any] = {
    "overall": 4,
    "access": 5,
    "reasons": ["quick"],
    "reflection": "Rất tốt.",
}


async def make_operator(name: str, agency: int | None = None) -> Staff:
    """An operator who cannot sign in: hashing passwords takes longer than all the rest."""
    account = Account(username=name, password_hash="", role=Role.OPERATOR, agency=agency)
    rows = await Account.insert(account)
    return Staff(rows[0]["id"], name, Role.OPERATOR, agency)


async def make_pile(version: int, count: int = 1, agency: int | None = None) -> list[str]:
    """Serials of sheets that were printed for a counter."""
    _batch, serials = await make_batch(version, count, agency)
    return serials


async def make_batch(
    version: int, count: int = 1, agency: int | None = None
) -> tuple[UUID, list[str]]:
    office = agency or await make_agency(name="UBND phường Lộc Thọ")
    code = f"Q-{office}"
    await make_counter(office, code)
    batch = await print_blank_sheets(code, DAY, count, version=version, actor=None)
    return batch, [sheet.serial for sheet in await sheets_of(batch)]


async def make_returned(
    agency: int, count: int, *, field: str = "Hộ tịch", days: int = 0
) -> list[str]:
    """Codes of dossiers of one cell, whose results were returned."""
    procedure = await make_procedure(field=field)
    codes = [f"{field}-{days}-{number}" for number in range(count)]
    moment = RETURNED + timedelta(days=days)
    for code in codes:
        await make_dossier(
            agency, procedure, code, returned_at=moment, closed_at=moment,
            due_at=moment + timedelta(days=1),
        )  # fmt: skip
    return codes


async def key(serial: str, staff: Staff, **answers: Any) -> None:
    await key_sheet(serial, Keyed(SheetOutcome.ANSWERS, dict(GIVEN) | answers), staff)
