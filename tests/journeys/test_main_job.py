"""The main job as people live it: handover, tap, row, index, page."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Browser, expect

from app.demo.kiosks import Kiosk
from app.judging import judge_window
from app.runs import compute_run, publish
from app.settings import Settings
from surveys.accounts import issue_key
from surveys.devices import issue_code
from surveys.ratings import Batch, NewRating, mix, open_links, record_ratings
from surveys.transactions import fetch
from tests.factories import make_agency, make_counter, make_dossier, make_procedure
from tests.journeys.conftest import axe_violations, open_page

pytestmark = pytest.mark.browser

DOSSIERS = 30
TAPS = 6


async def make_agencies(version: int) -> int:
    """Three agencies with thirty dossiers each, twelve of them rated; counter C1 at the first.

    Every item of these ratings got a 4. Returns the counter's row id.
    """
    rows = await fetch(
        "SELECT DISTINCT item FROM allowed_code WHERE version = $1 AND code = 4", version
    )
    codes = tuple((row["item"], 4) for row in rows)
    procedure = await make_procedure()
    counter = 0
    for name in ("Sở Tư pháp", "Sở Xây dựng", "Sở Y tế"):
        agency = await make_agency(name[3:], name=name)
        counter = counter or await make_counter(agency, "C1")
        for place in range(DOSSIERS):
            await make_dossier(agency, procedure, f"{name[3:]}-{place}")
        codes_of = [f"{name[3:]}-{place}" for place in range(12)]
        tokens = await open_links(codes_of, questionnaire="counter", days=30)
        outcomes = await record_ratings(
            [NewRating(uuid4(), "counter", version, codes, right=t) for t in tokens.values()]
        )
        assert set(outcomes) == {"stored"}
    return counter


async def hand_over(client: httpx.AsyncClient, dossier: str) -> None:
    headers = {"Authorization": f"Bearer {await issue_key('Một cửa', 'handover', actor=None)}"}
    body = {"handovers": [{"dossier": dossier, "counter": "C1"}]}
    answer = await client.post("/api/handovers", json=body, headers=headers)
    assert answer.json() == {"outcomes": ["open"]}


async def enrol(client: httpx.AsyncClient, counter: int) -> Kiosk:
    kiosk = Kiosk()
    answer = await kiosk.enrol(client, (await issue_code(counter, actor=None)).code)
    assert answer.status_code == 201
    return kiosk


async def tap_at_kiosk(client: httpx.AsyncClient, kiosk: Kiosk) -> None:
    """Very dissatisfied, one factor, one reason and a sentence, signed by the counter's device."""
    rating = str(uuid4())
    tap = kiosk.event({"overall": 1}, id=rating)
    said = {"access": 3, "reasons": ["waiting"], "reflection": "Tôi phải chờ ba tiếng."}
    details = kiosk.event(said, id=rating, kind="details")
    receipts = (await kiosk.send(client, tap, details)).json()["receipts"]
    assert [one["status"] for one in receipts] == ["stored", "stored"]


async def test_a_tap_becomes_a_row_and_a_published_index(
    browser: Browser,
    server: str,
    client: httpx.AsyncClient,
    form: int,
    tmp_path: Path,
) -> None:
    kept = Settings(var=tmp_path)
    counter = await make_agencies(form)
    kiosk = await enrol(client, counter)
    for place in range(20, 20 + TAPS):
        await hand_over(client, f"Tư pháp-{place}")
        await tap_at_kiosk(client, kiosk)
    rows = await fetch(
        "SELECT w.comment, count(a.item) AS answers FROM waiting_rating w"
        " JOIN waiting_answer a ON a.rating = w.id WHERE w.mode = 'kiosk' AND w.cell IS NOT NULL"
        " GROUP BY w.id"
    )
    assert rows == TAPS * [{"comment": "Tôi phải chờ ba tiếng.", "answers": 3}]
    # A kiosk's ratings are released when their week was judged, and no figure counts any before.
    next_week = datetime.now(UTC) + timedelta(days=8)
    await mix(Batch(), now=datetime.now(UTC))
    assert await fetch("SELECT id FROM rating") == []
    await judge_window(kept, now=next_week)
    assert (await mix(Batch(), now=next_week)).waiting == 0
    await publish(await compute_run(Settings(), "2021-Q1"))
    for size in ((390, 844), (1280, 800)):
        context, page = await open_page(browser, *size)
        await page.goto(server)
        await expect(page.get_by_role("link", name="Sở Tư pháp").first).to_be_visible()
        assert await axe_violations(page) == []
        await page.get_by_role("link", name="Sở Tư pháp").first.click()
        await expect(page.get_by_role("heading", name="Sở Tư pháp").first).to_be_visible()
        # 12 × 5 satisfied answers and six that were not: 60 of 66, unweighted.
        await expect(page.get_by_text("90,9%").first).to_be_visible()
        assert await axe_violations(page) == []
        assert page.faults == []  # type: ignore[attr-defined]
        await context.close()


async def test_the_form_behind_a_link_works_without_script(
    browser: Browser, server: str, form: int
) -> None:
    await make_dossier(await make_agency(), await make_procedure(), "H1")
    tokens = await open_links(["H1"], questionnaire="counter", days=30)
    context = await browser.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    page = await context.new_page()
    await page.goto(f"{server}/r/{tokens['H1']}")
    await page.get_by_role("button", name="Gửi đánh giá").first.click()
    await expect(page.get_by_text("Phiếu chưa gửi được")).to_be_visible()
    await page.get_by_label("Rất hài lòng").first.check()
    await page.get_by_role("button", name="Gửi đánh giá").first.click()
    await expect(page.get_by_role("heading", name="Cảm ơn")).to_be_visible()
    await page.goto(f"{server}/r/{tokens['H1']}")
    await expect(page.get_by_text("Mỗi hồ sơ được đánh giá một lần")).to_be_visible()
    assert len(await fetch("SELECT id FROM waiting_rating WHERE mode = 'online'")) == 1
    await context.close()


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)])
async def test_the_form_behind_a_link_is_accessible(
    browser: Browser, server: str, form: int, size: tuple[int, int]
) -> None:
    await make_dossier(await make_agency(), await make_procedure(), "H1")
    tokens = await open_links(["H1"], questionnaire="counter", days=30)
    context, page = await open_page(browser, *size)
    await page.goto(f"{server}/r/{tokens['H1']}")
    await page.locator("summary").click()
    assert await axe_violations(page) == []
    wide = await page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert wide is False
    assert page.faults == []  # type: ignore[attr-defined]
    await context.close()
