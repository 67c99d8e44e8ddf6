"""Closed lists, forms and indexes of the ledger."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-27T03:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Closed lists, forms and indexes of the ledger"

RULES = """
ALTER TABLE ledger_finding ADD CONSTRAINT ledger_finding_kind_known CHECK (kind IN
    ('gap', 'late', 'resent', 'reused', 'refused', 'unreadable', 'signature', 'heartbeat'));
ALTER TABLE ledger_finding ADD CONSTRAINT ledger_finding_range CHECK
    ((first IS NULL) = (last IS NULL) AND (first IS NULL OR first <= last) AND times > 0);
CREATE UNIQUE INDEX ledger_finding_of_day ON ledger_finding (device, day, kind) WHERE first IS NULL;
ALTER TABLE ledger_day ADD CONSTRAINT ledger_day_whole CHECK (number >= 0
    AND octet_length(hashes) % 32 = 0 AND octet_length(root) = 32 AND octet_length(counted) = 32
    AND octet_length(previous) = 32 AND octet_length(head) = 32 AND octet_length(nonce) = 32);
ALTER TABLE commitment_batch ADD CONSTRAINT commitment_batch_whole CHECK
    (octet_length(hashes) % 32 = 0);
"""

UNDO = """
ALTER TABLE commitment_batch DROP CONSTRAINT commitment_batch_whole;
ALTER TABLE ledger_day DROP CONSTRAINT ledger_day_whole;
DROP INDEX ledger_finding_of_day;
ALTER TABLE ledger_finding DROP CONSTRAINT ledger_finding_range;
ALTER TABLE ledger_finding DROP CONSTRAINT ledger_finding_kind_known;
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
