"""One key of a cell signs at a time; new signatures are found to be stirred."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-27T03:42:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "One signing key of a cell at a time"

INDEXES = (
    "CREATE UNIQUE INDEX one_signing_key_of_cell ON signing_key (cell, questionnaire)"
    " WHERE sealed IS NOT NULL",
    "CREATE INDEX spent_signature_new ON spent_signature (day) WHERE NOT stirred",
    "CREATE INDEX spent_signature_day ON spent_signature (day)",
)

UNDO = "DROP INDEX spent_signature_day, spent_signature_new, one_signing_key_of_cell"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="surveys", description=DESCRIPTION)

    async def run() -> None:
        for index in INDEXES:
            await engine_finder().run_ddl(index)

    async def run_backwards() -> None:
        await engine_finder().run_ddl(UNDO)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
