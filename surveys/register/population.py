"""The population of an index: the dossiers that were finished in a period."""

from datetime import date
from typing import Final

import msgspec

from surveys.register.finished import finished_at, on_time
from surveys.transactions import fetch

# Whether a moment lies in the days $1 to $2, both included, in Viet Nam.
DAYS: Final = (
    "{0} >= $1::date::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'"
    " AND {0} < ($2::date + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'"
)
_POPULATION: Final = f"""
SELECT a.code AS agency, f.code AS field, d.channel, d.on_time, d.dossiers
FROM (
    SELECT d.agency, p.field, d.channel, {on_time()} AS on_time,
        count(*)::integer AS dossiers
    FROM dossier d JOIN procedure p ON p.id = d.procedure
    WHERE {DAYS.format(finished_at())}
    GROUP BY 1, 2, 3, 4
) d JOIN agency a ON a.id = d.agency JOIN field f ON f.id = d.field
ORDER BY 1, 2, 3, 4
"""


class Part(msgspec.Struct, frozen=True):
    """How many dossiers of one agency, field, channel and timeliness were finished."""

    agency: str
    field: str
    channel: str
    on_time: bool
    dossiers: int


async def population(first: date, last: date) -> list[Part]:
    """Dossiers finished from `first` to `last`, both included, as days in Viet Nam.

    A dossier without a due date counts as on time.
    """
    return [Part(**row) for row in await fetch(_POPULATION, first, last)]
