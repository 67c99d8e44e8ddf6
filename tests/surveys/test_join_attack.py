"""Nobody who reads the tables, a backup or the logs learns who gave which answer."""

import asyncio
import random
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from app.commands.backup import NOT_KEPT, write_archive
from app.embedded import find_binaries
from piccolo_conf import DB
from surveys.days import local_day
from surveys.devices.ledger import Event
from surveys.quality import Key, Window, make_key
from surveys.quality.judging import release_lost
from surveys.ratings import (
    Batch,
    Handover,
    Mixed,
    NewRating,
    hand_over,
    mix,
    open_links,
    record_ratings,
)
from surveys.transactions import fetch
from tests.factories import (
    RETURNED,
    make_agency,
    make_counter,
    make_device,
    make_dossier,
    make_procedure,
    make_version,
)
from tests.surveys.join_attack import Attack, read_dump, read_tables
from tests.surveys.reviewed_columns import TABLES

CITIZENS = 24
# Of 48 answers one in five is guessed: 9.6. The best of some thousand orders that say nothing
# stays below this (P < 1e-8 for one order); the order of arrival tells all 48.
TOO_MANY = 27
WINDOW = Window(Key(make_key()).public)


async def mix_later(now: datetime) -> Mixed:
    """Mix on the next day what the judge let go; its boxes may still stand for some days."""
    await release_lost(local_day(now + timedelta(days=2)))
    return await mix(Batch(), now=now + timedelta(days=1))


async def test_every_column_was_read_by_a_person(database: str) -> None:
    rows = await fetch(
        "SELECT table_name AS name, array_agg(column_name::text) AS columns"
        " FROM information_schema.columns WHERE table_schema = 'public'"
        " AND table_name NOT IN ('migration') GROUP BY 1"
    )
    found = {row["name"]: set(row["columns"]) for row in rows}
    reviewed = {name: set(table.columns.split()) for name, table in TABLES.items()}
    assert found == reviewed, (
        "ask what it may tell, then add it to tests/surveys/reviewed_columns.py"
    )
    assert all(table.tells for table in TABLES.values())


async def rate_town(now: datetime) -> tuple[dict[str, int], dict[str, str], list[str]]:
    """Scores and cells by dossier's id, and what no log may hold.

    Two dozen citizens rate by link and two dozen at a kiosk, one after the other.
    """
    agency, version = await make_agency("A1"), await make_version()
    counter = await make_counter(agency, "C1")
    device, procedure = await make_device(counter), await make_procedure()
    scores = [1 + place % 5 for place in range(2 * CITIZENS)]
    random.Random(5).shuffle(scores)
    truth, secrets = {}, []
    for late, channel in enumerate(("online", "counter")):
        for place in range(CITIZENS):
            await make_dossier(
                agency, procedure, f"{channel}-{place:04}", channel=channel,
                returned_at=RETURNED + timedelta(minutes=place, seconds=late), closed_at=None,
            )  # fmt: skip
    for place, score in enumerate(scores):
        channel = "online" if place < CITIZENS else "counter"
        code = f"{channel}-{place % CITIZENS:04}"
        rating = uuid4()
        answers = ((1, score), (2, 98))
        if channel == "online":
            token = (await open_links([code], questionnaire="counter", days=30))[code]
            given = NewRating(rating, "counter", version, answers, f"Ý {place}", right=token)
        else:
            token = code
            handed = [Handover(code, "C1")]
            await hand_over(handed, questionnaire="counter", minutes=10, window=WINDOW)
            told = Event(device, place, rating, "tap", datetime.now(UTC))
            given = NewRating(rating, "counter", version, answers, counter="C1", event=told)
        assert await record_ratings([given], now, window=WINDOW) == ["stored"]
        row = await fetch("SELECT id FROM dossier WHERE code = $1", code)
        truth[str(row[0]["id"])] = score
        secrets += [token, str(rating), code]
    rights = await fetch("SELECT DISTINCT dossier, cell FROM right_to_rate")
    return truth, {str(row["dossier"]): str(row["cell"]) for row in rights}, secrets


async def attack(database: str, cells: Mapping[str, str]) -> Attack:
    connection = await asyncpg.connect(database)
    try:
        return Attack(await read_tables(connection), cells)
    finally:
        await connection.close()


async def test_the_attack_finds_everybody_before_anything_is_stirred(database: str) -> None:
    """An attack that finds nothing here would prove nothing below."""
    truth, cells, _secrets = await rate_town(datetime.now(UTC))
    attacker = await attack(database, cells)
    assert attacker.by_order(truth)[0] == 2 * CITIZENS
    assert attacker.by_values(truth)[0] == 2 * CITIZENS


async def test_stirring_unties_order_and_transactions_of_ratings_that_still_wait(
    database: str,
) -> None:
    truth, cells, _secrets = await rate_town(datetime.now(UTC))
    await mix(Batch(), now=datetime.now(UTC))
    attacker = await attack(database, cells)
    assert len(attacker.answers) == 2 * CITIZENS
    assert {row["table"] for row in attacker.answers} == {"waiting_rating"}
    hits, where = attacker.by_order(truth)
    assert 0 < hits < TOO_MANY, where
    hits, where = attacker.by_values(truth)
    assert hits == 0, where


async def test_after_mixing_no_order_and_no_value_leads_to_an_answer(database: str) -> None:
    """With the ledger of devices and the resend keys still there, which leave later."""
    truth, cells, _secrets = await rate_town(datetime.now(UTC))
    mixed = await mix_later(datetime.now(UTC))
    # One box with the salts of each rating by link; two for each at the kiosk: handover and tap.
    assert len(await fetch("SELECT id FROM quality_box")) == 3 * CITIZENS
    assert (mixed.linked, mixed.waiting) == (2 * CITIZENS, 0)
    attacker = await attack(database, cells)
    assert len(attacker.answers) == 2 * CITIZENS
    hits, where = attacker.by_order(truth)
    assert 0 < hits < TOO_MANY, where
    hits, where = attacker.by_values(truth)
    assert hits == 0, where
    # What is left is guessing within cells, and none of those holds fewer than twenty.
    rows = await fetch("SELECT count(*) AS n FROM rating GROUP BY cell")
    assert min(row["n"] for row in rows) >= 20


@pytest.mark.slow
async def test_a_backup_tells_no_more_than_the_tables(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth, cells, _secrets = await rate_town(datetime.now(UTC))
    await mix_later(datetime.now(UTC))
    monkeypatch.setattr(DB, "config", {"dsn": database})
    file = tmp_path / "today.sipas"
    write_archive(file)
    read = [str(find_binaries() / "pg_restore"), "--file=-", str(file)]
    done = await asyncio.to_thread(subprocess.run, read, capture_output=True, text=True, check=True)
    dump = read_dump(done.stdout)
    assert all(not dump.get(name) for name in NOT_KEPT)
    attacker = Attack(dump, cells)
    assert len(attacker.answers) == 2 * CITIZENS
    hits, where = attacker.by_order(truth)
    assert 0 < hits < TOO_MANY, where
    hits, where = attacker.by_values(truth)
    assert hits == 0, where


async def test_the_log_of_the_database_names_no_dossier_no_link_and_no_rating(
    database: str,
) -> None:
    _truth, _cells, secrets = await rate_town(datetime.now(UTC))
    await mix_later(datetime.now(UTC))
    folder = (await fetch("SHOW data_directory"))[0]["data_directory"]
    log = (Path(folder).parent / "log").read_text(errors="replace")
    assert "database system is ready" in log
    assert not [secret for secret in secrets if secret in log]
