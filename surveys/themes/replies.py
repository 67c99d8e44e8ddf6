"""What an agency says publicly to all who wrote about a theme."""

from typing import Final

from surveys.accounts import FieldError, audit
from surveys.errors import NotFoundError
from surveys.transactions import Row, fetch, transaction

N_ = str

LONGEST: Final = 600
SAVE: Final = """
INSERT INTO theme_reply (report, agency, theme, text, account) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (report, agency, theme)
DO UPDATE SET text = excluded.text, account = excluded.account, at = now()
"""
LIST: Final = """
SELECT r.theme, r.text, r.at FROM theme_reply r JOIN agency a ON a.id = r.agency
WHERE r.report = $1 AND a.code = $2 ORDER BY r.theme
"""


async def list_replies(report: int, agency_code: str) -> dict[str, Row]:
    """What an agency says, by theme."""
    return {row["theme"]: row for row in await fetch(LIST, report, agency_code)}


async def save_reply(
    report: Row, agency: tuple[int, str], theme: str, text: str, *, actor: int
) -> None:
    """Say something to those who wrote about a theme that is told of this agency.

    `agency` is its id and code. Raises NotFoundError, FieldError.
    """
    told = report["document"]["agencies"].get(agency[1], {}).get("themes", [])
    if report["withdrawn_at"] is not None or theme not in {one["theme"] for one in told}:
        raise NotFoundError(N_("Chủ đề này không được công bố cho cơ quan bạn."))
    said = text.strip()
    if not 1 <= len(said) <= LONGEST:
        raise FieldError("text", N_("Hãy viết lời đáp, dài nhất 600 chữ."))
    async with transaction():
        await fetch(SAVE, report["id"], agency[0], theme, said, actor)
        await audit("theme_replied", theme, actor=actor, agency=agency[1])
