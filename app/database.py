"""The database: found by DATABASE_URL or started under var/, migrated, and connected."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import asyncpg
from piccolo.apps.migrations.commands.forwards import run_forwards
from piccolo.apps.migrations.tables import Migration

from app.embedded import own_server
from app.settings import Settings
from piccolo_conf import DB
from surveys import piccolo_migrations

# Two programs that start at once must not migrate at once.
MIGRATION_LOCK = 7_202_611


@contextlib.contextmanager
def database(settings: Settings) -> Iterator[str]:
    """Yield the address in use and point Piccolo's engine at it."""
    if given := os.environ.get("DATABASE_URL"):
        DB.config = {"dsn": given}
        yield given
        return
    with own_server(settings.var) as url:
        DB.config = {"dsn": url}
        yield url


async def migrate() -> None:
    """Bring the schema to the newest migration; safe when several programs start at once."""
    guard = await asyncpg.connect(**DB.config)
    try:
        await guard.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        # Piccolo reports on standard output, which belongs to the command that runs us.
        with contextlib.redirect_stdout(None):
            await run_forwards(app_name="surveys", migration_id="all")
    finally:
        await guard.close()


async def pending_migrations() -> list[str]:
    """Migrations that the program knows and the database has not had."""
    ran = await Migration.get_migrations_which_ran("surveys")
    return sorted(_known_migrations() - set(ran))


@cache
def _known_migrations() -> frozenset[str]:
    package = piccolo_migrations.__name__
    names = [module.name for module in iter_modules(piccolo_migrations.__path__)]
    return frozenset(import_module(f"{package}.{name}").ID for name in names)


class Kept(asyncpg.Connection):  # type: ignore[misc]
    """A connection that goes back to the pool as it is, after any open transaction is rolled back.

    Every lock, setting and table of ours ends with its transaction, and to reset what nobody set
    would cost each statement a second round trip.
    """

    __slots__ = ()

    def get_reset_query(self) -> str:
        """Nothing to say."""
        return ""


@contextlib.asynccontextmanager
async def pool(*, size: int = 10) -> AsyncIterator[None]:
    """Keep a connection pool open for as long as the program serves, unless one is open."""
    if DB.pool is not None:
        yield
        return
    await DB.start_connection_pool(min_size=1, max_size=size, connection_class=Kept)
    try:
        yield
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(10):
                await DB.close_connection_pool()
