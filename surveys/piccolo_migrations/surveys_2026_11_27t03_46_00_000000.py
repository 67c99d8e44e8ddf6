"""Closed lists of paper, the role of operators, and the indexes by which sheets are looked for."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-27T03:46:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Closed lists and indexes of paper"

CLOSED_LISTS = {
    ("paper_sheet", "state"): "printed keyed disputed settled",
    ("paper_sheet", "outcome"): "answers blank incomplete illegible spoiled",
    ("paper_keying", "outcome"): "answers blank incomplete illegible spoiled",
}

FORWARDS = """
ALTER TABLE account DROP CONSTRAINT account_role_known;
ALTER TABLE account ADD CONSTRAINT account_role_known
    CHECK (role IN ('administrator', 'analyst', 'agency', 'surveyor', 'operator'));
CREATE INDEX paper_sheet_open ON paper_sheet (state) WHERE state <> 'settled';
CREATE INDEX paper_batch_agency ON paper_batch (agency);
"""

BACKWARDS = """
DROP INDEX paper_batch_agency, paper_sheet_open;
ALTER TABLE account DROP CONSTRAINT account_role_known;
ALTER TABLE account ADD CONSTRAINT account_role_known
    CHECK (role IN ('administrator', 'analyst', 'agency', 'surveyor'));
"""


def closed_list(table: str, column: str, values: str) -> str:
    words = ", ".join(f"'{word}'" for word in values.split())
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_known CHECK ({column} IN ({words}))"
    )


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="surveys", description=DESCRIPTION)

    async def run() -> None:
        engine = engine_finder()
        for (table, column), values in CLOSED_LISTS.items():
            await engine.run_ddl(closed_list(table, column, values))
        await engine.current_transaction.get().connection.execute(FORWARDS)

    async def run_backwards() -> None:
        engine = engine_finder()
        await engine.current_transaction.get().connection.execute(BACKWARDS)
        for table, column in CLOSED_LISTS:
            await engine.run_ddl(f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_known")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
