"""A person before the kiosk: one tap, one thank-you, certainty that it counts."""

import io
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.factories import make_agency, make_counter
from tests.journeys.conftest import axe_violations, open_page
from tests.journeys.kiosk_browser import (
    KioskServer,
    enrol,
    holds,
    leave,
    ratings,
    sent_all,
    serving,
    settle,
    stored,
    tap,
)

pytestmark = pytest.mark.browser

SIZES = [(390, 844), (768, 1024), (1080, 1920)]


@pytest.fixture
async def kiosk_server(form: int, tmp_path: Path) -> AsyncIterator[KioskServer]:
    # The accessibility check may take longer than a person is waited for.
    async with serving(tmp_path, idle_seconds=90) as running:
        yield running


async def check(page: Page) -> None:
    assert await axe_violations(page) == []
    wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert wide is False


async def test_a_device_is_enrolled_and_a_tap_with_details_becomes_a_row(
    browser: Browser, kiosk_server: KioskServer
) -> None:
    counter = await make_counter(await make_agency(), "C1")
    context, page = await open_page(browser, 1080, 1920)
    await page.goto(f"{kiosk_server.url}/kiosk")
    await expect(page.locator("#code")).to_be_visible()
    await check(page)
    await enrol(page, kiosk_server.url, counter)
    tops = await page.locator(".face").evaluate_all(
        "faces => faces.map(face => face.getBoundingClientRect().top)"
    )
    assert len(set(tops)) == 1
    await check(page)
    await tap(page, 1)
    await check(page)
    await settle(page)
    await page.locator(".factor").first.get_by_role("button", name="Bình thường").click()
    await page.get_by_role("button", name="Chờ lâu").click()
    await page.locator("textarea").fill("Tôi phải chờ ba tiếng.")
    await page.get_by_role("button", name="Gửi và kết thúc").click()
    await expect(page.locator(".done")).to_be_visible()
    await check(page)
    await expect(page.locator(".ask")).to_be_visible()
    await sent_all(page)
    assert await stored(page, "refused") == []
    (row,) = await ratings()
    assert (row["code"], row["comment"], row["answers"]) == (1, "Tôi phải chờ ba tiếng.", 3)
    assert page.faults == []  # type: ignore[attr-defined]
    await context.close()


async def test_the_whole_way_by_keyboard_in_english(
    browser: Browser, kiosk_server: KioskServer
) -> None:
    counter = await make_counter(await make_agency(), "C1")
    context, page = await open_page(browser, 768, 1024)
    await enrol(page, kiosk_server.url, counter)
    await settle(page)
    keys = page.keyboard
    # The heading has the focus, as a screen reader needs it; Tab leads through faces, the way to
    # type a code, that to a reflection, and switches.
    assert await page.evaluate("document.activeElement.id") == "heading"
    for _step in range(9):
        await keys.press("Tab")
    await keys.press("Enter")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await keys.press("Escape")
    await expect(page.locator("html")).to_have_attribute("lang", "vi")
    await settle(page)
    await page.locator("[data-language=en]").focus()
    await keys.press("Enter")
    await expect(page.locator("h1")).to_have_text("How satisfied are you with this service?")
    await check(page)
    await keys.press("4")
    await expect(page.locator("h1")).to_have_text("Thank you. Your rating is stored and counts.")
    assert await page.evaluate("document.activeElement.id") == "heading"
    await check(page)
    await settle(page)
    await page.locator(".factor button").first.focus()
    await keys.press("ArrowRight")
    await keys.press("Enter")
    await keys.press("Tab")
    pressed = page.locator(".factor").first.locator("[aria-pressed=true]")
    await expect(pressed).to_have_text("Dissatisfied")
    await keys.press("Escape")
    await expect(page.locator(".ask")).to_be_visible()
    await sent_all(page)
    (row,) = await ratings()
    assert (row["code"], row["answers"]) == (4, 2)
    assert page.faults == []  # type: ignore[attr-defined]
    await context.close()


@pytest.mark.parametrize("size", SIZES)
async def test_every_setting_of_the_screen_is_accessible(
    browser: Browser, kiosk_server: KioskServer, size: tuple[int, int]
) -> None:
    counter = await make_counter(await make_agency(), "C1")
    context, page = await open_page(browser, *size)
    await enrol(page, kiosk_server.url, counter)
    await settle(page)
    for tool in ("large", "contrast", "seated"):
        await page.locator(f"[data-tool={tool}]").click()
        await expect(page.locator(f"html.{tool}")).to_have_count(1)
        await check(page)
    await page.locator("[data-assisted]").click()
    await settle(page)
    await check(page)
    await page.locator("[data-helper=official]").click()
    await expect(page.locator(".helped")).to_be_visible()
    await check(page)
    await tap(page, 5)
    await check(page)
    await leave(page)
    await expect(page.locator(".helped")).to_have_count(0)
    await sent_all(page)
    (row,) = await ratings()
    assert (row["code"], row["assisted"]) == (5, "official")
    await page.goto(f"{kiosk_server.url}/kiosk/enrol")
    await expect(page.locator(".facts")).to_be_visible()
    await check(page)
    assert page.faults == []  # type: ignore[attr-defined]
    await context.close()


def recording() -> bytes:
    """A fifth of a second of silence."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(3200))
    return file.getvalue()


async def test_recorded_prompts_play_without_network(
    browser: Browser, kiosk_server: KioskServer
) -> None:
    kiosk_server.recordings = {"/kiosk/prompts/overall-vi.wav": recording()}
    kiosk_server.config |= {"prompts": {"overall": {"vi": "/kiosk/prompts/overall-vi.wav"}}}
    counter = await make_counter(await make_agency(), "C1")
    context, page = await open_page(browser, 768, 1024)
    await context.add_init_script(
        "const made = Audio; window.Audio = function (address) { const one = new made(address);"
        " one.addEventListener('ended', () => { window.heard = true; }); return one; };"
    )
    await enrol(page, kiosk_server.url, counter)
    await holds(
        page, "caches.open('kiosk-prompts').then((c) => c.keys()).then((all) => all.length === 1)"
    )
    await kiosk_server.stop()
    await settle(page)
    await page.locator(".listen").click()
    await holds(page, "window.heard === true")
    await page.locator("[data-language=en]").click()
    await expect(page.locator(".listen")).to_have_count(0)
    await context.close()
