"""Agencies as the administrator picks them for an account or a key."""

import re

from surveys.accounts.errors import N_, FieldError
from surveys.transactions import fetch, fetch_one

CURRENT = "valid_to IS NULL OR valid_to > (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"

EXACT = f"""
SELECT code, name FROM agency
WHERE ({CURRENT}) AND (code = $1 OR plain_text(name) = plain_text($1)) ORDER BY code LIMIT 21
"""
HOLDING = f"""
SELECT code, name FROM agency WHERE ({CURRENT}) AND cardinality($1::text[]) > 0
    AND (SELECT bool_and(plain_text(name) LIKE plain_text(word)) FROM unnest($1::text[]) AS word)
ORDER BY length(name), name LIMIT $2
"""


async def find_agency(code: str) -> int:
    """The id of the agency with this code, also of one that has been dissolved."""
    row = await fetch_one("SELECT id FROM agency WHERE code = $1", code.replace("\0", "").strip())
    if row is None:
        raise FieldError("agency", N_("Không có cơ quan nào mang mã này trong danh mục."))
    return int(row["id"])


async def agency_code(agency_id: int | None) -> str | None:
    """The code of an agency, as the log names it."""
    row = await fetch_one("SELECT code FROM agency WHERE id = $1", agency_id)
    return row["code"] if row else None


async def agency_name(agency_id: int) -> str:
    """The name of an agency."""
    row = await fetch_one("SELECT name FROM agency WHERE id = $1", agency_id)
    return row["name"] if row else ""


async def search_agencies(words: str, limit: int = 21) -> dict[str, str]:
    """Code and name of today's agencies that somebody may mean, whatever marks were typed.

    A code or a whole name goes before names that merely hold all the words.
    """
    typed = " ".join(words.replace("\0", "").split())[:200]
    exact = await fetch(EXACT, typed)
    rows = exact or await fetch(HOLDING, [f"%{_escaped(word)}%" for word in typed.split()], limit)
    return {row["code"]: row["name"] for row in rows}


def _escaped(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)


async def suggest_agencies(limit: int = 500) -> dict[str, str]:
    """Code and name of today's agencies, the higher levels first, as suggestions of a form."""
    rows = await fetch(
        f"SELECT code, name FROM agency WHERE {CURRENT} ORDER BY array_position("
        "ARRAY['central', 'province', 'district', 'commune'], level::text), name LIMIT $1",
        limit,
    )
    return {row["code"]: row["name"] for row in rows}
