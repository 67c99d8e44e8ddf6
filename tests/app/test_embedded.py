"""The embedded server: found again, shared, stopped by the last, run from a copy."""

import asyncio
import os
import subprocess
from pathlib import Path

import asyncpg
import pytest

from app.embedded import (
    Cluster,
    EmbeddedServerError,
    copy_programs,
    find_binaries,
    own_server,
    throwaway_server,
)


async def ask(url: str, sql: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def test_a_server_under_var_is_found_again_with_what_it_held(tmp_path: Path) -> None:
    with own_server(tmp_path) as url:
        asyncio.run(ask(url, "CREATE TABLE kept (n int)"))
        with own_server(tmp_path) as same:
            assert same == url
        assert asyncio.run(ask(url, "SELECT count(*) FROM kept")) == 0
        home = next(iter(tmp_path.glob("postgres")), None)
    with own_server(tmp_path) as url:
        assert asyncio.run(ask(url, "SELECT count(*) FROM kept")) == 0
        assert asyncio.run(ask(url, "SHOW fsync")) == "on"
    assert home is None or not (home / "data" / "postmaster.pid").exists()


def test_the_server_listens_on_this_machine_only_and_asks_for_a_password() -> None:
    with throwaway_server() as url:
        assert asyncio.run(ask(url, "SHOW listen_addresses")) == "127.0.0.1"
        wrong = url.replace(url.split(":")[2].split("@")[0], "wrong")
        with pytest.raises(asyncpg.InvalidPasswordError):
            asyncio.run(ask(wrong, "SELECT 1"))


def test_copied_programs_find_their_libraries(tmp_path: Path) -> None:
    binaries = find_binaries()
    copy_programs(binaries, tmp_path / "programs")
    copy = tmp_path / "programs" / binaries.parents[1].name / binaries.parent.name / "bin"
    for program in ("postgres", "initdb", "pg_isready", "pg_dump"):
        done = subprocess.run([copy / program, "--version"], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr


def test_the_server_runs_from_a_private_folder(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    with own_server(private / "var") as url:
        assert asyncio.run(ask(url, "SELECT 1")) == 1


def test_a_killed_server_is_started_again(tmp_path: Path) -> None:
    with own_server(tmp_path) as url:
        asyncio.run(ask(url, "CREATE TABLE kept (n int)"))
        pid = int(asyncio.run(ask(url, "SELECT pg_backend_pid()")))  # type: ignore[call-overload]
        assert pid > 0
        folder = str(asyncio.run(ask(url, "SHOW data_directory")))
        first = (Path(folder) / "postmaster.pid").read_text().split("\n", 1)[0]
        os.kill(int(first), 9)
    with own_server(tmp_path) as url:
        assert asyncio.run(ask(url, "SELECT count(*) FROM kept")) == 0


def test_a_cluster_without_programs_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PG_BINDIR", str(tmp_path))
    with pytest.raises(EmbeddedServerError, match="PG_BINDIR"):
        Cluster(tmp_path / "home").start()
