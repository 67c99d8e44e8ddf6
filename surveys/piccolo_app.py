"""Tells Piccolo which tables and migrations belong to the domain."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

TABLE_MODULES = [
    f"surveys.tables.{room}"
    for room in (
        "register",
        "questionnaires",
        "ratings",
        "links",
        "results",
        "accounts",
        "jobs",
        "devices",
        "calendars",
        "messages",
        "signing",
        "quality",
        "paper",
        "ledger",
        "reflections",
        "case_publications",
        "reflection_rules",
        "mailbox",
        "letters",
        "portal",
        "webhooks",
        "themes",
    )
]

APP_CONFIG = AppConfig(
    app_name="surveys",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    # A module also shows the tables it imports; each table counts once.
    table_classes=list(dict.fromkeys(table_finder(modules=TABLE_MODULES))),
    migration_dependencies=[],
    commands=[],
)
