"""Every thanked tap arrives exactly once, whatever is taken away in between."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Playwright, expect

from app.quality_keys import quality_key
from app.settings import Settings
from surveys.days import local_day
from surveys.devices import revoke_device
from surveys.quality import SALT
from surveys.transactions import fetch
from tests.factories import make_agency, make_counter
from tests.journeys.conftest import axe_violations, open_page
from tests.journeys.kiosk_browser import (
    KioskServer,
    enrol,
    kill,
    knows_the_time,
    leave,
    note_faults,
    open_kiosk,
    ratings,
    sent_all,
    serving,
    settle,
    stored,
    tap,
    until,
)

pytestmark = pytest.mark.browser

NEVER_REPEATS = {"repeat_seconds": 0, "idle_seconds": 60}


@pytest.fixture
async def kiosk_server(form: int, tmp_path: Path) -> AsyncIterator[KioskServer]:
    async with serving(tmp_path, **NEVER_REPEATS) as running:
        yield running


async def make_place() -> int:
    return await make_counter(await make_agency(), "C1")


async def add_reason(page: Page) -> None:
    """Tap one reason and send it."""
    await settle(page)
    await page.locator(".chips button").first.click()
    await page.locator("[data-finish=with]").click()
    await expect(page.locator(".ask")).to_be_visible()


async def test_taps_survive_a_dead_server_and_a_killed_browser(
    driver: Playwright, kiosk_server: KioskServer, tmp_path: Path
) -> None:
    folder = tmp_path / "browser"
    context, page = await open_kiosk(driver, folder)
    await enrol(page, kiosk_server.url, await make_place())
    await knows_the_time(page)
    await kiosk_server.stop()
    began = datetime.now(UTC)
    for code in (1, 2, 3, 4):
        await tap(page, code)
        await leave(page)
    await tap(page, 5)
    await add_reason(page)
    assert len(await stored(page, "events")) == 6
    ended = datetime.now(UTC)
    assert await kill(context, folder) >= 1
    context, page = await open_kiosk(driver, folder)
    await page.goto(f"{kiosk_server.url}/kiosk")
    await expect(page.locator(".face")).to_have_count(5)
    assert len(await stored(page, "events")) == 6
    await kiosk_server.start()
    await page.evaluate("dispatchEvent(new Event('online'))")
    await sent_all(page)
    rows = await ratings()
    assert [row["code"] for row in rows] == [1, 2, 3, 4, 5]
    assert [row["answers"] for row in rows] == [1, 1, 1, 1, 2]
    key = quality_key(Settings(var=kiosk_server.var))
    boxes = await fetch("SELECT id, box FROM quality_box")
    found = [one for row in boxes for one in key.open(row["id"], row["box"])]
    times = [one.given_at for one in found if one.kind != SALT]
    assert len(times) == 6
    # The boot that took them had heard from the server, so the reboot costs nothing.
    heard = timedelta(seconds=5)  # how long the answer that told the time may have been on its way
    assert all(at is not None and began - heard < at < ended + heard for at in times)
    await context.close()


async def test_answers_that_are_lost_after_the_commit_count_nothing_twice(
    browser: Browser, kiosk_server: KioskServer
) -> None:
    context, page = await open_page(browser, 768, 1024)
    await enrol(page, kiosk_server.url, await make_place())
    kiosk_server.answers_to_drop = 3
    await tap(page, 2)
    await add_reason(page)
    await tap(page, 4)
    await leave(page)
    await until(lambda: _dropped(kiosk_server))
    await page.evaluate("dispatchEvent(new Event('online'))")
    await sent_all(page)
    assert kiosk_server.posts >= 4
    assert [(row["code"], row["answers"]) for row in await ratings()] == [(2, 2), (4, 1)]
    (device,) = await fetch("SELECT highest, missing, conflicts FROM device")
    assert device == {"highest": 3, "missing": "{}", "conflicts": 0}
    await context.close()


async def _dropped(server: KioskServer) -> bool:
    return not server.answers_to_drop


async def test_two_tabs_share_numbers_and_queue(
    browser: Browser, kiosk_server: KioskServer
) -> None:
    context, first = await open_page(browser, 768, 1024)
    await enrol(first, kiosk_server.url, await make_place())
    second = await context.new_page()
    note_faults(second)
    await second.goto(f"{kiosk_server.url}/kiosk")
    await expect(second.locator(".face")).to_have_count(5)
    await kiosk_server.stop()
    # Both taps fall into the same moment: neither page waits for the other.
    for round_ in (1, 2):
        await settle(first)
        for page in (first, second):
            await page.evaluate(
                "(code) => setTimeout(() =>"
                " document.querySelector(`.face[data-code='${code}']`).click(), 200)",
                round_ if page is first else round_ + 2,
            )
        for page in (first, second):
            await expect(page.locator(".more")).to_be_visible()
            await leave(page)
    await kiosk_server.start()
    for page in (first, second):
        await page.evaluate("dispatchEvent(new Event('online'))")
    await sent_all(first)
    assert [row["code"] for row in await ratings()] == [1, 2, 3, 4]
    numbers = await fetch("SELECT number FROM device_event ORDER BY number")
    assert [row["number"] for row in numbers] == [1, 2, 3, 4]
    await context.close()


async def clock_off_by_days(browser: Browser, days: int) -> tuple[BrowserContext, Page]:
    """A browser whose wall clock is wrong, as if its battery were empty."""
    context, page = await open_page(browser, 768, 1024)
    await context.add_init_script(
        f"{{ const now = Date.now; Date.now = () => now() + {days} * 86400000; }}"
    )
    return context, page


async def test_a_clock_that_is_days_wrong_is_corrected_by_the_server(
    browser: Browser, kiosk_server: KioskServer
) -> None:
    context, page = await clock_off_by_days(browser, -9)
    await enrol(page, kiosk_server.url, await make_place())
    await kiosk_server.stop()
    await tap(page, 3)
    await leave(page)
    await kiosk_server.start()
    await page.evaluate("dispatchEvent(new Event('online'))")
    await sent_all(page)
    (row,) = await ratings()
    assert (row["day"], row["day_certain"]) == (local_day(datetime.now(UTC)), True)
    await context.close()


async def test_a_tap_before_a_reboot_that_never_heard_the_server_has_no_certain_time(
    browser: Browser, kiosk_server: KioskServer
) -> None:
    context, page = await clock_off_by_days(browser, 9)
    await enrol(page, kiosk_server.url, await make_place())
    await kiosk_server.stop()
    await page.reload()
    await tap(page, 3)
    await leave(page)
    await page.reload()
    await expect(page.locator(".face")).to_have_count(5)
    await kiosk_server.start()
    await page.evaluate("dispatchEvent(new Event('online'))")
    await sent_all(page)
    (row,) = await ratings()
    assert (row["day"], row["day_certain"]) == (local_day(datetime.now(UTC)), False)
    await context.close()


async def test_a_revoked_device_asks_nobody_and_keeps_what_it_has_not_sent(
    browser: Browser, kiosk_server: KioskServer
) -> None:
    context, page = await open_page(browser, 768, 1024)
    await enrol(page, kiosk_server.url, await make_place())
    await kiosk_server.stop()
    await tap(page, 1)
    await leave(page)
    (device,) = await fetch("SELECT id FROM device")
    await revoke_device(device["id"], actor=None)
    await kiosk_server.start()
    await page.evaluate("dispatchEvent(new Event('online'))")
    await expect(page.locator(".out")).to_be_visible()
    assert await axe_violations(page) == []
    posts = kiosk_server.posts
    await page.evaluate("dispatchEvent(new Event('online'))")
    await page.wait_for_timeout(1000)
    assert kiosk_server.posts == posts
    assert len(await stored(page, "events")) == 1
    assert await ratings() == []
    await context.close()
