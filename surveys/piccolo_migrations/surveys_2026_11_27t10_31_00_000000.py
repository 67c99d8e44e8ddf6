"""The explanation of a change is public only when somebody confirmed it, as the other texts are."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-27T10:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Explanations are confirmed before they are public"

PARTS = """
ALTER TABLE case_redaction DROP CONSTRAINT case_redaction_part_known;
ALTER TABLE case_redaction ADD CONSTRAINT case_redaction_part_known
    CHECK (part IN ('question', 'answer', 'explanation'));
ALTER TABLE case_redaction DROP CONSTRAINT redaction_of_answer;
ALTER TABLE case_redaction ADD CONSTRAINT redaction_of_answer
    CHECK ((part = 'question') = (answer IS NULL));
"""

CONFIRMED_ONLY = """
CREATE OR REPLACE FUNCTION refuse_unconfirmed_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM case_redaction
        WHERE confirmed_at IS NOT NULL AND case_id = NEW.case_id
            AND (id = NEW.question AND part = 'question'
                OR id = NEW.reply AND part = 'answer' AND answer = NEW.answer
                OR id = NEW.explanation AND part = 'explanation' AND answer = NEW.answer))
        <> 1 + (NEW.question IS NOT NULL)::integer + (NEW.explanation IS NOT NULL)::integer THEN
        RAISE EXCEPTION 'case % has a redaction that nobody confirmed', NEW.case_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.explanation IS NULL
        AND EXISTS (SELECT FROM case_answer WHERE id = NEW.answer AND change <> 'none') THEN
        RAISE EXCEPTION 'case % tells of a change without a confirmed explanation', NEW.case_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

UNDO = """
CREATE OR REPLACE FUNCTION refuse_unconfirmed_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM case_redaction WHERE id IN (NEW.reply, NEW.question)
        AND confirmed_at IS NOT NULL AND case_id = NEW.case_id)
        <> 1 + (NEW.question IS NOT NULL)::integer THEN
        RAISE EXCEPTION 'case % has a redaction that nobody confirmed', NEW.case_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
UPDATE case_publication SET explanation = NULL WHERE explanation IS NOT NULL;
DELETE FROM case_redaction WHERE part = 'explanation';
ALTER TABLE case_redaction DROP CONSTRAINT redaction_of_answer;
ALTER TABLE case_redaction ADD CONSTRAINT redaction_of_answer
    CHECK ((part = 'answer') = (answer IS NOT NULL));
ALTER TABLE case_redaction DROP CONSTRAINT case_redaction_part_known;
ALTER TABLE case_redaction ADD CONSTRAINT case_redaction_part_known
    CHECK (part IN ('question', 'answer'));
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="surveys", description=DESCRIPTION)

    async def run() -> None:
        await execute(PARTS)
        await execute(CONFIRMED_ONLY)

    async def run_backwards() -> None:
        await execute(UNDO)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager


async def execute(block: str) -> None:
    """Run several statements at once, in the migration's own transaction."""
    await engine_finder().current_transaction.get().connection.execute(block)
