"""Officials at their cases: by keyboard, two at one draft, past the head, many at once."""

import pytest
from playwright.async_api import Browser, Page, expect

from surveys import reflections
from surveys.reflections import NewTemplate
from tests.app.case_desk import Desk, make_desk, state_of
from tests.journeys.conftest import DESK, check, enter, open_page

pytestmark = pytest.mark.browser


async def open_inbox(browser: Browser, server: str, name: str) -> Page:
    _context, page = await open_page(browser, *DESK)
    await enter(page, server, name)
    await page.goto(f"{server}/cases?scope=agency")
    return page


async def test_an_official_works_through_the_inbox_without_a_mouse(
    browser: Browser, server: str
) -> None:
    desk = await make_desk()
    texts = ("Bảng niêm yết bị che.", "Máy lấy số hỏng.", "Hẹn ba lần chưa trả.")
    first, second, third = [await desk.open(text) for text in texts]
    page = await open_inbox(browser, server, "binh")
    await check(page)
    await page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    for key in ("j", "x", "j", "k", "j", "x", "a"):
        await page.keyboard.press(key)
    await expect(page.get_by_text("Đã chọn: 2")).to_be_visible()
    await expect(page.get_by_label("Giao cho")).to_be_focused()
    # One letter: a slow machine takes the second one for the first of another name.
    await page.keyboard.press("b")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Đã phân công 2 vụ việc.")
    owned = await reflections.inbox(reflections.Filters(scope="mine"), desk.clerk)
    assert {row["reference"] for row in owned.rows} == {first.reference, second.reference}
    await page.keyboard.press("/")
    await page.keyboard.type("hen ba lan")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("row")).to_have_count(2)
    await page.keyboard.press("j")
    await page.keyboard.press("o")
    await expect(page).to_have_url(f"{server}/cases/{third.reference}")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await check(page)
    await page.keyboard.press("Escape")
    # What is typed before the dialog is gone is for the dialog.
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.keyboard.press("n")
    await expect(page.get_by_label("Thêm ghi chú")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("u")
    # Back to the list as it was left.
    await expect(page.get_by_label("Tìm theo từ")).to_have_value("hen ba lan")
    await expect(page.get_by_role("row")).to_have_count(2)
    assert page.faults == []  # type: ignore[attr-defined]


async def write(page: Page, text: str, button: str) -> None:
    await page.get_by_label("Trả lời người gửi").fill(text)
    await page.get_by_role("button", name=button).click()


async def test_two_officials_write_one_answer_and_neither_loses_a_word(
    browser: Browser, server: str
) -> None:
    desk = await make_desk()
    case = await desk.in_hand()
    binh = await open_inbox(browser, server, "binh")
    hoa = await open_inbox(browser, server, "hoa")
    for page in (binh, hoa):
        await page.goto(f"{server}/cases/{case.reference}")
    await check(binh)
    await write(binh, "Chúng tôi xin lỗi ông bà.", "Lưu dự thảo")
    await expect(binh.get_by_role("status")).to_contain_text("Đã lưu dự thảo.")
    await write(hoa, "Chúng tôi rất xin lỗi ông bà.", "Lưu dự thảo")
    await expect(hoa.get_by_role("heading", name="Có hai bản dự thảo")).to_be_visible()
    await expect(hoa.locator("mark").first).to_have_text("rất")
    await check(hoa)
    await write(hoa, "Chúng tôi rất xin lỗi ông bà. Đã sửa.", "Lưu dự thảo")
    await expect(hoa.get_by_role("status")).to_contain_text("Đã lưu dự thảo.")
    drafts = await reflections.list_drafts(case.id)
    assert [(row["version"], row["username"]) for row in drafts] == [(2, "hoa"), (1, "binh")]
    # The browser itself says that the server answered 409; nothing else may be wrong.
    assert [fault for fault in hoa.faults if "409" not in fault] == []  # type: ignore[attr-defined]


async def submit_with_template(page: Page, server: str, desk: Desk, reference: str) -> None:
    new = NewTemplate(title="Xin lỗi chậm", body="{kính gửi}\nVụ việc {mã} của Ông/Bà đã xong.")
    await reflections.save_template(new, desk.clerk)
    await page.goto(f"{server}/cases/{reference}")
    await page.get_by_role("button", name="Chèn mẫu").click()
    await expect(page.get_by_label("Trả lời người gửi")).to_have_value(
        f"Kính gửi Ông/Bà,\nVụ việc {reference} của Ông/Bà đã xong."
    )
    await check(page)
    await page.get_by_label("Đã thay đổi").check()
    await page.get_by_role("button", name="Lưu và trình lãnh đạo").click()
    await expect(page.get_by_text("thay đổi điều gì; nếu không")).to_have_count(2)
    await check(page)
    await page.get_by_label("Nếu có: thay đổi điều gì").fill("Đã niêm yết lại.")
    await page.get_by_role("button", name="Lưu và trình lãnh đạo").click()
    await expect(page.get_by_text("Chờ lãnh đạo duyệt")).to_be_visible()
    await check(page)


async def test_an_answer_goes_past_the_head_before_it_is_sent(
    browser: Browser, server: str
) -> None:
    desk = await make_desk()
    await reflections.set_approval(desk.agency, approval=True, actor=desk.analyst.account or 0)
    case = await desk.in_hand()
    clerk = await open_inbox(browser, server, "binh")
    await submit_with_template(clerk, server, desk, case.reference)
    head = await open_inbox(browser, server, "hoa")
    await head.get_by_role("link", name="Chờ duyệt hoặc gửi 1").click()
    await head.get_by_role("link", name="Đòi thêm giấy tờ").click()
    await expect(head.get_by_text("Người gửi sẽ đọc đúng như sau")).to_be_visible()
    await check(head)
    await head.get_by_role("button", name="Duyệt và gửi trả lời").click()
    await expect(head.get_by_role("status")).to_contain_text("Đã xong: gửi trả lời.")
    await check(head)
    assert await state_of(case.id) == "answered"
    assert head.faults == []  # type: ignore[attr-defined]


async def test_templates_and_twins_look_right_everywhere(browser: Browser, server: str) -> None:
    desk = await make_desk()
    one, two = (
        await desk.in_hand("Bảng niêm yết lệ phí bị che khuất."),
        await desk.open("Bảng niêm yết lệ phí bị che khuất, xin sửa."),
    )
    page = await open_inbox(browser, server, "binh")
    await page.goto(f"{server}/office/cases/templates")
    await page.get_by_label("Tên mẫu").fill("Hẹn lại")
    await page.get_by_label("Nội dung").fill("Kính gửi {ten}")
    await page.get_by_role("button", name="Lưu mẫu").click()
    await expect(page.get_by_role("alert")).to_contain_text("Không có trường {ten}.")
    await check(page)
    await page.get_by_label("Nội dung").fill("{Kính  gửi} hạn là {hạn}.")
    await page.get_by_role("button", name="Lưu mẫu").click()
    await expect(page.get_by_role("heading", name="Hẹn lại")).to_be_visible()
    await check(page)
    await page.goto(f"{server}/cases/{two.reference}")
    await page.get_by_role("link", name="Đòi thêm giấy tờ").click()
    await check(page)
    await page.get_by_role("button", name=f"Gộp {two.reference} vào {one.reference}").click()
    await expect(page.get_by_role("status")).to_contain_text("Đã gộp.")
    await check(page)
