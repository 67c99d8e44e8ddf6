"""`sipas backup FILE` keeps everything that must survive; `sipas restore FILE` brings it back.

Sessions, codes that enrol devices, resend keys, the ledger of devices and the quality window stay
out: the first two would let a reader of the file in, the others join ratings to devices and times. What is past its time is purged and what can be mixed is mixed first, so that
a backup holds as little that can be joined as the database itself does at its best.
"""

import argparse
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from app.database import database, migrate
from app.embedded import find_binaries
from app.jobs import mix_ratings, purge_expired
from app.settings import Settings
from piccolo_conf import DB
from surveys.accounts import audit
from surveys.errors import DomainError
from surveys.transactions import fetch, fetch_one

NOT_KEPT = ("staff_session", "resend_key", "device_event", "enrolment_code", "quality_box")

# Somebody who still works in the database must not make a restore wait for ever.
OPTIONS = "-c lock_timeout=15s -c client_min_messages=warning"

COUNT_TABLES = "SELECT count(*) AS tables FROM pg_tables WHERE schemaname = 'public'"

COUNT_ROWS = """
SELECT (SELECT count(*) FROM dossier) AS dossiers,
    (SELECT count(*) FROM rating) + (SELECT count(*) FROM waiting_rating) AS ratings,
    (SELECT count(*) FROM index_run) AS runs, (SELECT count(*) FROM account) AS accounts
"""

# A device that never heard our answer sends a waiting rating again; its id is known once more.
REMEMBER = """
INSERT INTO resend_key (id, day)
SELECT id, (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date FROM waiting_rating
ON CONFLICT DO NOTHING
"""

EMPTY_SCHEMA = (
    "DROP SCHEMA IF EXISTS public CASCADE",
    "CREATE SCHEMA public AUTHORIZATION pg_database_owner",
    "GRANT USAGE ON SCHEMA public TO PUBLIC",
)


class BackupError(DomainError):
    """A backup cannot be written or brought back; nothing was changed."""


def add_parser(subparsers: Any) -> None:
    """Add the commands of this room."""
    backup = subparsers.add_parser("backup", help="write everything that must survive to a file")
    backup.add_argument("file", type=Path, help="the file to write; it must not exist yet")
    backup.set_defaults(handler=run_backup)
    restore = subparsers.add_parser("restore", help="bring a backup back into an empty database")
    restore.add_argument("file", type=Path, help="a file that `sipas backup` wrote")
    restore.add_argument("--force", action="store_true", help="replace what the database holds")
    restore.set_defaults(handler=run_restore, without_database=True)


async def run_backup(options: argparse.Namespace, settings: Settings) -> int:
    """Purge, mix, and write what is left to a file."""
    file: Path = options.file
    check_target(file)
    await purge_expired(settings, {})
    await mix_ratings(settings, {})
    # Written down first, so that the file holds its own making too.
    await audit("backup_made", file.name, actor=None)
    size = write_archive(file)
    print(f"{file}: {size:,} bytes. {await _summary()}")
    return 0


async def run_restore(options: argparse.Namespace, settings: Settings) -> int:
    """Bring a backup back, all or nothing, then migrate it to the newest tables."""
    file: Path = options.file
    check_source(file)
    with database(settings):
        found = await fetch_one(COUNT_TABLES)
        is_empty = not (found and found["tables"])
        if not is_empty and not options.force:
            raise BackupError(
                "The database is not empty. Set SIPAS_VAR or DATABASE_URL to a fresh one, "
                "or replace everything in it with --force."
            )
        read_archive(file, emptied=not is_empty)
        await migrate()
        await fetch(REMEMBER)
        await audit("backup_restored", file.name, actor=None)
        print(f"{file} is back. {await _summary()}")
    return 0


def check_target(file: Path) -> None:
    """Refuse to write over a file, or where there is no folder."""
    if file.exists():
        raise BackupError(f"{file} exists already. Choose another name.")
    if not file.parent.is_dir():
        raise BackupError(f"There is no folder {file.parent}. Make it, or choose another.")


def check_source(file: Path) -> None:
    """Refuse a name that is no file."""
    if not file.is_file():
        raise BackupError(f"There is no file {file}.")


def write_archive(file: Path) -> int:
    """Write the archive under its name once it is whole; returns its size in bytes."""
    draft = file.with_name(f"{file.name}.part")
    try:
        _dump(draft)
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)
    return file.stat().st_size


async def _summary() -> str:
    counts = await fetch_one(COUNT_ROWS)
    return ", ".join(f"{name}: {count:,}" for name, count in (counts or {}).items())


def _dump(file: Path) -> None:
    # Made with its mode, so that nobody reads it while it grows.
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    done = subprocess.run(
        [
            find_binaries() / "pg_dump", "--format=custom", "--no-owner", "--no-privileges",
            *(f"--exclude-table-data={table}" for table in NOT_KEPT),
            f"--file={file}", f"--dbname={_address()}",
        ],
        env=_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise BackupError(f"pg_dump failed; no backup was written.\n{done.stderr.strip()}")


def read_archive(file: Path, *, emptied: bool) -> None:
    """Feed the archive as SQL to one transaction, which is undone unless all of it arrives."""
    binaries = find_binaries()
    reader = subprocess.Popen(
        [binaries / "pg_restore", "--no-owner", "--no-privileges", "--file=-", file],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    writer = subprocess.Popen(
        [
            binaries / "psql", "--no-psqlrc", "--quiet", "--output=/dev/null",
            "--single-transaction", "--set=ON_ERROR_STOP=1", f"--dbname={_address()}",
            *(f"--command={statement}" for statement in EMPTY_SCHEMA if emptied), "--file=-",
        ],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment(),
    )  # fmt: skip
    _pump(reader, writer)


def _pump(reader: "subprocess.Popen[bytes]", writer: "subprocess.Popen[bytes]") -> None:
    assert reader.stdout  # noqa: S101 - opened as a pipe
    assert writer.stdin  # noqa: S101 - opened as a pipe
    try:
        shutil.copyfileobj(reader.stdout, writer.stdin, 1 << 20)
        writer.stdin.flush()
    except BrokenPipeError:
        # The writer has given up and tells why below.
        reader.kill()
        reader.communicate()
    else:
        trouble = reader.communicate()[1]
        if reader.returncode:
            # Were its input closed, the writer would take half an archive for a whole one.
            writer.kill()
            writer.communicate()
            raise BackupError(f"The file is no backup, or damaged.\n{trouble.decode().strip()}")
    refusal = writer.communicate()[1]
    if writer.returncode:
        raise BackupError(f"Nothing was restored.\n{refusal.decode().strip()}")


def _address() -> str:
    """The database's address without its password, which the list of processes would show."""
    parts = urlsplit(str(DB.config["dsn"]))
    user, _at, place = parts.netloc.rpartition("@")
    name = user.partition(":")[0]
    return urlunsplit(parts._replace(netloc=f"{name}@{place}" if name else place))


def _environment() -> dict[str, str]:
    password = urlsplit(str(DB.config["dsn"])).password
    environment = os.environ | {"PGOPTIONS": OPTIONS}
    return environment | ({"PGPASSWORD": unquote(password)} if password else {})
