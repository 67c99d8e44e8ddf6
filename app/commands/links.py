"""`sipas link` and `sipas slip`: links to the online form, each good for one rating."""

import argparse
import os
from pathlib import Path
from typing import Any

from app.settings import Settings
from app.slips import SIZES, link_of, make_slip_pdf
from surveys.errors import InputError
from surveys.ratings import grouped, open_coded_links
from surveys.rights import print_slips


def add_parser(subparsers: Any) -> None:
    """Add the commands of this room."""
    parser = subparsers.add_parser("link", help="print one-time links to rate dossiers")
    parser.add_argument("dossier", nargs="+", help="code of a finished dossier")
    parser.set_defaults(handler=run_link)
    slips = subparsers.add_parser("slip", help="make slips for receipts, also before the result")
    slips.add_argument("dossier", nargs="+", help="code of a dossier of the register")
    slips.add_argument("--pdf", type=Path, help="also print them to this file")
    slips.add_argument("--size", choices=SIZES, default=SIZES[0], help="paper (80mm)")
    slips.set_defaults(handler=run_slip)


async def run_link(options: argparse.Namespace, settings: Settings) -> int:
    """Open a right for each dossier and print its link and the code to type instead."""
    days = settings.link_right_days
    opened = await open_coded_links(
        options.dossier,
        questionnaire="counter",
        days=days,
        cell_dossiers=settings.cell_dossiers,
    )
    base = _base(settings)
    for dossier, (token, code) in opened.items():
        print(f"{dossier}\t{base}/r/{token}\t{grouped(code)}")
    return 0


async def run_slip(options: argparse.Namespace, settings: Settings) -> int:
    """Make a slip for each dossier; print link and code, and the slips themselves as PDF."""
    file: Path | None = options.pdf
    if file is not None:
        _check_target(file)
    slips = await print_slips(
        options.dossier,
        questionnaire="counter",
        days=settings.link_right_days,
        cell_dossiers=settings.cell_dossiers,
        actor=None,
    )
    base = _base(settings)
    for slip in slips:
        print(f"{slip.dossier}\t{link_of(slip, base)}\t{slip.typed}\t{slip.outcome}")
    if file is not None:
        _write(file, make_slip_pdf(slips, options.size, base))
    return 0


def _check_target(file: Path) -> None:
    if file.exists() or not file.parent.is_dir():
        raise InputError(f"{file} exists already, or has no folder. Choose another name.")


def _write(file: Path, pdf: bytes) -> None:
    # Whoever reads the file can rate, so nobody else may.
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(pdf)


def _base(settings: Settings) -> str:
    return (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")
