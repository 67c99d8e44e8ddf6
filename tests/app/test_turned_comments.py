"""A comment that shall become a reflection leaves the rating, and the server keeps it nowhere."""

from uuid import uuid4

import httpx
import pytest

from surveys.ratings import open_links
from surveys.transactions import fetch
from tests.factories import make_agency, make_dossier, make_procedure

COMMENT = "Ông Tám ở quầy ba bảo tôi về lấy phong bì"


@pytest.fixture
async def link(form: int) -> str:
    await make_dossier(await make_agency("BNT"), await make_procedure(), "H1")
    return f"/r/{(await open_links(['H1'], questionnaire='counter', days=30))['H1']}"


async def send(client: httpx.AsyncClient, link: str, **typed: str) -> httpx.Response:
    return await client.post(link, data={"action": "send", "id": str(uuid4())} | typed)


async def everything() -> str:
    """Every row of every table but the questionnaire's own."""
    tables = await fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = ""
    for table in tables:
        if table["tablename"] not in {"questionnaire_version", "allowed_code"}:
            rows = await fetch(f"SELECT t::text AS line FROM {table['tablename']} t")
            found += "\n".join(row["line"] for row in rows)
    return found


async def test_the_text_is_shown_to_be_carried_on_and_stands_in_no_table(
    client: httpx.AsyncClient, link: str
) -> None:
    page = await send(client, link, overall="2", access="98", reflection=COMMENT, turn="1")
    assert page.status_code == 200
    assert f'<textarea name="text" hidden>{COMMENT}</textarea>' in page.text
    assert 'name="agency_code" value="BNT"' in page.text
    assert link.removeprefix("/r/") not in page.text
    assert page.headers["cache-control"] == "no-store"
    rows = await fetch("SELECT id, comment FROM waiting_rating")
    assert [row["comment"] for row in rows] == [None]
    assert str(rows[0]["id"]) not in page.text
    assert await fetch("SELECT item, code FROM waiting_answer ORDER BY item") == [
        {"item": 1, "code": 2}, {"item": 2, "code": 98},
    ]  # fmt: skip
    assert COMMENT not in await everything()


async def test_the_same_form_sent_twice_counts_once_and_keeps_the_text_in_the_page(
    client: httpx.AsyncClient, link: str
) -> None:
    rating = str(uuid4())
    for _click in range(2):
        page = await send(client, link, id=rating, overall="2", reflection=COMMENT, turn="1")
        assert COMMENT in page.text
    assert len(await fetch("SELECT FROM waiting_rating")) == 1


async def test_a_turned_comment_may_be_longer_than_a_comment_and_is_asked_for_nowhere_else(
    client: httpx.AsyncClient, link: str
) -> None:
    page = await send(client, link, overall="2", reflection="x" * 1001, turn="1")
    assert page.status_code == 200
    assert "x" * 1001 in page.text


@pytest.mark.parametrize("typed", [{"reflection": COMMENT}, {"turn": "1"}])
async def test_without_the_wish_or_without_words_the_form_is_what_it_was(
    client: httpx.AsyncClient, link: str, typed: dict[str, str]
) -> None:
    answer = await send(client, link, overall="4", **typed)
    assert answer.headers["location"] == "/thanks"
    (row,) = await fetch("SELECT comment FROM waiting_rating")
    assert row["comment"] == typed.get("reflection")


async def test_a_fault_elsewhere_keeps_the_text_and_the_wish(
    client: httpx.AsyncClient, link: str
) -> None:
    page = await send(client, link, reflection=COMMENT, turn="1")
    assert page.status_code == 422
    assert COMMENT in page.text
    assert 'id="turn" name="turn" value="1" checked' in page.text
