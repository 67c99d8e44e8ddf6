"""From the kiosk to a reflection: on one's own phone or here, and nothing of it stays here."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from app.floods import letters
from surveys.transactions import fetch
from tests.factories import make_agency, make_counter
from tests.journeys.conftest import axe_violations, open_page
from tests.journeys.kiosk_browser import (
    KioskServer,
    enrol,
    ratings,
    sent_all,
    serving,
    settle,
    tap,
)

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("SHOTS", "")
PLAINT = "Ba lần tôi phải về lấy thêm giấy."
NAME = "Trung tâm Phục vụ hành chính công phường Bắc Nha Trang"


@pytest.fixture
async def kiosk_server(form: int, tmp_path: Path) -> AsyncIterator[KioskServer]:
    letters.buckets.clear()
    async with serving(tmp_path, idle_seconds=90) as running:
        yield running


async def look(page: Page, name: str) -> None:
    if SHOTS:
        await page.screenshot(path=f"{SHOTS}/kiosk-{name}.png")
    assert await axe_violations(page) == [], name
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


async def at_kiosk(browser: Browser, kiosk_server: KioskServer) -> Page:
    counter = await make_counter(await make_agency("BNT", name=NAME), "C1", name="Quầy số 3")
    _context, page = await open_page(browser, 1080, 1920)
    await enrol(page, kiosk_server.url, counter)
    return page


async def write(page: Page) -> None:
    await expect(page.get_by_role("heading", name="Gửi phản ánh, kiến nghị")).to_be_visible()
    await page.get_by_label("Phản ánh").check()
    await page.get_by_label("Số điện thoại").fill("0912 345 678")
    await page.get_by_role("button", name="Gửi", exact=True).last.click()


async def test_a_reflection_is_written_at_the_kiosk_and_the_screen_forgets_it(
    browser: Browser, kiosk_server: KioskServer
) -> None:
    page = await at_kiosk(browser, kiosk_server)
    await look(page, "idle")
    await settle(page)
    await page.get_by_role("button", name="Gửi phản ánh, kiến nghị").click()
    await expect(page.locator(".reflect-code")).to_be_visible()
    await look(page, "ways")
    await settle(page)
    await page.get_by_role("button", name="Viết ngay trên máy này").click()
    await expect(page.get_by_label("Gửi tới cơ quan nào?")).to_have_value(NAME)
    await look(page, "form")
    await page.get_by_role("button", name="Gửi", exact=True).last.click()
    await expect(page.locator("#errors")).to_be_visible()
    await page.get_by_label("Chuyện gì đã xảy ra").fill(PLAINT)
    await write(page)
    await expect(page.locator("#sent")).to_be_visible()
    await look(page, "sent")
    await page.get_by_role("link", name="Xong, xóa màn hình").click()
    await expect(page.locator(".face")).to_have_count(5)
    assert await page.evaluate("sessionStorage.length") == 0
    assert await page.evaluate("history.length") <= 4
    (case,) = await fetch("SELECT channel FROM reflection_case")
    assert case["channel"] == "kiosk"
    await page.context.close()


async def test_a_comment_at_the_kiosk_becomes_a_reflection_and_leaves_the_rating(
    browser: Browser, kiosk_server: KioskServer
) -> None:
    page = await at_kiosk(browser, kiosk_server)
    await tap(page, 2)
    await settle(page)
    await page.locator("textarea").fill(PLAINT)
    offer = page.get_by_role("button", name="Tôi muốn được trả lời")
    await expect(offer).to_have_attribute("aria-pressed", "false")
    await offer.click()
    await expect(page.locator("textarea")).to_have_value(PLAINT)
    await look(page, "turn")
    await page.get_by_role("button", name="Gửi và kết thúc").click()
    await expect(page.get_by_text("Đánh giá đã được ghi, không kèm lời góp ý.")).to_be_visible()
    await sent_all(page)
    await settle(page)
    await page.get_by_role("button", name="Viết ngay trên máy này").click()
    await expect(page.get_by_label("Chuyện gì đã xảy ra")).to_have_value(PLAINT)
    assert await page.evaluate("sessionStorage.length") == 0
    await write(page)
    await expect(page.locator("#sent")).to_be_visible()
    (row,) = await ratings()
    assert (row["code"], row["comment"]) == (2, None)
    assert await fetch("SELECT text FROM case_text") == [{"text": PLAINT}]
    await page.context.close()


async def test_without_network_the_kiosk_says_so_shows_the_code_and_keeps_the_comment(
    browser: Browser, kiosk_server: KioskServer
) -> None:
    page = await at_kiosk(browser, kiosk_server)
    await tap(page, 1)
    await settle(page)
    await page.locator("textarea").fill(PLAINT)
    await page.get_by_role("button", name="Tôi muốn được trả lời").click()
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Gửi và kết thúc").click()
    await expect(page.locator("#said")).to_contain_text("Máy đang mất mạng")
    await expect(page.locator("textarea")).to_have_value(PLAINT)
    await page.locator("[data-finish=reflect]").scroll_into_view_if_needed()
    await page.get_by_role("button", name="Tôi muốn được trả lời").click()
    await page.locator("[data-finish=reflect]").click()
    await expect(page.locator(".reflect-code")).to_be_visible()
    await settle(page)
    await page.get_by_role("button", name="Viết ngay trên máy này").click()
    await expect(page.locator("#said")).to_contain_text("Máy đang mất mạng")
    await expect(page.locator(".reflect-code")).to_be_visible()
    await page.context.close()


async def test_a_form_that_nobody_touches_clears_itself_and_a_lost_network_loses_nothing(
    browser: Browser, kiosk_server: KioskServer
) -> None:
    page = await at_kiosk(browser, kiosk_server)
    await page.clock.install()
    await page.goto(f"{kiosk_server.url}/reflect?agency=BNT&channel=kiosk")
    await page.get_by_label("Chuyện gì đã xảy ra").fill(PLAINT)
    await page.context.set_offline(True)
    await write(page)
    await expect(page.locator("#kiosk-said")).to_contain_text("Mất mạng nên chưa gửi được")
    await expect(page.get_by_label("Chuyện gì đã xảy ra")).to_have_value(PLAINT)
    await page.clock.run_for(75_000)
    await expect(page.locator("#kiosk-said")).to_contain_text("Màn hình tự xóa sau")
    await page.clock.run_for(30_000)
    # The kiosk's page comes from the device itself.
    await expect(page.locator(".face")).to_have_count(5)
    await page.context.set_offline(False)
    await page.goto(f"{kiosk_server.url}/reflect?agency=BNT&channel=kiosk")
    await expect(page.get_by_label("Chuyện gì đã xảy ra")).to_have_value("")
    assert await fetch("SELECT FROM reflection_case") == []
    await page.context.close()
