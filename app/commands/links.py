"""`sipas link DOSSIER…` prints links to the online form, each good for one rating."""

import argparse
from typing import Any

from app.settings import Settings
from surveys.ratings import grouped, open_coded_links


def add_parser(subparsers: Any) -> None:
    """Add the commands of this room."""
    parser = subparsers.add_parser("link", help="print one-time links to rate dossiers")
    parser.add_argument("dossier", nargs="+", help="code of a finished dossier")
    parser.set_defaults(handler=run_link)


async def run_link(options: argparse.Namespace, settings: Settings) -> int:
    """Open a right for each dossier and print its link and the code to type instead."""
    days = settings.link_right_days
    opened = await open_coded_links(
        options.dossier,
        questionnaire="counter",
        days=days,
        cell_dossiers=settings.cell_dossiers,
    )
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    for dossier, (token, code) in opened.items():
        print(f"{dossier}\t{base}/r/{token}\t{grouped(code)}")
    return 0
