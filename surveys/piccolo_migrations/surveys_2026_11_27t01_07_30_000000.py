"""Closed lists, counts that cannot be negative, and the index by which details find their tap."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-27T01:07:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "Closed lists and indexes of devices"

FORWARDS = """
ALTER TABLE waiting_rating ADD CONSTRAINT waiting_rating_assisted_known
    CHECK (assisted IN ('', 'official', 'relative', 'other'));
ALTER TABLE rating ADD CONSTRAINT rating_assisted_known
    CHECK (assisted IN ('', 'official', 'relative', 'other'));
ALTER TABLE device_event ADD CONSTRAINT device_event_kind_known CHECK (kind IN ('tap', 'details'));
ALTER TABLE device_event ADD CONSTRAINT device_event_number_counts CHECK (number > 0);
ALTER TABLE device ADD CONSTRAINT device_missing_ranges CHECK (missing::int8multirange IS NOT NULL);
ALTER TABLE device ADD CONSTRAINT device_counts
    CHECK (highest >= 0 AND late >= 0 AND conflicts >= 0 AND bad_signatures >= 0 AND queue >= 0);
CREATE INDEX device_event_event ON device_event (event);
"""

BACKWARDS = """
DROP INDEX device_event_event;
ALTER TABLE device DROP CONSTRAINT device_counts;
ALTER TABLE device DROP CONSTRAINT device_missing_ranges;
ALTER TABLE device_event DROP CONSTRAINT device_event_number_counts;
ALTER TABLE device_event DROP CONSTRAINT device_event_kind_known;
ALTER TABLE rating DROP CONSTRAINT rating_assisted_known;
ALTER TABLE waiting_rating DROP CONSTRAINT waiting_rating_assisted_known;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="surveys", description=DESCRIPTION)

    async def run() -> None:
        await execute(FORWARDS)

    async def run_backwards() -> None:
        await execute(BACKWARDS)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager


async def execute(block: str) -> None:
    """Run several statements at once, in the migration's own transaction."""
    await engine_finder().current_transaction.get().connection.execute(block)
