"""What is done to kept files by the clock: scanning those that wait, and forgetting old ones."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from app.attachments import path_of
from app.clamav import ScanError, find_virus
from app.settings import Settings
from surveys.reflections.files import files_to_scan, forget_files, known_files, note_scan

# A file without a row may be on its way into one.
ORPHAN_AGE: Final = timedelta(days=1)
AT_ONCE: Final = 1000


async def scan_waiting(settings: Settings) -> dict[str, int]:
    """Have those files judged that no scanner has judged; what holds a virus is deleted.

    Ends at the first file for which the scanner gives no answer: it will not know the next either.
    """
    counts = {"clean": 0, "infected": 0, "unanswered": 0}
    for row in await files_to_scan() if settings.clamav else []:
        path = path_of(settings, row["id"])
        try:
            virus = await find_virus(settings.clamav, await asyncio.to_thread(_read, path))
        except ScanError:
            counts["unanswered"] += 1
            break
        if virus:
            path.unlink(missing_ok=True)
        await note_scan(row["id"], virus=virus)
        counts["infected" if virus else "clean"] += 1
    return counts


async def sweep_files(settings: Settings, *, now: datetime | None = None) -> dict[str, int]:
    """Delete files that were kept long enough, and those of which no row speaks.

    The rows go first: a crash between the two leaves a file that the next sweep finds.
    """
    moment = now or datetime.now(UTC)
    gone = await forget_files(settings.file_days, now=moment)
    for name in gone:
        path_of(settings, name).unlink(missing_ok=True)
    old = await asyncio.to_thread(_older_than, settings, (moment - ORPHAN_AGE).timestamp())
    orphans = 0
    for start in range(0, len(old), AT_ONCE):
        some = old[start : start + AT_ONCE]
        known = await known_files(some)
        for name in some:
            if name not in known:
                path_of(settings, name).unlink(missing_ok=True)
                orphans += 1
    return {"case_files": len(gone), "orphan_files": orphans}


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _older_than(settings: Settings, time: float) -> list[UUID]:
    return list(_names(settings.var / "attachments", time))


def _names(folder: Path, time: float) -> Iterator[UUID]:
    for path in folder.glob("??/" + "?" * 32):
        if path.stat().st_mtime < time:
            yield UUID(path.name)
