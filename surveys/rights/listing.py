"""The public list of signing keys, so that anybody can see that no dossier has one of its own."""

from datetime import date
from uuid import UUID

import msgspec

from surveys import periods
from surveys.ratings.cells import span_end
from surveys.register.finished import finished_at, on_time
from surveys.tables.ratings import Grain
from surveys.transactions import fetch

MIDNIGHT = "{}::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'"

KEYS = f"""
SELECT k.id, k.public_key AS public, k.questionnaire, k.redeem_until, a.code AS agency,
    a.name AS agency_name, f.name AS field, c.channel, c.on_time, c.grain,
    c.returned_from AS first, n.dossiers
FROM signing_key k JOIN cell c ON c.id = k.cell JOIN agency a ON a.id = c.agency
LEFT JOIN field f ON f.id = c.field
JOIN LATERAL (
    SELECT count(*) AS dossiers FROM dossier d JOIN procedure p ON p.id = d.procedure
    WHERE d.agency = c.agency AND p.field = coalesce(c.field, p.field)
        AND d.channel = coalesce(c.channel, d.channel)
        AND {on_time()} = coalesce(c.on_time, {on_time()})
        AND {finished_at()} >= {MIDNIGHT.format("c.returned_from")}
        AND {finished_at()} < least(now(), {MIDNIGHT.format(f"({span_end('c')})")})
) n ON true
WHERE $1 IN ('', a.code)
ORDER BY a.code, c.returned_from, k.id
"""


class ListedKey(msgspec.Struct, frozen=True):
    """A key, the cell it signs for, and how many finished dossiers stand in that cell."""

    id: UUID
    public: bytes
    questionnaire: str
    redeem_until: date
    agency: str
    agency_name: str
    field: str | None
    channel: str | None
    on_time: bool | None
    grain: str
    first: date
    dossiers: int

    @property
    def last(self) -> date:
        """Last day of the cell's span."""
        return periods.span_end(self.first, Grain(self.grain))


async def list_keys(agency: str = "") -> list[ListedKey]:
    """All keys whose signatures can still be redeemed, or those of one agency."""
    return [ListedKey(**row) for row in await fetch(KEYS, agency)]
