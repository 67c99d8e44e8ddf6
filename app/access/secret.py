"""The keys kept beside the database, and how long a public answer may be cached."""

import os
import secrets
from pathlib import Path

from litestar.datastructures import CacheControlHeader

from app.settings import Settings


def secret(settings: Settings) -> str:
    """The operator's secret, or one made at the first start and kept where only we read it."""
    return settings.secret or _kept(settings.var / "secret")


def pepper(settings: Settings) -> bytes:
    """The key of hashed addresses and links in messages, kept like the secret but for good."""
    return (settings.pepper or _kept(settings.var / "pepper")).encode()


def _kept(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _make(path)
    return path.read_text().strip()


def _make(path: Path) -> None:
    """Write a whole file or none: of two programs that start at once, the first one's stays."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def cache_for(seconds: int) -> CacheControlHeader:
    """Let anyone keep an answer whose address changes with its content."""
    return CacheControlHeader(max_age=seconds, public=True, immutable=True)
