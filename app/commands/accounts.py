"""`sipas account` makes the first administrator and lets one in again."""

import argparse
import getpass
import sys
from typing import Any

from app.settings import Settings
from surveys import accounts
from surveys.accounts import Role
from surveys.errors import InputError


def add_parser(subparsers: Any) -> None:
    """Add the commands of this room."""
    parser = subparsers.add_parser("account", help="make an administrator, reset a password")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser(
        "create-admin",
        help="make an administrator; the password is asked for, or read from standard input",
    )
    create.add_argument("name", help="name to sign in with")
    create.add_argument("--generate", action="store_true", help="make and print a password")
    create.set_defaults(handler=run_create)
    reset = actions.add_parser("reset", help="print a temporary password; unlocks the account")
    reset.add_argument("name", help="name of the account")
    reset.set_defaults(handler=run_reset)


async def run_create(options: argparse.Namespace, _settings: Settings) -> int:
    """Make an administrator; a password that was printed must be changed at the first sign-in."""
    chosen = "" if options.generate else read_password()
    password = chosen or accounts.make_temporary_password()
    await accounts.create_account(
        options.name, Role.ADMINISTRATOR, password=password, actor=None, must_change=not chosen
    )
    print(f"Administrator {options.name} can sign in.")
    if not chosen:
        _print_temporary(password)
    return 0


async def run_reset(options: argparse.Namespace, _settings: Settings) -> int:
    """Print a temporary password."""
    account = await accounts.find_account(options.name)
    _print_temporary(await accounts.reset_password(account, actor=None))
    return 0


def read_password() -> str:
    """The password typed twice at a terminal, else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password (empty makes one): ")
    if password and password != getpass.getpass("Once more: "):
        raise InputError("The two passwords differ. Run the command again.")
    return password


def _print_temporary(password: str) -> None:
    print(f"Temporary password: {password}")
    print("It must be changed at the first sign-in.")
