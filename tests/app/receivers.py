"""A real HTTP server that takes webhooks, with moods."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from surveys.webhooks import read, sign


@dataclass
class Told:
    """One request as it came over the wire."""

    line: str
    headers: dict[str, str]
    body: bytes

    def is_signed_with(self, secret: str) -> bool:
        """Whether one of the signatures is of this secret."""
        made = sign(
            read(secret), self.headers["webhook-id"], int(self.headers["webhook-timestamp"]),
            self.body,
        )  # fmt: skip
        return made in self.headers["webhook-signature"].split(" ")


@dataclass
class Receiver:
    """`status` is the next answer; `delay` the seconds before it; `extra` more header lines."""

    port: int = 0
    status: int = 204
    delay: float = 0.0
    extra: str = ""
    hangs_up: bool = False
    told: list[Told] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {k.lower(): v for k, _s, v in (line.partition(": ") for line in head[1:])}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.told.append(Told(head[0], headers, body))
            self.came.set()
            if self.hangs_up:
                return
            await asyncio.sleep(self.delay)
            writer.write(
                f"HTTP/1.1 {self.status} X\r\n{self.extra}Content-Length: 0\r\n"
                "Connection: close\r\n\r\n".encode()
            )
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def receiver(tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A receiver on a port of its own."""
    one = Receiver()
    server = await asyncio.start_server(one.answer, "127.0.0.1", 0, ssl=tls)
    one.port = server.sockets[0].getsockname()[1]
    try:
        yield one
    finally:
        server.close()
