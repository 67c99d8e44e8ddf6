"""The online form: drafts that only the link opens, one rating a right, nothing kept by caches."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from surveys.accounts import Role
from surveys.ratings import open_links
from surveys.retention import purge
from surveys.transactions import fetch
from tests.app.people import make_person, sign_in
from tests.factories import KEPT_DAYS, make_agency, make_dossier, make_procedure

SECRET = "Tôi phải đưa phong bì cho ông Tám"
BEGUN = {"overall": "2", "access": "98", "reasons": "attitude", "reflection": SECRET}


@pytest.fixture
async def link(form: int) -> str:
    """The address of a link to dossier H1."""
    await make_dossier(await make_agency(), await make_procedure(), "H1")
    return await open_link()


async def open_link() -> str:
    return f"/r/{(await open_links(['H1'], questionnaire='counter', days=30))['H1']}"


async def send(client: httpx.AsyncClient, link: str, **typed: str) -> httpx.Response:
    return await client.post(link, data={"action": "send", "id": str(uuid4())} | typed)


async def save(client: httpx.AsyncClient, link: str, **typed: str) -> httpx.Response:
    return await client.post(link, data={"action": "save"} | typed)


async def count(table: str) -> int:
    return int((await fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"])


def checked(page: str) -> list[str]:
    """Ids of the chosen controls of a page."""
    return re.findall(r'id="([^"]+)"[^>]* checked', page)


async def test_a_draft_is_shown_again_behind_the_same_link(
    client: httpx.AsyncClient, link: str
) -> None:
    saved = await save(client, link, **BEGUN)
    assert (saved.status_code, saved.headers["location"]) == (303, f"{link}?draft=saved")
    page = (await client.get(link)).text
    assert checked(page) == ["overall-2", "access-6", "reasons-4"]
    assert SECRET in page
    assert "Đây là bản nháp bạn đã lưu, chưa gửi." in page
    assert "Xóa bản nháp" in page


async def test_a_draft_may_be_half_done_and_is_replaced_by_the_next(
    client: httpx.AsyncClient, link: str
) -> None:
    await save(client, link, reflection="một")
    await save(client, link, reflection="hai", unknown="x", id="y")
    page = (await client.get(link)).text
    assert checked(page) == []
    assert ">hai</textarea>" in page
    assert await count("draft") == 1


async def test_a_rated_dossier_takes_no_draft(client: httpx.AsyncClient, link: str) -> None:
    await send(client, link, overall="4")
    answer = await client.post(link, data={"action": "save"} | BEGUN)
    assert answer.status_code == 410
    assert await count("draft") == 0


async def test_nothing_of_an_answer_stands_in_the_database(
    client: httpx.AsyncClient, link: str
) -> None:
    await save(client, link, **BEGUN)
    tables = await fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    everything = ""
    for table in tables:
        rows = await fetch(f"SELECT t::text AS line FROM {table['tablename']} t")
        if table["tablename"] not in {"questionnaire_version", "allowed_code"}:
            everything += "\n".join(row["line"] for row in rows)
    token = link.removeprefix("/r/")
    for word in (SECRET, "phong bì", "attitude", "reflection", token):
        assert word not in everything
        assert word.encode().hex() not in everything


async def test_every_draft_is_as_long_as_every_other(client: httpx.AsyncClient, link: str) -> None:
    lengths = set()
    for text in ("", "x", "ô" * 1000):
        await save(client, link, reflection=text)
        lengths.add((await fetch("SELECT length(sealed) AS n FROM draft"))[0]["n"])
    assert len(lengths) == 1


async def test_saving_twice_seals_differently(client: httpx.AsyncClient, link: str) -> None:
    await save(client, link, **BEGUN)
    first = (await fetch("SELECT sealed FROM draft"))[0]["sealed"]
    await save(client, link, **BEGUN)
    assert (await fetch("SELECT sealed FROM draft"))[0]["sealed"] != first


async def test_another_link_does_not_open_a_draft_even_in_its_own_row(
    client: httpx.AsyncClient, link: str
) -> None:
    other = await open_link()
    await save(client, link, **BEGUN)
    assert SECRET not in (await client.get(other)).text
    await save(client, other, overall="5")
    # Whoever can write to the database lays one person's draft under another one's link.
    await fetch(
        "UPDATE draft SET sealed = (SELECT sealed FROM draft d WHERE d.token_hash <>"
        " draft.token_hash)"
    )
    for address in (link, other):
        page = (await client.get(address)).text
        assert "Bản nháp đã hỏng nên không mở được." in page
        assert SECRET not in page


@pytest.mark.parametrize(
    "change", ["overlay(sealed placing '\\x00' from 20)", "substr(sealed, 1, 9)", "''::bytea"]
)
async def test_a_draft_that_was_changed_is_told_and_a_fresh_start_offered(
    client: httpx.AsyncClient, link: str, change: str
) -> None:
    await save(client, link, **BEGUN)
    before = (await fetch("SELECT sealed FROM draft"))[0]["sealed"]
    await fetch(f"UPDATE draft SET sealed = {change}")
    assert (await fetch("SELECT sealed FROM draft"))[0]["sealed"] != before
    answer = await client.get(link)
    assert answer.status_code == 200
    assert "Bản nháp đã hỏng nên không mở được. Hãy điền lại từ đầu" in answer.text
    assert "Bắt đầu lại" in answer.text
    assert checked(answer.text) == []
    again = await client.post(link, data={"action": "delete"})
    assert "Bản nháp đã hỏng" not in (await client.get(again.headers["location"])).text
    assert (await send(client, link, overall="4")).headers["location"] == "/thanks"


async def test_a_draft_is_deleted_by_its_button(client: httpx.AsyncClient, link: str) -> None:
    await save(client, link, **BEGUN)
    answer = await client.post(link, data={"action": "delete"})
    page = (await client.get(answer.headers["location"])).text
    assert "Đã xóa bản nháp." in page
    assert checked(page) == []
    assert await count("draft") == 0


async def test_sending_deletes_every_draft_about_the_dossier(
    client: httpx.AsyncClient, link: str
) -> None:
    other = await open_link()
    await save(client, link, **BEGUN)
    await save(client, other, **BEGUN)
    assert (await send(client, link, overall="4")).headers["location"] == "/thanks"
    assert await count("draft") == 0
    gone = await save(client, other, **BEGUN)
    assert gone.status_code == 410
    assert "Hồ sơ này đã được đánh giá. Mỗi hồ sơ được đánh giá một lần." in gone.text
    assert await count("draft") == 0


async def test_the_retention_job_takes_old_drafts_and_those_of_rated_dossiers(
    client: httpx.AsyncClient, link: str
) -> None:
    await save(client, link, **BEGUN)
    assert (await purge(**KEPT_DAYS))["drafts"] == 0
    await fetch("UPDATE draft SET expires_at = now() - interval '1 second'")
    assert SECRET not in (await client.get(link)).text
    assert (await purge(**KEPT_DAYS))["drafts"] == 1
    await save(client, link, **BEGUN)
    await fetch(
        "INSERT INTO spent_right (id, dossier, questionnaire, day)"
        " SELECT gen_random_uuid(), id, 'counter', '2021-02-10' FROM dossier"
    )
    assert (await purge(**KEPT_DAYS))["drafts"] == 1


async def test_a_draft_ends_with_a_day_and_never_after_its_link(
    client: httpx.AsyncClient, link: str
) -> None:
    await save(client, link, **BEGUN)
    row = (await fetch("SELECT expires_at FROM draft"))[0]
    assert row["expires_at"].astimezone(UTC).strftime("%H:%M:%S.%f") == "17:00:00.000000"
    assert timedelta(days=7) <= row["expires_at"] - datetime.now(UTC) <= timedelta(days=8)
    soon = datetime.now(UTC) + timedelta(hours=1)
    await fetch("UPDATE right_to_rate SET expires_at = $1", soon)
    await save(client, link, **BEGUN)
    assert (await fetch("SELECT expires_at FROM draft"))[0]["expires_at"] == soon


async def test_a_double_submission_counts_once_and_thanks_twice(
    client: httpx.AsyncClient, link: str
) -> None:
    rating = str(uuid4())
    for _click in range(2):
        answer = await send(client, link, id=rating, overall="4")
        assert (answer.status_code, answer.headers["location"]) == (303, "/thanks")
    assert await count("waiting_rating") == 1
    other = await send(client, link, overall="1")
    assert other.status_code == 410
    assert "Bạn không cần làm gì thêm." in other.text
    assert await count("waiting_rating") == 1


@pytest.mark.parametrize("action", ["show", "save", "send"])
async def test_an_expired_link_says_so_and_what_to_do(
    client: httpx.AsyncClient, link: str, action: str
) -> None:
    await fetch("UPDATE right_to_rate SET expires_at = now() - interval '1 second'")
    ways = {"show": client.get(link), "save": save(client, link), "send": send(client, link)}
    answer = await ways.pop(action)
    for other in ways.values():
        other.close()
    assert answer.status_code == 410
    assert "đã hết hạn" in answer.text
    assert "Hãy hỏi cán bộ một cửa để nhận liên kết mới" in answer.text
    assert await count("draft") == await count("waiting_rating") == 0


async def test_a_wrong_link_is_told_and_saves_nothing(client: httpx.AsyncClient, link: str) -> None:
    for answer in (
        await client.get("/r/wrong"),
        await save(client, "/r/wrong", **BEGUN),
        await send(client, "/r/wrong", **BEGUN),
    ):
        assert answer.status_code == 404
        assert "Liên kết này không đúng." in answer.text
        assert 'href="/c"' in answer.text
    assert await count("draft") == 0


async def test_errors_stand_above_the_form_and_lead_to_their_questions(
    client: httpx.AsyncClient, link: str
) -> None:
    answer = await send(client, link, access="7", reflection="x" * 1001, reasons="waiting")
    assert answer.status_code == 422
    summary = answer.text[answer.text.index("error-summary") :].partition("</div>")[0]
    assert re.findall(r'href="#([^"]+)"', summary) == ["access-1", "reflection"]
    assert 'aria-describedby="access-error"' in answer.text
    assert checked(answer.text) == ["reasons-1"]
    for wrong in re.findall(r'href="#([^"]+)"', summary):
        assert f'id="{wrong}"' in answer.text
    empty = await send(client, link)
    assert 'href="#overall-1"' in empty.text


@pytest.mark.parametrize("path", ["", "?draft=deleted", "?lang=en"])
async def test_no_cache_keeps_a_form_and_no_other_site_hears_of_it(
    client: httpx.AsyncClient, link: str, path: str
) -> None:
    for method in ("GET", "HEAD"):
        answer = await client.request(method, link + path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "set-cookie" not in answer.headers
        assert bool(answer.content) == (method == "GET")


async def test_head_answers_for_every_page_of_a_citizen(
    client: httpx.AsyncClient, link: str
) -> None:
    for address in ("/thanks", "/c", "/embed", link):
        assert (await client.head(address)).status_code == 200
    assert (await client.head("/r/wrong")).status_code == 404


async def test_a_language_in_the_address_goes_along(client: httpx.AsyncClient, link: str) -> None:
    page = (await client.get(f"{link}?lang=en")).text
    assert 'lang="en"' in page
    assert "Save draft" in page
    saved = await save(client, f"{link}?lang=en", overall="4")
    assert saved.headers["location"] == f"{link}?lang=en&draft=saved"
    sent = await send(client, f"{link}?lang=en", overall="4")
    assert sent.headers["location"] == "/thanks?lang=en"


async def test_pages_for_people_are_sent_small(client: httpx.AsyncClient, link: str) -> None:
    answer = await client.get(link)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.num_bytes_downloaded < 6_000
    assert (await client.get("/")).headers["content-encoding"] == "gzip"


async def test_a_page_with_a_token_for_staff_is_not_shrunk(
    client: httpx.AsyncClient, link: str
) -> None:
    assert "content-encoding" not in (await client.get("/sign-in")).headers
    await make_person(Role.ANALYST)
    await sign_in(client, Role.ANALYST)
    for address in ("/", "/office/runs", "/account"):
        assert "content-encoding" not in (await client.get(address)).headers
    styles = await client.get("/static/dist/sipas.css")
    assert styles.headers["content-encoding"] == "gzip"
