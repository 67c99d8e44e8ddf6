"""Files that come with a case: checked by their content, made clean, kept outside the web root.

A page calls `read_upload` and `check_file` before it opens the case and `keep_files` after it, so
that a refused file costs nobody what they typed. docs/reflections.md tells what is kept.
"""

import asyncio
import os
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request
from litestar.datastructures import UploadFile

from app.clamav import ScanError, find_virus
from app.cleaning import ENDINGS, CleaningError, Refusal, clean_copy, kind_of
from app.settings import Settings
from surveys.accounts import FieldError
from surveys.reflections.actors import Actor
from surveys.reflections.files import MOST_FILES, NewFile, add_files, check_room, new_file_id

# Marks texts that are translated where the reader is known.
N_ = str

FIELD: Final = "files"
# For `request_max_body_size` of a route that takes files: five of them, and a form around them.
# Litestar wants the number when the route is declared; each file is held to its own limit.
UPLOAD_BYTES: Final = 110_000_000
# What a browser offers to choose from. Telephones turn their own formats into JPEG for it.
ACCEPT: Final = ",".join(ENDINGS)

# Names of ours: the name that a file came with may name its sender.
LABELS: Final = {
    "image/jpeg": "anh-{number}.jpg",
    "image/png": "anh-{number}.png",
    "image/webp": "anh-{number}.webp",
    "application/pdf": "tai-lieu-{number}.pdf",
}

WRONG_KIND = N_(
    "“{name}” không phải ảnh JPEG, PNG, WebP hay tệp PDF. Hãy chụp ảnh giấy tờ rồi gửi."
)
TOO_HEAVY = N_("“{name}” lớn hơn {most} MB. Hãy gửi ảnh nhỏ hơn hoặc chia tệp.")
EMPTY = N_("“{name}” là tệp rỗng. Hãy chọn lại tệp.")
VIRUS = N_("“{name}” có vi-rút nên không nhận. Hãy gửi ảnh chụp thay cho tệp này.")
UNKEPT = N_("Hãy chọn lại tệp: trình duyệt không giữ tệp khi trang tải lại.")
REFUSED: Final = {
    Refusal.BROKEN: N_("Không đọc được “{name}”: tệp bị hỏng. Hãy chọn tệp khác."),
    Refusal.LOCKED: N_("“{name}” có mật khẩu. Hãy bỏ mật khẩu hoặc gửi ảnh chụp."),
    Refusal.TOO_LARGE: N_("“{name}” quá nhiều điểm ảnh hoặc quá nhiều trang. Hãy gửi bản nhỏ hơn."),
}


class CleanFile(msgspec.Struct, frozen=True):
    """A file that may be kept. `scan` is clean, not_scanned, or waiting for the scanner."""

    label: str
    media_type: str
    data: bytes
    sha256: str
    scan: str


async def read_upload(
    request: Request[Any, Any, Any], field: str = FIELD
) -> list[tuple[str, bytes]]:
    """Name and content of each file of a posted form; a field that was left empty gives none.

    Raises FieldError (files) for more files than a case may have.
    """
    sent = await _sent(request, field)
    if len(sent) > MOST_FILES:
        raise FieldError(field, N_("Mỗi lần gửi tối đa {most} tệp."), most=MOST_FILES)
    return [(one.filename, await one.read()) for one in sent]


async def has_upload(request: Request[Any, Any, Any], field: str = FIELD) -> bool:
    """Whether files came with a posted form; none of them is read."""
    return bool(await _sent(request, field))


async def check_file(name: str, data: bytes, settings: Settings) -> CleanFile:
    """Check one file by its content and make a clean copy of it.

    Raises FieldError (files; an InputError) in words for whoever sent it. A scanner that does not
    answer refuses nothing: the file then waits for it and nobody can read it.
    """
    told = _short(name)
    kind = kind_of(data)
    if not data:
        raise FieldError(FIELD, EMPTY, name=told)
    if len(data) > settings.file_max_mb * 1_000_000:
        raise FieldError(FIELD, TOO_HEAVY, name=told, most=settings.file_max_mb)
    if kind is None:
        raise FieldError(FIELD, WRONG_KIND, name=told)
    scan = await _scan(told, data, settings)
    try:
        made = await clean_copy(kind, data)
    except CleaningError as error:
        raise FieldError(FIELD, REFUSED[error.why], name=told) from error
    return CleanFile(LABELS[kind], kind, made, sha256(made).hexdigest(), scan)


async def check_upload(
    request: Request[Any, Any, Any], settings: Settings, field: str = FIELD
) -> list[CleanFile]:
    """`read_upload` and `check_file` in one. Raises FieldError for the first that is refused."""
    return [
        await check_file(name, data, settings) for name, data in await read_upload(request, field)
    ]


async def keep_files(
    case: UUID,
    files: Sequence[CleanFile],
    *,
    by: Actor,
    settings: Settings,
    answer: int | None = None,
    now: datetime | None = None,
) -> list[UUID]:
    """Keep files of a case, or of one answer (staff only); returns the ids of the new ones.

    Each lies on the disk before its row is written: a row without a file cannot come about, a
    file without a row is swept up. Files that are sent twice are kept once.
    """
    if not files:
        return []
    await check_room(case, by, answer=answer)
    named = [(new_file_id(), file) for file in files]
    for name, file in named:
        await asyncio.to_thread(_write, path_of(settings, name), file.data)
    rows = [
        NewFile(name, file.label, file.media_type, len(file.data), file.sha256, file.scan)
        for name, file in named
    ]
    kept: list[UUID] = []
    try:
        kept = await add_files(case, rows, by, answer=answer, now=now)
    finally:
        for name, _file in named:
            if name not in kept:
                path_of(settings, name).unlink(missing_ok=True)
    return kept


def path_of(settings: Settings, name: UUID) -> Path:
    """Where a file lies."""
    return settings.var / "attachments" / name.hex[:2] / name.hex


async def _scan(told: str, data: bytes, settings: Settings) -> str:
    if not settings.clamav:
        return "not_scanned"
    try:
        virus = await find_virus(settings.clamav, data)
    except ScanError:
        return "waiting"
    if virus:
        raise FieldError(FIELD, VIRUS, name=told)
    return "clean"


async def _sent(request: Request[Any, Any, Any], field: str) -> list[UploadFile]:
    form = await request.form()
    sent = [one for one in form.getall(field, []) if isinstance(one, UploadFile)]
    return [one for one in sent if one.filename]


def _write(path: Path, data: bytes) -> None:
    path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(handle)


def _short(name: str) -> str:
    plain = " ".join(name.replace("\\", "/").rpartition("/")[2].split())
    return plain if len(plain) <= 60 else f"{plain[:57]}…"
