"""Administrators and backups from the command line, on real servers."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from app.commands import backup
from app.embedded import throwaway_server
from piccolo_conf import DB
from surveys import accounts
from surveys.accounts import Role
from surveys.days import local_day
from surveys.devices import issue_code
from surveys.errors import NotFoundError
from surveys.piccolo_app import APP_CONFIG
from surveys.questionnaires import publish_form
from surveys.ratings import open_links
from surveys.transactions import fetch
from tests.app.people import PASSWORD, make_person
from tests.factories import make_agency, make_counter, make_device, make_dossier, make_procedure
from tests.surveys.results_town import make_town, store

# Every command is a process of its own.
pytestmark = pytest.mark.slow

FORM = Path("surveys/forms/counter.xlsx").read_bytes()
WAITING = UUID("11111111-1111-4111-8111-111111111111")
NOT_KEPT = {"staff_session", "resend_key", "device_event", "enrolment_code", "quality_box"}


@pytest.fixture(scope="module")
def other_server() -> Iterator[str]:
    """A second server to restore into."""
    with throwaway_server() as url:
        yield url


@pytest.fixture
async def fresh(other_server: str) -> str:
    """Address of an empty database on the second server."""
    connection = await asyncpg.connect(other_server)
    await connection.execute("DROP DATABASE IF EXISTS fresh")
    await connection.execute("CREATE DATABASE fresh")
    await connection.close()
    return other_server.removesuffix("/postgres") + "/fresh"


def sipas(
    address: str, var: Path, *words: str, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command as an operator does, on this database."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "app", *words],
        env=os.environ | {"DATABASE_URL": address, "SIPAS_VAR": str(var)},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


async def rows_of(address: str) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    connection = await asyncpg.connect(address)
    try:
        return {
            name: sorted(
                str(row[0]) for row in await connection.fetch(f"SELECT t::text FROM {name} t")
            )
            for name in (table._meta.tablename for table in APP_CONFIG.table_classes)
        }
    finally:
        await connection.close()


async def fill() -> None:
    """Something in many tables, a session, a resend key and a ledger among them."""
    account = await make_person(Role.ADMINISTRATOR)
    await accounts.save_session("f" * 64, b"{}", account, timedelta(hours=1))
    await fetch("INSERT INTO resend_key (id, day) VALUES (gen_random_uuid(), current_date)")
    agency, procedure = await make_agency(), await make_procedure()
    for place in range(50):
        await make_dossier(agency, procedure, f"H{place}")
    await open_links(["H1", "H2"], questionnaire="counter", days=30)
    await make_town("T1", "T2")
    await store({"T1": {"overall": 30}, "T2": {"overall": 12}})
    await accounts.issue_key("Một cửa", "handover", actor=account)
    version = await publish_form(FORM)
    counter = await make_counter(agency)
    await issue_code(counter, actor=account)
    await fetch(
        "INSERT INTO device_event (device, number, event, kind) VALUES ($1, 1, $2, 'tap')",
        *(await make_device(counter), WAITING),
    )
    await fetch("INSERT INTO quality_box (id, day, box) VALUES ($1, current_date, 'x')", WAITING)
    # Of tomorrow: however late it is now, its day is not over when the backup is made.
    await fetch(
        "INSERT INTO waiting_rating (id, version, mode, counter, day, received_on)"
        " VALUES ($1, $2, 'kiosk', $3, $4, $4)",
        *(WAITING, version, counter, local_day(datetime.now(UTC)) + timedelta(days=1)),
    )


async def test_a_restored_backup_holds_what_was_there_but_no_sessions(
    database: str, fresh: str, tmp_path: Path
) -> None:
    await fill()
    file = tmp_path / "today.sipas"
    made = sipas(database, tmp_path, "backup", str(file))
    assert made.returncode == 0, made.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    assert not file.with_name("today.sipas.part").exists()
    before = await rows_of(database)
    back = sipas(fresh, tmp_path, "restore", str(file))
    assert back.returncode == 0, back.stderr
    assert "dossiers: 50" in back.stdout
    after = await rows_of(fresh)
    assert {name for name in NOT_KEPT if before[name]} == NOT_KEPT
    # Only what still waits is known by its sender's id, as it was in the file anyway.
    assert [key[1:37] for key in after.pop("resend_key")] == [str(WAITING)]
    for name in ("staff_session", "device_event", "enrolment_code", "quality_box"):
        assert after.pop(name) == []
    log = set(after.pop("audit_entry")) - set(before.pop("audit_entry"))
    assert len(log) == 1
    assert "backup_restored" in log.pop()
    assert after == {name: rows for name, rows in before.items() if name not in NOT_KEPT}


async def test_a_restored_database_still_refuses_what_it_refused(
    database: str, fresh: str, tmp_path: Path
) -> None:
    await fill()
    file = tmp_path / "today.sipas"
    sipas(database, tmp_path, "backup", str(file))
    sipas(fresh, tmp_path, "restore", str(file))
    connection = await asyncpg.connect(fresh)
    try:
        with pytest.raises(asyncpg.RestrictViolationError):
            await connection.execute("DELETE FROM agency")
        with pytest.raises(asyncpg.RestrictViolationError):
            await connection.execute("DELETE FROM audit_entry")
    finally:
        await connection.close()


async def test_a_database_that_is_not_empty_is_replaced_only_by_force(
    database: str, fresh: str, tmp_path: Path
) -> None:
    await fill()
    file, second = tmp_path / "one", tmp_path / "two"
    sipas(database, tmp_path, "backup", str(file))
    sipas(fresh, tmp_path, "restore", str(file))
    connection = await asyncpg.connect(fresh)
    await connection.execute("INSERT INTO field (code, name) VALUES ('new', 'Mới')")
    await connection.close()
    changed = await rows_of(fresh)
    refused = sipas(fresh, tmp_path, "restore", str(file))
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    assert await rows_of(fresh) == changed
    forced = sipas(fresh, tmp_path, "restore", str(file), "--force")
    assert forced.returncode == 0, forced.stderr
    assert "new" not in str((await rows_of(fresh))["field"])
    # What was restored by force can be backed up and restored again.
    assert sipas(fresh, tmp_path, "backup", str(second)).returncode == 0
    again = sipas(fresh, tmp_path, "restore", str(second), "--force")
    assert again.returncode == 0, again.stderr


async def test_a_damaged_file_changes_nothing(database: str, fresh: str, tmp_path: Path) -> None:
    await fill()
    file = tmp_path / "today.sipas"
    sipas(database, tmp_path, "backup", str(file))
    sipas(fresh, tmp_path, "restore", str(file))
    before = await rows_of(fresh)
    whole = file.read_bytes()
    damaged = {
        "half": whole[: len(whole) // 2],
        "bent": whole[:-2000] + bytes(2000),
        "text": b"no backup",
        "empty": b"",
    }
    for name, content in damaged.items():
        (tmp_path / name).write_bytes(content)
        refused = sipas(fresh, tmp_path, "restore", str(tmp_path / name), "--force")
        assert refused.returncode == 1, name
        assert await rows_of(fresh) == before, name


async def test_a_backup_never_writes_over_a_file(database: str, tmp_path: Path) -> None:
    file = tmp_path / "today.sipas"
    file.write_text("precious")
    refused = sipas(database, tmp_path, "backup", str(file))
    assert refused.returncode == 1
    assert file.read_text() == "precious"
    nowhere = sipas(database, tmp_path, "backup", str(tmp_path / "no" / "folder"))
    assert nowhere.returncode == 1
    assert sipas(database, tmp_path, "restore", str(tmp_path / "none")).returncode == 1


async def test_the_password_of_the_database_is_in_no_list_of_processes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(DB, "config", {"dsn": "postgresql://me:s%40cret@host:5/db?x=1"})
    assert backup._address() == "postgresql://me@host:5/db?x=1"
    assert backup._environment()["PGPASSWORD"] == "s@cret"
    monkeypatch.setattr(DB, "config", {"dsn": "postgresql://host/db"})
    assert backup._address() == "postgresql://host/db"


async def test_the_first_administrator_is_made_by_a_command(database: str, tmp_path: Path) -> None:
    made = sipas(database, tmp_path, "account", "create-admin", "hoa", typed=PASSWORD + "\n")
    assert made.returncode == 0, made.stderr
    assert PASSWORD not in made.stdout
    staff = await accounts.sign_in("hoa", PASSWORD, attempts=5, lock_minutes=15)
    assert staff.role is Role.ADMINISTRATOR
    assert not staff.must_change_password


async def test_a_password_is_made_when_none_is_given(database: str, tmp_path: Path) -> None:
    made = sipas(database, tmp_path, "account", "create-admin", "hoa", "--generate")
    found = re.search(r"Temporary password: (\S+)", made.stdout)
    assert found, made.stderr
    staff = await accounts.sign_in("hoa", found[1], attempts=5, lock_minutes=15)
    assert staff.must_change_password


async def test_a_weak_password_is_refused_at_the_terminal_too(
    database: str, tmp_path: Path
) -> None:
    refused = sipas(database, tmp_path, "account", "create-admin", "hoa", typed="ngắn\n")
    assert refused.returncode == 1
    with pytest.raises(NotFoundError):
        await accounts.find_account("hoa")


async def test_a_locked_out_administrator_is_let_in_by_a_command(
    database: str, tmp_path: Path
) -> None:
    await make_person(Role.ADMINISTRATOR)
    await fetch("UPDATE account SET locked_until = now() + interval '1 day'")
    reset = sipas(database, tmp_path, "account", "reset", "administrator")
    found = re.search(r"Temporary password: (\S+)", reset.stdout)
    assert found, reset.stderr
    await accounts.sign_in("administrator", found[1], attempts=5, lock_minutes=15)
    assert sipas(database, tmp_path, "account", "reset", "nobody").returncode == 1
