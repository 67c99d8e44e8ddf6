"""Charts of published runs, kept as they were drawn."""

from typing import Final
from uuid import UUID

from asyncpg import ForeignKeyViolationError

from surveys.results.errors import UnknownResultError, UnknownRunError
from surveys.results.runs import read_id
from surveys.transactions import fetch, fetch_one

# Browsers keep a chart for good, so that the first one stays.
_STORE: Final = """
INSERT INTO run_chart (run, name, svg) VALUES ($1, $2, $3) ON CONFLICT (run, name) DO NOTHING
"""
_GET: Final = """
SELECT c.svg FROM run_chart c JOIN index_run r ON r.id = c.run
WHERE r.id = $1 AND c.name = $2 AND r.state IN ('published', 'corrected')
"""


async def store_chart(run_id: UUID | str, name: str, svg: bytes) -> None:
    """Keep a chart under its name; one that is there already stays. Raises UnknownRunError."""
    try:
        await fetch(_STORE, read_id(run_id), name, svg)
    except ForeignKeyViolationError:
        raise UnknownRunError from None


async def get_chart(run_id: UUID | str, name: str) -> bytes:
    """A chart of a run that is or was public; raises UnknownRunError, UnknownResultError."""
    row = await fetch_one(_GET, read_id(run_id), name)
    if row is None:
        raise UnknownResultError
    return bytes(row["svg"])
