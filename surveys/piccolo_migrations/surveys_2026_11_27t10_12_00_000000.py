from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import ForeignKey


ID = "2026-11-27T10:12:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Every draft has an agency"


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="surveys", description=DESCRIPTION
    )

    manager.alter_column(
        table_class_name="CaseDraft",
        tablename="case_draft",
        column_name="agency",
        db_column_name="agency",
        params={"null": False},
        old_params={"null": True},
        column_class=ForeignKey,
        old_column_class=ForeignKey,
        schema=None,
    )

    return manager
