"""The virus scanner clamd, if there is one: its INSTREAM command over TCP or a Unix socket."""

import asyncio
import contextlib
from typing import Final

from app.settings import SettingError

CHUNK: Final = 65_536
SECONDS: Final = 30


class ScanError(Exception):
    """The scanner gave no verdict; the file has to wait for one."""


async def find_virus(address: str, data: bytes) -> str:
    """The name of what clamd finds in a file, or an empty text. Raises ScanError."""
    try:
        async with asyncio.timeout(SECONDS):
            answer = await _ask(address, data)
    except (OSError, TimeoutError, EOFError) as error:
        raise ScanError(str(error)) from error
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScanError(answer[:200])


def check_address(address: str) -> None:
    """Refuse an address at the start that no scan could use. Raises SettingError."""
    if address and not address.startswith("unix:/") and not address.rpartition(":")[2].isdigit():
        raise SettingError(
            f"SIPAS_CLAMAV takes host:port or unix:/path/of/the/socket, not {address!r}."
        )


async def _ask(address: str, data: bytes) -> str:
    reader, writer = await _connect(address)
    try:
        # clamd closes while we still send when a file is larger than it likes; it says so first.
        with contextlib.suppress(ConnectionError):
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(data), CHUNK):
                piece = data[start : start + CHUNK]
                writer.write(len(piece).to_bytes(4) + piece)
                await writer.drain()
            writer.write((0).to_bytes(4))
            await writer.drain()
        return (await reader.readuntil(b"\0")).rstrip(b"\0").decode("utf-8", "replace").strip()
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _connect(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if address.startswith("unix:"):
        return await asyncio.open_unix_connection(address.removeprefix("unix:"))
    host, _colon, port = address.rpartition(":")
    return await asyncio.open_connection(host.strip("[]") or "127.0.0.1", int(port))
