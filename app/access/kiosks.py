"""Kiosks: a browser that shows its counter's key speaks for that counter."""

import time
from hashlib import sha256
from typing import Any

from litestar import Request
from litestar.datastructures import Cookie

from app.settings import Settings
from surveys import devices

KIOSK_HEADER = "x-kiosk-key"
# Browsers forget a cookie after 400 days whatever it asks for.
COOKIE_SECONDS = 400 * 86_400
# A tap should not cost a query; a key that was taken back works this long at most.
REMEMBERED_SECONDS = 10.0
MOST_REMEMBERED = 10_000

_known: dict[tuple[str, str], float] = {}


def kiosk_cookie(key: str, settings: Settings) -> Cookie:
    """The cookie by which a kiosk's browser shows its key."""
    return Cookie(
        key=_cookie_name(settings),
        value=key,
        max_age=COOKIE_SECONDS,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


async def kiosk_counter(request: Request[Any, Any, Any], counter: str) -> str:
    """The counter's code if this request shows the key of its kiosk, else an empty text."""
    name = _cookie_name(request.app.state.settings)
    key = request.headers.get(KIOSK_HEADER) or request.cookies.get(name, "")
    return counter if key and await _is_known(counter, key) else ""


async def _is_known(counter: str, key: str) -> bool:
    pair = (counter, sha256(key.encode()).hexdigest())
    now = time.monotonic()
    if _known.get(pair, 0.0) > now:
        return True
    _known.pop(pair, None)
    if await devices.find_kiosk(counter, key) is None:
        return False
    if len(_known) >= MOST_REMEMBERED:
        _known.clear()
    _known[pair] = now + REMEMBERED_SECONDS
    return True


def forget_kiosks() -> None:
    """Ask the database again at the next tap, because a key was changed here."""
    _known.clear()


def _cookie_name(settings: Settings) -> str:
    return "__Host-kiosk" if settings.secure_cookies else "kiosk"
