"""A flag: the agency explains it, the analyst looks at the minutes and decides."""

from datetime import date

import pytest
from playwright.async_api import Browser, Page, expect

from app.demo.fraud import plant_month
from surveys.accounts import Role, create_account
from surveys.transactions import fetch
from tests.app.people import PASSWORD
from tests.factories import make_agency, make_counter
from tests.journeys.conftest import DESK, check, enter, open_page

pytestmark = pytest.mark.browser


async def make_place() -> int:
    """An agency whose first counter cheats, among others that do not."""
    agency = await make_agency("A1", name="Sở Tư pháp")
    other = await make_agency("A2", name="Sở Xây dựng")
    await make_counter(agency, "C1", name="Quầy Hộ tịch")
    for place in range(79):
        await make_counter(other, f"D{place}", name=f"Quầy số {place}")
    assert await plant_month(date(2025, 9, 1), agency, 5) >= 1
    for name, role in (("binh", Role.AGENCY), ("lan", Role.ANALYST)):
        own = agency if role is Role.AGENCY else None
        await create_account(
            name, role, password=PASSWORD, actor=None, agency_id=own, must_change=False
        )
    return agency


async def explain_as_agency(page: Page, server: str) -> None:
    await enter(page, server, "binh")
    await check(page)
    await page.get_by_role("link", name="Quầy Hộ tịch, tuần từ 22/09/2025").click()
    await expect(page.get_by_role("heading", name="Dồn dập trong vài phút")).to_be_visible()
    await expect(page.get_by_role("img").first).to_be_visible()
    await page.get_by_text("Bảng từng khoảng phút").first.click()
    await check(page)
    await page.get_by_role("button", name="Gửi trả lời").click()
    await page.get_by_label("Điều gì giải thích").fill("Cán bộ trực quầy bấm thử máy.")
    await page.get_by_role("button", name="Gửi trả lời").click()
    await expect(page.get_by_role("status")).to_contain_text("Đã lưu trả lời")
    await check(page)
    await page.get_by_role("button", name="Đăng xuất").click()


async def decide_as_analyst(page: Page, server: str) -> None:
    await enter(page, server, "lan")
    await page.get_by_role("main").get_by_role("link", name="Cảnh báo").click()
    await check(page)
    await page.get_by_label("Dấu hiệu").select_option(label="Dồn dập trong vài phút")
    await page.get_by_role("button", name="Lọc").click()
    await expect(page).to_have_url(f"{server}/office/flags?agency=&detector=bursts&state=")
    row = page.get_by_role("row").filter(has_text="22/09/2025").filter(has_text="Quầy Hộ tịch")
    await expect(row).to_contain_text("Cơ quan đã trả lời")
    await row.get_by_role("link", name="Quầy Hộ tịch").click()
    await expect(page.get_by_text("Cán bộ trực quầy bấm thử máy.")).to_be_visible()
    await check(page)
    await page.get_by_label("Lý do").fill("Bấm thử không phải là đánh giá.")
    await page.get_by_role("button", name="Giữ cảnh báo").click()
    await expect(page.get_by_role("status")).to_contain_text("Đã lưu quyết định")
    await check(page)


async def test_a_flag_is_answered_by_the_agency_and_decided_by_an_analyst(
    browser: Browser, server: str
) -> None:
    await make_place()
    context, page = await open_page(browser, *DESK)
    await explain_as_agency(page, server)
    await decide_as_analyst(page, server)
    rows = await fetch("SELECT state, answer, decision FROM quality_flag WHERE state <> 'open'")
    assert [(row["state"], row["answer"] is not None) for row in rows] == [("upheld", True)]
    told = await fetch("SELECT action FROM audit_entry WHERE action LIKE 'flag%' ORDER BY id")
    assert [row["action"] for row in told] == ["flag_answered", "flag_upheld"]
    assert page.faults == []  # type: ignore[attr-defined]
    await context.close()
