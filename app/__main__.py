"""The command `sipas`: everything that an operator does at a terminal."""

import argparse
import sys
from collections.abc import Awaitable, Callable

import uvloop

from app.commands import COMMANDS
from app.database import database, migrate, pool
from app.embedded import EmbeddedServerError
from app.settings import SettingError, Settings
from surveys.errors import DomainError

Handler = Callable[[argparse.Namespace, Settings], Awaitable[int]]


def make_parser() -> argparse.ArgumentParser:
    """Every command and its options; a test holds README to this list."""
    parser = argparse.ArgumentParser(
        prog="sipas", description="Measure how satisfied citizens are, and act on it."
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for room in COMMANDS:
        room.add_parser(subparsers)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = make_parser().parse_args(arguments)
    try:
        settings = Settings.from_env()
        if getattr(options, "without_database", False):
            return int(uvloop.run(options.handler(options, settings)))
        with database(settings):
            return uvloop.run(_connected(options, settings))
    except (DomainError, SettingError, EmbeddedServerError) as error:
        print(f"sipas: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


async def _connected(options: argparse.Namespace, settings: Settings) -> int:
    await migrate()
    if getattr(options, "own_pool", False):
        return await _run(options, settings)
    async with pool(size=5):
        return await _run(options, settings)


async def _run(options: argparse.Namespace, settings: Settings) -> int:
    return int(await options.handler(options, settings))


if __name__ == "__main__":
    sys.exit(main())
