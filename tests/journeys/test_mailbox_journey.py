"""A letter with a photograph: the worker takes it, its sender opens the link, an official looks
after the letter that the program could not take."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from app.access import pepper
from app.mailbox import read_mailbox
from surveys.accounts import Role, create_account
from surveys.messages.addresses import case_token
from surveys.transactions import fetch, fetch_one
from tests.app.files import photograph
from tests.app.people import PASSWORD
from tests.app.post_office import letter, mailbox_settings, post_office
from tests.journeys.conftest import DESK, PHONE, check, enter, open_page
from tests.surveys.case_town import make_town

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def test_letters_with_and_without_words(
    browser: Browser, server: str, tmp_path: Path
) -> None:
    town = await make_town()
    (agency,) = await fetch("SELECT code FROM agency WHERE id = $1", town.agency)
    with post_office(tmp_path) as office:
        told = letter()
        told.add_attachment(photograph(), "image", "jpeg", filename="giấy hẹn.jpg")
        office.deliver(told, letter("  "), letter("x" * 20_001, **{"from": "lan@example.vn"}))
        counts = await read_mailbox(mailbox_settings(tmp_path, office, imap_agency=agency["code"]))
    assert counts == {"opened": 1, "refused": 2}
    case = await fetch_one("SELECT id, reference FROM reflection_case")
    file = await fetch_one("SELECT id FROM case_attachment")
    assert case is not None
    assert file is not None

    # The citizen on a telephone: the browser saves the file and shows nothing of it.
    token = case_token(pepper(mailbox_settings(tmp_path, office)), case["id"])
    context, page = await open_page(browser, *PHONE)
    await page.goto(f"{server}/sign-in")
    async with page.expect_download() as saving:
        await page.evaluate(f"location.href = '/p/{token}/files/{file['id']}'")
    saved = await saving.value
    assert saved.suggested_filename == f"{case['reference']}-anh-1.jpg"
    assert page.url == f"{server}/sign-in"
    await context.close()

    await create_account(
        "boss", Role.ADMINISTRATOR, password=PASSWORD, actor=None, must_change=False
    )
    for size in (DESK, PHONE):
        context, page = await open_page(browser, *size)
        await enter(page, server, "boss")
        await page.get_by_role("main").get_by_role("link", name="Hộp thư phản ánh").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Hộp thư phản ánh")
        await check(page)
        await page.get_by_role("button", name="Đã xử lý").first.click()
        await expect(page.get_by_role("status")).to_contain_text("Đã ghi là đã xử lý.")
        await check(page)
        await context.close()
    assert (
        await fetch("SELECT id FROM mailbox_letter WHERE done_at IS NULL AND case_id IS NULL") == []
    )
