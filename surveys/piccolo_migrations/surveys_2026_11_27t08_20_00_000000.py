"""Ways from a case to its rows: without them each page of a case reads the log of all cases."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-27T08:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes from a case to what belongs to it"

INDEXES = """
CREATE INDEX event_of_case ON case_event (case_id, id);
CREATE INDEX clock_of_case ON case_clock (case_id, id);
CREATE INDEX pause_of_clock ON case_pause (clock, id);
CREATE INDEX note_of_case ON case_note (case_id, id);
CREATE INDEX attachment_of_case ON case_attachment (case_id);
CREATE INDEX merge_into_case ON case_merge (main);
-- A citizen who says nothing leaves a clock running for good: those are not looked through.
CREATE INDEX agency_clock_that_runs ON case_clock (due_at, id)
    WHERE stopped_at IS NULL AND clock IN ('receive', 'transfer', 'answer');
"""
UNDO = """
DROP INDEX agency_clock_that_runs, merge_into_case, attachment_of_case, note_of_case,
    pause_of_clock, clock_of_case, event_of_case;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="surveys", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().current_transaction.get().connection.execute(INDEXES)

    async def run_backwards() -> None:
        await engine_finder().current_transaction.get().connection.execute(UNDO)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
