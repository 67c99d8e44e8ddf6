"""Real servers that take messages, for tests: an HTTP gateway and a mail server with moods."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from typing import Any

import msgspec
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.app.conversations import conversing


@dataclass
class Gateway:
    """An HTTP gateway. `mood` decides the next answers; what it accepts it counts by key."""

    address: str = ""
    mood: str = "good"
    delay: float = 0.0
    requests: list[dict[str, Any]] = field(default_factory=list)
    accepted: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request, accept it at once, and answer when it pleases."""
        try:
            status, body = await self._take(reader)
            await asyncio.sleep(self.delay)
            if self.mood != "hang up":
                writer.write(
                    b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nConnection: close\r\n"
                    b"Content-Length: %d\r\n\r\n%b" % (status, len(body), body)
                )
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return

    async def _take(self, reader: asyncio.StreamReader) -> tuple[int, bytes]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {k.lower(): v for k, _s, v in (line.partition(": ") for line in head[1:])}
        raw = await reader.readexactly(int(headers.get("content-length", "0")))
        body = msgspec.json.decode(raw) if raw[:1] == b"{" else {"raw": raw.decode()}
        key = headers.get("idempotency-key") or f"#{len(self.requests)}"
        self.requests.append({"line": head[0], "headers": headers, "body": body, "key": key})
        if self.mood in {"busy", "refuse", "broken"}:
            return {"busy": 503, "refuse": 400, "broken": 500}[self.mood], b'{"error": "no"}'
        if self.mood == "error body":
            return 200, b'{"status": "INVALID_NUMBER"}'
        if self.mood == "full":
            return 200, b'{"status": "QUEUE_FULL"}'
        if self.mood == "nonsense":
            return 200, b"<html>maintenance</html>"
        self.accepted.setdefault(key, body)
        return 200, b'{"status": "ok", "data": {"id": "G-%b"}}' % key.encode()


@asynccontextmanager
async def http_gateway(**given: Any) -> AsyncIterator[Gateway]:
    """Run a gateway on a port of its own."""
    gateway = Gateway(**given)
    start = partial(asyncio.start_server, host="127.0.0.1", port=0)
    async with conversing(gateway.answer, start) as listening:
        gateway.address = f"http://127.0.0.1:{listening.getsockname()[1]}/send"
        yield gateway


@dataclass
class MailServer:
    """A mail server. `moods` holds one word for each of the next mails; then it is good."""

    moods: list[str] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    tries: int = 0
    port: int = 0
    mood: str = "good"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a reader, or not."""
        self.tries += 1
        self.mood = self.moods.pop(0) if self.moods else "good"
        if self.mood == "greylist":
            return f"450 4.7.1 {address} greylisted, try again in five minutes"
        if self.mood == "unknown":
            return f"550 5.1.1 <{address}> no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take the text, or not, or vanish after it."""
        if self.mood == "full":
            return "452 4.3.1 insufficient storage"
        if self.mood == "spam":
            return "554 5.7.1 looks like spam"
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.mood == "vanish":
            assert server.transport is not None
            server.transport.close()
        if self.mood == "sleep":
            await asyncio.sleep(30)
        return "250 2.0.0 queued as 42"


@asynccontextmanager
async def mail_server(*moods: str) -> AsyncIterator[MailServer]:
    """Run a mail server on a port of its own."""
    mood = MailServer(list(moods))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mood, hostname="mx.example"), "127.0.0.1", 0)
    mood.port = server.sockets[0].getsockname()[1]
    yield mood
    server.close()
