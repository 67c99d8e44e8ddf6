"""Response headers that Litestar leaves out: a strict policy, and answers to conditional GETs."""

from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]

KEPT_WHEN_UNCHANGED = (b"etag", b"cache-control", b"vary", b"content-security-policy", b"date")


async def add_security_headers(message: Message, _scope: Scope) -> None:
    """Put the policy on every response that does not bring its own.

    A hook before sending, since answers to unknown addresses pass no middleware.
    """
    if message["type"] == "http.response.start":
        given = {name for name, _value in message["headers"]}
        more = [header for header in HEADERS if header[0] not in given]
        message["headers"] = [*message["headers"], *more]


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
