"""Whose a draft is, as the log tells: the agency that the next transfer left, else the case's."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-27T10:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Agencies of the drafts that are there"

WHOSE = """
UPDATE case_draft d SET agency = coalesce(
    (SELECT e.agency FROM case_event e WHERE e.case_id = d.case_id AND e.name = 'transfer'
        AND e.at >= d.saved_at ORDER BY e.at, e.id LIMIT 1),
    c.agency)
FROM reflection_case c WHERE c.id = d.case_id
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="surveys", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().current_transaction.get().connection.execute(WHOSE)

    async def run_backwards() -> None:
        pass

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
