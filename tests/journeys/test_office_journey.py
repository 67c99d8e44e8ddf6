"""A working day: an administrator lets people in, an agency answers, the analyst publishes."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from app.jobs import run_one
from app.settings import Settings
from surveys.accounts import Role, create_account
from tests.app.people import PASSWORD
from tests.factories import make_counter
from tests.journeys.conftest import DESK, check, enter, open_page
from tests.surveys.results_town import make_town, store

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NEW_PASSWORD = "ba con chim sẻ đỏ"
COUNTS = {f"T{number}": {"overall": 30 + number} for number in range(4)} | {"T9": {"overall": 3}}


async def let_in_an_agency(page: Page, server: str) -> str:
    """The administrator looks round and makes an account for T0; returns its password."""
    await enter(page, server, "boss")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Việc của tôi")
    await check(page)
    for name in ("Tài khoản", "Thiết bị", "Khóa kết nối", "Nhật ký"):
        await page.goto(f"{server}/office")
        await page.get_by_role("main").get_by_role("link", name=name).click()
        await expect(page.get_by_role("navigation", name="Bạn đang ở")).to_contain_text(name)
        await check(page)
    await page.goto(f"{server}/office/accounts")
    await page.get_by_role("link", name="Tạo tài khoản").click()
    await page.get_by_label("Tên đăng nhập").fill("Hoa.Tran")
    await page.get_by_label("Mã cơ quan").fill("T0")
    await check(page)
    await page.get_by_role("button", name="Tạo tài khoản").click()
    temporary = await page.locator(".secret").inner_text()
    await check(page)
    await page.get_by_role("button", name="Đăng xuất").click()
    return temporary


async def answer_as_agency(page: Page, server: str, temporary: str) -> None:
    """The agency's head sets a password, reads the draft and answers."""
    await enter(page, server, "hoa.tran", temporary)
    await page.get_by_label("Mật khẩu hiện tại").fill(temporary)
    await page.get_by_label("Mật khẩu mới", exact=True).fill(NEW_PASSWORD)
    await page.get_by_label("Nhập lại mật khẩu mới").fill(NEW_PASSWORD)
    await check(page)
    await page.get_by_role("button", name="Đổi mật khẩu").click()
    await page.get_by_role("link", name="Kết quả quý I năm 2021").click()
    await check(page)
    await page.get_by_label("Ý kiến về số liệu này").fill("Kỳ này có Tết.")
    await page.get_by_role("button", name="Gửi ý kiến").click()
    await expect(page.get_by_role("status")).to_contain_text("Đã lưu ý kiến")
    await check(page)
    await page.get_by_role("button", name="Đăng xuất").click()


async def publish_as_analyst(page: Page, server: str) -> None:
    """The analyst reads what the agency says, and asks for publication all the same."""
    await enter(page, server, "lan")
    await page.get_by_role("link", name="Các lần tính chỉ số").click()
    await check(page)
    await page.get_by_role("link", name="Quý I năm 2021").click()
    await expect(page.get_by_text("Kỳ này có Tết.")).to_be_visible()
    await check(page)
    await page.get_by_role("button", name="Công bố", exact=True).click()
    await expect(page.get_by_text("Đã nhận yêu cầu công bố.")).to_be_visible()


async def test_a_working_day_of_the_office(browser: Browser, server: str, tmp_path: Path) -> None:
    town = await make_town(*COUNTS)
    await make_counter(town["T0"], "C1")
    run = await store(COUNTS)
    for name, role in (("boss", Role.ADMINISTRATOR), ("lan", Role.ANALYST)):
        await create_account(name, role, password=PASSWORD, actor=None, must_change=False)
    context, page = await open_page(browser, *DESK)
    temporary = await let_in_an_agency(page, server)
    await answer_as_agency(page, server, temporary)
    await publish_as_analyst(page, server)
    assert await run_one(Settings(var=tmp_path), "test")
    await page.goto(f"{server}/office/runs/{run}")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Đang công bố")
    await check(page)
    await page.goto(f"{server}/results/2021-Q1")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.faults == []  # type: ignore[attr-defined]
    await context.close()
