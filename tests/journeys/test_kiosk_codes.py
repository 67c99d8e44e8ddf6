"""Somebody stands before the kiosk with a receipt: the code is typed or scanned, and spent once."""

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Playwright, expect

from app.slips import make_slip_pdf
from surveys.ratings import Handover, hand_over, waiting_rights
from surveys.rights import Slip, make_slips
from surveys.transactions import fetch
from tests.app.qr import decode, matrices
from tests.factories import make_agency, make_counter, make_dossier, make_procedure
from tests.journeys.conftest import axe_violations, open_page
from tests.journeys.kiosk_browser import (
    KioskServer,
    enrol,
    kill,
    leave,
    note_faults,
    open_kiosk,
    sent_all,
    serving,
    settle,
    stored,
    tap,
    until,
)

pytestmark = pytest.mark.browser

SIZES = [(390, 844), (1080, 1920), (1280, 800)]
KEY_SECONDS = 0.01  # between two keys of a scanner


# The address on the receipt need not be the one that the kiosk was opened at.
BASE = "https://danhgia.khanhhoa.gov.vn"


@dataclass
class Counter:
    """A counter whose agency has returned dossiers H1 to H3, and works on W1; their slips."""

    id: int
    slips: list[Slip]


@pytest.fixture
async def kiosk_server(form: int, tmp_path: Path) -> AsyncIterator[KioskServer]:
    async with serving(tmp_path, idle_seconds=90, repeat_seconds=0) as running:
        yield running


@pytest.fixture
async def counter(form: int) -> Counter:
    agency = await make_agency(name="Trung tâm Phục vụ hành chính công phường Bắc Nha Trang")
    procedure = await make_procedure()
    dossiers = ["H1", "H2", "H3", "W1"]
    for dossier in dossiers[:3]:
        await make_dossier(agency, procedure, dossier)
    await make_dossier(agency, procedure, "W1", returned_at=None, closed_at=None, outcome=None)
    slips = await make_slips(dossiers, questionnaire="counter", days=30)
    return Counter(await make_counter(agency, "C1", name="Quầy số 3"), slips)


def printed(slip: Slip) -> str:
    """What a scanner reads off the slip."""
    (matrix,) = matrices(make_slip_pdf([slip], "80mm", BASE))
    return decode(matrix)


