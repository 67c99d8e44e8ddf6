"""Stays, transfers and levels of replies are found without reading every clock and log."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-27T10:21:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Stays and levels of replies by index"

RULES = """
CREATE INDEX rating_of_reply ON case_event (case_id, id) WHERE name = 'reply_rated';
CREATE INDEX stay_began ON case_clock (started_at)
    WHERE clock = 'answer' AND cause IN ('open', 'transfer');
CREATE INDEX case_handed_on ON case_clock (case_id, id)
    WHERE clock = 'answer' AND cause = 'transfer';
"""
BACK = """
DROP INDEX case_handed_on, stay_began, rating_of_reply;
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
