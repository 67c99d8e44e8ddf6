"""Covering, confirming, publishing and the public pages, over HTTP."""

import re
from html import unescape

import httpx
import pytest

from app.redaction import cover_all
from surveys import reflections
from surveys.reflections import Consents, Opened, Person
from surveys.transactions import fetch
from tests.app.case_desk import Desk, make_desk
from tests.app.people import get, post, sign_in, visitor
from tests.factories import make_agency

LETTER = (
    "Cán bộ Phạm Văn Đức ở quầy 3 bảo tôi về ba lần. Tôi là Trần Thị Bé, số 0912 345 678. "
    "Nhờ Đức xem lại."
)
REPLY = "Chúng tôi đã nhắc nhở ông Phạm Văn Đức và xin lỗi bà Trần Thị Bé."
SECRETS = ("Đức", "Trần Thị Bé", "0912")


@pytest.fixture
async def desk(client: httpx.AsyncClient) -> Desk:
    made = await make_desk()
    await sign_in(client, "binh")
    return made


async def answered(desk: Desk, *, explanation: str = "", **given: object) -> Opened:
    opened = await desk.open(LETTER, **given)
    await reflections.receive(opened.id, desk.clerk, title="Phải đi lại nhiều lần")
    await reflections.take(opened.id, desk.clerk)
    change = "made" if explanation else "none"
    await reflections.save_draft(
        opened.id, REPLY, desk.clerk, base=0, change=change, explanation=explanation
    )
    await reflections.submit_draft(opened.id, desk.clerk)
    await reflections.answer(opened.id, desk.clerk)
    return opened


def ticked(page: str, part: str) -> list[str]:
    """The places that are ticked in the form of a part, and its mark first."""
    form = page.partition(f"/redaction/{part}#")[2].partition("</form>")[0]
    mark = re.findall(r'name="mark" value="(\w+)"', form)
    return mark + re.findall(r'name="span" value="([^"]+)"[^>]*checked', form)


async def send(
    client: httpx.AsyncClient, here: str, part: str, then: str = "save", **typed: object
) -> httpx.Response:
    page = unescape((await get(client, here)).text)
    mark, *spans = ticked(page, part)
    data = {"mark": mark, "span": spans, "then": then, "_csrf_token": client.cookies["csrf"]}
    return await client.post(f"{here}/{part}", data=data | typed, headers={"accept": "text/html"})


async def confirm(client: httpx.AsyncClient, here: str, part: str, version: int = 1) -> None:
    told = await post(client, f"{here}/{part}/confirm", version=str(version), read="1")
    assert told.status_code == 303, told.text


async def publish_all(client: httpx.AsyncClient, here: str, *parts: str) -> httpx.Response:
    for part in parts or ("question", "answer"):
        assert (await send(client, here, part)).status_code == 303
        await confirm(client, here, part)
    return await post(client, here.replace("/redaction", "/publish"), title="Phải đi lại nhiều lần")


async def test_a_case_is_covered_confirmed_and_public(
    client: httpx.AsyncClient, desk: Desk, server: str
) -> None:
    case = await answered(desk)
    here = f"/cases/{case.reference}/redaction"
    assert (await get(client, f"/answers/{case.reference}")).status_code == 404
    assert (await publish_all(client, here)).status_code == 303
    async with visitor(server) as anybody:
        shown = (await get(anybody, f"/answers/{case.reference}")).text
        listed = (await get(anybody, "/answers")).text
    for page in (shown, listed):
        assert "Phải đi lại nhiều lần" in page
        assert not [secret for secret in SECRETS if secret in page]
    assert "[họ tên]" in shown
    assert "[số điện thoại]" in shown


