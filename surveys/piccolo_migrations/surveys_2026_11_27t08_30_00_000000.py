"""A file may wait for the scanner."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-27T08:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Files of cases wait for the scanner"

KNOWN = "case_attachment_scan_known"
INDEX = "file_to_scan"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="surveys", description=DESCRIPTION)

    async def run() -> None:
        connection = engine_finder().current_transaction.get().connection
        await connection.execute(
            f"""
            ALTER TABLE case_attachment DROP CONSTRAINT {KNOWN};
            ALTER TABLE case_attachment ADD CONSTRAINT {KNOWN}
                CHECK (scan IN ('not_scanned', 'waiting', 'clean', 'infected'));
            CREATE INDEX {INDEX} ON case_attachment (added_at)
                WHERE scan IN ('waiting', 'not_scanned');
            """
        )

    async def run_backwards() -> None:
        connection = engine_finder().current_transaction.get().connection
        await connection.execute(
            f"""
            DROP INDEX {INDEX};
            UPDATE case_attachment SET scan = 'not_scanned' WHERE scan = 'waiting';
            ALTER TABLE case_attachment DROP CONSTRAINT {KNOWN};
            ALTER TABLE case_attachment ADD CONSTRAINT {KNOWN}
                CHECK (scan IN ('not_scanned', 'clean', 'infected'));
            """
        )

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
