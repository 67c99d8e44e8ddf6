"""One transaction for writes that belong together, and the connection inside it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from piccolo.engine import engine_finder
from piccolo.engine.postgres import PostgresEngine

Row = dict[str, Any]

# Who moves ratings that wait holds this: a second mover waits rather than missing rows on the move.
MIXING_LOCK = 7_202_612


def engine() -> PostgresEngine:
    """The engine that piccolo_conf names."""
    found = engine_finder()
    assert isinstance(found, PostgresEngine)  # noqa: S101 - piccolo_conf names no other
    return found


@asynccontextmanager
async def transaction() -> AsyncIterator[Any]:
    """Yield the asyncpg connection of the running transaction, or of a new one."""
    async with engine().transaction() as current:
        yield current.connection


async def fetch(sql: str, *arguments: object) -> list[Row]:
    """Rows of one statement, with $1-style parameters, in the running transaction if any."""
    current = engine().current_transaction.get()
    if current is not None:
        return [dict(row) for row in await current.connection.fetch(sql, *arguments)]
    pool = engine().pool
    if pool is None:
        async with transaction() as connection:
            return [dict(row) for row in await connection.fetch(sql, *arguments)]
    async with pool.acquire() as connection:
        return [dict(row) for row in await connection.fetch(sql, *arguments)]


async def fetch_one(sql: str, *arguments: object) -> Row | None:
    """The first row of one statement, or None."""
    rows = await fetch(sql, *arguments)
    return rows[0] if rows else None
