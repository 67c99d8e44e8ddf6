from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T01:20:12:856017"
VERSION = "1.38.0"
DESCRIPTION = "Kiosk keys of counters are gone"


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="surveys", description=DESCRIPTION
    )

    manager.drop_column(
        table_class_name="Counter",
        tablename="counter",
        column_name="kiosk_key_hash",
        db_column_name="kiosk_key_hash",
        schema=None,
    )

    return manager
