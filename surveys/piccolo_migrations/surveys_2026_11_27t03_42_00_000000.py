"""One key of a cell signs at a time."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-27T03:42:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "One signing key of a cell at a time"

INDEX = """
CREATE UNIQUE INDEX one_signing_key_of_cell ON signing_key (cell, questionnaire)
    WHERE sealed IS NOT NULL
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="surveys", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().run_ddl(INDEX)

    async def run_backwards() -> None:
        await engine_finder().run_ddl("DROP INDEX one_signing_key_of_cell")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
