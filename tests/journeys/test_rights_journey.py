"""A right goes from the receipt to a rating: once, by whatever way, and without telling whose."""

import json
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Request, Route, expect

from surveys.ratings import grouped, open_coded_links
from surveys.transactions import fetch
from tests.factories import make_agency, make_dossier, make_procedure
from tests.journeys.browser import PHONE, visit
from tests.journeys.conftest import axe_violations, open_page

pytestmark = pytest.mark.browser

DOSSIERS = ["H32.15-2026-0041", "H32.15-2026-0042"]
THANKS = "Cảm ơn. Đánh giá của bạn đã được ghi nhận."


@pytest.fixture
async def links(form: int) -> list[tuple[str, str]]:
    """Path of the form and code of two dossiers of one agency."""
    agency = await make_agency(name="Trung tâm Phục vụ hành chính công phường Bắc Nha Trang")
    procedure = await make_procedure()
    for dossier in DOSSIERS:
        await make_dossier(agency, procedure, dossier)
    made = await open_coded_links(DOSSIERS, questionnaire="counter", days=30)
    return [(f"/r/{token}", code) for token, code in made.values()]


async def rows(table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await fetch(f"SELECT * FROM {table}")
    return found


async def fill(page: Page, link: str) -> None:
    await page.goto(link)
    await page.locator("#overall-2").check()
    await page.locator("summary").click()
    await page.get_by_label("Chờ lâu").check()
    await page.locator("textarea").fill("Chờ lâu quá")


def requests_of(page: Page) -> list[Request]:
    """What the page asks for from now on."""
    asked: list[Request] = []

    def note(one: Request) -> None:
        asked.append(one)

    page.on("request", note)
    return asked


async def send(page: Page) -> None:
    await page.get_by_role("button", name="Gửi đánh giá").first.click()


def values(found: list[dict[str, Any]]) -> set[str]:
    """What could join two tables: every value but days and the like, which many rows share."""
    return {
        str(value)
        for row in found
        for name, value in row.items()
        if not isinstance(value, bool | None)
        and name not in {"day", "mode", "questionnaire", "version"}
        and len(str(value)) > 3
    }


async def test_the_request_with_the_answers_holds_no_right_and_its_row_no_dossier(
    browser: Browser, server: str, links: list[tuple[str, str]]
) -> None:
    link, code = links[0]
    token = link.removeprefix("/r/")
    async with visit(browser, server, PHONE) as page:
        asked = requests_of(page)
        await fill(page, link)
        # The library comes only when somebody sends.
        assert not [one for one in asked if "blindrsa" in one.url or "ticket" in one.url]
        await send(page)
        await expect(page.get_by_role("heading", name=THANKS)).to_be_visible()
        posts = [one for one in asked if one.method == "POST"]
        assert [one.url.removeprefix(server) for one in posts] == [
            "/api/rights/key", "/api/rights/signature", "/api/ratings",
        ]  # fmt: skip
        *before, last = posts
        assert all("overall" not in (one.post_data or "") for one in before)
        headers = await last.all_headers()
        said = last.url + json.dumps(headers) + (last.post_data or "")
        for secret in (token, code, grouped(code), DOSSIERS[0]):
            assert secret not in said
        assert not {"cookie", "referer"} & set(headers)
        (rating,) = json.loads(last.post_data or "")["ratings"]
        assert set(rating) == {"id", "questionnaire", "answers", "ticket"}
        assert (rating["answers"]["overall"], rating["answers"]["reflection"]) == (2, "Chờ lâu quá")
        assert await kept(page) == 0
        assert await page.evaluate("localStorage.length") == 0
    (row,) = await rows("waiting_rating")
    assert (str(row["id"]), row["mode"], row["comment"]) == (rating["id"], "online", "Chờ lâu quá")
    dossier_side = [
        r
        for t in ("spent_right", "signed_request", "right_to_rate", "link_code")
        for r in await rows(t)
    ]
    answer_side = [
        r for t in ("waiting_rating", "spent_signature", "resend_key") for r in await rows(t)
    ]
    assert values(dossier_side) & values(answer_side) == set()


async def kept(page: Page) -> int:
    """How many sendings the phone still holds."""
    count: int = await page.evaluate(
        """() => new Promise((resolve) => {
          const opening = indexedDB.open("sipas-form");
          opening.onsuccess = () => {
            const all = opening.result.transaction("sendings").objectStore("sendings").count();
            all.onsuccess = () => { opening.result.close(); resolve(all.result); };
          };
        })"""
    )
    return count


async def lose_answers(page: Page, path: str, times: int) -> None:
    """The server does what it is asked, and its answer is lost on the way."""
    lost = 0

    async def lose(route: Route) -> None:
        nonlocal lost
        lost += 1
        if lost > times:
            await route.continue_()
            return
        await route.fetch()
        await route.abort()

    await page.route(f"**{path}", lose)


@pytest.mark.parametrize("path", ["/api/rights/signature", "/api/ratings"])
async def test_an_answer_that_is_lost_is_asked_for_again_and_counts_once(
    browser: Browser, server: str, links: list[tuple[str, str]], path: str
) -> None:
    context, page = await open_page(browser, *PHONE)
    await lose_answers(page, path, 2)
    await fill(page, server + links[0][0])
    await send(page)
    await expect(page.get_by_role("heading", name=THANKS)).to_be_visible()
    assert len(await rows("waiting_rating")) == len(await rows("spent_right")) == 1
    await context.close()


async def test_a_page_that_was_closed_before_the_signature_came_sends_when_it_is_opened_again(
    browser: Browser, server: str, links: list[tuple[str, str]]
) -> None:
    context, page = await open_page(browser, *PHONE)
    await lose_answers(page, "/api/rights/signature", 3)
    await fill(page, server + links[0][0])
    await send(page)
    await expect(page.locator("#sending")).to_contain_text(
        "Câu trả lời vẫn nằm trên máy này", timeout=15_000
    )
    assert await axe_violations(page) == []
    assert (len(await rows("spent_right")), len(await rows("waiting_rating"))) == (1, 0)
    await page.close()
    page = await context.new_page()
    await page.goto(server + links[0][0])
    await expect(page.get_by_role("heading", name=THANKS)).to_be_visible()
    (row,) = await rows("waiting_rating")
    assert row["comment"] == "Chờ lâu quá"
    await page.goto(server + links[0][0])
    await expect(page.get_by_text("Mỗi hồ sơ được đánh giá một lần.")).to_be_visible()
    await expect(page.locator("#sending")).to_be_hidden()
    assert len(await rows("waiting_rating")) == 1
    await context.close()


async def test_without_a_network_the_form_waits_and_sends_by_itself(
    browser: Browser, server: str, links: list[tuple[str, str]]
) -> None:
    context, page = await open_page(browser, *PHONE)
    await fill(page, server + links[0][0])
    await page.route("**/api/**", lambda route: route.abort())
    await send(page)
    await expect(page.locator("#sending")).to_contain_text("vì mất mạng")
    await page.unroute("**/api/**")
    await page.evaluate("dispatchEvent(new Event('online'))")
    await expect(page.get_by_role("heading", name=THANKS)).to_be_visible()
    assert len(await rows("waiting_rating")) == 1
    await context.close()


async def test_a_browser_that_cannot_load_the_library_sends_the_plain_form(
    browser: Browser, server: str, links: list[tuple[str, str]]
) -> None:
    context, page = await open_page(browser, *PHONE)
    await page.route("**/blindrsa.js*", lambda route: route.abort())
    await fill(page, server + links[0][0])
    await send(page)
    await expect(page.get_by_role("heading", name=THANKS)).to_be_visible()
    assert len(await rows("waiting_rating")) == len(await rows("spent_right")) == 1
    assert await rows("signed_request") == []
    await context.close()


async def test_a_key_that_stands_in_no_list_is_not_trusted(
    browser: Browser, server: str, links: list[tuple[str, str]]
) -> None:
    context, page = await open_page(browser, *PHONE)
    await page.route("**/api/rating-keys*", lambda route: route.fulfill(json={"keys": []}))
    await fill(page, server + links[0][0])
    await send(page)
    await expect(page.locator("#sending")).to_contain_text("không có trong danh sách công khai")
    assert await rows("spent_right") == await rows("waiting_rating") == []
    await context.close()
