"""`sipas import KIND FILE` brings the register in; docs/import.md describes the files."""

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import Any, Final

from app.rendering import LANGUAGES, _, language
from app.settings import Settings
from surveys.ratings.rights import refresh_cells
from surveys.register import KINDS, ImportFileError, Options, Report, import_file

_MOST_REASONS: Final = 30
_MOST_WARNINGS: Final = 50


def add_parser(subparsers: Any) -> None:
    """Add the commands of this room."""
    parser = subparsers.add_parser("import", help="bring units, agencies, dossiers … in")
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("file", type=Path, help="CSV in UTF-8, or XLSX")
    parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
    parser.add_argument("--skip-bad", action="store_true", help="write the good rows")
    parser.add_argument(
        "--rejected", type=Path, metavar="FILE", help="where bad rows go (NAME.rejected.csv)"
    )
    parser.add_argument("--language", choices=list(LANGUAGES), default="vi", help="of the reasons")
    parser.set_defaults(handler=run)


async def run(options: argparse.Namespace, settings: Settings) -> int:
    """Import one file and say what came of it; 1 when nothing could be written."""
    language.set(options.language)
    chosen = Options(
        dry_run=options.dry_run, skip_bad=options.skip_bad, rejected=options.rejected, translate=_
    )
    refresh = partial(refresh_cells, cell_dossiers=settings.cell_dossiers)
    try:
        report = await import_file(
            options.kind, options.file, chosen, on_changed=refresh, progress=_show_progress
        )
    except ImportFileError as error:
        print(error.told(_), file=sys.stderr)
        print("Nothing was written.", file=sys.stderr)
        return 1
    finally:
        _end_progress()
    _print_report(report)
    return 0 if report.accepted else 1


def _show_progress(rows: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{rows:,} rows read", end="", file=sys.stderr, flush=True)


def _end_progress() -> None:
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _print_report(report: Report) -> None:
    for note in report.notes:
        print(note.told(_))
    for problem in report.problems:
        print(problem.told(_))
    if report.more_problems:
        _print_reasons(report)
    for warning in report.warnings[:_MOST_WARNINGS]:
        # Babel does not look into f-strings.
        print(_("Cảnh báo: {warning}", warning=warning.told(_)))
    if len(report.warnings) > _MOST_WARNINGS:
        print(f"… and {len(report.warnings) - _MOST_WARNINGS} more warnings")
    if report.rejected_file:
        print(f"Bad rows ({report.rejected}) with all their reasons: {report.rejected_file}")
    print(_summary(report))


def _print_reasons(report: Report) -> None:
    print(f"… and {report.more_problems} more. By reason:")
    for reason in report.reasons[:_MOST_REASONS]:
        print(f"  {reason.cells:>9,} × {reason.example.told(_)}")
    if len(report.reasons) > _MOST_REASONS:
        print(f"  … and {len(report.reasons) - _MOST_REASONS} more reasons")


def _summary(report: Report) -> str:
    if not report.accepted:
        return (
            f"{report.kind}: nothing was written, because {report.rejected} of {report.rows} rows"
            " are bad. Mend them, or write the others with --skip-bad."
        )
    counts = report.counts
    told = (
        f"{report.kind}: {counts.new} new, {counts.changed} changed, {counts.unchanged} unchanged"
    )
    if report.rejected:
        told += f", {report.rejected} rejected"
    return f"{told}." if report.written else f"{told} (dry run: nothing was written)."
