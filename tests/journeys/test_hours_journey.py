"""A swap day is announced; the administrator has ten minutes, and a phone in the other hand."""

from datetime import date

import pytest
from playwright.async_api import Browser, Page, expect

from surveys import calendars
from surveys.accounts import Role
from tests.app.people import PASSWORD, make_person
from tests.factories import make_agency, make_counter
from tests.journeys.conftest import axe_violations, open_page

pytestmark = pytest.mark.browser

SIZES = [(390, 844), (1280, 800)]
PAGES = ["/office/hours?agency=LT&year=2026", "/office/kiosk-settings?agency=LT"]
PAGES += ["/office/recordings"]
WAV = b"RIFF\x00\x00\x00\x00WAVEfmt "


async def check(page: Page) -> None:
    for width, height in SIZES:
        await page.set_viewport_size({"width": width, "height": height})
        assert await axe_violations(page) == [], (page.url, width)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, page.url


async def test_a_swap_day_a_setting_and_a_recording(
    browser: Browser, server: str, form: int
) -> None:
    await make_person(Role.ADMINISTRATOR)
    await make_counter(await make_agency("LT", name="UBND phường Lộc Thọ"), "Q-1")
    week = {day: calendars.parse_spans("07:30-11:30, 13:30-17:00") for day in range(1, 6)}
    await calendars.set_hours(week, date(2020, 1, 1), actor=None)
    await calendars.seed_holidays(2026)
    context, page = await open_page(browser, 1280, 800)
    await page.goto(f"{server}/sign-in?next=/office/hours")
    await page.locator("[name=username]").fill("administrator")
    await page.locator("[name=password]").fill(PASSWORD)
    await page.locator("main form [type=submit]").click()
    await page.locator("#day").fill("2026-02-28")
    await page.locator("#kind").select_option("working")
    await page.locator("#like").select_option("5")
    await page.locator("#name").fill("Làm bù theo thông báo của Chính phủ")
    await page.get_by_role("button", name="Ghi ngày này").click()
    await expect(page.locator("#preview")).to_contain_text("28/02/2026: làm việc 07:30–11:30")
    await page.goto(f"{server}/office/kiosk-settings")
    await page.get_by_label("Các ngôn ngữ").fill("vi Tiếng Việt\nkm Khmer")
    await page.get_by_role("button", name="Lưu cài đặt").click()
    await expect(page.get_by_role("status")).to_contain_text("Đã lưu")
    await page.goto(f"{server}/office/recordings")
    sound = {"name": "overall.wav", "mimeType": "audio/wav", "buffer": WAV}
    await page.locator("#file").set_input_files(sound)  # type: ignore[arg-type]
    await page.get_by_role("button", name="Lưu bản ghi âm").click()
    await expect(page.locator("audio")).to_have_count(1)
    for path in PAGES:
        for language in ("vi", "en"):
            await page.goto(f"{server}{path}{'&' if '?' in path else '?'}lang={language}")
            await check(page)
    await context.close()
