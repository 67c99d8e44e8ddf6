"""One throw-away PostgreSQL a session; every test that asks for `database` finds it empty."""

import os
from collections.abc import AsyncIterator, Iterator

import hypothesis
import pytest
from argon2 import PasswordHasher

from app.database import migrate, pool
from app.embedded import throwaway_server
from piccolo_conf import DB
from surveys.accounts import passwords
from surveys.piccolo_app import APP_CONFIG
from surveys.transactions import fetch

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

TABLES = ", ".join(table._meta.tablename for table in APP_CONFIG.table_classes)


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
    await fetch(f"TRUNCATE {TABLES} RESTART IDENTITY CASCADE")
    return migrated
