"""The office's own forms of the letter, version by version; `app` checks what they hold."""

from typing import Final

import msgspec

from surveys.accounts import FieldError, agency_code, audit
from surveys.transactions import Row, fetch, fetch_one, transaction

N_ = str

MOST_BYTES: Final = 1_000_000

IN_FORCE: Final = """
SELECT id, agency, version, docx FROM letter_template WHERE agency = $1 OR agency IS NULL
ORDER BY agency NULLS LAST, version DESC LIMIT 1
"""
STORE: Final = """
INSERT INTO letter_template (agency, version, docx, account)
SELECT $1, coalesce(max(version), 0) + 1, $2, $3 FROM letter_template
WHERE agency IS NOT DISTINCT FROM $1 RETURNING id, version
"""
LIST: Final = """
SELECT t.id, t.version, t.created_at, length(t.docx) AS bytes, u.username
FROM letter_template t LEFT JOIN account u ON u.id = t.account
WHERE t.agency IS NOT DISTINCT FROM $1 ORDER BY t.version DESC
"""


class Form(msgspec.Struct, frozen=True):
    """A form of the office's own, as it was uploaded."""

    id: int
    version: int
    agency: int | None
    docx: bytes


async def form_in_force(agency: int | None) -> Form | None:
    """The newest form of this agency, else of the province; None for the shipped one."""
    row = await fetch_one(IN_FORCE, agency)
    return Form(row["id"], row["version"], row["agency"], row["docx"]) if row else None


async def read_form_of(form: int | None) -> bytes | None:
    """The form that a letter was made with; None for the shipped one."""
    row = await fetch_one("SELECT docx FROM letter_template WHERE id = $1", form)
    return row["docx"] if row else None


async def list_forms(agency: int | None) -> list[Row]:
    """The versions of one agency's form, or of the province's, newest first."""
    return await fetch(LIST, agency)


async def save_form(docx: bytes, *, agency: int | None, actor: int) -> int:
    """Keep a form that was checked; letters made from now on use it. Returns its version."""
    if len(docx) > MOST_BYTES:
        raise FieldError("file", N_("Mẫu quá lớn: tối đa 1 MB."))
    async with transaction():
        await fetch("SELECT pg_advisory_xact_lock(720261)")
        row = await fetch_one(STORE, agency, docx, actor)
        assert row is not None  # noqa: S101 - an insert returns its row
        code = await agency_code(agency) or "*"
        await audit("letter_form_saved", code, actor=actor, version=row["version"])
    return int(row["version"])
