"""Indexes for programs that look for their cases and for what is to be told; closed lists."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-27T09:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Sources of cases, deliveries that are due"

RULES = """
CREATE INDEX case_source_bytes ON reflection_case (source COLLATE "C") WHERE source IS NOT NULL;
CREATE INDEX case_received_newest ON reflection_case (received_on DESC, reference);
ALTER TABLE webhook_delivery ADD CONSTRAINT webhook_delivery_state_known
    CHECK (state IN ('queued', 'sending', 'sent', 'dead'));
ALTER TABLE webhook_delivery ADD CONSTRAINT webhook_delivery_done
    CHECK ((done_at IS NOT NULL) = (state IN ('sent', 'dead')));
CREATE INDEX webhook_delivery_due ON webhook_delivery (due, created_at) WHERE state = 'queued';
CREATE INDEX webhook_delivery_leased ON webhook_delivery (webhook) WHERE state = 'sending';
CREATE INDEX webhook_delivery_done_at ON webhook_delivery (done_at) WHERE done_at IS NOT NULL;
ALTER TABLE webhook ADD CONSTRAINT webhook_old_secret_ends
    CHECK ((old_secret IS NULL) = (old_until IS NULL));
"""
UNDO = """
ALTER TABLE webhook DROP CONSTRAINT webhook_old_secret_ends;
DROP INDEX webhook_delivery_done_at, webhook_delivery_leased, webhook_delivery_due;
ALTER TABLE webhook_delivery DROP CONSTRAINT webhook_delivery_done;
ALTER TABLE webhook_delivery DROP CONSTRAINT webhook_delivery_state_known;
DROP INDEX case_received_newest, case_source_bytes;
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
