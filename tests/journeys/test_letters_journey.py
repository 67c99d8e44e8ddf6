"""The one-stop shop's day: a call keyed in, late dossiers apologised for, the portal's file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect

from surveys import calendars
from surveys.accounts import Role
from surveys.days import local_day
from surveys.transactions import fetch, fetch_one
from tests.app.people import make_person
from tests.factories import make_dossier, make_procedure
from tests.journeys.conftest import DESK, check, enter, open_page

pytestmark = pytest.mark.browser

FILE = (
    "Mã PAKN;Ngày gửi;Lời người dân;Số điện thoại\r\n"
    "PAKN.1;02/03/2026;Chờ ba tuần chưa ai trả lời;0912345678\r\n"
    "PAKN.2;hôm qua;Đòi thêm giấy tờ;0912345678\r\n"
)


async def official(browser: Browser, server: str) -> tuple[Page, int]:
    await make_person(Role.AGENCY)
    row = await fetch_one("SELECT agency FROM account")
    assert row is not None
    _context, page = await open_page(browser, *DESK)
    await enter(page, server, "agency")
    return page, row["agency"]


async def saved(page: Page, name: str, folder: Path, kind: str = "button") -> bytes:
    async with page.expect_download() as coming:
        if kind == "button":
            await page.get_by_role("button", name=name).click()
        else:
            await page.get_by_role("link", name=name).first.click()
    path = folder / "file"
    await (await coming.value).save_as(path)
    return path.read_bytes()


async def test_a_call_is_keyed_in_and_the_caller_gets_a_code(
    browser: Browser, server: str, tmp_path: Path
) -> None:
    page, _agency = await official(browser, server)
    await page.goto(f"{server}/cases/new")
    await check(page)
    await page.get_by_label("gọi điện thoại").check()
    await page.get_by_label("Phản ánh: có việc").check()
    await page.get_by_label("Lời người dân").fill("Ba lần tôi phải về lấy thêm giấy.")
    await page.get_by_role("button", name="Ghi và lấy mã").click()
    await expect(page.get_by_role("alert")).to_contain_text("một cách để cơ quan trả lời")
    await expect(page.get_by_label("Lời người dân")).to_have_value(
        "Ba lần tôi phải về lấy thêm giấy."
    )
    await check(page)
    await page.get_by_label("Số điện thoại").fill("0912 345 678")
    await page.get_by_role("button", name="Ghi và lấy mã").click()
    await expect(page.locator(".secret code")).to_have_count(2)
    await check(page)
    assert (await saved(page, "In khổ A6", tmp_path)).startswith(b"%PDF")
    await page.get_by_role("link", name="Mở vụ việc").click()
    await expect(page.get_by_role("main")).to_contain_text("Ba lần tôi phải về lấy thêm giấy.")


async def test_a_late_dossier_is_apologised_for_once(
    browser: Browser, server: str, tmp_path: Path
) -> None:
    page, agency = await official(browser, server)
    now = datetime.now(UTC)
    await make_dossier(
        agency, await make_procedure(), "H32-1", received_at=now - timedelta(days=20),
        due_at=now - timedelta(days=2), returned_at=None, closed_at=None, outcome=None,
    )  # fmt: skip
    calendar = await calendars.load_calendar(agency)
    first, second = [
        str(calendars.add_working_days(calendar, local_day(now), days).day) for days in (5, 10)
    ]
    await page.goto(f"{server}/letters?flag=missing")
    await page.get_by_label("H32-1").check()
    await page.get_by_label("Lý do trễ").fill("Cơ quan phối hợp chưa có ý kiến.")
    await page.get_by_label("Ngày hẹn mới").fill(first)
    await page.get_by_role("button", name="Lập văn bản xin lỗi").click()
    await expect(page.get_by_role("status")).to_contain_text("Đã lập văn bản")
    for kind, start in (("DOCX", b"PK"), ("PDF", b"%PDF")):
        assert (await saved(page, kind, tmp_path, "link")).startswith(start)
    await page.locator("summary", has_text="Đánh dấu đã gửi").click()
    await check(page)
    await page.get_by_role("button", name="Đã gửi hôm nay").click()
    await page.goto(f"{server}/letters?flag=late")
    await expect(page.get_by_role("table")).to_contain_text("Gửi muộn")
    await page.get_by_label("H32-1").check()
    await page.get_by_label("Lý do trễ").fill("Vẫn chưa có ý kiến.")
    await page.get_by_label("Ngày hẹn mới").fill(second)
    await page.get_by_role("button", name="Lập văn bản xin lỗi").click()
    await expect(page.get_by_role("alert")).to_contain_text("chỉ cho hẹn lại một lần")
    await check(page)
    await page.get_by_label("Vì sao phải hẹn lần nữa").fill("Thiếu người thẩm định.")
    await page.get_by_role("button", name="Lập văn bản xin lỗi").click()
    await expect(page.get_by_role("table")).to_contain_text("Hẹn lần hai")
    await page.goto(f"{server}/letters/form")
    await check(page)


async def test_the_portals_file_is_read_checked_and_taken_once(
    browser: Browser, server: str
) -> None:
    page, _agency = await official(browser, server)
    file: FilePayload = {"name": "pakn.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    await page.goto(f"{server}/cases/import")
    await check(page)
    await page.get_by_label("Tệp CSV").set_input_files(file)
    await page.get_by_role("button", name="Kiểm tra").click()
    await expect(page.get_by_role("alert")).to_contain_text("Chưa rõ cột nào là: Nội dung")
    await page.get_by_label("Nội dung").select_option("Lời người dân")
    await check(page)
    await page.get_by_label("Tệp CSV").set_input_files(file)
    await page.get_by_role("button", name="nếu mọi hàng đều tốt").click()
    await expect(page.get_by_role("status")).to_contain_text("Chưa nhập gì")
    await expect(page.get_by_role("row", name="Hàng 3")).to_contain_text("Ngày gửi")
    await check(page)
    for told in ("1 vụ việc mới, 0 đã có", "0 vụ việc mới, 1 đã có"):
        await page.goto(f"{server}/cases/import")
        await page.get_by_label("Tệp CSV").set_input_files(file)
        await page.get_by_role("button", name="Nhập các hàng tốt").click()
        await expect(page.get_by_role("status")).to_contain_text(told)
    assert len(await fetch("SELECT 1 FROM reflection_case")) == 1


async def test_the_focal_point_sets_the_rules(browser: Browser, server: str) -> None:
    await make_person(Role.AGENCY)
    await make_person(Role.ANALYST)
    _context, page = await open_page(browser, *DESK)
    await enter(page, server, "analyst")
    await page.goto(f"{server}/office/cases/terms")
    await page.get_by_label("Thời hạn").fill("7")
    await page.get_by_label("Căn cứ").fill("Quyết định 12/2026/QĐ-UBND")
    await page.get_by_role("button", name="Lưu thời hạn").click()
    await expect(page.get_by_role("status")).to_contain_text("Đã lưu")
    await check(page)
    for name in ("Loại vụ việc", "Báo cấp trên", "Duyệt trả lời"):
        await page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
        await check(page)
    await page.get_by_role("button", name="Cần duyệt", exact=True).click()
    await expect(page.get_by_role("main")).to_contain_text("Cần duyệt trước khi trả lời")
