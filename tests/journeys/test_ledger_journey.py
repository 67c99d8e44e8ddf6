"""A reporter keeps a head and comes back; an administrator reads what is odd about a kiosk."""

import os
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from surveys import ledger
from surveys.accounts import Role
from surveys.devices import Event, FindingKind, count_odd
from surveys.ratings import record_ratings
from surveys.transactions import fetch
from tests.app.people import PASSWORD, make_person
from tests.app.test_ledger_page import fill
from tests.factories import make_agency, make_counter, make_device
from tests.journeys.conftest import axe_violations, open_page

pytestmark = pytest.mark.browser

SIZES = [(390, 844), (1280, 800)]
SHOTS = os.environ.get("SHOTS")


async def check(page: Page, name: str) -> None:
    """On every screen: axe finds nothing, nothing sticks out."""
    for width, height in SIZES:
        await page.set_viewport_size({"width": width, "height": height})
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        if SHOTS:
            await page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
        assert await axe_violations(page) == [], (page.url, width)


async def test_a_head_that_was_kept_is_found_again_and_a_lost_one_is_told(
    browser: Browser, server: str
) -> None:
    await fill()
    context, page = await open_page(browser, 390, 844)
    await page.goto(f"{server}/ledger")
    await check(page, "ledger")
    head = await page.locator(".card .ledger-head").inner_text()
    await page.get_by_label("Mã bạn đã chép").fill(head)
    await page.get_by_role("button", name="Tìm trong sổ").click()
    await expect(page.locator(".notice-success")).to_contain_text("Có. Đây là mã của ngày")
    # The operator begins the ledger again; what was kept is gone, and the page must say so.
    await fetch("DELETE FROM ledger_day")
    await ledger.close_days()
    await page.reload()
    await expect(page.locator(".notice-error")).to_contain_text("Không có mã này trong sổ")
    await check(page, "ledger-lost")
    assert page.faults == []  # type: ignore[attr-defined]
    await context.close()


async def test_an_administrator_goes_from_the_board_to_what_is_odd(
    browser: Browser, server: str, client: httpx.AsyncClient, form: int
) -> None:
    counter = await make_counter(await make_agency(name="Sở Tư pháp"), "C1", name="Quầy số 1")
    device = await make_device(counter, name="Máy cửa ra")
    for number in (1, 2, 9, 4, 2):
        await record_ratings([Event(device, number, uuid4(), "tap", None)])
    for kind in (FindingKind.REFUSED, FindingKind.SIGNATURE, FindingKind.HEARTBEAT):
        await count_odd(device, kind, 3)
    await make_person(Role.ADMINISTRATOR)
    context, page = await open_page(browser, 1280, 800)
    await page.goto(f"{server}/sign-in?next=/office/devices")
    await page.locator("[name=username]").fill("administrator")
    await page.locator("[name=password]").fill(PASSWORD)
    await page.locator("main form [type=submit]").click()
    await page.get_by_role("link", name="Xem số thứ tự và chữ ký").click()
    await expect(page.locator("h1")).to_contain_text("Quầy số 1")
    await expect(page.locator("main")).to_contain_text("Đang thiếu 5 số: 3, 5–8.")
    await expect(page.locator("tbody").first).to_contain_text("Có thể có người giả máy này")
    await check(page, "device")
    assert page.faults == []  # type: ignore[attr-defined]
    await context.close()
