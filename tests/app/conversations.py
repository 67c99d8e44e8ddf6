"""Small servers of tests, and the end of every conversation that they still have."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Start = Callable[[Answer], Awaitable[asyncio.Server]]


@asynccontextmanager
async def conversing(answer: Answer, start: Start) -> AsyncIterator[Any]:
    """The first socket of a server that answers so; no connection outlives it."""
    talking: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talking.add(task)
        try:
            await answer(reader, writer)
        except asyncio.CancelledError:
            pass  # The test is over.
        finally:
            writer.close()

    server = await start(talk)
    try:
        yield server.sockets[0]
    finally:
        server.close()
        for task in talking:
            task.cancel()
        await asyncio.gather(*talking, return_exceptions=True)
        # Closed connections are let go at the loop's next turn.
        await asyncio.sleep(0)
