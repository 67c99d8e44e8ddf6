"""What Piccolo has no words for: closed lists, stretches that must not overlap, frozen versions."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-27T01:23:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Rules of office hours, days off and kiosk settings"

# Two stretches of one weekday of one timetable may not overlap: each is a range of minutes on one
# long line, so that the index needs no extension. No agency is agency 0.
RULES = """
ALTER TABLE special_day ADD CONSTRAINT special_day_kind_known CHECK (kind IN ('holiday', 'working'));
ALTER TABLE office_hours ADD CONSTRAINT office_hours_whole CHECK (
    (weekday = 0 AND agency IS NOT NULL AND opens IS NULL AND closes IS NULL)
    OR (weekday > 0 AND opens IS NOT NULL AND closes IS NOT NULL AND opens < closes));
ALTER TABLE office_hours ADD CONSTRAINT office_hours_apart EXCLUDE USING gist (
    numrange(
        ((coalesce(agency, 0)::numeric * 4000000 + (valid_from - DATE '1800-01-01')) * 8 + weekday)
            * 86400 + extract(epoch FROM opens),
        ((coalesce(agency, 0)::numeric * 4000000 + (valid_from - DATE '1800-01-01')) * 8 + weekday)
            * 86400 + extract(epoch FROM closes)) WITH &&) WHERE (weekday > 0);
CREATE INDEX special_day_day ON special_day (day);
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER office_hours_changed BEFORE UPDATE ON office_hours
    FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE TRIGGER special_day_changed BEFORE UPDATE ON special_day
    FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE FUNCTION refuse_change_of_kiosk_setting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of kiosk settings is frozen; make a new one'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER kiosk_setting_only_grows BEFORE UPDATE OR DELETE ON kiosk_setting
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_kiosk_setting();
"""

UNDO = """
DROP TRIGGER kiosk_setting_only_grows ON kiosk_setting;
DROP FUNCTION refuse_change_of_kiosk_setting;
DROP TRIGGER office_hours_changed ON office_hours;
DROP TRIGGER special_day_changed ON special_day;
DROP FUNCTION note_change;
DROP INDEX special_day_day;
ALTER TABLE office_hours DROP CONSTRAINT office_hours_apart;
ALTER TABLE office_hours DROP CONSTRAINT office_hours_whole;
ALTER TABLE special_day DROP CONSTRAINT special_day_kind_known;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="surveys", description=DESCRIPTION)

    async def run() -> None:
        await execute(RULES)

    async def run_backwards() -> None:
        await execute(UNDO)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager


async def execute(block: str) -> None:
    """Run several statements at once, in the migration's own transaction."""
    await engine_finder().current_transaction.get().connection.execute(block)
