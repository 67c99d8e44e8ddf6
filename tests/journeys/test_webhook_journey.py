"""An administrator adds a webhook, keeps its secret, and sends again what was not taken."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from surveys.accounts import Role
from surveys.transactions import fetch
from tests.app.people import PASSWORD, make_person
from tests.journeys.conftest import DESK, PHONE, axe_violations, open_page
from tests.surveys.case_town import bring_in_hand, make_town, open_one

pytestmark = pytest.mark.browser


async def check(page: Page, name: str, tmp_path: Path) -> None:
    """On a desk and on a phone: axe finds nothing, nothing sticks out."""
    for width, height in (DESK, PHONE):
        await page.set_viewport_size({"width": width, "height": height})
        assert await axe_violations(page) == [], page.url
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        await page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)


async def test_a_webhook_from_its_address_to_a_second_sending(
    browser: Browser, server: str, tmp_path: Path
) -> None:
    await make_person(Role.ADMINISTRATOR, "boss")
    town = await make_town()
    context, page = await open_page(browser, *DESK)
    await page.goto(f"{server}/sign-in?next=/office/webhooks")
    await page.get_by_label("Tên đăng nhập").fill("boss")
    await page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Đăng nhập").click()
    await expect(page.get_by_role("heading", name="Webhook", exact=True)).to_be_visible()
    await page.get_by_label("Tên", exact=True).fill("Cổng thông tin tỉnh")
    await page.get_by_label("Địa chỉ nhận tin").fill("https://127.0.0.1/hook")
    await page.get_by_role("button", name="Thêm webhook").click()
    await expect(page.get_by_role("alert")).to_contain_text("mạng nội bộ")
    await check(page, "refused", tmp_path)
    await page.get_by_label("Địa chỉ nhận tin").fill("https://203.113.131.1/nhan-tin")
    await page.get_by_role("button", name="Thêm webhook").click()
    await expect(page.locator(".secret")).to_contain_text("whsec_")
    await check(page, "secret", tmp_path)
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    await fetch(
        "UPDATE webhook_delivery SET state = 'dead', attempts = 11, done_at = now(), status = 503,"
        " last_error = 'HTTP 503'"
    )
    await open_one(town)
    await page.get_by_role("link", name="Xong").click()
    await expect(page.get_by_role("heading", name="Cổng thông tin tỉnh")).to_be_visible()
    await check(page, "webhook", tmp_path)
    await page.get_by_role("button", name="Gửi lại 3 tin không gửi được").click()
    await expect(page.get_by_role("status")).to_contain_text("gửi lại")
    await page.goto(f"{server}/office/webhooks")
    await check(page, "webhooks", tmp_path)
    await page.goto(f"{server}/api/docs")
    await check(page, "docs", tmp_path)
    await context.close()
