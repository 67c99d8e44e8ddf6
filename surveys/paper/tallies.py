"""How many fields each operator keyed wrong, month by month."""

from surveys.paper.records import Tally
from surveys.transactions import fetch

_TALLIES = """
SELECT t.month, a.username AS operator, t.sheets, t.fields, t.wrong
FROM keying_tally t JOIN account a ON a.id = t.account
WHERE $1::int IS NULL OR t.account = $1
ORDER BY t.month DESC, a.username LIMIT 500
"""


async def list_tallies(account: int | None = None) -> list[Tally]:
    """Tallies of everybody or of one account, newest month first."""
    return [Tally(**row) for row in await fetch(_TALLIES, account)]
