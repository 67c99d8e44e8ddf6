"""The application behind a real socket, and clients that talk to it."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from app.guessing import guesses
from app.settings import Settings
from surveys.questionnaires import publish_form
from tests.app.application import application
from tests.app.people import visitor

FORM = Path("surveys/forms/counter.xlsx")
# Seconds before any page or form is answered: what a journey did not wait for then shows itself.
SLOWNESS = float(os.environ.get("SLOW_SERVER", "0"))


class Prompt(uvicorn.Server):
    """A server that ends when it is told to, not at its next look at the clock."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.over = asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.over.wait()


def slowed(app: ASGIApp) -> ASGIApp:
    """The application as a busy machine would serve it."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and not scope["path"].startswith("/static"):
            await asyncio.sleep(SLOWNESS)
        await app(scope, receive, send)

    return serve if SLOWNESS else app


@pytest.fixture
async def server(database: str, tmp_path: Path) -> AsyncIterator[str]:
    """Address of the application, serving the empty database over HTTP."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        with application(Settings(var=tmp_path, port=port)) as app:
            config = uvicorn.Config(
                slowed(app), log_level="warning", access_log=False, proxy_headers=False
            )
            running = Prompt(config)
            task = asyncio.create_task(running.serve(sockets=[listener]))
            while not running.started:
                await asyncio.sleep(0.01)
            yield f"http://127.0.0.1:{port}"
            running.over.set()
            await task


@pytest.fixture
async def client(server: str) -> AsyncIterator[httpx.AsyncClient]:
    """A visitor: follows no redirects, keeps cookies."""
    async with visitor(server) as opened:
        yield opened


@pytest.fixture
async def form(database: str) -> int:
    """The counter questionnaire, published; its version."""
    return await publish_form(FORM.read_bytes())


@pytest.fixture(autouse=True)
def quiet_minute() -> Iterator[None]:
    """No test is slowed down by wrong codes that another one typed."""
    guesses.wrong.clear()
    yield
    guesses.wrong.clear()
