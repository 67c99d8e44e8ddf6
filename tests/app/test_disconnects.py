"""A sender that hangs up half-way is not a fault of the program, and is not told as one."""

import asyncio
from urllib.parse import urlsplit

from structlog.testing import capture_logs


async def test_a_sender_that_hangs_up_is_no_error(server: str) -> None:
    place = urlsplit(server)
    with capture_logs() as lines:
        _reader, writer = await asyncio.open_connection(place.hostname, place.port)
        writer.write(
            b"POST /c HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\ncode=7QK4"
        )
        await writer.drain()
        await asyncio.sleep(0.3)
        writer.close()
        for _attempt in range(50):
            if lines:
                break
            await asyncio.sleep(0.1)
    assert [(line["event"], line["log_level"]) for line in lines] == [("client went away", "info")]
