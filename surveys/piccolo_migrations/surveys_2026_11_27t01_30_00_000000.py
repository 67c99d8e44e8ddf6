"""Closed lists, indexes and the sum of shares for messages."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-27T01:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Closed lists and indexes of messages"

CLOSED_LISTS = {
    ("contact", "channel"): "sms mail zalo",
    ("contact", "consented_how"): "counter online phone paper",
    ("contact", "purpose"): "rating",
    ("message_template", "channel"): "sms mail zalo",
    ("outbox_message", "channel"): "sms mail zalo",
    ("outbox_message", "state"): "queued sending sent delivered failed uncertain cancelled",
    ("mode_assignment", "mode"): "kiosk message none",
}

RULES = """
ALTER TABLE mode_plan ADD CONSTRAINT mode_plan_whole CHECK (kiosk + message + none = 100);
CREATE UNIQUE INDEX one_open_mode_plan ON mode_plan (agency) WHERE valid_to IS NULL;
CREATE UNIQUE INDEX one_contact_of_dossier ON contact (dossier) WHERE dossier IS NOT NULL;
CREATE INDEX message_to_send ON outbox_message (due, id) WHERE state = 'queued';
CREATE INDEX message_under_way ON outbox_message (leased_until) WHERE state = 'sending';
CREATE INDEX message_of_provider ON outbox_message (provider_id) WHERE provider_id IS NOT NULL;
"""

UNDO = """
DROP INDEX message_of_provider, message_under_way, message_to_send, one_contact_of_dossier,
    one_open_mode_plan;
ALTER TABLE mode_plan DROP CONSTRAINT mode_plan_whole;
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
        await engine.current_transaction.get().connection.execute(RULES)

    async def run_backwards() -> None:
        engine = engine_finder()
        await engine.current_transaction.get().connection.execute(UNDO)
        for table, column in CLOSED_LISTS:
            await engine.run_ddl(f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_known")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
