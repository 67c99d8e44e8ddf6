"""The citizen's own case over HTTP: written once, followed by code or link, judged by its writer."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from litestar.datastructures import UploadFile

from app.floods import letters, refused
from app.guessing import guesses
from app.logs import quiet_address
from surveys import reflections
from surveys.reflections import Opened, save_draft
from surveys.transactions import fetch
from tests.app.files import MAKER, photograph, picture
from tests.factories import make_agency, make_dossier, make_procedure
from tests.surveys.case_town import (
    MONDAY,
    Town,
    bring_in_hand,
    bring_to_answer,
    make_town,
    open_one,
)

PLAINT = "Ba lần phải về lấy thêm giấy.\r\nLần thứ ba là hôm qua."
CODE = re.compile(r'<p class="code">([\w-]+)</p>')
LINK = re.compile(r'href="(/p/[\w-]+)')


@pytest.fixture(autouse=True)
def quiet_flood() -> Iterator[None]:
    for brake in (letters, refused):
        brake.buckets.clear()
    yield
    for brake in (letters, refused):
        brake.buckets.clear()


def letter(**given: str) -> dict[str, str]:
    return {
        "key": str(uuid4()),
        "kind": "reflection",
        "agency": "UBND phường Nha Trang",
        "text": PLAINT,
        "phone": "0912 345 678",
    } | given


async def write(client: httpx.AsyncClient, **given: str) -> httpx.Response:
    return await client.post("/reflect", data=letter(**given))


async def act(client: httpx.AsyncClient, link: str, **typed: str) -> httpx.Response:
    return await client.post(link, data=typed)


async def cases() -> list[dict[str, object]]:
    return await fetch("SELECT * FROM reflection_case ORDER BY created_at")


async def sent(client: httpx.AsyncClient, **given: str) -> tuple[str, str]:
    """The link and the code that a citizen is given."""
    page = (await write(client, **given)).text
    return LINK.findall(page)[0], CODE.findall(page)[0]


async def only_case() -> UUID:
    (row,) = await cases()
    return UUID(str(row["id"]))


async def answered(client: httpx.AsyncClient) -> tuple[str, UUID, Town]:
    town = await make_town()
    link, _code = await sent(client)
    case = await only_case()
    await bring_in_hand(case, town, datetime.now(UTC))
    await bring_to_answer(case, town, datetime.now(UTC))
    return link, case, town


async def test_what_is_sent_becomes_a_case_and_the_page_tells_how_to_come_back(
    client: httpx.AsyncClient, database: str
) -> None:
    await make_town()
    link, code = await sent(client, consent_reply="1", notify="sms", name="Trần Thị Bé")
    (case,) = await cases()
    assert (case["channel"], case["type"], case["notify"]) == ("web", "other", "sms")
    (text,) = await fetch("SELECT text FROM case_text")
    assert text["text"] == PLAINT.replace("\r\n", "\n")
    (contact,) = await fetch("SELECT name, reply, publication, survey, notice FROM case_contact")
    assert tuple(contact.values()) == ("Trần Thị Bé", True, False, False, "reflect-2026-11")
    page = await client.get(link)
    assert str(case["reference"]) in page.text
    assert "Đã gửi, chờ tiếp nhận" in page.text
    assert "Hạn trả lời: thứ" in page.text
    opened = await client.post("/p", data={"code": code.lower()})
    assert opened.headers["location"] == link
    assert code not in page.text


async def test_nothing_is_ticked_before_somebody_ticks_it(
    client: httpx.AsyncClient, database: str
) -> None:
    page = (await client.get("/reflect")).text
    assert " checked" not in page
    assert "selected" not in page


async def test_a_second_click_opens_no_second_case_and_shows_a_code_that_works(
    client: httpx.AsyncClient, database: str
) -> None:
    await make_town()
    key = str(uuid4())
    link, first = await sent(client, key=key)
    again, second = await sent(client, key=key)
    assert len(await cases()) == 1
    assert link == again
    assert first != second
    assert (await client.post("/p", data={"code": first})).status_code == 422
    assert (await client.post("/p", data={"code": second})).headers["location"] == link


async def test_who_sends_other_words_by_the_same_form_reads_that_they_were_not_taken(
    client: httpx.AsyncClient, database: str
) -> None:
    await make_town()
    key = str(uuid4())
    first = await write(client, key=key)
    assert "Đã gửi. Cơ quan phải trả lời bạn." in first.text
    again = await write(client, key=key, text="Tôi viết lại cho rõ hơn.")
    assert "đã được nhận từ lần gửi trước" in again.text
    assert "phần sửa chưa được ghi" in again.text
    assert "Đã gửi. Cơ quan" not in again.text
    assert len(await fetch("SELECT 1 FROM case_text")) == 1


async def test_faults_stand_at_their_fields_all_at_once_and_nothing_typed_is_lost(
    client: httpx.AsyncClient, database: str
) -> None:
    await make_town()
    page = await write(
        client, kind="", text="", phone="12", mail="x@", name="Bé", agency="Sở Không Có",
        consent_survey="1",
    )  # fmt: skip
    assert page.status_code == 422
    summary = page.text.partition("error-summary")[2].partition("</div>")[0]
    assert re.findall(r'href="#([^"]+)"', summary) == ["kind", "agency", "text", "phone", "mail"]
    for name in re.findall(r'href="#([^"]+)"', summary):
        assert f'id="{name}"' in page.text
        assert f'id="{name}-error"' in page.text
    for kept in ('value="Bé"', 'value="12"', 'value="x@"', 'value="Sở Không Có"'):
        assert kept in page.text
    assert re.search(r'id="consent_survey"[^>]* checked', page.text)
    assert await cases() == []


async def test_without_a_way_to_be_reached_or_a_consent_to_be_told_nothing_is_opened(
    client: httpx.AsyncClient, database: str
) -> None:
    await make_town()
    lonely = await write(client, phone="")
    assert "Hãy cho một cách để cơ quan trả lời" in lonely.text
    unasked = await write(client, notify="sms")
    assert 'id="notify-error"' in unasked.text
    assert await cases() == []


async def test_a_landline_reaches_somebody_and_a_long_name_is_refused_and_not_cut(
    client: httpx.AsyncClient, database: str
) -> None:
    await make_town()
    refused = await write(client, name="a" * 121, phone="0258 3822 222")
    assert refused.status_code == 422
    assert "Họ tên quá dài; tối đa 120 ký tự." in refused.text
    assert f'value="{"a" * 121}"' in refused.text
    assert (await write(client, name="a" * 120, phone="0258 3822 222")).status_code == 200
    rows = await fetch("SELECT name, phone FROM case_contact")
    assert [tuple(row.values()) for row in rows] == [("a" * 120, "+842583822222")]


async def test_a_text_in_which_nothing_can_be_seen_is_empty(
    client: httpx.AsyncClient, database: str
) -> None:
    await make_town()
    unseen = "\u200b\u2060 \ufeff\u00a0\n"
    refused = await write(client, text=unseen)
    assert 'id="text-error"' in refused.text
    link, _code = await sent(client)
    again = await act(client, link, action="add", addition=unseen)
    assert again.status_code == 422
    assert 'id="addition-error"' in again.text
    assert len(await fetch("SELECT 1 FROM case_text")) == 1


async def test_agencies_are_found_with_or_without_marks_and_several_are_offered(
    client: httpx.AsyncClient, database: str
) -> None:
    await make_agency("NT1", name="UBND phường Nha Trang")
    await make_agency("NT2", name="UBND phường Bắc Nha Trang")
    found = await client.post("/reflect", data=letter(agency="nha trang", action="find"))
    assert found.status_code == 200
    assert re.findall(r'name="agency_code" value="(\w+)"', found.text) == ["NT1", "NT2"]
    assert PLAINT.split("\r\n", maxsplit=1)[0] in found.text
    unchosen = await write(client, agency="nha trang", agency_for="nha trang")
    assert "Có nhiều cơ quan khớp" in unchosen.text
    chosen = await write(client, agency="nha trang", agency_for="nha trang", agency_code="NT2")
    assert "<dt>Cơ quan nhận</dt><dd>UBND phường Bắc Nha Trang</dd>" in chosen.text
    await write(client, agency="ubnd bac nha trang")
    rows = await fetch(
        "SELECT a.code FROM reflection_case c JOIN agency a ON a.id = c.agency ORDER BY 1"
    )
    assert [row["code"] for row in rows] == ["NT2", "NT2"]


async def test_a_code_of_a_former_choice_does_not_count_for_another_name(
    client: httpx.AsyncClient, database: str
) -> None:
    await make_agency("NT1", name="UBND phường Nha Trang")
    await make_agency("XD", name="Sở Xây dựng")
    await write(client, agency="so xay dung", agency_for="nha trang", agency_code="NT1")
    (row,) = await fetch("SELECT a.code FROM reflection_case c JOIN agency a ON a.id = c.agency")
    assert row["code"] == "XD"


async def test_a_link_of_an_agency_fills_it_in_and_an_unknown_one_does_not(
    client: httpx.AsyncClient, database: str
) -> None:
    await make_agency("NT1", name="UBND phường Nha Trang")
    page = (await client.get("/reflect?agency=NT1")).text
    assert 'name="agency_code" value="NT1"' in page
    assert 'href="?agency=NT1&amp;lang=en"' in page
    # At a kiosk another language would load the page anew, and what was typed would be gone.
    kiosk = (await client.get("/reflect?agency=NT1&channel=kiosk")).text
    assert 'name="agency_code" value="NT1"' in kiosk
    assert "lang=en" not in kiosk
    assert 'name="agency_code" value=""' in (await client.get("/reflect?agency=X1")).text


async def test_a_dossier_of_the_agency_is_linked_and_another_code_tells_nothing(
    client: httpx.AsyncClient, database: str
) -> None:
    town = await make_town()
    await make_dossier(town.agency, await make_procedure(), "H1")
    await make_dossier(town.other, await make_procedure(), "H2")
    codes = ("H1", "H2", "H3")
    pages = [(await write(client, dossier=code)).text for code in codes]
    assert all("Đã gửi. Cơ quan phải trả lời bạn." in page for page in pages)
    assert [row["dossier"] is not None for row in await cases()] == [True, False, False]
    texts = await fetch("SELECT text FROM case_text ORDER BY id")
    for text, code in zip(texts, codes, strict=True):
        assert text["text"].endswith(f"\n\nMã hồ sơ do người gửi ghi: {code}")
    # Nor does the case, whose page its writer may read as often as they like.
    shown = [(await client.get(LINK.findall(page)[0])).text for page in pages]
    without = {
        re.sub(r"PA-\d{8}-\w+|/p/[\w-]+|value=\"\w{32}\"", "", page.replace(code, "H"))
        for page, code in zip(shown, codes, strict=True)
    }
    assert len(without) == 1


async def test_a_flood_is_braked_and_what_was_typed_stays(
    client: httpx.AsyncClient, database: str
) -> None:
    await make_town()
    letters.buckets["letters"] = (0.0, letters.clock())
    page = await write(client)
    assert page.status_code == 429
    assert "Gửi quá nhiều lần" in page.text
    assert "Lần thứ ba là hôm qua." in page.text
    assert await cases() == []


async def test_what_opens_no_case_keeps_nobodys_letter_waiting(
    client: httpx.AsyncClient, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_town()
    monkeypatch.setattr(letters, "per_minute", 1)
    key = str(uuid4())
    wrong = {"files": ("giay.exe", b"MZ", "image/jpeg")}
    for _time in range(3):
        assert (await write(client, text="")).status_code == 422
        assert (await write(client, agency="Sở Không Có")).status_code == 422
        assert (await write(client, notify="sms")).status_code == 422
        assert (await client.post("/reflect", data=letter(), files=wrong)).status_code == 422
    assert await cases() == []
    assert LINK.search((await write(client, key=key)).text)
    assert (await write(client)).status_code == 429
    letters.buckets.clear()
    for _time in range(2):
        assert LINK.search((await write(client, key=key)).text)
    assert LINK.search((await write(client)).text)
    assert len(await cases()) == 2


async def test_a_flood_of_faults_is_braked_apart_and_reads_no_file(
    client: httpx.AsyncClient, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_town()

    async def fall_over(*_given: object) -> None:
        raise AssertionError

    monkeypatch.setattr(UploadFile, "read", fall_over)
    photo = {"files": ("a.jpg", photograph(), "image/jpeg")}
    first = await client.post("/reflect", data=letter(text=""), files=photo)
    assert (first.status_code, "Hãy chọn lại tệp" in first.text) == (422, True)
    refused.buckets["letters"] = (0.0, refused.clock())
    second = await client.post("/reflect", data=letter(text="", name="Bé"), files=photo)
    assert second.status_code == 429
    assert "Gửi quá nhiều lần" in second.text
    assert 'value="Bé"' in second.text
    assert LINK.search((await write(client)).text)


async def test_wrong_codes_are_told_and_guessing_is_braked(
    client: httpx.AsyncClient, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for typed, said in (("", "Hãy gõ mã"), ("4K7M", "12 chữ và số"), ("4K7M-2XWA-9PRC", "")):
        page = await client.post("/p", data={"code": typed})
        assert page.status_code == 422
        assert said in page.text
    monkeypatch.setattr("app.guessing.guesses.most", 0)
    assert (await client.post("/p", data={"code": "4K7M-2XWA-9PRC"})).status_code == 429


async def test_dead_links_to_files_slow_nobodys_typed_code(
    client: httpx.AsyncClient, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_town()
    _link, code = await sent(client)
    monkeypatch.setattr(guesses, "most", 1)
    for _time in range(3):
        page = await client.get(f"/p/{uuid4().hex}/files/{uuid4()}")
        assert page.status_code == 404
    assert (await client.post("/p", data={"code": code})).status_code == 303


async def test_what_was_asked_is_shown_and_the_answer_sets_the_clock_going(
    client: httpx.AsyncClient, database: str
) -> None:
    town = await make_town()
    link, _code = await sent(client)
    case = await only_case()
    await bring_in_hand(case, town)
    await reflections.ask_information(case, "Hồ sơ nộp ngày nào?", town.clerk)
    page = (await client.get(link)).text
    assert "Đang chờ bạn bổ sung" in page
    assert "Hồ sơ nộp ngày nào?" in page
    assert "đang tạm dừng" in page
    empty = await act(client, link, action="add", addition="  ")
    assert (empty.status_code, 'id="addition-error"' in empty.text) == (422, True)
    done = await act(client, link, action="add", addition="Ngày 2 tháng 3.")
    assert done.headers["location"] == f"{link}?done=add"
    page = (await client.get(f"{link}?done=add")).text
    assert "Đã gửi phần bổ sung." in page
    assert "Ngày 2 tháng 3." in page
    assert "Đang xử lý" in page


async def test_an_answer_is_rated_and_judged_and_reopens_only_with_a_reason(
    client: httpx.AsyncClient, database: str
) -> None:
    link, case, town = await answered(client)
    page = (await client.get(link)).text
    assert "Chúng tôi xin lỗi." in page
    assert "Hạn để bạn mở lại" in page
    assert (await act(client, link, action="rate", level="9")).status_code == 422
    assert (await act(client, link, action="rate", level="2")).status_code == 303
    refused = await act(client, link, action="reopen", reason="")
    assert (refused.status_code, 'id="reason-error"' in refused.text) == (422, True)
    assert (await act(client, link, action="reopen", reason="Vẫn chưa trả")).status_code == 303
    (answer,) = await fetch("SELECT verdict, level FROM case_answer")
    assert answer == {"verdict": "not_settled", "level": 2}
    await reflections.take(case, town.clerk)
    page = (await client.get(link)).text
    assert page.index("Các câu trả lời trước") < page.index("Chúng tôi xin lỗi.")
    await bring_to_answer(case, town, text="Đã trả kết quả.")
    assert (await act(client, link, action="settle")).status_code == 303
    page = (await client.get(link)).text
    assert "Bạn đã xác nhận việc này thỏa đáng." in page
    assert "Các câu trả lời trước" in page


async def test_a_verdict_on_a_page_that_is_not_the_newest_is_refused_with_the_text_kept(
    client: httpx.AsyncClient, database: str
) -> None:
    link, _case, _town = await answered(client)
    page = await act(client, link, action="reopen", reason="Chưa đúng người", version="1")
    assert page.status_code == 409
    assert "Chưa đúng người" in page.text
    assert (await cases())[0]["state"] == "answered"


async def test_after_the_set_time_a_case_is_not_reopened_and_the_reason_is_not_lost(
    client: httpx.AsyncClient, database: str
) -> None:
    town = await make_town()
    link, _code = await sent(client)
    case, before = await only_case(), datetime.now(UTC) - timedelta(days=60)
    await bring_in_hand(case, town, before)
    await bring_to_answer(case, town, before)
    page = await client.get(link)
    assert "Hạn để mở lại đã hết." in page.text
    assert 'value="reopen"' not in page.text
    late = await act(client, link, action="reopen", reason="Vẫn chưa trả")
    assert (late.status_code, "Vẫn chưa trả" in late.text) == (409, True)
    assert (await act(client, link, action="settle")).status_code == 303


async def test_in_english_the_history_tells_what_happened_and_the_basis_and_links_stay_english(
    client: httpx.AsyncClient, database: str
) -> None:
    link, _case, _town = await answered(client)
    page = (await client.get(f"{link}?lang=en")).text
    for past in ("Received", "Taken in hand", "Answered"):
        assert f"<strong>{past}</strong>" in page
    assert "<strong>Receive</strong>" not in page
    assert "A term that the program proposes until the office sets its own" in page
    assert "Thời hạn phần mềm đề nghị" not in page
    footer = page.partition("<footer>")[2]
    assert re.findall(r'href="([^"]+)"', footer) == [
        "/reflect?lang=en", "/p?lang=en", "/?lang=en", "/privacy?lang=en",
    ]  # fmt: skip
    assert "lang=" not in (await client.get(link)).text.partition("<footer>")[2]


async def test_what_is_too_large_is_told_in_the_readers_language(
    client: httpx.AsyncClient,
) -> None:
    page = await client.post("/p", data={"code": "x" * 12_000_000}, headers={"accept": "text/html"})
    assert page.status_code == 413
    assert "bớt tệp hoặc chọn tệp nhỏ hơn" in page.text
    assert "Entity" not in page.text


async def test_an_internal_word_of_an_official_is_on_no_page_of_the_citizen(
    client: httpx.AsyncClient, database: str
) -> None:
    town = await make_town()
    link, _code = await sent(client)
    case = await only_case()
    await bring_in_hand(case, town)
    await reflections.note(case, "Người này hay kiện", town.clerk)
    await save_draft(case, "Bản nháp chưa duyệt", town.clerk, base=0)
    (official,) = await fetch("SELECT username FROM account WHERE id = $1", town.clerk.account)
    page = (await client.get(link)).text
    for word in ("hay kiện", "Bản nháp chưa duyệt", official["username"]):
        assert word not in page


async def test_a_draft_that_goes_to_and_fro_stays_inside(
    client: httpx.AsyncClient, database: str
) -> None:
    town = await make_town()
    link, _code = await sent(client)
    case = await only_case()
    await bring_in_hand(case, town)
    await save_draft(case, "Bản nháp", town.clerk, base=0)
    await reflections.submit_draft(case, town.clerk)
    await reflections.return_draft(case, "Đừng nhận lỗi về mình", town.head)
    page = (await client.get(link)).text
    assert "Nhận xử lý" in page
    for word in ("Đừng nhận lỗi", "Trả lại dự thảo", "Trình dự thảo"):
        assert word not in page
    view = await reflections.case_view(case, town.clerk, original=False)
    inside = {event["name"]: event["public"] for event in view.events}
    assert (inside["take"], inside["submit"], inside["return_draft"]) == (True, False, False)
    assert view.events[-1]["detail"]["reason"] == "Đừng nhận lỗi về mình"


async def test_what_the_focal_point_does_is_not_told_as_the_act_of_the_agency(
    client: httpx.AsyncClient, database: str
) -> None:
    town = await make_town()
    link, _code = await sent(client)
    case = await only_case()
    await bring_in_hand(case, town)
    await bring_to_answer(case, town)
    await reflections.return_answer(case, "Chưa nói vì sao phải đi ba lần", town.coordinator)
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", (await client.get(link)).text))
    assert "Trả lại câu trả lời chưa đạt · Đầu mối của tỉnh" in shown


async def test_consent_is_taken_back_and_a_lost_code_replaced(
    client: httpx.AsyncClient, database: str
) -> None:
    await make_town()
    link, code = await sent(client, consent_reply="1", consent_publication="1", notify="sms")
    told = (await act(client, link, action="code", key="k")).text
    again = (await act(client, link, action="code", key="k")).text
    renewed, old, link = CODE.findall(told)[0], link, LINK.findall(told)[0]
    # A second click is answered as the first, and only to who knows the form's key.
    assert (CODE.findall(again), LINK.findall(again)) == ([renewed], [link])
    for key in ("", "other"):
        assert (await act(client, old, action="code", key=key)).status_code == 404
    assert link != old
    assert (await client.get(old)).status_code == 404
    assert (await act(client, old, action="withdraw")).status_code == 404
    assert (await client.post("/p", data={"code": code})).status_code == 422
    assert (await client.post("/p", data={"code": renewed})).headers["location"] == link
    assert "Rút lại mọi sự đồng ý" in (await client.get(link)).text
    assert (await act(client, link, action="withdraw")).status_code == 303
    page = (await client.get(link)).text
    assert "Không có sự đồng ý nào" in page
    assert "Rút lại mọi sự đồng ý" not in page
    assert await fetch("SELECT FROM case_contact") == []


async def test_each_consent_is_taken_back_by_itself(
    client: httpx.AsyncClient, database: str
) -> None:
    await make_town()
    consents = {"consent_reply": "1", "consent_publication": "1", "consent_survey": "1"}
    link, _code = await sent(client, notify="sms", **consents)
    for action, words, left in (
        ("hide", "Thôi đồng ý công khai", {"reply": True, "publication": False, "survey": True}),
        ("no_survey", "được hỏi ý kiến", {"reply": True, "publication": False, "survey": False}),
        (
            "no_reply",
            "Thôi đồng ý nhận tin",
            dict.fromkeys(("reply", "publication", "survey"), False),
        ),
    ):
        assert words in (await client.get(link)).text
        # The second click finds nothing to take back.
        for _click in range(2):
            assert (await act(client, link, action=action)).status_code == 303
        (row,) = await fetch("SELECT reply, publication, survey FROM case_contact")
        assert row == left
        assert words not in (await client.get(link)).text
    (case,) = await fetch("SELECT notify FROM reflection_case")
    assert case["notify"] is None
    names = [row["name"] for row in await fetch("SELECT name FROM case_event ORDER BY id")]
    assert names == ["opened", "publication_refused", "survey_refused", "reply_refused"]


async def test_whoever_sent_a_case_for_somebody_loses_their_link_when_it_is_renewed(
    client: httpx.AsyncClient, database: str
) -> None:
    await make_town()
    form = letter()
    page = (await client.post("/reflect", data=form)).text
    link, code = LINK.findall(page)[0], CODE.findall(page)[0]
    told = (await act(client, link, action="code", key="k")).text
    again = await client.post("/reflect", data=form)
    assert (again.status_code, again.headers["location"]) == (303, "/p")
    assert (await client.post("/p", data={"code": code})).status_code == 422
    assert (await client.get(LINK.findall(told)[0])).status_code == 200
    twice = (await act(client, LINK.findall(told)[0], action="code", key="k")).text
    assert (await client.get(LINK.findall(told)[0])).status_code == 404
    assert (await client.get(LINK.findall(twice)[0])).status_code == 200


async def test_no_cache_keeps_a_case_no_site_hears_of_it_and_no_log_names_it(
    client: httpx.AsyncClient, database: str
) -> None:
    await make_town()
    link, _code = await sent(client)
    for address in (link, "/p", "/reflect", "/p/wrong", "/reflect/from-comment"):
        answer = await client.get(address)
        assert answer.status_code == (404 if address == "/p/wrong" else 200)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in answer.headers
    assert (await act(client, "/p/wrong", action="settle")).status_code == 404
    assert quiet_address(link) == "/p/…"
    assert "content-encoding" not in (await client.get(link)).headers


async def test_a_comment_without_script_comes_by_post_and_stays_in_the_page(
    client: httpx.AsyncClient, database: str
) -> None:
    await make_agency("NT1", name="UBND phường Nha Trang")
    page = await client.post(
        "/reflect/from-comment", data={"text": "Chờ ba tiếng", "agency_code": "NT1"}
    )
    assert page.status_code == 200
    assert ">Chờ ba tiếng</textarea>" in page.text
    assert 'name="agency_code" value="NT1"' in page.text
    assert "không kèm lời góp ý" in page.text
    assert await cases() == []
    # A link to the other language would leave the comment behind, as it would what was typed.
    refused = await write(client, kind="")
    assert 'hreflang="en"' not in page.text + refused.text
    assert 'hreflang="en"' in (await client.get("/reflect")).text


async def test_whose_case_was_not_accepted_reads_whether_it_can_still_be_reopened(
    client: httpx.AsyncClient, database: str
) -> None:
    town = await make_town()
    for now, offered in ((datetime.now(UTC), True), (MONDAY, False)):
        opened = await open_one(town, now=now)
        await reflections.refuse(opened.id, "Việc của tòa án.", town.clerk, now=now)
        page = (await client.get(f"/p/{opened.token}")).text
        assert "Việc của tòa án." in page
        assert ("Gửi và mở lại vụ việc" in page) is offered
        assert ("Hạn để mở lại đã hết." in page) is not offered


async def test_an_old_answer_is_not_rated_once_the_case_was_not_accepted(
    client: httpx.AsyncClient, database: str
) -> None:
    town = await make_town()
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    await bring_to_answer(opened.id, town)
    await reflections.not_settled(opened.id, "Chưa xong", now=MONDAY)
    assert 'value="rate"' in (await client.get(f"/p/{opened.token}")).text
    await reflections.transfer(opened.id, town.other, "Việc xây dựng", town.clerk, now=MONDAY)
    await reflections.refuse(opened.id, "Việc của tòa án.", town.stranger, now=MONDAY)
    page = (await client.get(f"/p/{opened.token}")).text
    assert 'value="rate"' not in page
    assert "Chúng tôi xin lỗi." in page


def test_every_state_has_words_for_the_citizen_in_both_languages() -> None:
    from app.citizen_words import STATES

    assert set(STATES) == set(reflections.machine().states)
    book = Path("app/locales/en/LC_MESSAGES/sipas.po").read_text()
    for title, meaning in STATES.values():
        assert title in book
        assert meaning in book.replace('"\n"', "")


def test_the_code_of_a_resend_is_empty_so_that_the_page_makes_a_new_one() -> None:
    assert Opened(id=uuid4(), reference="PA", token="t").code == ""


async def test_a_file_is_kept_clean_and_one_that_is_none_costs_nobody_what_was_typed(
    client: httpx.AsyncClient, database: str
) -> None:
    await make_town()
    wrong = await client.post(
        "/reflect", data=letter(), files={"files": ("giay.exe", b"MZ", "image/jpeg")}
    )
    assert (wrong.status_code, 'id="files-error"' in wrong.text) == (422, True)
    assert "Lần thứ ba là hôm qua." in wrong.text
    assert await cases() == []
    unready = await client.post(
        "/reflect", data=letter(text=""), files={"files": ("a.jpg", photograph(), "image/jpeg")}
    )
    assert "Hãy chọn lại tệp" in unready.text
    sent_page = await client.post(
        "/reflect", data=letter(), files={"files": ("a.jpg", photograph(), "image/jpeg")}
    )
    link = LINK.findall(sent_page.text)[0]
    alone = await client.post(
        link, data={"action": "add"}, files={"files": ("b.png", picture("PNG"), "image/png")}
    )
    assert alone.status_code == 303
    page = (await client.get(link)).text
    found = re.findall(rf'href="({link}/files/[\w-]+)">([\w.-]+)<', page)
    assert [name for _address, name in found] == ["anh-1.jpg", "anh-2.png"]
    saved = await client.get(found[0][0])
    assert MAKER not in saved.content
    assert "attachment" in saved.headers["content-disposition"]
