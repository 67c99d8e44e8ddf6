"""Counters, as devices are given to them."""

from surveys.accounts.errors import N_
from surveys.devices.records import CounterRow
from surveys.errors import NotFoundError
from surveys.transactions import fetch, fetch_one

COUNTERS = """
SELECT counter.id, counter.code, counter.name, agency.name AS agency_name
FROM counter JOIN agency ON agency.id = counter.agency
"""


async def get_counter(counter_id: int) -> CounterRow:
    """The counter in this row."""
    row = await fetch_one(f"{COUNTERS} WHERE counter.id = $1", counter_id)
    if row is None:
        raise NotFoundError(N_("Không có quầy này."))
    return CounterRow(**row)


async def counter_ids() -> dict[str, int]:
    """Every counter's row by its code, also of agencies that are no more."""
    return {row["code"]: row["id"] for row in await fetch("SELECT code, id FROM counter")}
