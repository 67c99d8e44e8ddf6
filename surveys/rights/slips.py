"""Slips: the link and the code that are printed on a receipt, also before there is a result."""

import secrets
from collections.abc import Sequence

import msgspec

from surveys.accounts.audit import audit
from surveys.errors import InputError
from surveys.ratings.cells import CELL_DOSSIERS
from surveys.ratings.codes import LINK_CODE_LENGTH, grouped, hash_code, make_code
from surveys.ratings.promises import keep_promises, promise_rights
from surveys.ratings.rights import hash_token
from surveys.register.finished import finished_at
from surveys.transactions import Row, fetch, transaction

# Marks texts that are translated where the reader is known.
N_ = str

READY = "open"
PROMISED = "promised"
GIVEN = frozenset({READY, PROMISED})

NO_SLIP = N_(
    "Không in được giấy mời cho {dossiers}: hồ sơ chưa có trong danh mục hoặc đã đánh giá."
)

FIND = f"""
SELECT t.code, d.id, {finished_at()} IS NOT NULL AS ended, a.name AS agency, EXISTS (
    SELECT FROM spent_right s WHERE s.dossier = d.id AND s.questionnaire = $2) AS spent
FROM unnest($1::text[]) WITH ORDINALITY AS t(code, place)
LEFT JOIN dossier d ON d.code = t.code AND d.agency = coalesce($3, d.agency)
LEFT JOIN agency a ON a.id = d.agency
ORDER BY t.place
"""


class Slip(msgspec.Struct, frozen=True):
    """What is printed for one dossier; token and code are empty unless a right was given.

    `outcome` is `open`, `promised` (its dossier has not ended), `already rated` or
    `unknown dossier`.
    """

    dossier: str
    outcome: str
    agency: str = ""
    token: str = ""
    code: str = ""

    @property
    def typed(self) -> str:
        """The code as it is printed."""
        return grouped(self.code)


async def make_slips(
    dossiers: Sequence[str],
    *,
    questionnaire: str,
    days: int,
    agency: int | None = None,
    cell_dossiers: int = CELL_DOSSIERS,
) -> list[Slip]:
    """One slip for each dossier, in order; with `agency` only its own dossiers are known.

    Every call makes new ones, since only hashes are kept; all slips of a dossier lead to the same
    one rating.
    """
    wanted = list(dict.fromkeys(dossiers))
    async with transaction():
        rows = await fetch(FIND, wanted, questionnaire, agency)
        slips = [_make(row) for row in rows]
        ready = {row["code"]: row["id"] for row in rows}
        given = [slip for slip in slips if slip.outcome in GIVEN]
        await promise_rights(
            [ready[slip.dossier] for slip in given],
            [hash_token(slip.token) for slip in given],
            [hash_code(slip.code) for slip in given],
            questionnaire=questionnaire,
            days=days,
        )
        if ended := [hash_token(slip.token) for slip in given if slip.outcome == READY]:
            await keep_promises(*ended, cell_dossiers=cell_dossiers)
    return slips


async def make_all_slips(
    dossiers: Sequence[str],
    *,
    questionnaire: str,
    days: int,
    agency: int | None = None,
    cell_dossiers: int = CELL_DOSSIERS,
) -> list[Slip]:
    """Like `make_slips`, for printing: all of them, or none.

    Raises
    ------
    InputError
        When a dossier is unknown or has been rated; nothing is opened then.
    """
    async with transaction():
        slips = await make_slips(
            dossiers,
            questionnaire=questionnaire,
            days=days,
            agency=agency,
            cell_dossiers=cell_dossiers,
        )
        if refused := [slip.dossier for slip in slips if slip.outcome not in GIVEN]:
            raise InputError(NO_SLIP, dossiers=", ".join(refused[:5]))
    return slips


async def print_slips(
    dossiers: Sequence[str],
    *,
    questionnaire: str,
    days: int,
    actor: int | None,
    cell_dossiers: int = CELL_DOSSIERS,
) -> list[Slip]:
    """Like `make_all_slips`, by a person: how many were printed stands in the audit log."""
    async with transaction():
        slips = await make_all_slips(
            dossiers, questionnaire=questionnaire, days=days, cell_dossiers=cell_dossiers
        )
        await audit("slips_printed", "", actor=actor, slips=len(slips))
    return slips


def _make(row: Row) -> Slip:
    if row["id"] is None:
        return Slip(row["code"], "unknown dossier")
    if row["spent"]:
        return Slip(row["code"], "already rated", row["agency"])
    return Slip(
        row["code"],
        READY if row["ended"] else PROMISED,
        row["agency"],
        secrets.token_urlsafe(16),
        make_code(LINK_CODE_LENGTH),
    )
