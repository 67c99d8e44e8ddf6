"""The online form in a real browser: by keyboard alone, without script, on old and new screens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from surveys.accounts import Role
from surveys.addresses import places_of
from surveys.ratings import open_coded_links
from surveys.transactions import fetch
from tests.app.people import PASSWORD, make_person
from tests.app.qr import decode, matrices
from tests.factories import make_agency, make_counter, make_dossier, make_procedure
from tests.journeys.browser import violations, visit
from tests.journeys.conftest import axe_violations, open_page

pytestmark = pytest.mark.browser

PHONE, DESK = (390, 844), (1280, 800)
SMALLEST, GOOD = 24, 44

# What can be touched, with its size; a control and its label are one target.
TARGETS = """() => [...document.querySelectorAll("a, button, summary, textarea, input")]
    .filter(one => one.type !== "hidden" && one.offsetParent && !one.closest(".skip-link"))
    .map(one => ["radio", "checkbox"].includes(one.type) ? one.labels[0] : one)
    .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
    .map(([html, box]) => [html, box.width, box.height])"""

ACTIVE = "() => document.activeElement.id || document.activeElement.textContent.trim()"


@pytest.fixture
async def place(form: int) -> str:
    """Dossier H1 of an agency with one counter; the public address of the counter."""
    agency = await make_agency(name="Trung tâm Phục vụ hành chính công phường Bắc Nha Trang")
    await make_counter(agency, "C1", name="Quầy số 3")
    await make_dossier(agency, await make_procedure(), "H1")
    return (await places_of([agency]))[1].code


async def opened(dossier: str = "H1") -> tuple[str, str]:
    """A link to the form, and a code to type instead."""
    token, code = (await open_coded_links([dossier], questionnaire="counter", days=30))[dossier]
    return f"/r/{token}", code


@asynccontextmanager
async def refusing(browser: Browser, server: str, size: tuple[int, int]) -> AsyncIterator[Page]:
    """A page without script, for what the server refuses: the browser complains of 4xx itself."""
    context = await browser.new_context(
        base_url=server,
        viewport={"width": size[0], "height": size[1]},
        java_script_enabled=False,
    )
    yield await context.new_page()
    await context.close()


async def tab_to(page: Page, target: str) -> None:
    """Press Tab until the focus is there, as somebody without a mouse does."""
    for _press in range(60):
        if await page.evaluate(ACTIVE) == target:
            return
        await page.keyboard.press("Tab")
    pytest.fail(f"Tab never came to {target}.")


async def test_the_whole_form_goes_by_keyboard_alone(
    browser: Browser, server: str, place: str
) -> None:
    link, _code = await opened()
    async with visit(browser, server, PHONE) as page:
        await page.goto(link)
        await page.keyboard.press("Tab")
        assert await page.evaluate(ACTIVE) == "Đi thẳng tới nội dung"
        await tab_to(page, "overall-1")
        await page.keyboard.press("Space")
        await page.keyboard.press("ArrowDown")
        await expect(page.locator("#overall-2")).to_be_checked()
        await tab_to(page, "Cho biết thêm vài điều (không bắt buộc)")
        await page.keyboard.press("Enter")
        await tab_to(page, "access-1")
        for _step in range(5):
            await page.keyboard.press("ArrowDown")
        await expect(page.locator("#access-6")).to_be_checked()
        await tab_to(page, "reasons-1")
        await page.keyboard.press("Space")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Space")
        await tab_to(page, "reflection")
        await page.keyboard.type("Chờ lâu quá")
        await page.keyboard.press("Tab")
        assert await page.evaluate(ACTIVE) == "turn"
        await page.keyboard.press("Tab")
        assert await page.evaluate(ACTIVE) == "Gửi đánh giá"
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Cảm ơn")).to_be_visible()
    rows = await fetch("SELECT comment FROM waiting_rating")
    assert rows == [{"comment": "Chờ lâu quá"}]
    codes = await fetch("SELECT code FROM waiting_answer ORDER BY item")
    assert [row["code"] for row in codes] == [2, 98, 1, 1]
    assert await fetch("SELECT FROM draft") == []


async def test_a_typed_code_and_a_draft_go_by_keyboard_without_script(
    browser: Browser, server: str, place: str
) -> None:
    _link, code = await opened()
    async with visit(browser, server, PHONE, script=False) as page:
        await page.goto(f"/c/{place}")
        await expect(page.get_by_text("Quầy số 3")).to_be_visible()
        await page.get_by_label("Mã đánh giá trên giấy biên nhận").focus()
        await page.keyboard.type(code.lower())
        await page.keyboard.press("Enter")
        await page.get_by_label("Không hài lòng", exact=True).first.focus()
        await page.keyboard.press("Space")
        await page.get_by_role("button", name="Lưu bản nháp").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Đây là bản nháp bạn đã lưu")).to_be_visible()
        await expect(page.locator("#overall-2")).to_be_checked()
        await page.get_by_role("button", name="Xóa bản nháp").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Đã xóa bản nháp.")).to_be_visible()
        await expect(page.locator("#overall-2")).not_to_be_checked()
        # Enter within the form sends it; it neither saves nor deletes.
        await page.locator("#overall-4").focus()
        await page.keyboard.press("Space")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Cảm ơn")).to_be_visible()


async def test_answers_save_themselves_on_the_phone_and_come_back(
    browser: Browser, server: str, place: str
) -> None:
    link, _code = await opened()
    async with visit(browser, server, PHONE) as page:
        sent: list[str] = []
        page.on("request", lambda one: sent.append(one.method))
        await page.goto(link)
        await page.get_by_label("Rất hài lòng").first.check()
        await page.locator("summary").click()
        await page.get_by_label("Chờ lâu").check()
        await expect(page.locator("#saved")).to_have_text(
            "Đã tự lưu trên máy này. Mở lại liên kết này bằng chính máy này để điền tiếp."
        )
        await page.reload()
        await expect(page.locator("#overall-5")).to_be_checked()
        await expect(page.get_by_label("Chờ lâu")).to_be_checked()
        await expect(page.get_by_text("Đây là bản nháp tự lưu trên máy này")).to_be_visible()
        # Answers beside a link would join the two, so nothing was sent.
        assert set(sent) == {"GET"}
        await page.get_by_role("button", name="Xóa bản nháp").click()
        await expect(page.locator("#overall-5")).not_to_be_checked()
        await expect(page.get_by_text("Đây là bản nháp tự lưu trên máy này")).to_be_hidden()
    assert await fetch("SELECT FROM draft") == []


async def test_a_refused_form_puts_the_focus_on_what_is_wrong(
    browser: Browser, server: str, place: str
) -> None:
    link, _code = await opened()
    async with refusing(browser, server, PHONE) as page:
        await page.goto(link)
        await page.get_by_role("button", name="Gửi đánh giá").first.click()
        await expect(page).to_have_title(
            "Có chỗ cần sửa: Ông/Bà hài lòng đến đâu với lần làm thủ tục này? – SIPAS"
        )
        await expect(page.locator("#errors")).to_be_focused()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Space")
        await expect(page.locator("#overall-1")).to_be_checked()


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("language", ["vi", "en"])
async def test_every_page_of_a_citizen_is_accessible(
    browser: Browser, server: str, place: str, size: tuple[int, int], language: str
) -> None:
    link, _code = await opened()
    async with visit(browser, server, size, script=False) as page:
        await page.goto(link)
        await page.locator("#overall-2").check()
        await page.get_by_role("button", name="Lưu bản nháp").click()
    other, _code = await opened()
    await make_dossier(await make_agency(), await make_procedure(), "H2")
    spent, _code = await opened("H2")
    await fetch(
        "INSERT INTO spent_right (id, dossier, questionnaire, day) SELECT gen_random_uuid(), id,"
        " 'counter', '2021-02-10' FROM dossier WHERE code = 'H2'"
    )
    paths = [
        link, other, spent, "/r/wrong", "/thanks", "/c", f"/c/{place}", "/c/ZZZZZZ", "/embed",
    ]  # fmt: skip
    named = [f"{path}?lang={language}" for path in paths]
    assert await violations(browser, server, named, size) == []


@pytest.mark.parametrize("size", [PHONE, DESK])
async def test_whatever_is_touched_is_large_enough(
    browser: Browser, server: str, place: str, size: tuple[int, int]
) -> None:
    link, _code = await opened()
    async with visit(browser, server, size) as page:
        for path in (link, f"/c/{place}", "/thanks"):
            await page.goto(path)
            if path == link:
                await page.locator("summary").click()
            targets = await page.evaluate(TARGETS)
            assert targets
            small = [t for t in targets if t[2] < SMALLEST or t[1] < SMALLEST]
            assert small == []
            answers = [t for t in targets if "<label" in t[0] or "<button" in t[0]]
            assert [t for t in answers if t[2] < GOOD or t[1] < GOOD] == []


async def test_a_choice_shows_without_colour(browser: Browser, server: str, place: str) -> None:
    link, _code = await opened()
    async with visit(browser, server, PHONE) as page:
        await page.goto(link)
        await page.locator("#overall-3").check()
        weights = (
            await page.locator("fieldset")
            .first.locator("label")
            .evaluate_all("labels => labels.map(one => getComputedStyle(one).fontWeight)")
        )
        assert weights == ["400", "400", "700", "400", "400"]
        tops = (
            await page.locator("fieldset")
            .first.locator("label")
            .evaluate_all("labels => labels.map(one => one.getBoundingClientRect().left)")
        )
        assert len(set(tops)) == 1


async def test_the_office_prints_posters_and_copies_the_snippet(
    browser: Browser, server: str, place: str
) -> None:
    await make_person(Role.ADMINISTRATOR)
    context, page = await open_page(browser, *DESK)
    await page.goto(f"{server}/sign-in")
    await page.get_by_label("Tên đăng nhập").fill(Role.ADMINISTRATOR)
    await page.get_by_label("Mật khẩu").fill(PASSWORD)
    await page.get_by_role("button", name="Đăng nhập").click()
    await page.get_by_role("main").get_by_role("link", name="Áp phích").click()
    await check_both_sizes(page)
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="A5 – Quầy số 3").click()
    pdf = Path(await (await waiting.value).path()).read_bytes()
    assert [decode(code) for code in matrices(pdf)] == [f"{server}/c/{place}"]
    await page.get_by_role("link", name="Đặt phiếu lên cổng thông tin").click()
    await check_both_sizes(page)
    shown = page.frame_locator(".preview-frame").frame_locator("iframe")
    await expect(shown.get_by_role("button", name="Mở phiếu trong cửa sổ mới")).to_be_visible()
    copied = await page.get_by_label("Đoạn HTML để chép: Khung").input_value()
    assert copied.startswith(f'<iframe src="{server}/embed?lang=vi"')
    assert page.faults == []  # type: ignore[attr-defined]
    await context.close()


async def check_both_sizes(page: Page) -> None:
    """Axe finds nothing and nothing sticks out, on a desk and on a phone."""
    for width, height in (PHONE, DESK):
        await page.set_viewport_size({"width": width, "height": height})
        assert await axe_violations(page) == [], page.url
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, page.url


async def test_a_portal_shows_the_page_in_a_frame_but_not_the_form(
    browser: Browser, server: str, place: str
) -> None:
    link, code = await opened()
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{server}/health/live")
    framed = f"<iframe id=a src='{server}/embed/{place}'></iframe><iframe id=b src='{server}{link}'></iframe>"
    # A page of our own address stands for a portal that is allowed.
    await context.route(
        "**/portal", lambda route: route.fulfill(body=framed, content_type="text/html")
    )
    await page.goto(f"{server}/portal")
    inside = page.frame_locator("#a")
    await expect(inside.get_by_text("Quầy số 3")).to_be_visible()
    await expect(page.frame_locator("#b").get_by_role("button", name="Gửi đánh giá")).to_have_count(
        0
    )
    async with context.expect_page() as waiting:
        await inside.locator("#code").fill(code)
        await inside.get_by_role("button", name="Mở phiếu trong cửa sổ mới").click()
    form = await waiting.value
    await expect(form.get_by_role("button", name="Gửi đánh giá").first).to_be_visible()
    await context.close()
