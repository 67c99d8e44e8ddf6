"""Bodies that are no text in UTF-8: refused with a sentence, in the form of each interface."""

import httpx
import pytest

from surveys.accounts import issue_key
from surveys.transactions import fetch

PART = "--x\r\nContent-Disposition: form-data; name={name}{more}\r\n\r\n"
END = b"\r\n--x--\r\n"
PARTS = {"Content-Type": "multipart/form-data; boundary=x"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def part(name: str, content: bytes, more: str = "") -> bytes:
    return PART.format(name=f'"{name}"', more=more).encode() + content + END


async def bearer() -> dict[str, str]:
    return {"Authorization": f"Bearer {await issue_key('Cổng', 'cases', actor=None)}"}


@pytest.mark.parametrize("body", [b'{"text":"\xe9"}', b"[" * 100_000, b'{"text":"\\ud800"}', b"{"])
async def test_json_that_is_none_is_a_problem_with_a_sentence(
    client: httpx.AsyncClient, database: str, body: bytes
) -> None:
    headers = await bearer() | {"Content-Type": "application/json"}
    told = await client.post("/api/cases", content=body, headers=headers)
    assert told.status_code == 400, told.text
    assert told.headers["content-type"].startswith("application/problem+json")
    assert told.json()["detail"]


BODIES = [
    (PARTS, part("text", b"\xe1\xba")),
    (PARTS, part("files", b"\xff\xd8\xff\xe0 no name of a file")),
    (PARTS, part("text", b"x", "\r\nContent-Type: text/plain; charset=klingon")),
    (FORM, b"text=%E1%BA&description=%E1%BA"),
    (FORM, b"text=\xe1\xba"),
]


@pytest.mark.parametrize(("headers", "body"), BODIES)
async def test_a_form_that_is_no_text_opens_nothing_and_is_told(
    client: httpx.AsyncClient, database: str, headers: dict[str, str], body: bytes
) -> None:
    page = await client.post("/reflect", content=body, headers=headers | {"Accept": "text/html"})
    assert page.status_code == 400
    assert "không phải UTF-8" in page.text
    assert "<h1" in page.text
    address = "/open311/v2/requests.json?lang=en"
    told = await client.post(address, content=body, headers=headers | await bearer())
    assert told.status_code == 400, told.text
    assert told.json()[0]["code"] == 400
    assert "not UTF-8" in told.json()[0]["description"]
    assert not await fetch("SELECT 1 FROM reflection_case")


async def test_a_form_behind_the_token_of_forms_is_told_as_well(
    client: httpx.AsyncClient, database: str
) -> None:
    told = await client.post("/sign-in", content=b"name=%E1%BA", headers=FORM)
    assert told.status_code == 400


async def test_letters_that_a_sender_did_not_escape_are_read_as_they_are(
    client: httpx.AsyncClient, database: str
) -> None:
    page = await client.post(
        "/reflect",
        content="text=Chờ ba tuần&action=find".encode(),
        headers=FORM | {"Accept": "text/html"},
    )
    assert "Chờ ba tuần" in page.text


async def test_a_sign_that_cannot_be_kept_is_named(
    client: httpx.AsyncClient, database: str
) -> None:
    sent = {"text": "một\0hai", "agency": "x", "person": {"phone": "0912345678"}, "source": "1"}
    told = await client.post("/api/cases", json=sent, headers=await bearer())
    assert told.status_code == 422
    assert "quá dài" not in told.text
