"""`sipas ledger` from the command line: the database itself, a backup, a job that dies."""

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from app.jobs import TASKS
from app.quality_keys import quality_window
from app.settings import Settings
from surveys import ledger
from surveys.ledger.days import read_days
from surveys.transactions import fetch
from tests.surveys.test_ledger import STUFF, rate

DAY = timedelta(days=1)


async def sipas(address: str, var: Path, *words: str) -> tuple[int, str]:
    """Run a command as an operator does; its exit code and what it said."""
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-W", "ignore", "-m", "app", *words],
        env=os.environ | {"DATABASE_URL": address, "SIPAS_VAR": str(var)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
async def test_a_backup_is_verified_in_a_server_of_its_own(database: str, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    await ledger.close_days(now - DAY)
    await rate(6, now=now - DAY)
    await ledger.close_days(now)
    await rate(3, now=now)
    code, said = await sipas(database, tmp_path, "ledger", "head")
    head = said.split()[-1]
    assert code == 0
    good, bad = tmp_path / "good", tmp_path / "bad"
    code, said = await sipas(database, tmp_path, "backup", str(good))
    assert code == 0, said
    await fetch(STUFF)
    code, said = await sipas(database, tmp_path, "backup", str(bad))
    assert code == 0, said
    # What is verified is the file, whatever became of the database.
    await fetch("DELETE FROM ledger_day")
    code, said = await sipas(
        database, tmp_path, "ledger", "verify", "--backup", str(good), "--head", head
    )
    assert code == 0, said
    assert "The ledger holds." in said
    assert f"head {head}" in said
    code, said = await sipas(database, tmp_path, "ledger", "verify", "--backup", str(bad))
    assert code == 1
    assert "1 more ratings stand there than were ever accepted" in said
    code, said = await sipas(
        database, tmp_path, "ledger", "verify", "--backup", str(good), "--head", "ab" * 32
    )
    assert code == 1
    assert "the past was written anew" in said
    assert len(await fetch("SELECT FROM ledger_day")) == 0


@pytest.mark.slow
async def test_the_database_is_verified_with_the_salts_where_the_key_is(
    database: str, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    code, said = await sipas(database, tmp_path, "ledger", "verify")
    assert (code, "the ledger has not begun" in said) == (1, True)
    await ledger.close_days(now)
    await rate(3, window=quality_window(Settings(var=tmp_path)))
    code, said = await sipas(database, tmp_path, "ledger", "verify")
    assert code == 0, said
    assert "4 ratings counted, 4 that wait were opened" in said
    await fetch("UPDATE waiting_answer SET code = 5")
    code, said = await sipas(database, tmp_path, "ledger", "verify")
    assert code == 1
    assert "say something else than when they were accepted" in said
    elsewhere = tmp_path / "elsewhere"
    code, said = await sipas(database, elsewhere, "ledger", "verify")
    assert (code, "0 that wait were opened" in said) == (0, True)


async def test_a_closing_that_is_killed_leaves_everything_as_it_was(
    database: str, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    await ledger.close_days(now)
    await rate(5, now=now)
    batches = await fetch("SELECT counts FROM commitment_batch ORDER BY id")
    other = await asyncpg.connect(database)
    try:
        # The closing has deleted the batches and waits to write the day when its server dies.
        await other.execute("BEGIN; LOCK TABLE ledger_day IN SHARE MODE")
        closing = asyncio.create_task(ledger.close_days(now + DAY))
        killed = 0
        for _attempt in range(100):
            await asyncio.sleep(0.05)
            killed = await other.fetchval(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO ledger_day%'"
            )
            if killed:
                break
        assert killed == 1
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await closing
    finally:
        await other.execute("ROLLBACK")
        await other.close()
    assert await fetch("SELECT counts FROM commitment_batch ORDER BY id") == batches
    assert len(await read_days()) == 1
    # The job does it again.
    assert await ledger.close_days(now + DAY)
    assert (await ledger.verify(now=now + DAY)).faults == []


async def test_the_clock_closes_days_and_gathers_what_is_open(
    database: str, tmp_path: Path
) -> None:
    settings = Settings(var=tmp_path)
    await rate(2)
    await TASKS["mix_ratings"](settings, {})
    assert len(await fetch("SELECT FROM commitment_batch")) == 1
    assert await TASKS["close_ledger_days"](settings, {}) == {}
    assert [day.number for day in await read_days()] == [0]
