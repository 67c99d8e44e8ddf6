"""What a kiosk does when it is full, when nobody is here, and when the page is renewed."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, CDPSession, Page, expect

from app.kiosk_release import SCRIPTS, make_release
from surveys.devices import issue_code
from surveys.transactions import fetch
from tests.factories import make_agency, make_counter
from tests.journeys.conftest import axe_violations, open_page
from tests.journeys.kiosk_browser import (
    KioskServer,
    enrol,
    holds,
    knows_the_time,
    leave,
    ratings,
    sent_all,
    serving,
    settle,
    stored,
    tap,
    until,
)

pytestmark = pytest.mark.browser

# Write ever smaller pieces until none fits.
FILL = """() => new Promise((resolve) => {
  const opening = indexedDB.open("sipas-kiosk");
  opening.onsuccess = () => {
    let size = 400000;
    let place = 0;
    const fill = () => {
      const change = opening.result.transaction("notes", "readwrite", {durability: "strict"});
      const letters = Array.from({length: size}, () => 33 + Math.floor(Math.random() * 90));
      change.objectStore("notes").put(new Uint8Array(letters), `filler ${place++}`);
      change.oncomplete = fill;
      change.onabort = () => {
        size = Math.floor(size / 4);
        if (size > 20) fill();
        else { opening.result.close(); resolve(change.error.name); }
      };
    };
    fill();
  };
})"""
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
async def kiosk_server(form: int, tmp_path: Path) -> AsyncIterator[KioskServer]:
    async with serving(tmp_path) as running:
        yield running


async def make_place() -> int:
    return await make_counter(await make_agency(), "C1")


async def limit_storage(session: CDPSession, url: str, quota: int | None) -> None:
    """Leave the browser this many bytes for the origin, or as many as it had."""
    given = {"origin": url} if quota is None else {"origin": url, "quotaSize": quota}
    await session.send("Storage.overrideQuotaForOrigin", given)


async def test_a_full_disk_thanks_nobody_says_so_and_recovers(
    browser: Browser, kiosk_server: KioskServer
) -> None:
    kiosk_server.config = {"repeat_seconds": 0, "idle_seconds": 60}
    context, page = await open_page(browser, 768, 1024)
    session = await context.new_cdp_session(page)
    await limit_storage(session, kiosk_server.url, 4_000_000)
    await enrol(page, kiosk_server.url, await make_place())
    assert await page.evaluate(FILL) == "QuotaExceededError"
    await settle(page)
    await page.locator(".face").first.click()
    await expect(page.locator(".full")).to_be_visible()
    await until(lambda: device_says("storage_full"))
    assert await axe_violations(page) == []
    assert await stored(page, "events") == []
    await limit_storage(session, kiosk_server.url, None)
    await expect(page.locator(".ask")).to_be_visible()
    await tap(page, 5)
    await sent_all(page)
    assert [row["code"] for row in await ratings()] == [5]
    await until(lambda: device_says("NOT storage_full"))
    # The number of the tap that was not thanked is not missing.
    assert await fetch("SELECT missing FROM device") == [{"missing": "{}"}]
    await context.close()


async def device_says(condition: str) -> bool:
    return bool(await fetch(f"SELECT FROM device WHERE {condition}"))


async def test_an_idle_kiosk_keeps_what_was_tapped_and_discards_what_was_only_typed(
    browser: Browser, kiosk_server: KioskServer
) -> None:
    kiosk_server.config = {"repeat_seconds": 0, "idle_seconds": 3}
    context, page = await open_page(browser, 768, 1024)
    await enrol(page, kiosk_server.url, await make_place())
    await settle(page)
    await page.locator("[data-language=en]").click()
    await page.locator("[data-tool=large]").click()
    await tap(page, 2)
    await settle(page)
    await page.locator(".factor").first.locator("button").nth(3).click()
    await page.locator("textarea").fill("Chưa viết xong")
    await expect(page.locator(".ask")).to_be_visible()
    # The next person finds the kiosk as it was: first language, plain type, nothing chosen.
    await expect(page.locator("html")).to_have_attribute("lang", "vi")
    await expect(page.locator("html")).not_to_have_class("large")
    await sent_all(page)
    (row,) = await ratings()
    assert (row["code"], row["answers"], row["comment"]) == (2, 2, None)
    await context.close()


async def test_a_second_tap_within_the_interval_is_swallowed_and_said(
    browser: Browser, kiosk_server: KioskServer
) -> None:
    kiosk_server.config = {"repeat_seconds": 60}
    context, page = await open_page(browser, 768, 1024)
    await enrol(page, kiosk_server.url, await make_place())
    await tap(page, 4)
    await leave(page)
    await settle(page)
    await page.locator(".face").nth(3).click()
    await expect(page.locator("#said")).to_contain_text("Lượt vừa rồi đã được ghi")
    await expect(page.locator(".ask")).to_be_visible()
    # A minute passes in the page.
    await page.evaluate(
        "{ const now = performance.now.bind(performance); performance.now = () => now() + 60000; }"
    )
    await tap(page, 3)
    await sent_all(page)
    assert [row["code"] for row in await ratings()] == [3, 4]
    await context.close()


async def test_the_kiosk_sleeps_outside_office_hours_and_wakes_when_they_begin(
    browser: Browser, kiosk_server: KioskServer
) -> None:
    opening = datetime.now(HANOI) + timedelta(minutes=2)
    span = [f"{opening:%H:%M}", "24:00"]
    today = f"{datetime.now(HANOI):%Y-%m-%d}"
    kiosk_server.config = {"hours": {today: [], f"{opening:%Y-%m-%d}": [span]}}
    context, page = await open_page(browser, 768, 1024)
    await page.goto(f"{kiosk_server.url}/kiosk/enrol")
    await enrol_asleep(page, kiosk_server.url)
    await expect(page.locator(".asleep")).to_contain_text(f"mở lại lúc {opening:%H:%M}")
    assert await axe_violations(page) == []
    await page.locator("main").click()
    await expect(page.locator(".asleep")).to_be_visible()
    # Two minutes pass in the page.
    await page.evaluate("{ const now = Date.now; Date.now = () => now() + 120000; }")
    await expect(page.locator(".ask")).to_be_visible()
    await context.close()


async def enrol_asleep(page: Page, url: str) -> None:
    made = await issue_code(await make_place(), actor=None)
    await page.locator("#code").fill(made.code)
    await page.locator("button[type=submit]").click()
    await expect(page.locator(".asleep")).to_be_visible()
    await knows_the_time(page)


async def test_a_new_version_waits_until_nobody_is_here(
    browser: Browser, kiosk_server: KioskServer, tmp_path: Path
) -> None:
    kiosk_server.config = {"idle_seconds": 60}
    context, page = await open_page(browser, 768, 1024)
    await enrol(page, kiosk_server.url, await make_place())
    before = await page.locator("html").get_attribute("data-version")
    await tap(page, 4)
    kiosk_server.app.state.kiosk_release = changed_release(tmp_path)
    await page.evaluate(
        "navigator.serviceWorker.getRegistration('/kiosk').then((found) => found.update())"
    )
    await holds(
        page, "navigator.serviceWorker.getRegistration('/kiosk').then((found) => !!found.waiting)"
    )
    await settle(page)
    await page.locator("textarea").fill("Đang viết")
    await page.wait_for_timeout(2000)
    assert await page.locator("html").get_attribute("data-version") == before
    await expect(page.locator("textarea")).to_have_value("Đang viết")
    await leave(page)
    after = kiosk_server.app.state.kiosk_release.version
    await expect(page.locator("html")).to_have_attribute("data-version", after)
    names = await page.evaluate("caches.keys()")
    assert sorted(names) == sorted([f"kiosk-{after}", "kiosk-prompts"])
    await context.close()


def changed_release(folder: Path) -> object:
    """The release that a developer's next change would make."""
    folder = folder / "next"
    folder.mkdir()
    for path in SCRIPTS.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "kiosk.css").write_bytes((folder / "kiosk.css").read_bytes() + b"\n")
    return make_release(simulated=False, scripts=folder)
