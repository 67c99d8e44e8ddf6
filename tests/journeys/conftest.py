"""A browser beside the running application."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright

from tests.app.conftest import form, server
from tests.journeys.browser import CHROMIUM, require_assets

__all__ = ["browser", "form", "server"]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium; a test opens contexts of its own in it."""
    require_assets()
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield running
        await running.close()
