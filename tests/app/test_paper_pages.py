"""The desk over HTTP: what each person may see, and what a sheet becomes."""

import httpx
import pytest

from surveys.accounts import Role
from surveys.paper import list_tallies
from surveys.transactions import fetch
from tests.app.people import get, make_person, post, sign_in, visitor
from tests.factories import make_agency, make_counter
from tests.surveys.paper_desk import DAY, key, make_batch, make_operator, make_returned

GIVEN = {"outcome": "answers", "overall": "4", "access": "5", "reasons": "quick"}


async def test_a_sheet_goes_from_the_office_to_the_desk_and_becomes_a_rating(
    client: httpx.AsyncClient, server: str, form: int
) -> None:
    await make_person(Role.ADMINISTRATOR)
    await make_counter(await make_agency(name="UBND phường Lộc Thọ"), "Q-1")
    await sign_in(client, Role.ADMINISTRATOR)
    typed = {"version": str(form), "counter": "Q-1", "day": DAY.isoformat(), "count": "2"}
    made = await post(client, "/office/paper/counter", **typed)
    assert made.status_code == 303
    batch = await get(client, made.headers["location"])
    assert "UBND phường Lộc Thọ" in batch.text
    pdf = await get(client, f"{made.headers['location']}/sheets")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.count(b"/Type/Page/") == 2
    (sheet, _other) = await fetch("SELECT serial FROM paper_sheet ORDER BY place")
    serial = sheet["serial"]
    for name in ("lan", "minh"):
        await make_person(Role.OPERATOR, name)
        async with visitor(server) as desk:
            await sign_in(desk, name)
            found = await get(desk, f"/paper?serial={serial[:4].lower()}-{serial[4:]}")
            assert found.headers["location"] == f"/paper/sheets/{serial}"
            kept = await post(desk, f"/paper/sheets/{serial}", **GIVEN)
            assert kept.headers["location"] == f"/paper?saved={serial}"
            assert "1/2 phiếu" in (await get(desk, f"/paper?saved={serial}")).text
    (rating,) = await fetch("SELECT mode FROM waiting_rating")
    assert rating["mode"] == "paper"
    assert "Có câu trả lời: 1" in (await get(client, made.headers["location"])).text


async def test_the_second_operator_sees_nothing_of_the_first(
    client: httpx.AsyncClient, form: int
) -> None:
    _batch, (serial, fresh) = await make_batch(form, 2)
    await key(serial, await make_operator("lan"), reflection="Chữ của người đầu")
    await make_person(Role.OPERATOR)
    await sign_in(client, Role.OPERATOR)
    keyed = (await get(client, f"/paper/sheets/{serial}")).text
    untouched = (await get(client, f"/paper/sheets/{fresh}")).text
    assert "checked" not in keyed
    assert "Chữ của người đầu" not in keyed

    def plain(text: str) -> str:
        for one in (serial, fresh, f"{serial[:4]}-{serial[4:]}", f"{fresh[:4]}-{fresh[4:]}"):
            text = text.replace(one, "")
        return text.replace("Phiếu số 1 ", "").replace("Phiếu số 2 ", "")

    # Not even that somebody was here before.
    assert plain(keyed) == plain(untouched)


async def test_a_missing_answer_is_told_and_what_was_keyed_is_kept(
    client: httpx.AsyncClient, form: int
) -> None:
    _batch, (serial,) = await make_batch(form)
    await make_person(Role.OPERATOR)
    await sign_in(client, Role.OPERATOR)
    address = f"/paper/sheets/{serial}"
    answer = await post(client, address, outcome="answers", access="5", reflection="Tốt")
    assert answer.status_code == 422
    assert "Câu này cần có câu trả lời." in answer.text
    assert 'value="5" data-key="5" checked' in answer.text
    assert "Tốt</textarea>" in answer.text
    assert (await post(client, address, outcome="incomplete")).status_code == 303


@pytest.mark.parametrize(
    ("typed", "words"),
    [("23456", "8 chữ và số"), ("2222-2222", "Không có phiếu"), ("2222-2223", "gõ nhầm")],
)
async def test_a_wrong_serial_is_told_at_the_field(
    client: httpx.AsyncClient, form: int, typed: str, words: str
) -> None:
    await make_person(Role.OPERATOR)
    await sign_in(client, Role.OPERATOR)
    answer = await get(client, f"/paper?serial={typed}")
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{typed}"' in answer.text


