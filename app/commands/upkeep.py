"""`sipas mix`, `judge`, `mailbox` and `purge` run by the clock; `settings` prints every setting."""

import argparse
from dataclasses import fields
from typing import Any

from app.jobs import judge_ratings, mix_ratings, purge_expired
from app.mailbox import read_mailbox
from app.quality_keys import quality_key
from app.settings import Settings


def add_parser(subparsers: Any) -> None:
    """Add the commands of this room."""
    mixing = subparsers.add_parser("mix", help="mix waiting ratings now")
    mixing.set_defaults(handler=run_mix)
    judging = subparsers.add_parser("judge", help="judge ended days and weeks of ratings now")
    judging.add_argument(
        "--key", action="store_true", help="only print the public half of the quality key"
    )
    judging.set_defaults(handler=run_judge)
    purge = subparsers.add_parser("purge", help="delete what has been kept long enough now")
    purge.set_defaults(handler=run_purge)
    letters = subparsers.add_parser("mailbox", help="read the mailbox of reflections once, now")
    letters.set_defaults(handler=run_mailbox)
    listing = subparsers.add_parser("settings", help="print every setting and its value")
    listing.set_defaults(handler=run_settings, without_database=True)


async def run_mix(_options: argparse.Namespace, settings: Settings) -> int:
    """Mix and tell what moved."""
    for name, count in (await mix_ratings(settings, {})).items():
        print(f"{name}: {count}")
    return 0


async def run_judge(options: argparse.Namespace, settings: Settings) -> int:
    """Judge and tell what was found; or tell other machines' SIPAS_QUALITY_KEY."""
    if options.key:
        print(quality_key(settings).public.hex())
        return 0
    for name, count in (await judge_ratings(settings, {})).items():
        print(f"{name}: {count}")
    return 0


async def run_purge(_options: argparse.Namespace, settings: Settings) -> int:
    """Purge and tell what went."""
    for name, count in (await purge_expired(settings, {})).items():
        print(f"{name}: {count}")
    return 0


async def run_mailbox(_options: argparse.Namespace, settings: Settings) -> int:
    """Read the mailbox and tell what became of its letters."""
    if not settings.imap_host:
        print("SIPAS_IMAP_HOST names no server; docs/mailbox.md tells how to set it up")
        return 1
    for name, count in (await read_mailbox(settings)).items():
        print(f"{name}: {count}")
    return 0


async def run_settings(_options: argparse.Namespace, settings: Settings) -> int:
    """Print the table that docs/settings.md holds, with the values of this process."""
    for one in fields(settings):
        value = getattr(settings, one.name)
        value = "(set)" if one.name in {"secret", "pepper", "imap_password"} and value else value
        print(f"SIPAS_{one.name.upper()}={value}  # {one.metadata['help']}")
    return 0
