"""A letter that was sent stays as it was; late dossiers are found by agency and due day."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-27T09:21:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Sent letters are frozen"

RULES = """
CREATE INDEX dossier_due ON dossier (agency, due_at);
CREATE INDEX dossier_due_anywhere ON dossier (due_at);
CREATE FUNCTION refuse_change_of_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sent_on IS NOT NULL THEN
        RAISE EXCEPTION 'letter % has been sent', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER sent_letter_frozen BEFORE UPDATE OR DELETE ON apology_letter
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_letter();
"""
BACK = """
DROP TRIGGER sent_letter_frozen ON apology_letter;
DROP FUNCTION refuse_change_of_letter();
DROP INDEX dossier_due, dossier_due_anywhere;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="surveys", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().current_transaction.get().connection.execute(RULES)

    async def run_backwards() -> None:
        await engine_finder().current_transaction.get().connection.execute(BACK)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
