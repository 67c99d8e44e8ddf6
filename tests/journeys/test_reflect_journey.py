"""A citizen writes, comes back with the code, and judges the answer; a comment becomes a case."""

import os
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect

from app.floods import letters
from surveys import reflections
from surveys.ratings import open_links
from surveys.transactions import fetch
from tests.app.files import photograph
from tests.factories import make_agency, make_dossier, make_procedure
from tests.journeys.browser import DESK, PHONE, visit
from tests.journeys.conftest import axe_violations
from tests.surveys.case_town import Town, bring_in_hand, bring_to_answer, make_town

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("SHOTS", "")
PLAINT = "Ba lần tôi phải về lấy thêm giấy tờ mà không ai nói trước."


async def look(page: Page, name: str) -> None:
    """On a phone and on a desk: axe finds nothing, nothing sticks out."""
    for size in (DESK, PHONE):
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        if SHOTS:
            await page.screenshot(path=f"{SHOTS}/{name}-{size[0]}.png", full_page=True)
        assert await axe_violations(page) == [], f"{name} on {size[0]}"
        assert await page.evaluate("document.documentElement.scrollWidth") <= size[0], name


async def case_id() -> UUID:
    (row,) = await fetch("SELECT id FROM reflection_case")
    return UUID(str(row["id"]))


async def fill(page: Page) -> None:
    await page.get_by_label("Phản ánh").check()
    await page.get_by_label("Gửi tới cơ quan nào?").fill("nha trang")
    await page.get_by_role("button", name="Tìm cơ quan").click()
    await expect(page.get_by_text("Đã chọn cơ quan này.")).to_be_visible()
    await page.get_by_label("Chuyện gì đã xảy ra").fill(PLAINT)
    await page.get_by_label("Họ và tên").fill("Trần Thị Bé")
    await page.get_by_label("Số điện thoại").fill("0912 345 678")


async def _follow(page: Page, town: Town, *, script: bool) -> None:
    """Asked, told, answered, not content, answered again, settled."""
    case = await case_id()
    await bring_in_hand(case, town, datetime.now(UTC))
    await reflections.ask_information(case, "Nộp hồ sơ ngày nào?", town.clerk)
    await page.reload()
    if script:
        await look(page, "asked")
    await page.get_by_label("Trả lời cơ quan").fill("Ngày 2 tháng 3.")
    await page.get_by_role("button", name="Gửi bổ sung").click()
    await expect(page.get_by_text("Đã gửi phần bổ sung.")).to_be_visible()
    await bring_to_answer(case, town, datetime.now(UTC))
    await page.reload()
    if script:
        await look(page, "answered")
    await page.get_by_label("Không hài lòng", exact=True).check()
    await page.get_by_role("button", name="Gửi đánh giá về câu trả lời").click()
    await expect(page.get_by_text("Đã ghi đánh giá của bạn")).to_be_visible()
    await page.get_by_text("Đã trả lời nhưng chưa thỏa đáng").click()
    await page.get_by_label("Vì sao chưa thỏa đáng?").fill("Vẫn chưa có kết quả.")
    await page.get_by_role("button", name="Gửi và mở lại vụ việc").click()
    await expect(page.get_by_role("heading", name="Bạn đã mở lại")).to_be_visible()
    await reflections.take(case, town.clerk)
    await bring_to_answer(case, town, datetime.now(UTC), "Đã trả kết quả, xin lỗi bà.")
    await page.reload()
    await page.get_by_role("button", name="Đã thỏa đáng").click()
    await expect(page.get_by_role("heading", name="Đã thỏa đáng")).to_be_visible()
    if script:
        await look(page, "settled")


@pytest.mark.parametrize("script", [True, False])
async def test_a_citizen_writes_comes_back_and_says_what_the_answer_is_worth(
    browser: Browser, server: str, *, script: bool
) -> None:
    town = await make_town()
    letters.buckets.clear()
    async with visit(browser, server, PHONE, script=script) as page:
        await page.goto("/reflect")
        if script:
            await look(page, "form")
        await fill(page)
        await page.get_by_label("Dùng thông tin liên hệ").check()
        photo = FilePayload(name="IMG_0912.jpg", mimeType="image/jpeg", buffer=photograph())
        await page.locator("#files").set_input_files(photo)
        await page.get_by_role("button", name="Gửi", exact=True).last.click()
        await expect(page.get_by_role("heading", name="Đã gửi")).to_be_visible()
        code = await page.locator(".code").inner_text()
        if script:
            assert await page.evaluate("sessionStorage.length") == 0
            await look(page, "sent")
        await page.goto("/p")
        await page.get_by_label("Mã tra cứu").fill(code.lower().replace("-", " "))
        await page.get_by_role("button", name="Mở vụ việc").click()
        await expect(page.get_by_role("heading", name="Đã gửi, chờ tiếp nhận")).to_be_visible()
        async with page.expect_download() as waiting:
            await page.get_by_role("link", name="anh-1.jpg").click()
        saved = Path(await (await waiting.value).path()).read_bytes()
        assert b"May anh cua Be" not in saved
        await _follow(page, town, script=script)
    (row,) = await fetch("SELECT state FROM reflection_case")
    assert row["state"] == "settled"
    verdicts = await fetch("SELECT verdict, level FROM case_answer ORDER BY turn")
    assert [(one["verdict"], one["level"]) for one in verdicts] == [
        ("not_settled", 2), ("settled", None),
    ]  # fmt: skip


