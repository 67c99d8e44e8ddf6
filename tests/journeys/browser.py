"""What journeys need of a browser: visitors with a screen, and the accessibility check."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
AXE = Path("node_modules/axe-core/axe.min.js")
STYLES = Path("app/static/dist/sipas.css")
DESK, PHONE = (1280, 800), (390, 844)
SCREENS = {"desk": DESK, "phone": PHONE}


def require_assets() -> None:
    """Fail with the way out when the browser's files were not built."""
    for path in (AXE, STYLES, Path(CHROMIUM)):
        assert path.exists(), f"{path} is missing: run `make assets browser`."


@asynccontextmanager
async def visit(
    browser: Browser, address: str, size: tuple[int, int] = DESK, *, script: bool = True
) -> AsyncIterator[Page]:
    """A visitor's page; whatever the browser complains about fails the test."""
    width, height = size
    context = await browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        java_script_enabled=script,
        locale="vi-VN",
    )
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type == "error" else None,
    )
    yield page
    await context.close()
    assert not complaints


async def violations(
    browser: Browser, address: str, paths: Sequence[str], size: tuple[int, int]
) -> list[str]:
    """What axe finds wrong with pages, and which are wider than the screen."""
    width, height = size
    # Only the checker itself needs the policy out of its way.
    context = await browser.new_context(
        base_url=address, viewport={"width": width, "height": height}, bypass_csp=True
    )
    page = await context.new_page()
    found: list[str] = []
    for path in paths:
        await page.goto(path)
        found += [f"{path} on {width}: {one}" for one in await _check(page, width)]
    await context.close()
    return found


async def _check(page: Page, width: int) -> list[str]:
    await page.add_script_tag(path=AXE)
    wrong = await page.evaluate(
        "async () => (await axe.run({resultTypes: ['violations']})).violations"
    )
    scrolled = await page.evaluate("document.documentElement.scrollWidth")
    found = [f"{one['id']}: {node['html'][:200]}" for one in wrong for node in one["nodes"]]
    return found + ([f"is {scrolled} pixels wide"] if scrolled > width else [])
