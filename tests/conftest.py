"""One throw-away PostgreSQL a session; every test that asks for `database` finds it empty."""

import gc
import os
from collections.abc import AsyncIterator, Iterator

import hypothesis
import pytest
from argon2 import PasswordHasher

from app.database import migrate, pool
from app.embedded import throwaway_server
from app.kiosk_config import forget_configs
from piccolo_conf import DB
from surveys.accounts import passwords
from surveys.piccolo_app import APP_CONFIG
from surveys.transactions import fetch, transaction

# A busy machine is no fault of the code. What decides whether a change lands must not be drawn by
# lot: on CI the examples are the same each time.
hypothesis.settings.register_profile(
    "sipas",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("sipas")

# A password is slow to check on purpose; a thousand tests need not wait for it.
REAL_HASHER = passwords.HASHER
passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def pytest_collection_finish() -> None:
    """What was imported stays: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


TABLES = [table._meta.tablename for table in APP_CONFIG.table_classes]
# Tests look at the places of these rows on their pages, so they begin on new ones.
LAID_OUT = {
    "rating", "waiting_rating", "spent_right", "spent_signature", "resend_key", "device_event",
}  # fmt: skip
# A new file for each table, its index and its large values takes long; rows of a test are few.
USED = """
SELECT c.relname AS name, pg_relation_size(c.oid) AS bytes FROM pg_class c
WHERE c.relkind = 'r' AND c.relname = ANY ($1) AND pg_relation_size(c.oid) > 0
"""
RESTART = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL AND sequencename NOT LIKE 'migration%'
"""
MANY_BYTES = 4_000_000


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """Address of the session's own server."""
    with throwaway_server() as url:
        DB.config = {"dsn": url}
        yield url


@pytest.fixture(scope="session")
async def migrated(database_url: str) -> AsyncIterator[str]:
    """The same server with every table made, and a pool open."""
    os.environ["PICCOLO_CONF"] = "piccolo_conf"
    await migrate()
    async with pool(size=10):
        yield database_url


@pytest.fixture
async def database(migrated: str) -> str:
    """An empty database, reached through surveys.transactions and through its address."""
    # Counters begin with number one again; what this process knows of the last ones is wrong.
    forget_configs()
    async with transaction() as connection:
        used = await fetch(USED, TABLES)
        if sum(table["bytes"] for table in used) > MANY_BYTES:
            await connection.execute(f"TRUNCATE {', '.join(TABLES)} RESTART IDENTITY CASCADE")
            return migrated
        if laid_out := LAID_OUT.intersection(table["name"] for table in used):
            await connection.execute(f"TRUNCATE {', '.join(laid_out)} CASCADE")
        # Neither triggers nor references ask in what order rows go.
        await connection.execute("SET LOCAL session_replication_role = replica")
        for table in used:
            await connection.execute(f"DELETE FROM {table['name']}")
        await connection.execute(RESTART)
    return migrated
