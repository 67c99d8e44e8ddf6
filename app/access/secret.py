"""The keys kept beside the database, and how long a public answer may be cached."""

import secrets
from pathlib import Path

from litestar.datastructures import CacheControlHeader

from app.kept_files import write_once
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
        write_once(path, secrets.token_hex(32))
    return path.read_text().strip()


def cache_for(seconds: int) -> CacheControlHeader:
    """Let anyone keep an answer whose address changes with its content."""
    return CacheControlHeader(max_age=seconds, public=True, immutable=True)
