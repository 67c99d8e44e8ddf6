"""Posters: what a scanner reads leads to the counter, and each agency prints its own only."""

import httpx
import pytest

from app.posters import make_posters
from app.typesetting import qr_picture
from surveys.accounts import Role
from surveys.addresses import Place, find_place, places_of
from surveys.transactions import fetch
from tests.app.people import get, make_person, sign_in
from tests.app.qr import decode, matrices, text_of
from tests.factories import make_agency, make_counter

BASE = "https://danhgia.khanhhoa.gov.vn"
NAME = "Trung tâm Phục vụ hành chính công phường Bắc Nha Trang"


def pages(pdf: bytes) -> int:
    return pdf.count(b"/Type/Page/")


@pytest.mark.parametrize("size", ["a4", "a5"])
def test_a_poster_says_where_it_hangs_and_its_code_leads_there(size: str) -> None:
    places = [Place("7KFM3X", 1, NAME, None, ""), Place("4HXY2C", 1, NAME, 2, "Quầy số 3 – Đất")]
    pdf = make_posters(places, size, BASE)
    assert [decode(code) for code in matrices(pdf)] == [f"{BASE}/c/7KFM3X", f"{BASE}/c/4HXY2C"]
    whole, counter = text_of(pdf)
    for text in (whole, counter):
        assert "Ông/Bà hài lòng đến đâu với lần làm thủ tục này?" in text
        assert "How satisfied are you with this visit?" in text
        assert "Phiếu không hỏi tên, số điện thoại hay số giấy tờ." in text
        assert NAME in text
    assert "danhgia.khanhhoa.gov.vn/c/7KFM3X" in whole
    assert "danhgia.khanhhoa.gov.vn/c/4HXY2C" in counter
    assert "Quầy số 3 – Đất" in counter
    assert (b"841.8" in pdf) == (size == "a4")


@pytest.mark.parametrize("size", ["a4", "a5"])
def test_the_longest_names_stay_on_one_page(size: str) -> None:
    long = "Trung tâm Phục vụ hành chính công " * 6
    base = "https://danh-gia-su-hai-long.trung-tam.khanhhoa.gov.vn"
    pdf = make_posters([Place("7KFM3X", 1, long[:200], 2, long[:200])], size, base)
    assert pages(pdf) == 1
    assert [decode(code) for code in matrices(pdf)] == [f"{base}/c/7KFM3X"]


def test_markup_in_a_name_is_only_a_name() -> None:
    name = '#panic("x") *đậm* <b> \\ $x$ "'
    assert name in text_of(make_posters([Place("7KFM3X", 1, name, 2, name)], "a4", BASE))[0]


def test_a_code_is_dark_on_light() -> None:
    picture = qr_picture(BASE)
    assert 'fill="#fff"' in picture
    assert 'stroke="#000"' in picture


async def test_addresses_are_given_once_and_found_again(database: str) -> None:
    agency, other = await make_agency(), await make_agency()
    for _counter in range(40):
        await make_counter(agency)
    first = await places_of([agency, other])
    assert first == await places_of([agency, other])
    assert len({place.code for place in first}) == len(first) == 42
    assert await find_place(first[5].code.lower()) == first[5]
    assert await find_place("\0") is None


async def test_the_administrator_prints_for_everybody(client: httpx.AsyncClient) -> None:
    await make_person(Role.ADMINISTRATOR)
    agency = await make_agency(name=NAME)
    counter = await make_counter(agency, "C1", name="Quầy số 1")
    await sign_in(client, Role.ADMINISTRATOR)
    listing = await get(client, "/office/posters")
    assert f"/office/posters/counters/{counter}/a4" in listing.text
    one = await get(client, f"/office/posters/counters/{counter}/a5")
    assert one.headers["content-type"] == "application/pdf"
    assert one.content.startswith(b"%PDF")
    assert one.headers["content-disposition"].startswith("attachment; filename=")
    place = (await fetch("SELECT code FROM public_address WHERE counter = $1", counter))[0]["code"]
    assert decode(matrices(one.content)[0]) == f"{client.base_url}/c/{place}".replace("//c", "/c")
    every = await get(client, f"/office/posters/agencies/{agency}/a4")
    assert pages(every.content) == 2
    assert (await get(client, f"/office/posters/agencies/{agency}/a3")).status_code == 404
    assert (await get(client, "/office/posters?text=Nha+Trang&page=x")).status_code == 200
    assert "Không có cơ quan nào khớp." in (await get(client, "/office/posters?text=zzz")).text


async def test_an_agency_prints_its_own_posters_only(client: httpx.AsyncClient) -> None:
    await make_person(Role.AGENCY)
    own = (await fetch("SELECT agency FROM account"))[0]["agency"]
    mine = await make_counter(own, name="Quầy của tôi")
    stranger = await make_agency(name="Sở Xây dựng")
    other = await make_counter(stranger, name="Quầy lạ")
    await sign_in(client, Role.AGENCY)
    listing = (await get(client, "/office/posters?text=L%E1%BA%A1")).text
    assert "Quầy lạ" not in listing
    assert "Quầy của tôi" in (await get(client, "/office/posters")).text
    assert (await get(client, f"/office/posters/counters/{mine}/a4")).status_code == 200
    assert (await get(client, f"/office/posters/agencies/{own}/a4")).status_code == 200
    assert (await get(client, f"/office/posters/counters/{other}/a4")).status_code == 404
    assert (await get(client, f"/office/posters/agencies/{stranger}/a4")).status_code == 404
