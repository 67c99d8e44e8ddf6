"""The agencies that an agency's work came from and went to, each by name."""

from datetime import date
from typing import Final

import msgspec

from surveys.transactions import fetch

_RELATIVES: Final = """
SELECT 'before' AS side, p.code, p.name, s.kind, s.effective_date AS day, s.share, s.assumed
FROM agency_succession s JOIN agency a ON a.id = s.successor JOIN agency p ON p.id = s.predecessor
WHERE a.code = $1
UNION ALL
SELECT 'after', q.code, q.name, s.kind, s.effective_date, s.share, s.assumed
FROM agency_succession s JOIN agency a ON a.id = s.predecessor LEFT JOIN agency q
    ON q.id = s.successor
WHERE a.code = $1
ORDER BY day, name
"""


class Relative(msgspec.Struct, frozen=True):
    """A direct predecessor (`before`) or successor (`after`) of an agency.

    `share` is the part of the predecessor's work that passed on; `assumed` says that nobody
    published it. A dissolved agency has a successor without code and name.
    """

    side: str
    code: str | None
    name: str | None
    kind: str
    day: date
    share: float
    assumed: bool


async def relatives(agency_code: str) -> list[Relative]:
    """Direct predecessors and successors, oldest first; none for a code that nobody has."""
    return [Relative(**row) for row in await fetch(_RELATIVES, agency_code)]