async def test_what_was_typed_survives_a_closed_page_and_is_gone_once_it_is_sent(
    browser: Browser, server: str
) -> None:
    await make_town()
    letters.buckets.clear()
    async with visit(browser, server, PHONE) as page:
        await page.goto("/reflect")
        await page.get_by_label("Kiến nghị").check()
        await page.get_by_label("Chuyện gì đã xảy ra").fill(PLAINT)
        await page.get_by_label("Công khai nội dung").check()
        await page.goto("/thanks")
        await page.goto("/reflect")
        await expect(page.get_by_label("Chuyện gì đã xảy ra")).to_have_value(PLAINT)
        await expect(page.get_by_label("Kiến nghị")).to_be_checked()
        await expect(page.get_by_label("Công khai nội dung")).to_be_checked()
        await expect(page.get_by_label("Liên hệ tôi sau này")).not_to_be_checked()


@pytest.mark.usefixtures("form")
@pytest.mark.parametrize("script", [True, False])
async def test_a_comment_becomes_a_reflection_and_leaves_the_rating(
    browser: Browser, server: str, *, script: bool
) -> None:
    agency = await make_agency("BNT", name="Trung tâm Phục vụ hành chính công phường Bắc Nha Trang")
    await make_dossier(agency, await make_procedure(), "H1")
    letters.buckets.clear()
    token = (await open_links(["H1"], questionnaire="counter", days=30))["H1"]
    sent: list[tuple[str, str]] = []
    async with visit(browser, server, PHONE, script=script) as page:
        page.on("request", lambda one: sent.append((one.url, one.post_data or "")))
        await page.goto(f"/r/{token}")
        await page.get_by_label("Không hài lòng", exact=True).first.check()
        await page.locator("summary").click()
        offer = page.get_by_label("Tôi muốn được trả lời")
        if script:
            await expect(offer).to_be_hidden()
        await page.locator("#reflection").fill(PLAINT)
        await expect(offer).not_to_be_checked()
        await offer.check()
        if script:
            await look(page, "turn")
        await page.get_by_role("button", name="Gửi đánh giá").last.click()
        if not script:
            if SHOTS:
                await page.screenshot(path=f"{SHOTS}/turned-390.png", full_page=True)
            await page.get_by_role("button", name="Viết tiếp thành phản ánh").click()
        await expect(page.get_by_text("Không có số nào nối đánh giá với phản ánh")).to_be_visible()
        await expect(page.get_by_label("Chuyện gì đã xảy ra")).to_have_value(PLAINT)
        await expect(page.get_by_label("Gửi tới cơ quan nào?")).to_have_value(
            "Trung tâm Phục vụ hành chính công phường Bắc Nha Trang"
        )
        if script:
            await look(page, "from-comment")
            # The words have not left the phone yet, and no address names them.
            assert not [one for one in sent if "thêm giấy" in one[1] or "th%C3%AAm" in one[0]]
        await page.get_by_label("Số điện thoại").fill("0912 345 678")
        await page.get_by_role("button", name="Gửi", exact=True).last.click()
        await expect(page.get_by_role("heading", name="Đã gửi")).to_be_visible()
    assert await fetch("SELECT comment FROM waiting_rating") == [{"comment": None}]
    (case,) = await fetch(
        "SELECT c.dossier, c.source, t.text FROM reflection_case c"
        " JOIN case_text t ON t.case_id = c.id"
    )
    assert (case["dossier"], case["text"]) == (None, PLAINT)
    assert case["source"].startswith("web:")
    ratings = await fetch("SELECT id FROM waiting_rating UNION SELECT id FROM spent_right")
    assert case["source"].removeprefix("web:") not in {str(row["id"]) for row in ratings}


@pytest.mark.usefixtures("form")
async def test_a_sending_that_was_cut_off_still_brings_the_comment_to_its_form(
    browser: Browser, server: str
) -> None:
    await make_dossier(await make_agency("BNT", name="UBND"), await make_procedure(), "H1")
    token = (await open_links(["H1"], questionnaire="counter", days=30))["H1"]
    context = await browser.new_context(base_url=server, locale="vi-VN")
    page = await context.new_page()
    await page.route("**/api/ratings", lambda route: route.abort())
    await page.goto(f"/r/{token}")
    await page.get_by_label("Không hài lòng", exact=True).first.check()
    await page.locator("summary").click()
    await page.locator("#reflection").fill(PLAINT)
    await page.get_by_label("Tôi muốn được trả lời").check()
    await page.get_by_role("button", name="Gửi đánh giá").last.click()
    await expect(page.locator("#sending")).to_contain_text("mất mạng", timeout=20_000)
    await page.close()
    again = await context.new_page()
    await again.goto(f"/r/{token}")
    await expect(again.get_by_label("Chuyện gì đã xảy ra")).to_have_value(PLAINT)
    assert await again.evaluate("localStorage.length") == 0
    assert await fetch("SELECT comment FROM waiting_rating") == [{"comment": None}]
    await context.close()
