"""A pile of sheets on a desk: keyed twice without a mouse, a planted mistake found and mended.

Before the screen sits a clerk with two hundred sheets, who fears losing one and being blamed.
"""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route, expect

from surveys.accounts import Role
from surveys.transactions import fetch
from tests.app.people import PASSWORD, make_person
from tests.factories import make_agency, make_counter
from tests.journeys.conftest import axe_violations, open_page
from tests.surveys.paper_desk import make_batch, make_returned

pytestmark = pytest.mark.browser

SIZES = [(390, 844), (1280, 800)]


async def check(page: Page) -> None:
    for width, height in SIZES:
        await page.set_viewport_size({"width": width, "height": height})
        assert await axe_violations(page) == [], (page.url, width)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, page.url


async def sit_down(browser: Browser, server: str, name: str) -> tuple[BrowserContext, Page]:
    context, page = await open_page(browser, 1280, 800)
    await page.goto(f"{server}/sign-in?next=/paper")
    await page.locator("[name=username]").fill(name)
    await page.locator("[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#serial")).to_be_focused()
    return context, page


async def key_one(page: Page, serial: str, overall: str) -> None:
    """What a scanner and two hands do: nothing but keys."""
    await page.keyboard.type(serial)
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_contain_text(f"{serial[:4]}-{serial[4:]}")
    await expect(page.locator("#overall-1")).to_be_focused()
    await page.keyboard.press(overall)
    for key in ("5", "4", "8", "-", "3"):
        await page.keyboard.press("Enter")
        await page.keyboard.press(key)
    await page.keyboard.press("Enter")
    await page.keyboard.type("19")
    await page.keyboard.press("Enter")
    await page.keyboard.type("Cảm ơn cô ở quầy 3")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-save]")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Đã lưu phiếu")
    await expect(page.locator("#serial")).to_be_focused()


async def test_a_planted_mistake_is_found_and_mended(
    browser: Browser, server: str, form: int
) -> None:
    _batch, (first, second, third) = await make_batch(form, 3)
    for name in ("lan", "minh", "hoa"):
        await make_person(Role.OPERATOR, name)
    await make_person(Role.ANALYST)
    context, page = await sit_down(browser, server, "lan")
    await key_one(page, first, "4")
    await key_one(page, second, "2")
    await expect(page.get_by_role("status")).to_contain_text("2/3 phiếu")
    await check(page)
    await page.goto(f"{server}/paper/sheets/{third}")
    await check(page)
    await page.keyboard.press("x")
    await expect(page.get_by_role("button", name="Phiếu trắng")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("3/3 phiếu")
    await context.close()
    assert await fetch("SELECT * FROM waiting_rating") == []

    # The second keys the same sheets; on one of them the finger slips.
    context, page = await sit_down(browser, server, "minh")
    await key_one(page, first, "4")
    await key_one(page, second, "3")
    await context.close()
    assert len(await fetch("SELECT * FROM waiting_rating")) == 1

    context, page = await sit_down(browser, server, "hoa")
    await page.get_by_role("link", name=f"{second[:4]}-{second[4:]}").click()
    await expect(page.get_by_role("group", name="1. Ông/Bà hài lòng")).to_be_visible()
    await expect(page.locator("fieldset.keyed:not(.keyed-inner)")).to_have_count(1)
    await check(page)
    right = page.locator(".level", has_text="2. Không hài lòng").first
    await page.keyboard.press(await right.locator("input").get_attribute("data-key") or "")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-save]")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Đã phân xử")
    await context.close()
    rows = await fetch("SELECT item, code FROM waiting_answer WHERE item = 1 ORDER BY code")
    assert [row["code"] for row in rows] == [2, 4]

    context, page = await open_page(browser, 1280, 800)
    await page.goto(f"{server}/sign-in?next=/office/keying")
    await page.locator("[name=username]").fill("analyst")
    await page.locator("[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    # The first such page of a server loads the statistics.
    await expect(page.locator("tr", has_text="minh")).to_contain_text("1/18", timeout=30_000)
    await expect(page.locator("tr", has_text="lan")).to_contain_text("0/18")
    await check(page)
    await context.close()


async def test_a_scanner_may_be_quicker_than_the_script(
    browser: Browser, server: str, form: int
) -> None:
    await make_batch(form, 1)
    await make_person(Role.OPERATOR, "lan")
    context, page = await sit_down(browser, server, "lan")
    scanned = asyncio.Event()

    async def come_late(route: Route) -> None:
        await scanned.wait()
        await route.continue_()

    await page.route("**/desk.js*", come_late)
    await page.goto(f"{server}/paper", wait_until="commit")
    await expect(page.locator("#serial")).to_be_focused()
    await page.keyboard.type("R844C")
    async with page.expect_response("**/desk.js*"):
        scanned.set()
    await page.wait_for_load_state("load")
    await page.keyboard.type("3P9")
    await expect(page.locator("#serial")).to_have_value("R844C3P9")
    await context.close()


async def test_the_office_prints_and_looks_for_what_has_not_come_back(
    browser: Browser, server: str, form: int
) -> None:
    agency = await make_agency("LT", name="UBND phường Lộc Thọ")
    await make_counter(agency, "Q-1")
    codes = [*await make_returned(agency, 9), *await make_returned(agency, 2, days=200)]
    await make_person(Role.ADMINISTRATOR)
    context, page = await open_page(browser, 1280, 800)
    await page.goto(f"{server}/sign-in?next=/office/paper")
    await page.locator("[name=username]").fill("administrator")
    await page.locator("[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.locator("#counter").fill("Q-1")
    await page.locator("#day").fill("2026-11-27")
    await page.locator("#count").fill("12")
    await page.get_by_role("button", name="Tạo lô phiếu").first.click()
    await expect(page.locator(".serials li")).to_have_count(12)
    await check(page)
    async with page.expect_download() as started:
        await page.get_by_role("link", name="Tải 12 phiếu").click()
    pdf = Path(await (await started.value).path()).read_bytes()
    assert pdf.count(b"/Type/Page/") == 12
    await page.goto(f"{server}/office/paper")
    await page.locator("#agency").fill("LT")
    await page.locator("#dossiers").fill("\n".join(codes))
    await page.get_by_role("button", name="Tạo lô phiếu").last.click()
    await expect(page.get_by_role("heading", name="Chồng A")).to_be_visible()
    await expect(page.locator("main")).to_contain_text(f"{codes[-1]}: quá ít hồ sơ cùng loại")
    await check(page)
    await page.goto(f"{server}/office/paper")
    await check(page)
    await context.close()
