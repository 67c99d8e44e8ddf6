"""Response headers that Litestar leaves out: a strict policy, and answers to conditional GETs."""

import re

from litestar.middleware import ASGIMiddleware
from litestar.middleware.compression import CompressionMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from app.settings import SettingError

_UNFRAMED = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
POLICY = f"{_UNFRAMED}; frame-ancestors 'none'"

_ORIGIN = re.compile(r"https?://[a-zA-Z0-9.-]+(:[0-9]{1,5})?")

HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]

KEPT_WHEN_UNCHANGED = (b"etag", b"cache-control", b"vary", b"content-security-policy", b"date")


def embed_policy(origins: str) -> str:
    """The policy of the few pages that may stand in a frame: ours, and those of these portals.

    Raises SettingError for a portal that is not written as an origin; a wrong word here would
    open the frame to everybody or to nobody.
    """
    for origin in origins.split():
        if not _ORIGIN.fullmatch(origin):
            raise SettingError(
                "SIPAS_EMBED_ORIGINS takes origins like https://portal.example with blanks "
                f"between them, without a path; {origin!r} is none."
            )
    return " ".join([f"{_UNFRAMED}; frame-ancestors 'self'", *origins.split()])


# What only the office's own frame shows: a snippet with the inline styles that a portal needs.
PREVIEW_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
FRAMING_POLICY = f"{POLICY}; frame-src 'self'"


async def add_security_headers(message: Message, _scope: Scope) -> None:
    """Put the policy on every response that does not bring its own.

    A hook before sending, since answers to unknown addresses pass no middleware.
    """
    if message["type"] == "http.response.start":
        given = {name for name, _value in message["headers"]}
        more = [header for header in HEADERS if header[0] not in given]
        message["headers"] = [*message["headers"], *more]


class PublicCompression(CompressionMiddleware):
    """Shrink what everybody may read, never a page made for somebody who is signed in.

    Such a page carries a CSRF token beside what was typed, and the length of a shrunk page would
    tell of both (BREACH).
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass by when the browser shows a session."""
        cookies = dict(scope["headers"]).get(b"cookie", b"")
        if b"session=" in cookies and not scope["path"].startswith("/static/"):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class ConditionalGet(ASGIMiddleware):
    """Answer 304 when the browser already holds what an ETag names."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        wanted = dict(scope["headers"]).get(b"if-none-match")
        if not wanted or dict(scope).get("method") not in {"GET", "HEAD"}:
            await next_app(scope, receive, send)
            return
        tags = {tag.strip().removeprefix(b"W/") for tag in wanted.split(b",")}
        unchanged = False

        async def shortened(message: Message) -> None:
            nonlocal unchanged
            if message["type"] == "http.response.start" and message["status"] == 200:
                tag = dict(message["headers"]).get(b"etag", b"").removeprefix(b"W/")
                unchanged = bool(tag) and tag in tags
                if unchanged:
                    kept = [h for h in message["headers"] if h[0] in KEPT_WHEN_UNCHANGED]
                    message = {**message, "status": 304, "headers": kept}
            elif unchanged and message["type"] == "http.response.body":
                if message.get("more_body"):
                    return
                message = {**message, "body": b""}
            await send(message)

        await next_app(scope, receive, shortened)
