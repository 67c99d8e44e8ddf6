"""What the database itself refuses."""

import asyncpg
import pytest
from piccolo.apps.migrations.commands.new import AutoMigrationManager
from piccolo.conf.apps import AppConfig

from surveys.piccolo_app import APP_CONFIG
from surveys.transactions import fetch
from tests.factories import make_agency, make_dossier, make_procedure


async def test_auto_migration_finds_no_difference_between_tables_and_migrations() -> None:
    config: AppConfig = APP_CONFIG
    statements = await AutoMigrationManager().get_alter_statements(config)
    assert [line for block in statements for line in block.statements] == []


async def test_an_agency_with_dossiers_cannot_be_deleted(database: str) -> None:
    agency = await make_agency()
    await make_dossier(agency, await make_procedure())
    with pytest.raises(asyncpg.RestrictViolationError):
        await fetch("DELETE FROM agency WHERE id = $1", agency)


async def test_a_dossier_is_spent_once_per_questionnaire(database: str) -> None:
    dossier = await make_dossier(await make_agency(), await make_procedure())
    spend = (
        "INSERT INTO spent_right (id, dossier, questionnaire, day)"
        " VALUES (gen_random_uuid(), $1, $2, '2021-02-10')"
    )
    await fetch(spend, dossier, "counter")
    await fetch(spend, dossier, "household")
    with pytest.raises(asyncpg.UniqueViolationError):
        await fetch(spend, dossier, "counter")


@pytest.mark.parametrize(
    ("table", "column"),
    [("agency", "level"), ("dossier", "channel"), ("dossier", "outcome")],
)
async def test_a_word_outside_its_list_is_refused(database: str, table: str, column: str) -> None:
    await make_dossier(await make_agency(), await make_procedure())
    with pytest.raises(asyncpg.CheckViolationError):
        await fetch(f"UPDATE {table} SET {column} = 'other'")


async def test_the_audit_log_only_grows(database: str) -> None:
    await fetch(
        "INSERT INTO audit_entry (action, subject, detail, at) VALUES ('a', 'b', '{}', now())"
    )
    with pytest.raises(asyncpg.RestrictViolationError):
        await fetch("DELETE FROM audit_entry")
    with pytest.raises(asyncpg.RestrictViolationError):
        await fetch("UPDATE audit_entry SET action = 'c'")
