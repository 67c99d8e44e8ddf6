"""The page of one case over HTTP: every move, and what is refused without losing a word."""

import re

import httpx
import pytest

from surveys import reflections
from surveys.transactions import fetch
from tests.app.case_desk import Desk, make_desk, state_of
from tests.app.people import get, post, sign_in, visitor
from tests.surveys.case_town import PLAINT


@pytest.fixture
async def desk(client: httpx.AsyncClient) -> Desk:
    made = await make_desk()
    await sign_in(client, "binh")
    return made


def hidden(answer: httpx.Response, action: str) -> dict[str, str]:
    """The hidden fields of the form with this action, without the one against forgery."""
    (form,) = re.findall(rf'action="[^"]*{action}".*?</form>', answer.text, re.DOTALL)
    found = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', form))
    return {name: value for name, value in found.items() if name in {"version", "draft", "base"}}


async def test_reading_what_was_written_is_logged(client: httpx.AsyncClient, desk: Desk) -> None:
    case = await desk.open()
    answer = await get(client, f"/cases/{case.reference.lower()}")
    assert PLAINT in answer.text
    rows = await fetch("SELECT account FROM audit_entry WHERE action = 'case_text_read'")
    assert [row["account"] for row in rows] == [desk.clerk.account]


async def test_a_case_of_another_agency_is_as_if_it_were_not_there(
    client: httpx.AsyncClient, desk: Desk, server: str
) -> None:
    case = await desk.open()
    async with visitor(server) as other:
        await sign_in(other, "xuan")
        assert (await get(other, f"/cases/{case.reference}")).status_code == 404
        answer = await post(other, f"/cases/{case.reference}/moves/receive", title="x")
        assert answer.status_code == 404
    assert await state_of(case.id) == "new"


