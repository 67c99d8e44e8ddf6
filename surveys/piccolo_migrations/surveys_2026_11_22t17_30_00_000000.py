"""What Piccolo has no words for: composite foreign keys, closed lists, triggers, indexes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-22T17:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Composite keys, closed lists, frozen records, indexes"

CLOSED_LISTS = {
    ("admin_unit", "level"): "central province district commune",
    ("unit_succession", "kind"): "merge split rename dissolve level_change unchanged",
    ("agency", "level"): "central province district commune",
    ("agency_succession", "kind"): "merge split rename dissolve level_change unchanged",
    ("procedure", "level"): "central province district commune",
    ("dossier", "channel"): "counter online post",
    ("dossier", "outcome"): "granted refused withdrawn stopped",
    ("cell", "channel"): "counter online post",
    ("cell", "grain"): "week month quarter",
    ("right_to_rate", "mode"): "kiosk online paper",
    ("waiting_rating", "mode"): "kiosk online paper",
    ("rating", "mode"): "kiosk online paper",
    ("index_run", "state"): "draft published withdrawn corrected",
    ("run_notice", "kind"): "withdrawn corrected",
    ("account", "role"): "administrator analyst agency surveyor",
}

# An answer is let in only with a code that its item of its version allows.
ALLOWED_ANSWERS = """
ALTER TABLE {table} ADD CONSTRAINT {table}_allowed FOREIGN KEY (version, item, code)
    REFERENCES allowed_code (version, item, code) ON DELETE RESTRICT
"""

INDEXES = """
CREATE INDEX dossier_agency ON dossier (agency);
CREATE INDEX dossier_procedure ON dossier (procedure);
CREATE INDEX rating_cell ON rating (cell);
CREATE INDEX waiting_rating_cell ON waiting_rating (cell, received_at);
CREATE INDEX right_open_at_counter ON right_to_rate (counter, opened_at) WHERE mode = 'kiosk';
CREATE INDEX right_dossier ON right_to_rate (dossier);
CREATE INDEX right_expiry ON right_to_rate (expires_at);
CREATE INDEX job_to_do ON job (due, id) WHERE done_at IS NULL;
CREATE INDEX session_expiry ON staff_session (expires_at);
CREATE UNIQUE INDEX one_published_run ON index_run (period, questionnaire) WHERE state = 'published';
ALTER TABLE comment ADD CONSTRAINT comment_length CHECK (length(text) BETWEEN 1 AND 2000);
ALTER TABLE waiting_rating ADD CONSTRAINT waiting_comment_length
    CHECK (comment IS NULL OR length(comment) BETWEEN 1 AND 2000);
"""

FROZEN_FORMS = """
CREATE FUNCTION refuse_change_of_answered_form() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answered integer := CASE WHEN TG_TABLE_NAME = 'questionnaire_version'
        THEN (to_jsonb(OLD)->>'id')::integer ELSE (to_jsonb(OLD)->>'version')::integer END;
BEGIN
    IF EXISTS (SELECT FROM waiting_rating WHERE version = answered)
        OR EXISTS (SELECT FROM rating WHERE version = answered) THEN
        RAISE EXCEPTION 'questionnaire version % has answers and is frozen', answered
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER frozen_when_answered BEFORE UPDATE OR DELETE ON questionnaire_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_answered_form();
CREATE TRIGGER frozen_when_answered BEFORE UPDATE OR DELETE ON allowed_code
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_answered_form();
"""

FROZEN_RUNS = """
CREATE FUNCTION refuse_change_of_published_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' AND (TG_OP = 'DELETE' OR NEW.state IN ('draft', 'published')) THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state = 'published' AND NEW.state IN ('withdrawn', 'corrected')
        AND to_jsonb(OLD) - 'state' = to_jsonb(NEW) - 'state' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'index run % is % and frozen', OLD.id, OLD.state
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER frozen_when_published BEFORE UPDATE OR DELETE ON index_run
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published_run();
"""

# The retention job alone may delete, and says so for its own transaction.
AUDIT_ONLY_GROWS = """
CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('sipas.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit log only grows' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit();
"""

UNDO = """
DROP TRIGGER audit_only_grows ON audit_entry;
DROP FUNCTION refuse_change_of_audit;
DROP TRIGGER frozen_when_published ON index_run;
DROP FUNCTION refuse_change_of_published_run;
DROP TRIGGER frozen_when_answered ON questionnaire_version;
DROP TRIGGER frozen_when_answered ON allowed_code;
DROP FUNCTION refuse_change_of_answered_form;
ALTER TABLE waiting_rating DROP CONSTRAINT waiting_comment_length;
ALTER TABLE comment DROP CONSTRAINT comment_length;
DROP INDEX one_published_run, session_expiry, job_to_do, right_expiry, right_dossier,
    right_open_at_counter, waiting_rating_cell, rating_cell, dossier_procedure, dossier_agency;
ALTER TABLE answer DROP CONSTRAINT answer_allowed;
ALTER TABLE waiting_answer DROP CONSTRAINT waiting_answer_allowed;
"""


def closed_list(table: str, column: str, values: str) -> str:
    """A CHECK that the column holds one of these words (or nothing, where it may)."""
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
        for table in ("answer", "waiting_answer"):
            await engine.run_ddl(ALLOWED_ANSWERS.format(table=table))
        for block in (INDEXES, FROZEN_FORMS, FROZEN_RUNS, AUDIT_ONLY_GROWS):
            await execute(engine, block)

    async def run_backwards() -> None:
        engine = engine_finder()
        await execute(engine, UNDO)
        for table, column in CLOSED_LISTS:
            await engine.run_ddl(f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_known")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager


async def execute(engine, block: str) -> None:
    """Run several statements at once, in the migration's own transaction."""
    await engine.current_transaction.get().connection.execute(block)