async def test_nothing_is_public_before_somebody_said_that_they_read_it(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await answered(desk)
    here = f"/cases/{case.reference}/redaction"
    await send(client, here, "question")
    await send(client, here, "answer")
    unread = await post(client, f"{here}/answer/confirm", version="1")
    assert unread.status_code == 422
    assert "đánh dấu rằng bạn đã đọc" in unread.text
    early = await post(client, f"/cases/{case.reference}/publish", title="Đi lại nhiều lần")
    assert early.status_code == 409
    assert "ẩn danh" in early.text
    assert (await get(client, f"/answers/{case.reference}")).status_code == 404


async def test_a_preview_keeps_nothing_and_loses_nothing(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await answered(desk)
    here = f"/cases/{case.reference}/redaction"
    shown = await send(client, here, "question", then="preview", words="ba lần\nquầy 3")
    assert shown.status_code == 200
    assert "[thông tin riêng]" in shown.text
    assert ">ba lần\nquầy 3</textarea>" in shown.text
    assert await fetch("SELECT 1 FROM case_redaction") == []


async def test_words_that_are_added_are_covered_wherever_they_stand(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await answered(desk)
    here = f"/cases/{case.reference}/redaction"
    assert (await send(client, here, "question", span=[], words="duc")).status_code == 303
    rows = await fetch("SELECT text, spans FROM case_redaction")
    assert "Đức" not in rows[0]["text"]
    assert "ba lần" in rows[0]["text"]


async def test_places_ticked_in_a_text_that_changed_are_not_kept(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await answered(desk)
    told = await send(client, f"/cases/{case.reference}/redaction", "answer", mark="0" * 16)
    assert told.status_code == 422
    assert "vừa thay đổi" in told.text
    assert await fetch("SELECT 1 FROM case_redaction") == []


async def test_without_consent_there_is_no_question_to_cover_or_to_read(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await answered(desk, consents=Consents(reply=True))
    here = f"/cases/{case.reference}/redaction"
    page = (await get(client, here)).text
    assert "không đồng ý công khai" in page
    assert ticked(page, "question") == []
    assert (await publish_all(client, here, "answer")).status_code == 303
    shown = (await get(client, f"/answers/{case.reference}")).text
    assert "chỉ có câu trả lời" in shown
    assert "ba lần" not in shown


async def test_a_title_that_seems_to_name_somebody_is_looked_at_again(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await answered(desk)
    await publish_all(client, f"/cases/{case.reference}/redaction")
    address = f"/cases/{case.reference}/publish"
    refused = await post(client, address, title="Ông Phạm Văn Đức gây khó")
    assert refused.status_code == 422
    assert "giống tên người" in refused.text
    sure = await post(client, address, title="Đường Phạm Văn Đồng gặp anh Hùng", sure="1")
    assert sure.status_code in {303, 409}


async def test_an_empty_title_is_refused_and_the_inner_one_stays_inside(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await answered(desk)
    here = f"/cases/{case.reference}/redaction"
    for part in ("question", "answer"):
        await send(client, here, part)
        await confirm(client, here, part)
    for title in ("", " \n "):
        refused = await post(client, f"/cases/{case.reference}/publish", title=title, sure="1")
        assert refused.status_code == 422
        assert "Hãy đặt tiêu đề không nêu tên ai" in refused.text
    assert (await get(client, f"/answers/{case.reference}")).status_code == 404


async def test_a_title_with_the_citizens_own_name_is_looked_at_again(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    # No finder knows this name; the contact does.
    case = await answered(desk, person=Person(name="Rlan Jun", phone="0912 345 678"))
    here = f"/cases/{case.reference}/redaction"
    for part in ("question", "answer"):
        await send(client, here, part)
        await confirm(client, here, part)
    address = f"/cases/{case.reference}/publish"
    title = "đất của rlan jun chưa đo"
    assert cover_all(title) == title
    refused = await post(client, address, title=title)
    assert refused.status_code == 422
    assert "giống tên người" in refused.text
    assert (await get(client, f"/answers/{case.reference}")).status_code == 404
    assert (await post(client, address, title="Đất chưa đo")).status_code == 303


async def test_an_explanation_of_a_change_names_nobody_in_public(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await answered(desk, explanation="Chị Lan đã thay anh Phạm Văn Đức ở bàn 3.")
    here = f"/cases/{case.reference}/redaction"
    assert (await publish_all(client, here)).status_code == 409
    assert (await send(client, here, "explanation", words="bàn 3")).status_code == 303
    early = await post(client, here.replace("/redaction", "/publish"), title="Đi lại nhiều lần")
    assert early.status_code == 409
    await confirm(client, here, "explanation")
    told = await post(client, here.replace("/redaction", "/publish"), title="Đi lại nhiều lần")
    assert told.status_code == 303
    for address in (f"/answers/{case.reference}", "/answers?change=made"):
        shown = (await get(client, address)).text
        assert "Đã thay đổi" in shown
        assert "Lan" not in shown
        assert "Đức" not in shown
    public = unescape((await get(client, f"/answers/{case.reference}")).text)
    assert "đã thay anh" in public
    explained = public.partition("đã thay anh")[2].partition("</p>")[0]
    assert "[thông tin riêng]" in explained
    program = (await get(client, f"/open311/v2/requests/{case.reference}.json")).json()
    assert program[0]["service_notice"] == "Chị [họ tên] đã thay anh [họ tên] ở [thông tin riêng]."
    assert "Không có vụ việc nào khớp" in (await get(client, "/answers?change=planned")).text


async def test_what_was_public_is_taken_back_with_a_reason(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await answered(desk)
    await publish_all(client, f"/cases/{case.reference}/redaction")
    address = f"/cases/{case.reference}/unpublish"
    assert (await post(client, address, reason=" ")).status_code == 422
    assert (await post(client, address, reason="Còn sót tên")).status_code == 303
    assert (await get(client, f"/answers/{case.reference}")).status_code == 404
    assert case.reference not in (await get(client, "/answers")).text


async def test_what_slipped_through_is_covered_and_published_again(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await answered(desk)
    here = f"/cases/{case.reference}/redaction"
    await publish_all(client, here)
    assert "quầy 3" in (await get(client, f"/answers/{case.reference}")).text
    assert (await send(client, here, "question", words="quầy 3")).status_code == 303
    await confirm(client, here, "question", version=2)
    told = await post(client, here.replace("/redaction", "/publish"), title="Đi lại nhiều lần")
    assert told.status_code == 303
    assert "quầy 3" not in (await get(client, f"/answers/{case.reference}")).text
    rows = await fetch("SELECT ended_at IS NULL AS open FROM case_publication ORDER BY id")
    assert [row["open"] for row in rows] == [False, True]


async def test_each_look_at_the_original_is_logged(client: httpx.AsyncClient, desk: Desk) -> None:
    case = await answered(desk)
    for _time in range(2):
        await get(client, f"/cases/{case.reference}/redaction")
    rows = await fetch("SELECT account FROM audit_entry WHERE action = 'case_text_read'")
    assert [row["account"] for row in rows] == [desk.clerk.account] * 2


async def test_another_agency_neither_sees_nor_covers_a_case(
    client: httpx.AsyncClient, desk: Desk, server: str
) -> None:
    case = await answered(desk)
    here = f"/cases/{case.reference}/redaction"
    async with visitor(server) as stranger:
        await sign_in(stranger, "xuan")
        assert (await get(stranger, here)).status_code == 404
        assert (await post(stranger, f"{here}/answer", then="save")).status_code == 404
        assert (await post(stranger, f"{here}/answer/confirm", read="1")).status_code == 404
    assert (await post(client, f"{here}/title", then="save")).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=xin+loi", True),
        ("words=ba+lần", True),
        ("words=0912", False),
        ("agency=NT", True),
        ("agency=SXD", False),
        ("type=other&first=khi&page=x", True),
        ("page=2", False),
        ("last=2001-01-01", False),
    ],
)
async def test_public_cases_are_found_by_the_address(
    client: httpx.AsyncClient, desk: Desk, query: str, *, found: bool
) -> None:
    case = await answered(desk)
    await publish_all(client, f"/cases/{case.reference}/redaction")
    assert (case.reference in (await get(client, f"/answers?{query}")).text) is found


async def test_beyond_the_last_page_the_way_back_is_shown(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await answered(desk)
    await publish_all(client, f"/cases/{case.reference}/redaction")
    beyond = (await get(client, "/answers?page=99&change=nope")).text
    assert "Danh sách không dài đến trang này." in beyond
    assert '<a href="/answers">Về trang đầu</a>' in beyond
    assert "Chưa có vụ việc nào" not in beyond
    assert "page=98" not in beyond


async def test_what_is_no_choice_is_not_searched_for_and_what_is_searched_for_is_shown(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await answered(desk)
    await publish_all(client, f"/cases/{case.reference}/redaction")
    for query in ("agency=nope", "type=nope", "change=nope", "kind=nope"):
        page = (await get(client, f"/answers?{query}")).text
        assert case.reference in page
        assert "Bỏ tìm và lọc" not in page
    await make_agency("IM1", name="UBND xã Im Lặng")
    silent = (await get(client, "/answers?agency=IM1")).text
    assert '<option value="IM1" selected>UBND xã Im Lặng</option>' in silent
    assert "Không có vụ việc nào khớp." in silent


async def test_a_case_that_is_not_public_is_told_in_words_for_everybody(
    client: httpx.AsyncClient,
) -> None:
    page = (await get(client, "/answers/PA-20261127-7QK4M")).text
    assert "không được công khai" in page
    assert "cơ quan của bạn" not in page
