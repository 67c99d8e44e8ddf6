"""The levels that a citizen gave are found without reading the whole log of the case."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-27T10:21:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Levels of replies by case"

RULES = """
CREATE INDEX rating_of_reply ON case_event (case_id, id) WHERE name = 'reply_rated';
"""
BACK = """
DROP INDEX rating_of_reply;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="surveys", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().current_transaction.get().connection.execute(RULES)

    async def run_backwards() -> None:
        await engine_finder().current_transaction.get().connection.execute(BACK)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