async def test_a_case_goes_from_new_to_answered_by_buttons(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await desk.open()
    here = f"/cases/{case.reference}"
    steps: tuple[tuple[str, dict[str, str], str], ...] = (
        ("/moves/receive", {"title": "Đòi thêm giấy tờ", "type": "other"}, "received"),
        ("/moves/take", {}, "in_hand"),
        ("/moves/ask", {"text": "Ông bà nộp ở quầy nào?"}, "information_asked"),
        ("/moves/inform", {"text": "Ở quầy số 3."}, "in_hand"),
        ("/moves/extend", {"reason": "Cần đối chiếu hồ sơ gốc."}, "extended"),
        (
            "/draft",
            {"base": "0", "text": "Xin lỗi.", "change": "none", "then": "submit"},
            "drafted",
        ),
        ("/moves/return_draft", {"reason": "Chưa nói rõ."}, "drafted"),
        ("/moves/answer", {"draft": "1"}, "answered"),
    )
    for path, typed, state in steps:
        answer = await post(client, here + path, **typed)
        assert answer.status_code in {303, 403}, (path, answer.text)
        assert await state_of(case.id) == state, path
        assert (await get(client, here)).status_code == 200
    page = (await get(client, here)).text
    assert "Ở quầy số 3." in page
    assert "Cần đối chiếu hồ sơ gốc." in page


async def test_a_refused_move_keeps_what_was_typed(client: httpx.AsyncClient, desk: Desk) -> None:
    case = await desk.in_hand()
    here = f"/cases/{case.reference}/moves"
    answer = await post(client, f"{here}/transfer", agency="Sở Không Có", reason="Đất của sở.")
    assert answer.status_code == 422
    assert "Không có cơ quan nào mang tên hoặc mã này." in answer.text
    assert "Đất của sở." in answer.text
    assert 'href="#transfer-agency"' in answer.text
    answer = await post(client, f"{here}/extend", reason="Cần thêm giờ", version="1")
    assert answer.status_code == 409
    assert "vừa được người khác thay đổi" in answer.text
    assert "Cần thêm giờ" in answer.text


async def test_a_case_is_handed_to_an_agency_by_part_of_its_name(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await desk.open()
    answer = await post(
        client, f"/cases/{case.reference}/moves/transfer", agency="xây dựng", reason="Việc của sở."
    )
    page = await get(client, answer.headers["location"])
    assert f"Đã chuyển {case.reference} cho cơ quan khác." in page.text
    rows = await fetch("SELECT agency FROM reflection_case")
    assert [row["agency"] for row in rows] == [desk.other]


async def test_two_who_write_one_answer_see_both_texts_and_lose_neither(
    client: httpx.AsyncClient, desk: Desk, server: str
) -> None:
    case = await desk.in_hand()
    here = f"/cases/{case.reference}/draft"
    first = {"base": "0", "change": "none", "text": "Chúng tôi xin lỗi ông bà."}
    assert (await post(client, here, **first)).status_code == 303
    async with visitor(server) as other:
        await sign_in(other, "hoa")
        late = first | {"text": "Chúng tôi rất xin lỗi ông bà.", "change": "planned"}
        late["explanation"] = "Sẽ niêm yết lại."
        answer = await post(other, here, **late)
        assert answer.status_code == 409
        assert re.search(r"<mark>\s?rất\s?</mark>", answer.text)
        assert "Bản số 1 của binh" in answer.text
        assert "Sẽ niêm yết lại." in answer.text
        assert '<input type="hidden" name="base" value="1">' in answer.text
        assert (await post(other, here, **late | {"base": "1"})).status_code == 303
    drafts = await reflections.list_drafts(case.id)
    assert [row["text"] for row in drafts] == [late["text"], first["text"]]


async def test_a_draft_that_came_meanwhile_is_sent_by_nobody_who_did_not_read_it(
    client: httpx.AsyncClient, desk: Desk, server: str
) -> None:
    case = await desk.drafted("Bản một.")
    here = f"/cases/{case.reference}"
    seen = hidden(await get(client, here), "/moves/answer")
    async with visitor(server) as head:
        await sign_in(head, "hoa")
        second = {"base": "1", "change": "none", "text": "Bản hai."}
        assert (await post(head, f"{here}/draft", **second)).status_code == 303
        late = await post(client, f"{here}/moves/answer", **seen)
        assert late.status_code == 409
        assert "người khác vừa lưu bản dự thảo số 2" in late.text
        assert "Bản hai." in late.text
        for base in ("1", "0", ""):
            told = await post(head, f"{here}/approve", base=base, then="answer")
            assert told.status_code == 409
    assert (await post(client, f"{here}/moves/answer")).status_code == 409
    assert await fetch("SELECT FROM case_answer") == []
    assert await state_of(case.id) == "drafted"
    # The page that refused shows the second draft: who sends from it has read it.
    read = hidden(late, "/moves/answer")
    assert (await post(client, f"{here}/moves/answer", **read)).status_code == 303
    assert [row["text"] for row in await fetch("SELECT text FROM case_answer")] == ["Bản hai."]


async def test_a_draft_saved_between_approving_and_answering_is_not_sent(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await desk.drafted("Bản một.")
    await reflections.approve(case.id, desk.head, version=1)
    await reflections.save_draft(case.id, "Bản hai.", desk.clerk, base=1)
    with pytest.raises(reflections.DraftConflictError):
        await reflections.answer(case.id, desk.head, read=1)
    await reflections.return_draft(case.id, "Viết lại", desk.head)
    with pytest.raises(reflections.DraftConflictError):
        await reflections.submit_draft(case.id, desk.clerk, read=1)
    late = await post(client, f"/cases/{case.reference}/moves/submit", draft="1")
    assert late.status_code == 409
    assert await state_of(case.id) == "inadequate"


async def test_an_answer_that_needs_approval_is_sent_by_nobody_before_it(
    client: httpx.AsyncClient, desk: Desk, server: str
) -> None:
    await reflections.set_approval(desk.agency, approval=True, actor=desk.analyst.account or 0)
    case = await desk.drafted()
    here = f"/cases/{case.reference}"
    assert "Chờ lãnh đạo duyệt" in (await get(client, here)).text
    assert (await post(client, f"{here}/moves/answer", draft="1")).status_code == 409
    assert (await post(client, f"{here}/approve", base="1")).status_code == 403
    async with visitor(server) as head:
        await sign_in(head, "hoa")
        assert (await post(head, f"{here}/approve", base="2")).status_code == 409
        assert (await post(head, f"{here}/approve", base="1", then="answer")).status_code == 303
    assert await state_of(case.id) == "answered"


async def test_how_the_citizen_rates_a_reply_is_shown_before_and_after_their_verdict(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await desk.drafted()
    await reflections.answer(case.id, desk.clerk)
    here = f"/cases/{case.reference}"
    assert "Đánh giá câu trả lời:" not in (await get(client, here)).text
    await reflections.rate_reply(case.id, 2)
    silent = (await get(client, here)).text
    assert "Đánh giá câu trả lời: 2/5" in silent
    assert "Im lặng không được tính là đồng ý." in silent
    await reflections.not_settled(case.id, "Chưa xong")
    judged = (await get(client, here)).text
    assert "Đánh giá câu trả lời: 2/5" in judged
    assert "Người gửi: chưa thỏa đáng" in judged


async def test_who_wrote_is_shown_for_a_reason_that_is_kept(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await desk.open()
    here = f"/cases/{case.reference}"
    assert "Trần Thị Bé" not in (await get(client, here)).text
    assert (await post(client, f"{here}/contact", why=" ")).status_code == 422
    assert "Trần Thị Bé" in (await post(client, f"{here}/contact", why="Gọi hỏi thêm")).text
    assert "Trần Thị Bé" not in (await get(client, here)).text
    rows = await fetch("SELECT detail FROM audit_entry WHERE action = 'case_contact_read'")
    assert [row["detail"] for row in rows] == ['{"text": "Gọi hỏi thêm"}']


async def test_a_note_stays_inside(client: httpx.AsyncClient, desk: Desk) -> None:
    case = await desk.open()
    await post(client, f"/cases/{case.reference}/notes", text="Đã gọi, hẹn thứ Hai.")
    assert "Đã gọi, hẹn thứ Hai." in (await get(client, f"/cases/{case.reference}")).text
    view = await reflections.citizen_view(case.id)
    assert "hẹn thứ Hai" not in str(view)


async def test_two_cases_of_one_thing_are_read_side_by_side_and_merged(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    one, two = await desk.open(), await desk.open(PLAINT + " Mong sớm trả lời.")
    here = f"/cases/{two.reference}"
    assert one.reference in (await get(client, here)).text
    pair = await get(client, f"{here}/duplicates?with={one.reference}")
    assert pair.text.count(PLAINT) == 2
    answer = await post(client, f"{here}/merge", main=one.reference)
    page = await get(client, answer.headers["location"])
    assert "Đã gộp." in page.text
    assert (await post(client, f"{here}/unmerge")).status_code == 303
    assert (await post(client, f"{here}/merge", main=two.reference)).status_code == 409


async def test_title_and_type_are_changed_together(client: httpx.AsyncClient, desk: Desk) -> None:
    case = await desk.in_hand()
    here = f"/cases/{case.reference}"
    await post(client, f"{here}/title", title="Biển chỉ đường bị che", type="facilities")
    view = await reflections.case_view(case.id, desk.clerk, original=False)
    assert view.case["title"] == "Biển chỉ đường bị che"
    assert (await post(client, f"{here}/title", title="x" * 201, type="other")).status_code == 422


async def test_an_unknown_move_is_not_found(client: httpx.AsyncClient, desk: Desk) -> None:
    case = await desk.open()
    for move in ("settle", "reopen", "publish", "answer_with_main", "xyz"):
        answer = await post(client, f"/cases/{case.reference}/moves/{move}", text="x")
        assert answer.status_code == 404, move
    assert await state_of(case.id) == "new"


async def test_a_text_that_is_too_long_is_refused_and_not_cut(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await desk.in_hand()
    typed = {"base": "0", "change": "none", "text": "dài " * 5_500 + "hết"}
    answer = await post(client, f"/cases/{case.reference}/draft", **typed)
    assert answer.status_code == 422
    assert "Nội dung quá dài" in answer.text
    assert "dài hết</textarea>" in answer.text
