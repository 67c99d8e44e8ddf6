"""Files that officials put in, with an answer or for somebody, and files that are taken back."""

import re
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from app.attachments import path_of
from app.settings import Settings
from surveys import reflections
from surveys.reflections import Opened
from surveys.transactions import fetch
from tests.app.case_desk import Desk, make_desk, state_of
from tests.app.files import MAKER, document, photograph, picture
from tests.app.people import get, post, sign_in, visitor

File = tuple[str, tuple[str, bytes, str]]
PHOTO: File = ("files", ("đơn.jpg", photograph(), "image/jpeg"))
PAPER: File = ("files", ("quyết định.pdf", document(), "application/pdf"))
WRONG: File = ("files", ("ảnh.jpg", b"MZ", "image/jpeg"))


@pytest.fixture
async def desk(client: httpx.AsyncClient) -> Desk:
    made = await make_desk()
    await sign_in(client, "binh")
    return made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path)


async def send(
    client: httpx.AsyncClient, address: str, *files: File, **typed: str
) -> httpx.Response:
    form = typed | {"_csrf_token": client.cookies["csrf"]}
    return await client.post(address, data=form, files=list(files), headers={"accept": "text/html"})


def files_on(page: str, address: str) -> list[tuple[str, str]]:
    return re.findall(rf'href="({re.escape(address)}/files/[\w-]+)">([\w.-]+)<', page)


async def give(client: httpx.AsyncClient, case: Opened, *files: File) -> None:
    """The citizen adds files."""
    answer = await client.post(f"/p/{case.token}", data={"action": "add"}, files=list(files))
    assert answer.status_code == 303


async def rows() -> list[dict[str, object]]:
    return await fetch("SELECT * FROM case_attachment ORDER BY case_id, label")


async def test_an_answer_takes_its_files_to_its_citizen_and_to_those_of_merged_cases(
    client: httpx.AsyncClient, desk: Desk, settings: Settings
) -> None:
    case, twin = await desk.drafted(), await desk.open()
    await reflections.merge(twin.id, case.id, desk.clerk)
    here = f"/cases/{case.reference}"
    page = (await get(client, here)).text
    assert re.search(r'moves/answer" enctype="multipart/form-data"', page)
    assert (await send(client, f"{here}/moves/answer", PHOTO, PAPER, draft="1")).status_code == 303
    names = ["anh-1.jpg", "tai-lieu-2.pdf"]
    for one in (case, twin):
        assert await state_of(one.id) == "answered"
        page = (await client.get(f"/p/{one.token}")).text
        found = files_on(page[page.index('id="answer"') :], f"/p/{one.token}")
        assert [label for _address, label in found] == names
        saved = await client.get(found[0][0])
        assert saved.status_code == 200
        assert MAKER not in saved.content
        assert "Rút lại tệp này" not in page
        official = (await get(client, f"/cases/{one.reference}")).text
        assert [label for _a, label in files_on(official, f"/cases/{one.reference}")] == names
        assert "Tệp gửi cùng câu trả lời" in official
    kept = await rows()
    assert {row["account"] for row in kept} == {desk.clerk.account}
    # Each case has copies of its own: what one forgets, the other keeps.
    assert len({row["id"] for row in kept}) == 4
    assert all(path_of(settings, UUID(str(row["id"]))).exists() for row in kept)