async def scan(page: Page, text: str) -> None:
    """What a scanner does: types faster than anybody, then Enter; the keys say when they came."""
    await settle(page)
    session = await page.context.new_cdp_session(page)
    keys = [*text, "Enter"]
    first = time.time() - KEY_SECONDS * len(keys)
    for place, key in enumerate(keys):
        enter = {"code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
        pressed = {"type": "keyDown", "key": key, "timestamp": first + place * KEY_SECONDS}
        said = enter if key == "Enter" else {"text": key}
        await session.send("Input.dispatchKeyEvent", pressed | said)
    await session.detach()


async def touch_in(page: Page, code: str) -> None:
    """Type a code on the screen's own keys."""
    await settle(page)
    await page.get_by_role("button", name="Tôi có mã trên biên nhận").click()
    await settle(page)
    for sign in code:
        await page.locator(f"[data-sign='{sign}']").click()
    await page.get_by_role("button", name="Tiếp tục").click()


async def taken(page: Page) -> None:
    await expect(page.locator("#taken")).to_have_text(
        "Đã nhận mã trên biên nhận. Xin chọn một khuôn mặt."
    )


async def told(page: Page, words: str) -> None:
    await expect(page.get_by_role("alert")).to_have_text(words)
    assert await page.locator(".face").count() == 0


async def waiting() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await fetch(
        "SELECT a.code, w.cell IS NOT NULL AS linked, w.mode, (SELECT count(*) FROM waiting_answer m"
        " WHERE m.rating = w.id) AS answers FROM waiting_rating w"
        " JOIN waiting_answer a ON a.rating = w.id AND a.item = 1 ORDER BY a.code"
    )
    return found


async def spent() -> int:
    return len(await fetch("SELECT FROM spent_right"))


async def test_a_receipt_is_scanned_rated_and_spent(
    browser: Browser, kiosk_server: KioskServer, counter: Counter
) -> None:
    first, second, *_others = counter.slips
    link = printed(first)
    assert link == f"{BASE}/r/{first.token}"
    context, page = await open_page(browser, 1080, 1920)
    bodies: list[tuple[str, str]] = []
    page.on("request", lambda one: bodies.append((one.url, one.post_data or "")))
    await enrol(page, kiosk_server.url, counter.id)
    await scan(page, link)
    await taken(page)
    # The digits of the link have chosen no face.
    numbers: list[Any] = await stored(page, "numbers")
    assert numbers == [0]
    await tap(page, 2)
    await settle(page)
    await page.locator(".chips button").first.click()
    await page.get_by_role("button", name="Gửi và kết thúc").click()
    await expect(page.locator(".ask")).to_be_visible()
    await expect(page.locator("#taken")).to_have_count(0)
    await sent_all(page)
    assert await waiting() == [{"code": 2, "linked": True, "mode": "kiosk", "answers": 2}]
    assert await spent() == 1
    events = [body for url, body in bodies if url.endswith("/events")]
    assert events
    assert first.token not in json.dumps(events)
    rights = [body for url, body in bodies if "/api/rights/" in url]
    assert all("answers" not in body for body in rights)
    # Once more, here and on the phone.
    await touch_in(page, first.code)
    await told(page, "Hồ sơ này đã được đánh giá. Mỗi hồ sơ được đánh giá một lần.")
    await page.get_by_role("button", name="Quay lại").click()
    await expect(page.locator(".ask")).to_be_visible()
    await scan(page, link)
    await told(page, "Hồ sơ này đã được đánh giá. Mỗi hồ sơ được đánh giá một lần.")
    await page.keyboard.press("Escape")
    phone = await context.new_page()
    await phone.goto(f"{kiosk_server.url}/r/{first.token}")
    await expect(phone.get_by_text("Mỗi hồ sơ được đánh giá một lần.")).to_be_visible()
    await phone.close()
    # The neighbour's receipt is good.
    await touch_in(page, second.code)
    await taken(page)
    assert await spent() == 1
    await context.close()


async def test_a_receipt_that_came_before_the_result_says_so_and_opens_after_it(
    browser: Browser, kiosk_server: KioskServer, counter: Counter
) -> None:
    slip = counter.slips[3]
    context, page = await open_page(browser, 1280, 800)
    await enrol(page, kiosk_server.url, counter.id)
    words = "Hồ sơ chưa có kết quả. Mã dùng được khi hồ sơ đã trả kết quả."
    await touch_in(page, slip.code)
    await told(page, words)
    await page.keyboard.press("Escape")
    await scan(page, printed(slip))
    await told(page, words)
    await page.keyboard.press("Escape")
    await hand_over([Handover("W1", "C1")], questionnaire="counter", minutes=10)
    await scan(page, printed(slip))
    await taken(page)
    await tap(page, 5)
    await sent_all(page)
    assert [(row["code"], row["linked"]) for row in await waiting()] == [(5, True)]
    # What the handover opened for the same dossier is spent with it.
    assert await waiting_rights("C1") == 0
    await context.close()


async def test_a_slip_of_the_finger_is_told_without_a_network(
    browser: Browser, kiosk_server: KioskServer, counter: Counter
) -> None:
    code = counter.slips[0].code
    context, page = await open_page(browser, 1080, 1920)
    await enrol(page, kiosk_server.url, counter.id)
    await kiosk_server.stop()
    changed = code[0].replace(code[0], "A" if code[0] != "A" else "C") + code[1:]
    await touch_in(page, changed)
    await told(page, "Có một chữ gõ nhầm trong mã. Hãy so từng chữ với giấy biên nhận rồi gõ lại.")
    await page.get_by_role("button", name="Xóa").click()
    await expect(page.get_by_role("alert")).to_be_hidden()
    await page.get_by_role("button", name="Tiếp tục").click()
    await expect(page.get_by_role("alert")).to_have_text(
        "Mã có 12 chữ và số, không kể dấu gạch. Hãy kiểm tra lại rồi gõ lần nữa."
    )
    # A keyboard types into the field, wherever the focus is; small letters and dashes will do.
    await page.locator("#receipt").fill("")
    await page.locator("[data-sign=A]").focus()
    await page.keyboard.type(f"{code[:4].lower()}-{code[4:8]} {code[8:]}", delay=120)
    await page.keyboard.press("Enter")
    await taken(page)
    await context.close()


async def test_taps_with_a_code_survive_a_dead_server_and_a_killed_browser(
    driver: Playwright, kiosk_server: KioskServer, counter: Counter, tmp_path: Path
) -> None:
    first, second, *_others = counter.slips
    folder = tmp_path / "browser"
    context, page = await open_kiosk(driver, folder)
    await enrol(page, kiosk_server.url, counter.id)
    await hand_over([Handover("H3", "C1")], questionnaire="counter", minutes=10)
    await kiosk_server.stop()
    for code, slip in ((1, first), (2, second), (4, second)):
        await scan(page, f"{BASE}/r/{slip.token}")
        await taken(page)
        await tap(page, code)
        await leave(page)
    assert len(await stored(page, "events")) == 3
    assert await kill(context, folder) >= 1
    # The server signs, the answer is lost, and the browser is killed once more.
    kiosk_server.signatures_to_drop = 1
    await kiosk_server.start()
    context, page = await open_kiosk(driver, folder)
    await page.goto(f"{kiosk_server.url}/kiosk")
    await until(lambda: _dropped(kiosk_server))
    assert await kill(context, folder) >= 1
    context, page = await open_kiosk(driver, folder)
    note_faults(page)
    await page.goto(f"{kiosk_server.url}/kiosk")
    await sent_all(page)
    # The code that was used twice counts once; its second tap has no dossier, and takes none.
    linked = [(row["code"], row["linked"]) for row in await waiting()]
    assert linked == [(1, True), (2, True), (4, False)]
    assert (await spent(), await waiting_rights("C1")) == (2, 1)
    assert await stored(page, "refused") == []
    await context.close()


async def _dropped(server: KioskServer) -> bool:
    return not server.signatures_to_drop


@pytest.mark.parametrize("size", SIZES)
async def test_the_keys_are_large_and_everybody_can_use_them(
    browser: Browser, kiosk_server: KioskServer, counter: Counter, size: tuple[int, int]
) -> None:
    context, page = await open_page(browser, *size)
    await enrol(page, kiosk_server.url, counter.id)
    await settle(page)
    await page.get_by_role("button", name="Tôi có mã trên biên nhận").click()
    await expect(page.locator("#receipt")).to_be_focused()
    boxes = await page.locator(".keypad button").evaluate_all(
        "keys => keys.map(key => key.getBoundingClientRect()).map(({width, height}) => [width, height])"
    )
    assert len(boxes) == 24
    assert min(min(box) for box in boxes) >= 44
    await settle(page)
    for tool in ("large", "contrast", "seated"):
        await page.locator(f"[data-tool={tool}]").click()
        assert await axe_violations(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth > innerWidth") is False
    await page.locator("[data-language=en]").click()
    await expect(page.locator("h1")).to_have_text("Type the rating code of your receipt")
    await page.locator("#receipt").press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("12")
    assert await axe_violations(page) == []
    await context.close()


async def test_a_code_that_was_left_behind_is_gone_for_the_next_person(
    browser: Browser, kiosk_server: KioskServer, counter: Counter
) -> None:
    kiosk_server.config["idle_seconds"] = 3
    context, page = await open_page(browser, 1080, 1920)
    await enrol(page, kiosk_server.url, counter.id)
    await settle(page)
    await page.get_by_role("button", name="Tôi có mã trên biên nhận").click()
    await settle(page)
    await page.locator("[data-sign=A]").click()
    await expect(page.locator(".ask")).to_be_visible()
    await touch_in(page, counter.slips[0].code)
    await taken(page)
    await expect(page.locator("#taken")).to_have_count(0)
    await tap(page, 3)
    await sent_all(page)
    assert [row["linked"] for row in await waiting()] == [False]
    assert await spent() == 0
    await context.close()
