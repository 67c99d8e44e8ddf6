"""The dossier that a case is about."""

from typing import Final

from surveys.transactions import fetch_one

# Kept under the text, in the citizen's language.
LINE: Final = {
    "vi": "Mã hồ sơ do người gửi ghi",
    "en": "Dossier code given by the writer",
}
LONGEST_CODE: Final = 80


async def dossier_of(code: str, agency: int) -> int | None:
    """The id of this agency's dossier with this code, or None."""
    plain = " ".join(code.replace("\0", "").split())
    row = await fetch_one("SELECT id FROM dossier WHERE code = $1 AND agency = $2", plain, agency)
    return row["id"] if row else None


def dossier_lines(code: str, language: str) -> tuple[str, ...]:
    """What stands under the text for a code that somebody gave, whether there is such a dossier.

    It must be the same for both: whoever types codes must not learn which of them exist.
    """
    plain = " ".join(code.replace("\0", "").split())
    return (f"{LINE[language]}: {plain[:LONGEST_CODE]}",) if plain else ()
