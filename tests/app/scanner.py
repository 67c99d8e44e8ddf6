"""A small clamd: it speaks INSTREAM as the real one does, and knows the test file of scanners."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from tests.app.conversations import Start, conversing
from tests.app.files import EICAR

# As StreamMaxLength of clamd.conf.
LARGEST = 25_000_000


class Scanner:
    """How often it was asked; `mood` is how it answers."""

    def __init__(self) -> None:
        self.asked = 0
        self.mood = "well"
        self.address = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked += 1
        try:
            writer.write(await self._verdict(reader) + b"\0")
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return

    async def _verdict(self, reader: asyncio.StreamReader) -> bytes:
        command = await reader.readuntil(b"\0")
        if command != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND"
        if self.mood == "silent":
            await asyncio.sleep(3600)
        data = b""
        while size := int.from_bytes(await reader.readexactly(4)):
            data += await reader.readexactly(size)
            if len(data) > LARGEST:
                return b"INSTREAM size limit exceeded. ERROR"
        if self.mood == "loading":
            return b"stream: Can't allocate memory ERROR"
        return b"stream: Eicar-Test-Signature FOUND" if EICAR in data else b"stream: OK"


@asynccontextmanager
async def scanner(socket: Path | None = None) -> AsyncIterator[Scanner]:
    """One that listens on a socket of the file system, or on a port."""
    one = Scanner()
    start: Start = partial(asyncio.start_server, host="127.0.0.1", port=0)
    if socket is not None:
        start = partial(asyncio.start_unix_server, path=socket)
    async with conversing(one.answer, start) as listening:
        place = f"127.0.0.1:{listening.getsockname()[1]}"
        one.address = place if socket is None else f"unix:{socket}"
        yield one
