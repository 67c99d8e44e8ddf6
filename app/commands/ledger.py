"""`sipas ledger verify` holds the ratings against the ledger; `sipas ledger head` prints its head."""

import argparse
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from app.commands.backup import check_source, read_archive
from app.database import database, migrate, pool
from app.embedded import throwaway_server
from app.quality_keys import NAME, quality_key
from app.settings import Settings
from piccolo_conf import DB
from surveys import ledger
from surveys.errors import StateError
from surveys.quality import Key


def add_parser(subparsers: Any) -> None:
    """Add the commands of this room."""
    parser = subparsers.add_parser("ledger", help="the daily chain over accepted ratings")
    commands = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    verifying = commands.add_parser("verify", help="find what was put in, taken out or altered")
    verifying.add_argument("--backup", type=Path, help="verify this backup, in a server of its own")
    verifying.add_argument(
        "--head", action="append", default=[], help="a head that you kept; may be given again"
    )
    verifying.set_defaults(handler=run_verify, without_database=True)
    newest = commands.add_parser("head", help="print the newest day and its head")
    newest.set_defaults(handler=run_head)
    closing = commands.add_parser("close", help="close the days that are over now")
    closing.set_defaults(handler=run_close)


async def run_verify(options: argparse.Namespace, settings: Settings) -> int:
    """Say in plain words what does not fit; exit code 1 if anything does not."""
    place = _restored(options.backup) if options.backup else _live(settings)
    key = None if options.backup else _key(settings)
    async with place:
        verdict = await ledger.verify(heads=options.head, key=key, late=not options.backup)
    for fault in verdict.faults:
        print(f"- {fault.text}")
    if verdict.newest:
        print(f"{verdict.days} days, up to {verdict.newest.day}; head {verdict.newest.head.hex()}")
    print(f"{verdict.ratings:,} ratings counted, {verdict.opened:,} that wait were opened.")
    if verdict.faults:
        print("The ledger does not hold: see above, and docs/ledger.md for what to do.")
        return 1
    print("The ledger holds.")
    return 0


async def run_head(_options: argparse.Namespace, _settings: Settings) -> int:
    """Print what to keep outside this house."""
    newest = await ledger.newest_day()
    if newest is None:
        raise StateError("No day is closed yet. The first one is closed after midnight.")
    print(f"{newest.day} {newest.head.hex()}")
    return 0


async def run_close(_options: argparse.Namespace, _settings: Settings) -> int:
    """Close what is over; safe to do again."""
    closed = await ledger.close_days()
    for day in closed:
        print(f"{day.day} {day.head.hex()}")
    print(f"{len(closed)} days closed.")
    return 0


def _key(settings: Settings) -> Key | None:
    """The private half of the quality key, where it is; elsewhere salts cannot be read."""
    return quality_key(settings) if (settings.var / NAME).exists() else None


@contextlib.asynccontextmanager
async def _live(settings: Settings) -> AsyncIterator[None]:
    with database(settings):
        await migrate()
        async with pool(size=2):
            yield


@contextlib.asynccontextmanager
async def _restored(file: Path) -> AsyncIterator[None]:
    """The backup in a server that is gone afterwards."""
    check_source(file)
    with throwaway_server() as url:
        DB.config = {"dsn": url}
        read_archive(file, emptied=False)
        await migrate()
        async with pool(size=2):
            yield
