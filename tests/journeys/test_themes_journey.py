"""An analyst reads comments by theme without a mouse, and tells everybody what they are about."""

import os

import pytest
from playwright.async_api import Browser, Page, expect

from surveys.accounts import Role
from surveys.transactions import fetch
from tests.app.people import make_person
from tests.app.test_theme_pages import fill
from tests.journeys.conftest import DESK, PHONE, check, enter, open_page

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("SHOTS", "")


async def look(page: Page, name: str) -> None:
    await check(page)
    for size in (PHONE, DESK):
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        if SHOTS:
            await page.screenshot(path=f"{SHOTS}/{name}-{size[0]}.png", full_page=True)


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def test_comments_are_read_put_to_themes_and_told_without_a_mouse(
    browser: Browser, server: str, form: int
) -> None:
    await fill()
    await make_person(Role.ANALYST, "lan")
    _context, page = await open_page(browser, *DESK)
    await enter(page, server, "lan")
    await page.goto(f"{server}/office/themes?period=2026-Q2")
    comments = page.get_by_role("list").filter(has=page.locator("input[name=group]"))
    await expect(comments.get_by_role("checkbox")).to_have_count(4)
    await look(page, "comments")
    # The first one belongs to a theme that the machine did not think of.
    first = await comments.locator(".theme-item label").first.inner_text()
    await press(page, "j", "x", "t")
    await expect(page.get_by_label("Chủ đề khác")).to_be_focused()
    await page.get_by_label("Chủ đề khác").select_option(label="Giấy tờ phải nộp")
    await page.get_by_role("button", name="Chuyển").focus()
    await press(page, "m")
    await expect(page.get_by_role("status")).to_contain_text("Đã xác nhận")
    await expect(comments.get_by_role("checkbox")).to_have_count(3)
    await press(page, "a", "c")
    await expect(page.get_by_text("Không còn góp ý nào chờ ở đây.")).to_be_visible()
    await look(page, "nothing-left")
    put = await fetch(
        "SELECT DISTINCT c.text FROM comment c JOIN comment_theme t ON t.comment = c.id"
        " WHERE t.theme = 'papers'"
    )
    assert [row["text"] for row in put] == [first.split(" × ")[0]]
    await page.get_by_role("link", name="Kết quả theo chủ đề và công bố").click()
    await look(page, "report")
    await page.get_by_role("button", name="Công bố ở trang kết quả").click()
    await expect(page.get_by_role("status")).to_contain_text("Đã công bố")
    await page.goto(f"{server}/results/2026-Q2/agencies/NT")
    heading = page.get_by_role("heading", name="Người chưa hài lòng viết về điều gì")
    await expect(heading).to_be_visible()
    await look(page, "public")
    assert page.faults == []  # type: ignore[attr-defined]


async def test_the_list_of_themes_is_edited(browser: Browser, server: str) -> None:
    await make_person(Role.ANALYST, "lan")
    _context, page = await open_page(browser, *DESK)
    await enter(page, server, "lan")
    await page.goto(f"{server}/office/themes/list")
    await look(page, "list")
    await page.get_by_role("link", name="Thêm chủ đề").click()
    await page.get_by_label("Mã chủ đề").fill("Gửi xe")
    await page.get_by_label("Tên chủ đề").fill("Gửi xe")
    await page.get_by_label("Tên tiếng Anh").fill("Parking")
    await page.get_by_label("Từ gợi ý").fill("gửi xe\nbãi xe")
    await page.get_by_role("button", name="Lưu").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await look(page, "refused")
    await page.get_by_label("Mã chủ đề").fill("parking")
    await page.get_by_role("button", name="Lưu").click()
    await expect(page.get_by_role("status")).to_contain_text("Đã lưu chủ đề.")
    await expect(page.get_by_role("rowheader", name="Gửi xe")).to_be_visible()
