"""What anybody may read of the ledger, and what administrators read of a device."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import httpx

from app.pages import ledger as pages
from surveys import ledger
from surveys.accounts import Role
from surveys.devices import Event, FindingKind, count_odd
from surveys.ratings import record_ratings
from surveys.transactions import fetch
from tests.app.people import get, make_person, sign_in
from tests.factories import make_agency, make_counter, make_device
from tests.surveys.test_ledger import rate

DAY = timedelta(days=1)


async def fill(days: int = 3) -> None:
    now = datetime.now(UTC) - days * DAY
    await ledger.close_days(now)
    for later in range(days):
        await rate(6 if later % 2 else 2, now=now + later * DAY)
        await ledger.close_days(now + (later + 1) * DAY)


async def test_anybody_can_recompute_the_published_chain(
    database: str, client: httpx.AsyncClient
) -> None:
    await fill()
    told = (await client.get("/api/ledger")).json()
    assert told["next"] is None
    days = told["days"]
    assert [day["ratings"] for day in days] == [None, None, 7, None]
    previous = "0" * 64
    for day in days:
        words = day["line"].split()
        assert sha256(day["line"].encode()).hexdigest() == day["head"]
        assert words[:3] == ["sipas-ledger-1", previous, day["day"]]
        assert words[3] == (str(day["ratings"]) if day["ratings"] else "few")
        previous = day["head"]


async def test_nothing_of_the_counts_by_agency_is_published(
    database: str, client: httpx.AsyncClient
) -> None:
    await fill()
    text = (await client.get("/api/ledger")).text + (await client.get("/ledger")).text
    rows = await fetch("SELECT encode(nonce, 'hex') AS nonce, hashes FROM ledger_day")
    assert not any(row["nonce"] in text for row in rows)
    assert not any(row["hashes"][:32].hex() in text for row in rows if row["hashes"])
    assert "places" not in text


async def test_long_chains_are_listed_in_parts(
    database: str, client: httpx.AsyncClient, monkeypatch: object
) -> None:
    await fill()
    monkeypatch.setattr(pages, "MOST_DAYS", 2)  # type: ignore[attr-defined]
    first = (await client.get("/api/ledger")).json()
    assert (len(first["days"]), first["next"]) == (2, 2)
    rest = (await client.get("/api/ledger", params={"first": 2})).json()
    assert ([day["number"] for day in rest["days"]], rest["next"]) == ([2, 3], None)
    for wrong in ("-1", "x", str(2**40)):
        assert (await client.get("/api/ledger", params={"first": wrong})).status_code == 400


async def test_a_kept_head_is_found_however_it_was_written_down(
    database: str, client: httpx.AsyncClient
) -> None:
    await fill()
    newest = await ledger.newest_day()
    assert newest
    head = newest.head.hex()
    for typed in (head, head.upper(), f" {head[:8]} {head[8:16]} ", head[:16]):
        page = (await get(client, f"/ledger?head={typed}")).text
        assert "sổ từ ngày ấy trở về trước vẫn như khi bạn chép" in page, typed
    assert "Không có mã này trong sổ" in (await get(client, f"/ledger?head={'ab' * 32}")).text
    for wrong in ("xin chào", head[:15], head + "00", "<script>"):
        answer = await get(client, f"/ledger?head={wrong}")
        assert answer.status_code == 200
        assert "Đây không phải là mã" in answer.text, wrong
        assert "<script>" not in answer.text


async def test_the_page_says_so_when_nothing_is_closed(
    database: str, client: httpx.AsyncClient
) -> None:
    assert "Chưa có ngày nào được khóa" in (await get(client, "/ledger")).text
    assert (await client.get("/api/ledger")).json() == {"days": [], "next": None}


async def test_a_device_page_tells_what_was_odd_and_what_it_does(
    database: str, client: httpx.AsyncClient
) -> None:
    await make_person(Role.ADMINISTRATOR)
    await sign_in(client, "administrator")
    device = await make_device(await make_counter(await make_agency(), "C1", name="Quầy 1"))
    assert "Không có điều gì bất thường" in (await get(client, f"/office/devices/{device}")).text
    for number in (1, 9, 9):
        await record_ratings([Event(device, number, uuid4(), "tap", None)])
    await count_odd(device, FindingKind.REFUSED, 3)
    page = re.sub(r"\s+", " ", (await get(client, f"/office/devices/{device}")).text)
    for words in ("Quầy 1", "Đang thiếu 7 số: 2–8.", "Thiếu số", "2–8", "Chèn vào số đã dùng",
                  "khóa của máy đã bị chép", "Không nhận nội dung", ">3<"):  # fmt: skip
        assert words in page, words
    assert f'href="/office/devices/{device}"' in (await get(client, "/office/devices")).text
    assert (await get(client, f"/office/devices/{uuid4()}")).status_code == 404
