"""An administrator looks for the kiosk that is silent, replaces it, and reads out the code."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from app.demo.kiosks import Kiosk
from surveys.accounts import Role
from surveys.transactions import fetch
from tests.app.people import PASSWORD, make_person
from tests.factories import make_agency, make_counter, make_device
from tests.journeys.conftest import axe_violations, open_page

pytestmark = pytest.mark.browser

SIZES = [(390, 844), (768, 1024), (1080, 1920)]
LOOKS = {
    "well": {"seen_at": timedelta(seconds=20), "persisted": True, "quota": 10**9, "usage": 10**7},
    "slow": {"seen_at": timedelta(hours=3), "queue": 41, "clock_offset_ms": 172_800_000},
    "gone": {"seen_at": timedelta(days=6), "queue": 210, "missing": "{[3,9)}", "highest": 40},
    "full": {"seen_at": timedelta(seconds=30), "storage_full": True, "quota": 10**6},
    "odd": {"seen_at": timedelta(seconds=40), "conflicts": 2, "bad_signatures": 7, "late": 3},
    "new": {},
}


async def fill_board() -> dict[str, UUID]:
    """Two agencies, a device of each look, and a counter without one."""
    made: dict[str, UUID] = {}
    commune = await make_agency("LT", name="UBND phường Lộc Thọ", level="commune")
    province = await make_agency("TP", name="Sở Tư pháp")
    await make_counter(province, "TP-9", name="Quầy số 9")
    for place, (name, look) in enumerate(LOOKS.items()):
        agency = province if place % 2 else commune
        counter = await make_counter(agency, f"Q-{place}", name=f"Quầy số {place}")
        made[name] = await make_device(counter, name=f"Máy {name}")
        for column, value in look.items():
            if isinstance(value, timedelta):
                await fetch(
                    f"UPDATE device SET {column} = now() - $2::interval, page_version = 'a1b2c3',"
                    " oldest_at = now() - $2::interval WHERE id = $1",
                    *(made[name], value),
                )
            else:
                await fetch(f"UPDATE device SET {column} = $2 WHERE id = $1", made[name], value)
    return made


async def enter(page: Page, server: str) -> None:
    await make_person(Role.ADMINISTRATOR)
    await page.goto(f"{server}/sign-in?next=/office/devices")
    await page.locator("[name=username]").fill("administrator")
    await page.locator("[name=password]").fill(PASSWORD)
    await page.locator("main form [type=submit]").click()
    await expect(page.locator("tbody tr").first).to_contain_text("ĐẦY")


async def check(page: Page) -> None:
    """The page as it is open now, on every screen: axe finds nothing, nothing sticks out."""
    for width, height in SIZES:
        await page.set_viewport_size({"width": width, "height": height})
        assert await axe_violations(page) == [], (page.url, width)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, page.url


async def test_a_silent_kiosk_is_found_and_replaced_in_two_clicks(
    browser: Browser, server: str, client: httpx.AsyncClient, form: int
) -> None:
    made = await fill_board()
    context, page = await open_page(browser, 1280, 800)
    await enter(page, server)
    await page.get_by_label("Quầy, cơ quan hoặc thiết bị").fill("máy gone")
    await page.get_by_role("button", name="Lọc").click()
    row = page.locator("tbody tr")
    await expect(row).to_have_count(1)
    await expect(row).to_contain_text("Cần xử lý")
    await expect(row).to_contain_text("mất 6 số")
    await row.locator("summary").first.click()
    await row.get_by_role("button", name="Thay thiết bị").click()
    await expect(page.locator(".qr svg")).to_be_visible()
    await check(page)
    code = await page.locator(".enrolment-code").inner_text()
    kiosk = Kiosk()
    assert (await kiosk.enrol(client, code)).status_code == 201
    await kiosk.beat(client)
    await page.get_by_role("link", name="Xong").click()
    await page.goto(f"{server}/office/devices?text=Q-2")
    await expect(page.locator("tbody tr")).to_contain_text("Đang chạy")
    rows = await fetch("SELECT revoked_at, replaced_by FROM device WHERE id = $1", made["gone"])
    assert rows[0]["revoked_at"]
    assert str(rows[0]["replaced_by"]) == kiosk.device
    assert page.faults == []  # type: ignore[attr-defined]
    await context.close()


@pytest.mark.parametrize("query", ["", "?lang=en"])
async def test_the_board_is_accessible_on_every_screen(
    browser: Browser, server: str, form: int, query: str
) -> None:
    await fill_board()
    context, page = await open_page(browser, 1280, 800)
    await enter(page, server)
    await page.goto(f"{server}/office/devices{query}")
    await check(page)
    await page.locator("summary").first.click()
    await check(page)
    await context.close()
