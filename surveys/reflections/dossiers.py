"""The dossier that a case is about."""

from surveys.transactions import fetch_one


async def dossier_of(code: str, agency: int) -> int | None:
    """The id of this agency's dossier with this code, or None."""
    plain = " ".join(code.replace("\0", "").split())
    row = await fetch_one("SELECT id FROM dossier WHERE code = $1 AND agency = $2", plain, agency)
    return row["id"] if row else None
