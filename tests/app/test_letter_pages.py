"""The pages of apology letters: the list, the files, the office's own form."""

from io import BytesIO

import httpx
import pytest
from docx import Document

from app.letter_documents import REQUIRED
from surveys.accounts import Role
from surveys.transactions import fetch
from tests.app.people import get, make_person, post, sign_in
from tests.factories import make_dossier, make_procedure


@pytest.fixture
async def late(client: httpx.AsyncClient) -> int:
    """An official who is signed in, with a dossier that was returned a day late."""
    await make_person(Role.AGENCY)
    (row,) = await fetch("SELECT agency FROM account")
    await sign_in(client, "agency")
    dossier = await make_dossier(row["agency"], await make_procedure(), "H-1")
    await fetch("UPDATE dossier SET due_at = returned_at - interval '1 day'")
    return dossier


async def write(client: httpx.AsyncClient, dossier: int) -> str:
    await post(client, "/letters", dossier=str(dossier), reason="Thiếu người thẩm định.")
    (row,) = await fetch("SELECT id FROM apology_letter")
    return str(row["id"])


def form(text: str) -> bytes:
    document = Document()
    document.add_paragraph(text)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


async def upload(client: httpx.AsyncClient, content: bytes) -> httpx.Response:
    return await client.post(
        "/letters/form",
        data={"_csrf_token": client.cookies["csrf"]},
        files={"file": ("mau.docx", content)},
        headers={"accept": "text/html"},
    )


async def test_a_letter_is_handed_out_as_word_and_as_pdf(
    client: httpx.AsyncClient, late: int
) -> None:
    letter = await write(client, late)
    for kind, start in (("docx", b"PK"), ("pdf", b"%PDF")):
        answer = await get(client, f"/letters/{letter}.{kind}")
        assert answer.content.startswith(start)
        assert f"xin-loi-H-1-1.{kind}" in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    "name",
    [
        "x.pdf",
        "00000000-0000-4000-8000-000000000000.pdf",
        "00000000-0000-4000-8000-000000000000.exe",
        "x",
    ],
)
async def test_what_is_no_letter_is_not_found(
    client: httpx.AsyncClient, late: int, name: str
) -> None:
    assert (await get(client, f"/letters/{name}")).status_code == 404


async def test_a_letter_that_was_written_stands_in_the_list_that_follows(
    client: httpx.AsyncClient, late: int
) -> None:
    typed = {"dossier": str(late), "reason": "Thiếu người thẩm định.", "since": "2000-01-01"}
    answer = await post(client, "/letters", **typed)
    assert "H-1" in (await get(client, answer.headers["location"])).text


async def test_another_agency_finds_no_letter(client: httpx.AsyncClient, late: int) -> None:
    letter = await write(client, late)
    await make_person(Role.AGENCY, "stranger")
    await sign_in(client, "stranger")
    assert (await get(client, f"/letters/{letter}.pdf")).status_code == 404
    assert (await post(client, f"/letters/{letter}/sent")).status_code == 404
    assert "H-1" not in (await get(client, "/letters?since=2000-01-01")).text


async def test_a_wrong_number_is_told_at_its_letter_and_nothing_was_sent(
    client: httpx.AsyncClient, late: int
) -> None:
    letter = await write(client, late)
    typed = {"channel": "sms", "address": "12", "since": "2000-01-01"}
    answer = await post(client, f"/letters/{letter}/sent", **typed)
    assert answer.status_code == 422
    assert f'id="address-{letter}-error"' in answer.text
    (row,) = await fetch("SELECT sent_on FROM apology_letter")
    assert row["sent_on"] is None
    assert not await fetch("SELECT 1 FROM outbox_message")


@pytest.mark.parametrize(
    "query",
    [
        "agency=x&page=0",
        "flag=nothing",
        "since=gestern",
        "page=x",
        "since=0001-01-01",
        "since=9999-12-31",
    ],
)
async def test_a_strange_address_is_no_error(
    client: httpx.AsyncClient, late: int, query: str
) -> None:
    assert (await get(client, f"/letters?{query}")).status_code == 200


async def test_letters_keep_the_form_that_they_were_made_with(
    client: httpx.AsyncClient, late: int
) -> None:
    words = " ".join(f"{{{{ {name} }}}}" for name in REQUIRED)
    refused = await upload(client, form(words + " {{ ten_nguoi }}"))
    assert refused.status_code == 422
    assert "ten_nguoi" in refused.text
    assert (await upload(client, form(f"Bản một {words}"))).status_code == 303
    letter = await write(client, late)
    await upload(client, form(f"Bản hai {words}"))
    said = Document(BytesIO((await get(client, f"/letters/{letter}.docx")).content))
    assert said.paragraphs[0].text.startswith("Bản một H-1")
    assert (await get(client, "/letters/form/preview")).content.startswith(b"%PDF")
