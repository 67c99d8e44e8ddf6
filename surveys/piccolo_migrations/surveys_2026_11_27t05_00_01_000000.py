"""What Piccolo has no words for: closed lists, one running clock, logs that only grow, search."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-27T05:00:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "Rules, indexes and search of cases"

CLOCKS = "receive transfer answer ask verdict"
CHANNELS = "web kiosk phone paper email api portal"
UNITS = "working_days working_hours calendar_days"
STATES = (
    "new received information_asked not_accepted in_hand extended drafted inadequate answered"
    " published settled reopened"
)
CLOSED_LISTS = {
    ("reflection_case", "kind"): "reflection recommendation",
    ("reflection_case", "channel"): CHANNELS,
    ("reflection_case", "state"): STATES,
    ("reflection_case", "asked_in"): STATES,
    ("reflection_case", "notify"): "sms mail zalo",
    ("case_text", "part"): "original addition verdict",
    ("case_contact", "consented_how"): "counter online phone paper",
    ("case_event", "role"): "citizen clerk head coordinator system",
    ("case_clock", "clock"): CLOCKS,
    ("case_clock", "unit"): UNITS,
    ("case_clock", "extra_unit"): UNITS,
    ("case_draft", "change"): "none planned made",
    ("case_answer", "change"): "none planned made",
    ("case_answer", "verdict"): "settled not_settled",
    ("case_attachment", "scan"): "not_scanned clean infected",
    ("case_redaction", "part"): "question answer",
    ("deadline_rule", "clock"): CLOCKS + " extension",
    ("deadline_rule", "unit"): UNITS,
    ("escalation_rule", "clock"): "receive transfer answer",
    ("escalation_rule", "channel"): "sms mail zalo",
}

OPEN = """state IN ('new', 'received', 'information_asked', 'in_hand', 'extended', 'drafted',
    'inadequate', 'reopened')"""

# Small letters without marks. Decomposed letters lose what combines with them; đ does not
# decompose. The extension unaccent would do, but its function may not stand in an index.
PLAIN_TEXT = """
CREATE FUNCTION plain_text(said text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(regexp_replace(normalize(translate(said, 'đĐ', 'dd'), NFD), '[\\u0300-\\u036f]', '', 'g'));

-- Beside the text and no further: taking marks off thousands of texts at each search is too slow.
ALTER TABLE case_text ADD COLUMN plain text
    GENERATED ALWAYS AS (plain_text(subject || ' ' || text)) STORED;
ALTER TABLE reflection_case ADD COLUMN plain text GENERATED ALWAYS AS (plain_text(title)) STORED;
ALTER TABLE case_publication ADD COLUMN plain text GENERATED ALWAYS AS (plain_text(title)) STORED;
ALTER TABLE case_redaction ADD COLUMN plain text GENERATED ALWAYS AS (plain_text(text)) STORED;
"""

RULES = f"""
CREATE UNIQUE INDEX one_running_clock ON case_clock (case_id, clock) WHERE stopped_at IS NULL;
CREATE UNIQUE INDEX one_going_pause ON case_pause (clock) WHERE resumed_at IS NULL;
CREATE UNIQUE INDEX one_publication_now ON case_publication (case_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX one_merge_now ON case_merge (duplicate) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX one_duty_now ON case_duty (account, agency) WHERE until IS NULL;
CREATE INDEX case_due ON reflection_case (agency, due_at, id)
    WHERE merged_into IS NULL AND {OPEN};
CREATE INDEX case_due_anywhere ON reflection_case (due_at, id)
    WHERE merged_into IS NULL AND {OPEN};
CREATE INDEX case_of_owner ON reflection_case (owner, due_at) WHERE owner IS NOT NULL;
CREATE INDEX case_newest ON reflection_case (agency, created_at DESC, id);
CREATE INDEX case_newest_anywhere ON reflection_case (created_at DESC, id);
CREATE INDEX case_merged ON reflection_case (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX clock_that_runs ON case_clock (due_at) WHERE stopped_at IS NULL;
CREATE INDEX publication_newest ON case_publication (published_at DESC, id DESC)
    WHERE ended_at IS NULL;
ALTER TABLE reflection_case ADD CONSTRAINT case_asked_in
    CHECK ((state = 'information_asked') = (asked_in IS NOT NULL));
ALTER TABLE reflection_case ADD CONSTRAINT case_not_its_own_duplicate
    CHECK (merged_into IS DISTINCT FROM id);
ALTER TABLE case_text ADD CONSTRAINT case_text_length CHECK (length(text) BETWEEN 1 AND 20000);
ALTER TABLE case_contact ADD CONSTRAINT case_contact_reachable
    CHECK (phone IS NOT NULL OR mail IS NOT NULL OR address <> '');
ALTER TABLE case_draft ADD CONSTRAINT change_explained_in_draft
    CHECK (change = 'none' OR explanation <> '');
ALTER TABLE case_answer ADD CONSTRAINT change_explained_in_answer
    CHECK (change = 'none' OR explanation <> '');
ALTER TABLE case_redaction ADD CONSTRAINT redaction_of_answer
    CHECK ((part = 'answer') = (answer IS NOT NULL));
ALTER TABLE case_redaction ADD CONSTRAINT redaction_confirmed_by_somebody
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL));
"""

# The log only grows; the retention job alone may delete, and says so for its own transaction.
LOG_ONLY_GROWS = """
CREATE FUNCTION refuse_change_of_case_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('sipas.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the log of a case only grows' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER case_log_only_grows BEFORE UPDATE OR DELETE ON case_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_case_log();
"""

# Whatever the program does: no text is public that nobody confirmed, and none changes after that.
CONFIRMED_ONLY = """
CREATE FUNCTION refuse_unconfirmed_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM case_redaction WHERE id IN (NEW.reply, NEW.question)
        AND confirmed_at IS NOT NULL AND case_id = NEW.case_id)
        <> 1 + (NEW.question IS NOT NULL)::integer THEN
        RAISE EXCEPTION 'case % has a redaction that nobody confirmed', NEW.case_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_when_confirmed BEFORE INSERT OR UPDATE ON case_publication
    FOR EACH ROW EXECUTE FUNCTION refuse_unconfirmed_publication();
CREATE FUNCTION refuse_change_of_redaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.text <> NEW.text OR OLD.part <> NEW.part OR OLD.case_id <> NEW.case_id
        OR OLD.answer IS DISTINCT FROM NEW.answer OR OLD.spans <> NEW.spans THEN
        RAISE EXCEPTION 'a version of a redaction is frozen; make a new one'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER redaction_frozen BEFORE UPDATE ON case_redaction
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_redaction();
"""

# Without pg_trgm (it needs a right that a hosted server may not give) search reads every text,
# and likeness is the share of words that two texts have in common.
TRIGRAMS = """
CREATE INDEX case_text_words ON case_text USING gin (plain gin_trgm_ops);
CREATE INDEX case_title_words ON reflection_case USING gin (plain gin_trgm_ops);
"""
STAND_IN = """
CREATE FUNCTION similarity(one text, other text) RETURNS real LANGUAGE sql IMMUTABLE STRICT
PARALLEL SAFE AS $$
    WITH a AS (SELECT DISTINCT unnest(regexp_split_to_array(one, '\\s+')) AS w),
        b AS (SELECT DISTINCT unnest(regexp_split_to_array(other, '\\s+')) AS w)
    SELECT ((SELECT count(*) FROM a JOIN b USING (w))::real
        / greatest(1, (SELECT count(*) FROM (SELECT w FROM a UNION SELECT w FROM b) u)))::real
$$;
"""
HAS_TRIGRAMS = """
SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm')
    AND (has_database_privilege(current_database(), 'CREATE')
        OR EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm'))
"""

UNDO = """
DROP INDEX IF EXISTS case_title_words, case_text_words;
DROP TRIGGER redaction_frozen ON case_redaction;
DROP FUNCTION refuse_change_of_redaction;
DROP TRIGGER published_when_confirmed ON case_publication;
DROP FUNCTION refuse_unconfirmed_publication;
DROP TRIGGER case_log_only_grows ON case_event;
DROP FUNCTION refuse_change_of_case_log;
ALTER TABLE case_redaction DROP COLUMN plain;
ALTER TABLE case_publication DROP COLUMN plain;
ALTER TABLE reflection_case DROP COLUMN plain;
ALTER TABLE case_text DROP COLUMN plain;
DROP FUNCTION plain_text;
DROP EXTENSION IF EXISTS pg_trgm;
DROP FUNCTION IF EXISTS similarity(text, text);
ALTER TABLE case_redaction DROP CONSTRAINT redaction_confirmed_by_somebody;
ALTER TABLE case_redaction DROP CONSTRAINT redaction_of_answer;
ALTER TABLE case_answer DROP CONSTRAINT change_explained_in_answer;
ALTER TABLE case_draft DROP CONSTRAINT change_explained_in_draft;
ALTER TABLE case_contact DROP CONSTRAINT case_contact_reachable;
ALTER TABLE case_text DROP CONSTRAINT case_text_length;
ALTER TABLE reflection_case DROP CONSTRAINT case_not_its_own_duplicate;
ALTER TABLE reflection_case DROP CONSTRAINT case_asked_in;
DROP INDEX publication_newest, clock_that_runs, case_merged, case_newest_anywhere, case_newest,
    case_of_owner, case_due_anywhere, case_due, one_duty_now, one_merge_now, one_publication_now,
    one_going_pause, one_running_clock;
"""


def closed_list(table: str, column: str, values: str) -> str:
    words = ", ".join(f"'{word}'" for word in values.split())
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_known CHECK ({column} IN ({words}))"
    )


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="surveys", description=DESCRIPTION)

    async def run() -> None:
        connection = engine_finder().current_transaction.get().connection
        for (table, column), values in CLOSED_LISTS.items():
            await connection.execute(closed_list(table, column, values))
        for block in (PLAIN_TEXT, RULES, LOG_ONLY_GROWS, CONFIRMED_ONLY):
            await connection.execute(block)
        if await connection.fetchval(HAS_TRIGRAMS):
            await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            await connection.execute(TRIGRAMS)
        else:
            await connection.execute(STAND_IN)

    async def run_backwards() -> None:
        connection = engine_finder().current_transaction.get().connection
        await connection.execute(UNDO)
        for table, column in CLOSED_LISTS:
            await connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_known")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