async def test_a_file_that_is_refused_sends_no_answer_and_is_told_at_its_field(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await desk.drafted()
    here = f"/cases/{case.reference}"
    for files in ((PHOTO, WRONG), (PHOTO,) * 6):
        answer = await send(client, f"{here}/moves/answer", *files, draft="1")
        assert answer.status_code == 422
        assert 'id="answer-files-error"' in answer.text
        assert 'href="#answer-files"' in answer.text
        assert "Chúng tôi xin lỗi ông bà." in answer.text
    late = await send(client, f"{here}/moves/answer", PHOTO, version="1", draft="1")
    assert (late.status_code, "Hãy chọn lại tệp" in late.text) == (409, True)
    assert await state_of(case.id) == "drafted"
    assert await rows() == []


async def test_the_head_approves_and_sends_with_files_or_does_neither(
    client: httpx.AsyncClient, desk: Desk, server: str
) -> None:
    await reflections.set_approval(desk.agency, approval=True, actor=desk.analyst.account or 0)
    case = await desk.drafted()
    here = f"/cases/{case.reference}"
    async with visitor(server) as head:
        await sign_in(head, "hoa")
        assert 'id="approve-files"' in (await get(head, here)).text
        wrong = await send(head, f"{here}/approve", WRONG, base="1", then="answer")
        assert (wrong.status_code, 'id="approve-files-error"' in wrong.text) == (422, True)
        alone = await send(head, f"{here}/approve", PHOTO, base="1")
        assert (alone.status_code, "tệp chỉ đi cùng câu trả lời" in alone.text) == (422, True)
        assert not (await reflections.list_drafts(case.id))[0]["approved_at"]
        done = await send(head, f"{here}/approve", PHOTO, base="1", then="answer")
        assert done.status_code == 303
    (row,) = await rows()
    assert (row["account"], row["answer"] is None) == (desk.head.account, False)


async def test_what_the_head_has_approved_goes_without_files_that_no_head_saw(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    await reflections.set_approval(desk.agency, approval=True, actor=desk.analyst.account or 0)
    case = await desk.drafted()
    await reflections.approve(case.id, desk.head, version=1)
    await sign_in(client, "binh")
    here = f"/cases/{case.reference}"
    page = (await get(client, here)).text
    assert ('name="files"' in page[page.index('id="draft"') :], "nhờ lãnh đạo" in page) == (
        False,
        True,
    )
    refused = await send(client, f"{here}/moves/answer", PHOTO, draft="1")
    assert (refused.status_code, "Lãnh đạo chưa xem các tệp này" in refused.text) == (422, True)
    assert (await state_of(case.id), await rows()) == ("drafted", [])
    assert (await send(client, f"{here}/moves/answer", draft="1")).status_code == 303
    assert await state_of(case.id) == "answered"


async def test_two_heavy_photographs_get_through(client: httpx.AsyncClient, desk: Desk) -> None:
    case = await desk.drafted()
    heavy = [
        ("files", ("a.jpg", photograph() + bytes(6_000_000 + n), "image/jpeg")) for n in (0, 1)
    ]
    answer = await send(client, f"/cases/{case.reference}/moves/answer", *heavy, draft="1")
    assert answer.status_code == 303


async def test_a_letter_on_paper_is_kept_with_its_scan_and_a_wrong_file_loses_no_word(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    typed = {
        "channel": "paper", "kind": "reflection", "type": "other", "text": "Chờ ba tuần rồi.",
        "phone": "0912 345 678", "came_on": "2026-01-05",
        "key": "7b0c2f0e-6d0b-4a57-9a77-0a7c8f6d3c11",
    }  # fmt: skip
    wrong = await send(client, "/cases/new", WRONG, **typed)
    assert (wrong.status_code, 'id="files-error"' in wrong.text) == (422, True)
    assert "Chờ ba tuần rồi." in wrong.text
    unready = await send(client, "/cases/new", PHOTO, **typed | {"phone": ""})
    assert (unready.status_code, "Hãy chọn lại tệp" in unready.text) == (422, True)
    assert not await fetch("SELECT 1 FROM reflection_case")
    assert (await send(client, "/cases/new", PHOTO, PAPER, **typed)).status_code == 200
    assert (await send(client, "/cases/new", PHOTO, PAPER, **typed)).status_code == 200
    kept = await rows()
    assert [(row["account"], row["answer"]) for row in kept] == [(desk.clerk.account, None)] * 2
    (case,) = await fetch("SELECT reference FROM reflection_case")
    page = (await get(client, f"/cases/{case['reference']}")).text
    assert len(files_on(page, f"/cases/{case['reference']}")) == 2
    assert "cán bộ đưa vào" in page


async def test_papers_that_come_with_information_are_kept_as_put_in_by_staff(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await desk.in_hand()
    await reflections.ask_information(case.id, "Nộp ở quầy nào?", desk.clerk)
    here = f"/cases/{case.reference}/moves/inform"
    wrong = await send(client, here, WRONG, text="Ở quầy số 3.")
    assert (wrong.status_code, 'id="inform-files-error"' in wrong.text) == (422, True)
    assert "Ở quầy số 3.</textarea>" in wrong.text
    assert await state_of(case.id) == "information_asked"
    many = [("files", (f"{n}.png", picture("PNG", (64, 48 + n)), "image/png")) for n in range(5)]
    assert (await send(client, here, *many, text="Ở quầy số 3.")).status_code == 303
    assert await state_of(case.id) == "in_hand"
    # What officials put in takes no room from the citizen; what is refused is not half kept.
    await give(client, case, PHOTO)
    await reflections.ask_information(case.id, "Còn giấy nào nữa?", desk.clerk)
    assert (await send(client, here, PHOTO, text="Giấy nữa.")).status_code == 422
    assert await state_of(case.id) == "information_asked"
    assert "Giấy nữa." not in (await client.get(f"/p/{case.token}")).text
    kept = await rows()
    assert [row["account"] for row in kept].count(desk.clerk.account) == 5
    assert len({row["label"] for row in kept}) == 6


async def test_the_citizen_takes_back_what_they_sent_while_the_case_is_open_and_nothing_else(
    client: httpx.AsyncClient, desk: Desk, settings: Settings
) -> None:
    case, other = await desk.in_hand(), await desk.open()
    link = f"/p/{case.token}"
    await give(client, case, PHOTO, PAPER)
    await give(client, other, PHOTO)
    await send(client, f"/cases/{case.reference}/moves/inform", PHOTO, text="Gọi điện.")
    kept = {(row["case_id"], row["label"]): str(row["id"]) for row in await rows()}
    own, staffs = kept[case.id, "anh-1.jpg"], kept[case.id, "anh-3.jpg"]
    page = (await client.get(link)).text
    assert page.count("Rút lại tệp này") == 2
    assert "cán bộ đưa vào hộ" in page
    for wrong in (staffs, kept[other.id, "anh-1.jpg"], "x"):
        answer = await client.post(link, data={"action": "remove", "file": wrong})
        assert (answer.status_code, "Không có tệp này" in answer.text) == (409, True)
    assert len(await rows()) == 4
    answer = await client.post(link, data={"action": "remove", "file": own})
    assert "Đã rút lại tệp." in (await client.get(answer.headers["location"])).text
    assert not path_of(settings, UUID(own)).exists()
    assert (await client.get(f"{link}/files/{own}")).status_code == 404
    official = (await get(client, f"/cases/{case.reference}")).text
    assert "Rút lại một tệp" in official
    # A file that comes later has a number that no other has had.
    await give(client, case, ("files", ("b.png", picture("PNG"), "image/png")))
    labels = sorted(str(row["label"]) for row in await rows() if row["case_id"] == case.id)
    assert labels == ["anh-3.jpg", "anh-4.png", "tai-lieu-2.pdf"]


async def test_nothing_is_taken_back_after_the_answer(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await desk.drafted()
    await give(client, case, PHOTO)
    await reflections.answer(case.id, desk.clerk)
    (row,) = await rows()
    link = f"/p/{case.token}"
    assert "Rút lại tệp này" not in (await client.get(link)).text
    late = await client.post(link, data={"action": "remove", "file": str(row["id"])})
    assert (late.status_code, "không rút tệp lại được" in late.text) == (409, True)
    assert len(await rows()) == 1


async def test_a_file_that_cannot_be_read_is_no_link_and_says_why(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await desk.open()
    await give(client, case, PHOTO)
    here = f"/cases/{case.reference}"
    for scan, said in (("waiting", "đang chờ quét vi-rút"), ("infected", "có vi-rút nên đã xóa")):
        await fetch("UPDATE case_attachment SET scan = $1", scan)
        page = (await get(client, here)).text
        assert said in page
        assert files_on(page, here) == []
    await fetch("UPDATE case_attachment SET scan = 'clean'")
    assert len(files_on((await get(client, here)).text, here)) == 1


async def test_an_owner_that_no_column_holds_is_nobody(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    case = await desk.open()
    for owner in ("2147483648", "9" * 30, "²", "x"):
        answer = await post(client, "/cases/assign", case=str(case.id), owner=owner)
        assert (answer.status_code, answer.headers["location"]) == (303, "/cases?told=none")
