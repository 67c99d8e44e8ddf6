"""One throw-away PostgreSQL a session; every test that asks for `database` finds it empty."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest

from app.database import migrate, pool
from app.embedded import throwaway_server
from piccolo_conf import DB
from surveys.piccolo_app import APP_CONFIG
from surveys.transactions import fetch

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
