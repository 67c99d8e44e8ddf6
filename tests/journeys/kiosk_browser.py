"""A kiosk in a real browser, and a server that can be taken away from it."""

import asyncio
import json
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from playwright.async_api import BrowserContext, Page, Playwright, expect

from app.server import create_app
from app.settings import Settings
from surveys.devices import issue_code
from surveys.transactions import fetch
from tests.app.conftest import slowed
from tests.journeys.browser import CHROMIUM
from tests.journeys.conftest import ARGUMENTS

GUARD_MS = 450  # a kiosk takes no touch in the first moments of a screen


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass
class KioskServer:
    """The application on a port that stays the same when it is stopped and started again."""

    var: Path
    port: int = field(default_factory=free_port)
    answers_to_drop: int = 0
    signatures_to_drop: int = 0
    config: dict[str, Any] = field(default_factory=dict)
    recordings: dict[str, bytes] = field(default_factory=dict)
    posts: int = 0
    app: Any = None
    running: uvicorn.Server | None = None
    task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self.app = create_app(Settings(var=self.var, port=self.port))
        config = uvicorn.Config(
            slowed(self), host="127.0.0.1", port=self.port, log_level="critical", access_log=False,
            proxy_headers=False, timeout_graceful_shutdown=1, lifespan="on",
        )  # fmt: skip
        self.running = uvicorn.Server(config)
        self.task = asyncio.create_task(self.running.serve())
        while not self.running.started:
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        if self.running is None or self.task is None:
            return
        self.running.force_exit = True
        self.running.should_exit = True
        await self.task
        self.running = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Hand on to the application; lose answers, or change the configuration, on demand."""
        path = scope.get("path", "")
        if path.endswith("/events"):
            self.posts += 1
            if self.answers_to_drop:
                self.answers_to_drop -= 1
                await self._drop(scope, receive, send)
                return
        if path == "/api/rights/signature" and self.signatures_to_drop:
            self.signatures_to_drop -= 1
            await self._drop(scope, receive, send)
            return
        if path in self.recordings:
            await _answer(send, self.recordings[path], b"audio/wav")
            return
        if path.endswith("/config") and self.config:
            await self._change(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _drop(self, scope: Any, receive: Any, send: Any) -> None:
        """The application commits and answers; half of the answer gets through."""
        await self.app(scope, receive, _nowhere)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"9999")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"now": 1', "more_body": True})

    async def _change(self, scope: Any, receive: Any, send: Any) -> None:
        told: list[dict[str, Any]] = []

        async def keep(message: dict[str, Any]) -> None:
            told.append(message)

        plain = [h for h in scope["headers"] if h[0] != b"if-none-match"]
        await self.app({**scope, "headers": plain}, receive, keep)
        config = json.loads(b"".join(m.get("body", b"") for m in told)) | self.config
        await _answer(send, json.dumps(config).encode(), b"application/json", told[0]["status"])


async def _answer(send: Any, body: bytes, kind: bytes, status: int = 200) -> None:
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _nowhere(_message: Any) -> None:
    pass


@asynccontextmanager
async def serving(folder: Path, **config: int) -> AsyncIterator[KioskServer]:
    """A server whose kiosks are told these settings, for as long as the test runs."""
    running = KioskServer(folder / "var", config=dict(config))
    await running.start()
    yield running
    await running.stop()


async def open_kiosk(
    driver: Playwright, folder: Path, size: tuple[int, int] = (1080, 1920)
) -> tuple[BrowserContext, Page]:
    """A browser of its own with its data in `folder`, and its first page.

    What the console reports as an error is kept in `page.faults`.
    """
    context = await driver.chromium.launch_persistent_context(
        str(folder),
        executable_path=CHROMIUM,
        args=ARGUMENTS,
        viewport={"width": size[0], "height": size[1]},
        locale="vi-VN",
    )
    page = context.pages[0]
    note_faults(page)
    return context, page


def note_faults(page: Page) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.faults = faults  # type: ignore[attr-defined]


async def enrol(page: Page, url: str, counter: int) -> None:
    """Type the office's code; wait for the faces and for the page to be kept on the disk."""
    made = await issue_code(counter, actor=None)
    await page.goto(f"{url}/kiosk/enrol")
    await page.locator("#code").fill(made.code)
    await page.locator("button[type=submit]").click()
    await expect(page.locator(".face")).to_have_count(5)
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    if not await page.evaluate("navigator.serviceWorker.controller !== null"):
        # The page was loading while its worker took over.
        await page.reload()
        await expect(page.locator(".face")).to_have_count(5)
    await holds(page, "navigator.serviceWorker.controller !== null")


async def knows_the_time(page: Page) -> None:
    """Wait until this load of the kiosk has heard from the server what time it is."""
    await holds(
        page,
        "import(new URL('clock.js', document.querySelector('script[type=module]').src))"
        ".then((clock) => clock.confirmed())",
    )


async def settle(page: Page) -> None:
    """Wait until the screen takes touches."""
    await page.wait_for_timeout(GUARD_MS)


async def tap(page: Page, code: int) -> None:
    """Tap a face, and be thanked."""
    await expect(page.locator(".ask")).to_be_visible()
    await settle(page)
    await page.locator(f".face[data-code='{code}']").click()
    await expect(page.locator(".more")).to_be_visible()


async def leave(page: Page) -> None:
    """End the visit without adding anything."""
    await settle(page)
    await page.locator("[data-finish=without]").click()
    await expect(page.locator(".ask")).to_be_visible()


async def stored(page: Page, store: str) -> list[dict[str, Any]]:
    """What a store of the kiosk holds."""
    rows: list[dict[str, Any]] = await page.evaluate(
        """(name) => new Promise((resolve, reject) => {
          const opening = indexedDB.open("sipas-kiosk");
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const all = opening.result.transaction(name).objectStore(name).getAll();
            all.onsuccess = () => { opening.result.close(); resolve(all.result); };
          };
        })""",
        store,
    )
    return rows


async def sent_all(page: Page) -> None:
    """Wait until the kiosk has nothing left to send."""
    await until(lambda: _is_empty(page))


async def _is_empty(page: Page) -> bool:
    return not await stored(page, "events")


async def holds(page: Page, condition: str) -> None:
    """Wait until this is true in the page, whose policy forbids Playwright's own way to wait."""
    await until(lambda: page.evaluate(condition))


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    """Wait for something that is bound to happen."""
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.1)


async def ratings() -> list[dict[str, Any]]:
    """The overall answers that the database holds, in the order of their codes."""
    rows: list[dict[str, Any]] = await fetch(
        "SELECT a.code, w.day, w.day_certain, w.assisted, w.comment,"
        " (SELECT count(*) FROM waiting_answer m WHERE m.rating = w.id) AS answers"
        " FROM waiting_rating w JOIN waiting_answer a ON a.rating = w.id AND a.item = 1"
        " ORDER BY a.code"
    )
    return rows


async def kill(context: BrowserContext, folder: Path) -> int:
    """SIGKILL a browser and wait until the driver has noticed; how many processes there were."""
    async with context.expect_event("close"):
        return kill_browser(folder)


def kill_browser(folder: Path) -> int:
    """SIGKILL every process that works on this folder; how many there were."""
    killed = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in command and b"chrom" in command:
            os.kill(int(process.name), signal.SIGKILL)
            killed += 1
    return killed
