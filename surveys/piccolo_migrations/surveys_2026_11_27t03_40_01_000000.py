"""What a waiting rating keeps of its arrival is the day in Viet Nam; indexes to count dossiers."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Date, Timestamptz
from piccolo.engine import engine_finder

ID = "2026-11-27T03:40:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "The day a rating came; indexes of finished dossiers and of cells"

# The expressions of surveys/register/finished.py as they are today.
FINISHED = (
    "coalesce(returned_at,"
    " CASE WHEN outcome IN ('refused', 'withdrawn', 'stopped') THEN closed_at END)"
)

RULES = f"""
ALTER INDEX waiting_rating_cell RENAME TO waiting_rating_cell_day;
ALTER TABLE cell_merge ADD CONSTRAINT cell_merge_counts CHECK (held >= 0 AND given >= 0 AND moved >= 0);
CREATE INDEX spent_right_new ON spent_right (day) WHERE NOT stirred;
CREATE INDEX spent_right_day ON spent_right (day);
CREATE INDEX cell_span ON cell (agency, returned_from, grain);
CREATE INDEX procedure_field ON procedure (field);
DROP INDEX dossier_agency;
CREATE INDEX dossier_finished ON dossier (({FINISHED}));
CREATE INDEX dossier_cell ON dossier
    (agency, procedure, channel, (coalesce({FINISHED} <= due_at, true)), ({FINISHED}));
"""

UNDO = """
CREATE INDEX dossier_agency ON dossier (agency);
DROP INDEX dossier_cell, dossier_finished, procedure_field, cell_span, spent_right_day, spent_right_new;
ALTER TABLE cell_merge DROP CONSTRAINT cell_merge_counts;
ALTER INDEX waiting_rating_cell_day RENAME TO waiting_rating_cell;
"""

async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="surveys", description=DESCRIPTION)

    async def run() -> None:
        # The change of type below takes the day of this zone.
        await execute("SET LOCAL timezone = 'Asia/Ho_Chi_Minh'")
        await execute(RULES)

    async def run_backwards() -> None:
        await execute(UNDO)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    manager.alter_column(
        table_class_name="WaitingRating",
        tablename="waiting_rating",
        column_name="received_on",
        db_column_name="received_on",
        params={"default": None},
        old_params={"default": None},
        column_class=Date,
        old_column_class=Timestamptz,
        schema=None,
    )
    return manager


async def execute(block: str) -> None:
    """Run several statements at once, in the migration's own transaction."""
    await engine_finder().current_transaction.get().connection.execute(block)
