"""An answer is covered, read again and published; then everybody finds it and nobody's name."""

import pytest
from playwright.async_api import Browser, Page, expect

from surveys import reflections
from tests.app.case_desk import make_desk
from tests.journeys.conftest import DESK, PHONE, check, enter, open_page

pytestmark = pytest.mark.browser

LETTER = (
    "Cán bộ Phạm Văn Đức ở quầy 3 bảo tôi về ba lần để lấy thêm giấy. Tôi đi từ lò gạch xuống, "
    "mất nửa ngày mỗi lần.\nTôi là Trần Thị Bé, số 0912 345 678, xin được trả lời."
)
REPLY = "Chúng tôi xin lỗi bà Trần Thị Bé và đã nhắc nhở ông Phạm Văn Đức."


async def answer_one() -> str:
    """An answered case at the desk; its reference."""
    desk = await make_desk()
    case = await desk.in_hand(LETTER, title="Phải về lấy giấy ba lần")
    await reflections.save_draft(
        case.id, REPLY, desk.clerk, base=0, change="made",
        explanation="Danh mục giấy tờ nay dán ngay tại quầy.",
    )  # fmt: skip
    await reflections.submit_draft(case.id, desk.clerk)
    await reflections.answer(case.id, desk.clerk)
    return case.reference


async def cover_question(page: Page) -> None:
    """Add by keyboard a place that no program could know, look, keep, confirm."""
    part = page.locator("#question")
    await page.evaluate(
        """() => { const text = document.querySelector('#question [data-text]');
        const node = [...text.childNodes].find(one => one.textContent.includes('lò gạch'));
        const range = document.createRange(), start = node.textContent.indexOf('lò gạch');
        range.setStart(node, start); range.setEnd(node, start + 'lò gạch'.length);
        getSelection().removeAllRanges(); getSelection().addRange(range); }"""
    )
    await part.get_by_role("button", name="Che chỗ đang bôi đen").click()
    await expect(part.get_by_label("Che thêm")).to_have_value("lò gạch")
    await part.get_by_role("button", name="Xem trước").press("Enter")
    await expect(part).to_contain_text("đi từ [thông tin riêng] xuống")
    await check(page)
    await part.get_by_role("button", name="Lưu bản đã che").press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Hãy đọc lại")
    await check(page)
    await part.get_by_label("Tôi đã đọc hết").check()
    await part.get_by_role("button", name="Xác nhận").click()
    await expect(part).to_contain_text("đã đọc lại và xác nhận")


async def cover(page: Page, name: str) -> None:
    part = page.locator(f"#{name}")
    await part.get_by_role("button", name="Lưu bản đã che").click()
    await part.get_by_label("Tôi đã đọc hết").check()
    await part.get_by_role("button", name="Xác nhận").click()


async def read_as_citizen(page: Page, server: str, reference: str) -> None:
    await page.goto(f"{server}/answers")
    await page.get_by_label("Tìm theo từ").fill("lay giay")
    await page.get_by_role("button", name="Tìm").click()
    await check(page)
    await page.get_by_role("link", name="Phải về lấy giấy ba lần").click()
    await expect(page).to_have_url(f"{server}/answers/{reference}")
    await expect(page.get_by_role("main")).to_contain_text("Cán bộ [họ tên] ở quầy 3")
    await expect(page.get_by_role("main")).to_contain_text("dán ngay tại quầy")
    for secret in ("Đức", "Thị Bé", "0912", "lò gạch"):
        assert secret not in await page.content()
    await check(page)


async def test_a_case_is_covered_by_an_official_and_read_by_everybody(
    browser: Browser, server: str
) -> None:
    reference = await answer_one()
    context, page = await open_page(browser, *DESK)
    await enter(page, server, "binh")
    await page.goto(f"{server}/cases/{reference}")
    await page.get_by_role("link", name="Che thông tin và công khai").click()
    await check(page)
    await cover_question(page)
    await cover(page, "answer")
    await cover(page, "explanation")
    await check(page)
    await page.get_by_role("button", name="Công khai").click()
    await expect(page.get_by_role("status")).to_contain_text("Đã công khai")
    await check(page)
    outside, phone = await open_page(browser, *PHONE)
    await read_as_citizen(phone, server, reference)
    await page.get_by_text("Gỡ khỏi trang công khai").click()
    await page.get_by_label("Lý do").fill("Còn sót tên một người.")
    await page.get_by_role("button", name="Gỡ xuống").click()
    await expect(page.get_by_role("status")).to_contain_text("Đã gỡ")
    assert page.faults == [] == phone.faults  # type: ignore[attr-defined]
    told = await phone.reload()
    assert told is not None
    assert told.status == 404
    await outside.close()
    await context.close()


async def test_words_that_stand_nowhere_are_told_beside_their_field(
    browser: Browser, server: str
) -> None:
    reference = await answer_one()
    context, page = await open_page(browser, *DESK)
    await enter(page, server, "binh")
    await page.goto(f"{server}/cases/{reference}/redaction")
    part = page.locator("#explanation")
    await part.get_by_label("Che thêm").fill("tại quầy\ntại quày 3")
    await part.get_by_role("button", name="Lưu bản đã che").click()
    await expect(page.get_by_role("alert")).to_contain_text("“tại quày 3”")
    await expect(part.get_by_label("Che thêm")).to_have_value("tại quầy\ntại quày 3")
    await check(page)
    await part.get_by_label("Che thêm").fill("quầy")
    await part.get_by_role("button", name="Lưu bản đã che").click()
    # What is covered here is ticked in the question too, which nobody covered yet.
    here = page.locator("#question").get_by_label("ở quầy 3")
    await expect(here.first).to_be_checked()
    await check(page)
    await context.close()
