"""An administrator sets up messages, a citizen stops them, and nobody is kept out by a page."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from app.access import pepper
from app.settings import Settings
from surveys.accounts import Role
from surveys.messages import stop_token
from surveys.transactions import fetch
from tests.app.outbox import queue
from tests.app.people import PASSWORD, make_person
from tests.factories import make_agency
from tests.journeys.browser import PHONE, violations, visit
from tests.journeys.conftest import axe_violations, open_page

pytestmark = pytest.mark.browser

SCREENS = (PHONE, (768, 1024), (1080, 1920))
WORDS = "/office/messages/templates/rating_invitation/sms"
PAGES = (
    "/office", "/office/messages", "/office/messages/templates", WORDS, f"{WORDS[:-3]}mail",
    "/office/modes",
)  # fmt: skip


async def check(page: Page, name: str, tmp_path: Path) -> None:
    """The page on every screen in both languages: axe finds nothing, nothing sticks out."""
    for language in ("vi", "en"):
        await page.goto(f"{page.url.partition('?')[0]}?lang={language}")
        for width, height in SCREENS:
            await page.set_viewport_size({"width": width, "height": height})
            if language == "vi" and (width, height) != SCREENS[1]:
                assert await axe_violations(page) == [], page.url
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, page.url
            path = tmp_path / f"{name}-{language}-{width}.png"
            await page.screenshot(path=path, full_page=True)


async def test_the_office_of_messages(browser: Browser, server: str, tmp_path: Path) -> None:
    await make_person(Role.ADMINISTRATOR, "boss")
    await make_agency("A1", name="Ủy ban nhân dân phường Bắc Nha Trang")
    for place, state in enumerate(("uncertain", "failed", "queued")):
        which = await queue(key=f"m{place}")
        await fetch(
            "UPDATE outbox_message SET state = $2, address = NULL,"
            " last_error = 'HTTP 500' WHERE id = $1",
            *(which, state),
        )
    context, page = await open_page(browser, *PHONE)
    await page.goto(f"{server}/sign-in")
    await page.get_by_label("Tên đăng nhập").fill("boss")
    await page.get_by_label("Mật khẩu").fill(PASSWORD)
    await page.get_by_role("button", name="Đăng nhập").click()
    await start_a_split(page, server)
    for place, address in enumerate(PAGES):
        await page.goto(f"{server}{address}")
        await check(page, f"{place}-{address.rpartition('/')[2]}", tmp_path)
    await rewrite_words(page, server)
    assert page.faults == []  # type: ignore[attr-defined]
    await context.close()


async def start_a_split(page: Page, server: str) -> None:
    await page.goto(f"{server}/office/modes")
    await page.get_by_label("Mã cơ quan").fill("A1")
    await page.get_by_role("button", name="Bắt đầu từ hôm nay").click()
    await expect(page.get_by_role("status")).to_contain_text("có hiệu lực từ hôm nay")


async def rewrite_words(page: Page, server: str) -> None:
    """The preview follows what is typed; a wrong field is told there and then."""
    await page.goto(f"{server}{WORDS}")
    box = page.get_by_label("Nội dung (English)")
    await box.fill("How was {agency}? {link} {stop}")
    await expect(page.get_by_text("How was Nha Trang ward?")).to_be_visible()
    await box.fill("How was {office}? {link} {stop}")
    await expect(page.get_by_text("Không có trường {office}.")).to_be_visible()
    await box.fill("How was it at {agency}? {link} {stop}")
    await expect(page.get_by_text("How was it at Nha Trang ward?")).to_be_visible()
    await page.get_by_role("button", name="Lưu lời mới").click()
    await expect(page.get_by_role("status")).to_contain_text("Đã lưu")


async def test_a_citizen_stops_messages_without_script(
    browser: Browser, server: str, tmp_path: Path
) -> None:
    address = f"/stop/{stop_token(pepper(Settings(var=tmp_path)), '+84912345678')}"
    for size in SCREENS:
        assert not await violations(browser, server, [address, f"{address}?lang=en"], size)
    async with visit(browser, server, PHONE, script=False) as page:
        await page.goto(address)
        await page.screenshot(path=tmp_path / "stop.png")
        await page.get_by_role("button", name="Ngừng nhận tin").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Đã ngừng.")
        await page.screenshot(path=tmp_path / "stopped.png")
    assert len(await fetch("SELECT * FROM opt_out")) == 1
