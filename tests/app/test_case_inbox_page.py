"""The inbox over HTTP: what is listed, found, filtered, and given to somebody."""

import re

import httpx

from surveys import reflections
from tests.app.case_desk import make_desk
from tests.app.people import get, post, sign_in
from tests.surveys.case_town import PEPPER, letter


def listed(answer: httpx.Response) -> list[str]:
    """References of the rows, in order."""
    return re.findall(r'<a href="/cases/(PA-[\w-]+)" data-open', answer.text)


async def test_an_official_sees_the_cases_of_their_agency_only(client: httpx.AsyncClient) -> None:
    desk = await make_desk()
    own = await desk.open()
    await reflections.open_case(letter(desk.other), PEPPER)
    await sign_in(client, "binh")
    answer = await get(client, "/cases?scope=agency")
    assert listed(answer) == [own.reference]


async def test_the_first_look_is_at_what_one_owns_if_there_is_anything(
    client: httpx.AsyncClient,
) -> None:
    desk = await make_desk()
    mine, unowned = await desk.in_hand(), await desk.open()
    await sign_in(client, "binh")
    assert listed(await get(client, "/cases")) == [mine.reference]
    await post(client, "/sign-out")
    await sign_in(client, "hoa")
    assert set(listed(await get(client, "/cases"))) == {mine.reference, unowned.reference}


async def test_words_are_found_with_marks_and_without(client: httpx.AsyncClient) -> None:
    desk = await make_desk()
    found = await desk.open("Bảng niêm yết lệ phí bị che khuất, không đọc được.")
    await desk.open("Cán bộ hẹn ba lần mà chưa trả kết quả.")
    await sign_in(client, "binh")
    for words in ("niêm yết", "niem yet", "NIEM YET phi", found.reference.lower()):
        answer = await client.get("/cases", params={"words": words, "scope": "agency"})
        assert listed(answer) == [found.reference], words


async def test_counts_stand_beside_the_lists(client: httpx.AsyncClient) -> None:
    desk = await make_desk()
    await desk.in_hand()
    await desk.open()
    await desk.drafted()
    await sign_in(client, "binh")
    text = (await get(client, "/cases")).text
    chips = dict(re.findall(r">([^<>]+?) <strong>(\d+)</strong></a>", text))
    assert chips == {
        "Của tôi": "2",
        "Cả đơn vị": "3",
        "Chưa ai nhận": "1",
        "Quá hạn": "0",
        "Đến hạn hôm nay": "0",
        "Chờ duyệt hoặc gửi": "1",
    }


async def test_what_makes_no_sense_in_the_address_is_left_aside(client: httpx.AsyncClient) -> None:
    desk = await make_desk()
    own = await desk.open()
    await sign_in(client, "binh")
    nonsense = "?scope=none&due=soon&state=x&order=up&kind=1&page=-4&first=31/12&agency=x&owner=1e9"
    assert listed(await get(client, f"/cases{nonsense}")) == [own.reference]
    assert (await get(client, "/cases?page=999999999&words=%00%25")).status_code == 200


async def test_many_cases_are_given_to_one_person_at_once(client: httpx.AsyncClient) -> None:
    desk = await make_desk()
    cases = [await desk.open() for _number in range(3)]
    await sign_in(client, "binh")
    answer = await client.post(
        "/cases/assign",
        data={
            "case": [str(one.id) for one in cases[:2]] + ["no id"],
            "owner": str(desk.head.account),
            "back": "/cases?scope=agency",
            "_csrf_token": client.cookies["csrf"],
        },
    )
    assert answer.status_code == 303
    page = await get(client, answer.headers["location"])
    assert "Đã phân công 2 vụ việc." in page.text
    owned = await get(client, f"/cases?scope=agency&owner={desk.head.account}")
    assert set(listed(owned)) == {one.reference for one in cases[:2]}


async def test_nobody_is_led_out_of_the_house_after_assigning(client: httpx.AsyncClient) -> None:
    await make_desk()
    await sign_in(client, "binh")
    answer = await post(client, "/cases/assign", back="//elsewhere.example/x", owner="")
    assert answer.headers["location"].startswith("/cases?")


async def test_the_focal_point_narrows_the_province_to_one_agency(
    client: httpx.AsyncClient,
) -> None:
    desk = await make_desk()
    own = await desk.open()
    await sign_in(client, "minh")
    assert listed(await get(client, f"/cases?agency={desk.agency}")) == [own.reference]
    assert listed(await get(client, f"/cases?agency={desk.other}")) == []


async def test_a_duplicate_that_is_searched_says_where_it_went(client: httpx.AsyncClient) -> None:
    desk = await make_desk()
    main, twin = await desk.open(), await desk.open("Ghế chờ ở quầy 3 bị hỏng.")
    await reflections.merge(twin.id, main.id, desk.clerk)
    await sign_in(client, "binh")
    answer = await get(client, f"/cases?scope=agency&words={twin.reference}")
    assert listed(answer) == [twin.reference]
    assert f"đã gộp vào {main.reference}" in answer.text
    assert listed(await get(client, "/cases?scope=agency")) == [main.reference]
