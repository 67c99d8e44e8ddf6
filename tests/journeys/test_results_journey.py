"""What strangers do with the results: a vice-chairwoman, a citizen on a phone, a journalist."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from surveys.results import publish_run, store_chart
from tests.app.published_town import TOWN, draft, make_agencies, publish
from tests.journeys.browser import PHONE, SCREENS, violations, visit

pytestmark = pytest.mark.browser

CHART = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" role="img"/>'
PAGES = (
    "/",
    "/?measure=overall_rating&q=xa",
    "/results/2021-Q1/agencies/NT",
    "/results/2021-Q1/agencies/ST",
    "/download",
    "/download/dictionary",
    "/method",
    "/privacy",
    "/api/docs",
    "/nowhere",
)


def read_csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(path.read_text("utf-8-sig"))))


@pytest.fixture
async def published(server: str) -> str:
    """Address of the application with two published periods and charts."""
    await make_agencies()
    await publish("2020-Q4")
    run = await draft(unlinked=[{"agency": "NT", "ratings": 321}])
    await publish_run(run)
    for name in ("agencies", "agency-NT-trend"):
        await store_chart(run, name, CHART)
    return server


async def test_in_ninety_seconds_one_sees_the_figure_and_how_sure_it_is(
    browser: Browser, published: str
) -> None:
    async with visit(browser, published) as page:
        await page.goto("/")
        await expect(page.get_by_role("heading", level=1)).to_have_text(
            "Người dân hài lòng đến đâu?"
        )
        for words in ("Toàn tỉnh: chỉ số hài lòng", "khoảng tin cậy 95%", "So sánh được đến đâu?"):
            await expect(page.get_by_text(words).first).to_be_in_viewport()
        await page.get_by_role("link", name="Chưa thể nói ở nửa nào").click()
        await expect(page.get_by_role("table")).to_contain_text("Sở Tư pháp")
        await page.get_by_role("columnheader", name="Cơ quan").get_by_role("link").click()
        await expect(page.get_by_role("columnheader", name="Cơ quan")).to_have_attribute(
            "aria-sort", "ascending"
        )


async def test_a_citizen_finds_the_commune_on_a_phone_without_script_and_by_keyboard(
    browser: Browser, published: str
) -> None:
    async with visit(browser, published, PHONE, script=False) as page:
        await page.goto("/")
        await page.get_by_label("Tìm xã, phường, sở của bạn").focus()
        await page.keyboard.type("van gia")
        await page.keyboard.press("Enter")
        card = page.get_by_role("row", name="UBND thị trấn Vạn Giã")
        await expect(card).to_contain_text("60 / 200 hồ sơ")
        await card.get_by_role("link").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("UBND thị trấn Vạn Giã")
        await expect(page.get_by_role("heading", name="Năm yếu tố")).to_be_visible()


async def test_a_journalist_takes_the_csv_and_reads_it_in_english(
    browser: Browser, published: str
) -> None:
    async with visit(browser, published) as page:
        await page.goto("/download")
        async with page.expect_download() as started:
            await page.get_by_role("link", name="CSV, quý I năm 2021", exact=True).click()
        path = await (await started.value).path()
        codes = {row["agency_code"] for row in read_csv(Path(path))}
        assert codes == {"", *TOWN}
        await page.get_by_role("link", name="English").click()
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        assert page.url.endswith("/download")


async def test_a_figure_with_a_chart_shows_it_under_the_policy(
    browser: Browser, published: str
) -> None:
    async with visit(browser, published) as page:
        await page.goto("/results/2021-Q1/agencies/NT")
        chart = page.get_by_role("img", name="Chỉ số hài lòng của UBND thành phố Nha Trang")
        await chart.scroll_into_view_if_needed()
        await expect(chart).to_have_js_property("complete", value=True)
        assert await chart.evaluate("image => image.naturalWidth") == 40
        fonts = await page.evaluate(
            "async () => (await document.fonts.load('1rem \"Be Vietnam Pro\"', 'ộ')).length"
        )
        assert fonts == 1


@pytest.mark.parametrize("screen", SCREENS)
async def test_no_page_keeps_anyone_out(browser: Browser, published: str, screen: str) -> None:
    assert not await violations(browser, published, PAGES, SCREENS[screen])
