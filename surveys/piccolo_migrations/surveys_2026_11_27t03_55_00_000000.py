"""Closed lists, ranges and indexes of the quality window and its flags."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-27T03:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Rules of the quality window"

RULES = """
ALTER TABLE quality_flag ADD CONSTRAINT quality_flag_state_known
    CHECK (state IN ('open', 'answered', 'upheld', 'dismissed'));
ALTER TABLE quality_flag ADD CONSTRAINT quality_flag_on_monday CHECK (extract(isodow FROM week) = 1);
ALTER TABLE judged_week ADD CONSTRAINT judged_week_on_monday CHECK (extract(isodow FROM week) = 1);
ALTER TABLE detector_result ADD CONSTRAINT detector_result_p_is_share CHECK (p BETWEEN 0 AND 1);
CREATE INDEX quality_flag_newest ON quality_flag (week DESC, state);
CREATE INDEX counter_day_day ON counter_day (day);
CREATE INDEX waiting_to_be_judged ON waiting_rating (id) WHERE NOT judged;
"""

UNDO = """
DROP INDEX waiting_to_be_judged, counter_day_day, quality_flag_newest;
ALTER TABLE detector_result DROP CONSTRAINT detector_result_p_is_share;
ALTER TABLE judged_week DROP CONSTRAINT judged_week_on_monday;
ALTER TABLE quality_flag DROP CONSTRAINT quality_flag_on_monday;
ALTER TABLE quality_flag DROP CONSTRAINT quality_flag_state_known;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="surveys", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().current_transaction.get().connection.execute(RULES)

    async def run_backwards() -> None:
        await engine_finder().current_transaction.get().connection.execute(UNDO)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
