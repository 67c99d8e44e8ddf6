"""The database: found by DATABASE_URL or started under var/, migrated, and connected."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterator

import asyncpg
from piccolo.apps.migrations.commands.forwards import run_forwards

from app.embedded import own_server
from app.settings import Settings
from piccolo_conf import DB

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


@contextlib.asynccontextmanager
async def pool(*, size: int = 10) -> AsyncIterator[None]:
    """Keep a connection pool open for as long as the program serves."""
    await DB.start_connection_pool(min_size=1, max_size=size)
    try:
        yield
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(10):
                await DB.close_connection_pool()