async def test_a_third_person_settles_what_two_keyed_differently(
    client: httpx.AsyncClient, form: int
) -> None:
    _batch, (serial,) = await make_batch(form)
    await key(serial, await make_operator("lan"), access=1)
    await key(serial, await make_operator("minh"), access=2, reasons=["waiting"])
    await make_person(Role.OPERATOR)
    await sign_in(client, Role.OPERATOR)
    assert f"/paper/disputes/{serial}" in (await get(client, "/paper")).text
    address = f"/paper/disputes/{serial}"
    asked = (await get(client, address)).text
    assert "1. Rất không hài lòng" in asked
    assert "2. Không hài lòng" in asked
    assert "lan" not in [word.strip(".,:<>") for word in asked.split()]
    assert "pick-overall" not in asked
    half = await post(client, address, **{"pick-access": "1"})
    assert half.status_code == 422
    assert await fetch("SELECT * FROM waiting_rating") == []
    whole = {"pick-access": "other", "access": "3", "pick-reasons": "other", "reasons": "fee"}
    assert (await post(client, address, **whole)).status_code == 303
    rows = await fetch("SELECT item, code FROM waiting_answer ORDER BY item")
    assert [(row["item"], row["code"]) for row in rows] == [(1, 4), (2, 3), (12, 1)]
    assert {tally.operator: tally.wrong for tally in await list_tallies()} == {"lan": 2, "minh": 2}


async def test_blank_against_answers_can_be_decided_either_way(
    client: httpx.AsyncClient, form: int
) -> None:
    _batch, serials = await make_batch(form, 2)
    lan = await make_operator("lan")
    await make_person(Role.OPERATOR)
    await sign_in(client, Role.OPERATOR)
    async with visitor(str(client.base_url)) as second:
        await make_person(Role.OPERATOR, "hoa")
        await sign_in(second, "hoa")
        for serial in serials:
            await key(serial, lan)
            address = f"/paper/sheets/{serial}"
            assert (await post(second, address, outcome="blank")).status_code == 303
    address = f"/paper/disputes/{serials[0]}"
    assert (await post(client, address, outcome="blank")).status_code == 303
    assert (await post(client, address, outcome="blank")).status_code == 409
    names = ("overall", "access", "reasons", "reflection")
    asked = (await get(client, f"/paper/disputes/{serials[1]}")).text
    keyed_first = asked.index("4. Hài lòng") < asked.index("để trống")
    picks = {f"pick-{name}": "1" if keyed_first else "2" for name in names}
    kept = await post(client, f"/paper/disputes/{serials[1]}", outcome="answers", **picks)
    assert kept.status_code == 303
    assert len(await fetch("SELECT * FROM waiting_rating")) == 1
    wrong = {tally.operator: tally.wrong for tally in await list_tallies()}
    assert wrong == {"lan": 5, "hoa": 5}


async def test_dossiers_that_cannot_hide_are_named_with_the_reason(
    client: httpx.AsyncClient, form: int
) -> None:
    agency = await make_agency("LT")
    codes = await make_returned(agency, 5)
    await make_person(Role.ADMINISTRATOR)
    await sign_in(client, Role.ADMINISTRATOR)
    typed = {"version": str(form), "agency": "LT", "dossiers": "\n".join(codes)}
    few = await post(client, "/office/paper/dossiers", **typed)
    assert "Không in phiếu nào." in few.text
    assert f"{codes[0]}: quá ít hồ sơ cùng loại" in few.text
    more = await make_returned(agency, 4, field="Đất đai")
    typed["dossiers"] = "\n".join(codes + more)
    made = await post(client, "/office/paper/dossiers", **typed)
    assert "Chồng A" in made.text
    assert all(code in made.text for code in codes + more)
    listing = await get(client, "/office/paper")
    assert not any(code in listing.text for code in codes)


@pytest.mark.parametrize(
    "typed",
    [{"counter": "Q-9"}, {"day": "mai"}, {"count": "nhiều"}, {"count": "301"}, {"version": "9"}],
)
async def test_a_batch_that_cannot_be_made_is_refused_in_words(
    client: httpx.AsyncClient, form: int, typed: dict[str, str]
) -> None:
    await make_counter(await make_agency(), "Q-1")
    await make_person(Role.ADMINISTRATOR)
    await sign_in(client, Role.ADMINISTRATOR)
    sound = {"version": str(form), "counter": "Q-1", "day": DAY.isoformat(), "count": "5"}
    answer = await post(client, "/office/paper/counter", **(sound | typed))
    assert answer.status_code == 422
    assert "Có chỗ cần sửa" in answer.text
    assert await fetch("SELECT * FROM paper_batch") == []


async def test_the_error_rate_stands_with_its_interval(
    client: httpx.AsyncClient, form: int
) -> None:
    lan = await make_operator("lan")
    await fetch(
        "INSERT INTO keying_tally (month, account, sheets, fields, wrong)"
        " VALUES ('2026-11-01', $1, 200, 1800, 18)",
        lan.id,
    )
    await make_person(Role.ANALYST)
    await sign_in(client, Role.ANALYST)
    shown = (await get(client, "/office/keying")).text
    # Wilson (1927) for 18 of 1800: 0.63 % to 1.58 %.
    assert "18/1.800" in shown
    assert "1,00%" in shown
    assert "(0,63%–1,58%)" in shown
