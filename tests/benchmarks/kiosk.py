"""A kiosk in a real browser: how soon a tap is thanked, and how long 10,000 queued events take.

From the click on a face until the screen of thanks is drawn, the event signed, numbered and on the
disk, with the server there and without. Then 10,000 taps are signed in the browser while it is off
the network, and the network comes back.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Page, async_playwright

from app.database import migrate, pool
from app.embedded import throwaway_server
from piccolo_conf import DB
from surveys.questionnaires import publish_form
from surveys.transactions import fetch
from tests.benchmarks.form import line
from tests.benchmarks.intake import wait_for
from tests.factories import make_agency, make_counter
from tests.journeys.kiosk_browser import enrol, leave, open_kiosk, settle, stored

PORT = 18_125
TAPS = 10
QUEUED = 10_000
MOST_MILLISECONDS = 100.0
MOST_SECONDS = 60.0
# A kiosk swallows a second tap for this long; the next person is not there sooner.
REPEAT_MS = 5_100
FORM = Path("surveys/forms/counter.xlsx")

# From the click until the thanks have been drawn.
TIMED = """code => new Promise(done => {
    const began = performance.now();
    const watcher = new MutationObserver(() => {
        if (!document.querySelector(".more")?.checkVisibility()) return;
        watcher.disconnect();
        requestAnimationFrame(() => done(performance.now() - began));
    });
    watcher.observe(document.querySelector("main"), {childList: true, subtree: true, attributes: true});
    document.querySelector(`.face[data-code="${code}"]`).click();
})"""

QUEUE = """async count => {
    const {currentDevice, recordEvent} = await import(
        document.querySelector("script[type=module]").src.replace("main.js", "device.js"));
    const device = await currentDevice();
    for (let number = 0; number < count; number += 1) {
        await recordEvent(device, {id: crypto.randomUUID(), kind: "tap", questionnaire: "counter",
            answers: {overall: 1 + number % 5}, assisted: ""});
    }
}"""


def measure() -> list[dict[str, Any]]:
    """Milliseconds to the thanks and seconds to an empty queue."""
    with throwaway_server(durable=True) as url, tempfile.TemporaryDirectory() as folder:
        DB.config = {"dsn": url}
        os.environ["DATABASE_URL"] = url
        given = {"SIPAS_PORT": str(PORT), "SIPAS_LOG_LEVEL": "error", "SIPAS_VAR": folder}
        asyncio.run(migrate())
        command = [sys.executable, "-m", "app", "serve", "--no-work"]
        server = subprocess.Popen(command, env=os.environ | given)
        try:
            wait_for(PORT)
            return asyncio.run(drive(Path(folder) / "browser"))
        finally:
            server.terminate()
            server.wait(20)


async def drive(folder: Path) -> list[dict[str, Any]]:
    """Enrol a kiosk, tap, queue and drain."""
    async with pool(size=2), async_playwright() as driver:
        await publish_form(FORM.read_bytes())
        counter = await make_counter(await make_agency(), "C1")
        context, page = await open_kiosk(driver, folder)
        await enrol(page, f"http://127.0.0.1:{PORT}", counter)
        online = await time_taps(page)
        await context.set_offline(True)
        offline = await time_taps(page)
        await page.evaluate(QUEUE, QUEUED - TAPS)
        seconds = await drain(context, page)
        await context.close()
    return [
        line("kiosk_thanks_ms", statistics.median(online), "ms", MOST_MILLISECONDS),
        line("kiosk_thanks_ms_slowest", max(online), "ms", MOST_MILLISECONDS),
        line("kiosk_thanks_offline_ms", statistics.median(offline), "ms", MOST_MILLISECONDS),
        line("kiosk_thanks_offline_ms_slowest", max(offline), "ms", MOST_MILLISECONDS),
        line("kiosk_drain_10k_seconds", seconds, "s", MOST_SECONDS),
    ]


async def time_taps(page: Page) -> list[float]:
    """Milliseconds of every tap."""
    times = []
    for number in range(TAPS):
        await settle(page)
        times.append(float(await page.evaluate(TIMED, 1 + number % 5)))
        await leave(page)
        await page.wait_for_timeout(REPEAT_MS)
    return times


async def drain(context: BrowserContext, page: Page) -> float:
    """Seconds from the return of the network until every event is in the database."""
    before = (await fetch("SELECT count(*) AS n FROM waiting_rating"))[0]["n"]
    queued = len(await stored(page, "events"))
    began = time.perf_counter()
    await context.set_offline(False)
    while (await fetch("SELECT count(*) AS n FROM waiting_rating"))[0]["n"] < before + queued:
        if time.perf_counter() - began > 10 * MOST_SECONDS:
            raise RuntimeError("The kiosk does not send what it has queued.")
        await asyncio.sleep(0.2)
    return time.perf_counter() - began
