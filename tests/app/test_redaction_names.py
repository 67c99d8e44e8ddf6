"""Names that a version leaves uncovered are asked for one by one; the citizen's own never are left."""

import re
from html import unescape

import httpx
import pytest

from app.redaction import find_places
from surveys.transactions import fetch
from tests.app.people import get, post
from tests.app.test_redaction_pages import answered, confirm, desk, send, ticked

__all__ = ["desk"]


async def test_a_name_left_uncovered_is_confirmed_only_when_said_to_be_none(
    client: httpx.AsyncClient, desk: object
) -> None:
    case = await answered(desk)  # type: ignore[arg-type]
    here = f"/cases/{case.reference}/redaction"
    # Half a name covered leaves the name; the given name stands once more alone.
    assert (await send(client, here, "question", span=[], words="Văn Đức")).status_code == 303
    page = unescape((await get(client, here)).text)
    keys = re.findall(r'name="not_name" value="([^"]+)"', page)
    assert len(keys) == 2
    assert "<strong>Phạm Văn Đức</strong>" in page
    assert "Không phải tên người" in page
    for not_names in ([], keys[:1]):
        typed = {"version": "1", "read": "1", "not_name": not_names}
        typed["_csrf_token"] = client.cookies["csrf"]
        refused = await client.post(
            f"{here}/question/confirm", data=typed, headers={"accept": "text/html"}
        )
        assert refused.status_code == 422
        assert 'href="#question-names"' in refused.text
        assert 'id="question-names-error"' in refused.text
        assert not await fetch("SELECT 1 FROM case_redaction WHERE confirmed_at IS NOT NULL")
    typed = {"version": "1", "read": "1", "not_name": keys, "_csrf_token": client.cookies["csrf"]}
    assert (await client.post(f"{here}/question/confirm", data=typed)).status_code == 303
    assert await fetch("SELECT 1 FROM case_redaction WHERE confirmed_at IS NOT NULL")


async def test_the_citizens_own_contact_is_covered_though_nobody_ticked_it(
    client: httpx.AsyncClient, desk: object
) -> None:
    case = await answered(desk)  # type: ignore[arg-type]
    here = f"/cases/{case.reference}/redaction"
    assert "của người gửi, luôn được che" in (await get(client, here)).text
    for part in ("question", "answer"):
        await send(client, here, part, span=[])
    for row in await fetch("SELECT text FROM case_redaction"):
        assert "Trần Thị Bé" not in row["text"]
        assert "0912" not in row["text"]
        assert "Phạm Văn Đức" in row["text"]


@pytest.mark.parametrize("then", ["preview", "save"])
async def test_added_words_that_stand_nowhere_are_named_and_nothing_is_kept(
    client: httpx.AsyncClient, desk: object, then: str
) -> None:
    case = await answered(desk)  # type: ignore[arg-type]
    here = f"/cases/{case.reference}/redaction"
    refused = await send(client, here, "question", then=then, words="ba lần\nquầy 33\n\nĐ")
    assert refused.status_code == 422
    page = unescape(refused.text)
    assert "Không thấy trong văn bản: “quầy 33”, “Đ”." in page
    assert 'href="#question-words"' in page
    assert 'id="question-words-error"' in page
    assert ">ba lần\nquầy 33\n\nĐ</textarea>" in page
    # What does stand there is shown as it would be covered.
    assert "bảo tôi về [thông tin riêng]" in re.sub(r"<[^>]+>", "", page)
    assert not await fetch("SELECT 1 FROM case_redaction")
    assert (await send(client, here, "question", words="ba lần\n\n")).status_code == 303


async def test_what_a_person_covered_in_one_part_is_found_in_the_others_and_in_the_title(
    client: httpx.AsyncClient, desk: object
) -> None:
    case = await answered(desk, explanation="Quầy 3 và quay 3 nay mở cả buổi chiều.")  # type: ignore[arg-type]
    here = f"/cases/{case.reference}/redaction"
    before = unescape((await get(client, here)).text)
    assert not [key for key in ticked(before, "explanation") if key.endswith("-case")]
    # Kept and confirmed before anybody covered those words elsewhere.
    for part in ("answer", "explanation"):
        assert (await send(client, here, part)).status_code == 303
        await confirm(client, here, part)
    assert (await send(client, here, "question", words="quay 3")).status_code == 303
    await confirm(client, here, "question")
    page = unescape((await get(client, here)).text)
    assert "Đã che ở phần khác, ở đây không che: <strong>Quầy 3</strong>" in page
    refused = await post(client, f"/cases/{case.reference}/publish", title="Phải đi lại nhiều lần")
    assert refused.status_code == 409
    assert "sau khi phần này được xác nhận: “Quầy 3”" in unescape(refused.text)
    # Another version of it must say of each place that it need not be covered.
    await send(client, here, "explanation", span=[])
    page = unescape((await get(client, here)).text)
    assert page.count("Không cần che ở đây") == 2
    refused = await post(client, f"{here}/explanation/confirm", version="2", read="1")
    assert refused.status_code == 422
    assert "đánh dấu từng chỗ không cần che" in unescape(refused.text)
    keys = re.findall(r'name="not_name" value="([^"]+)"', page)
    typed = {"version": "2", "read": "1", "not_name": keys, "_csrf_token": client.cookies["csrf"]}
    told = await client.post(f"{here}/explanation/confirm", data=typed)
    assert told.status_code == 303
    address = f"/cases/{case.reference}/publish"
    title = "Việc ở quầy 3 phải đi lại"
    refused = await post(client, address, title=title)
    assert refused.status_code == 422
    assert "hoặc cụm từ đã che" in unescape(refused.text)
    assert (await post(client, address, title=title, sure="1")).status_code == 303


async def test_what_is_covered_first_is_ticked_in_parts_that_nobody_covered_yet(
    client: httpx.AsyncClient, desk: object
) -> None:
    case = await answered(desk, explanation="Quầy 3 nay mở cả buổi chiều.")  # type: ignore[arg-type]
    here = f"/cases/{case.reference}/redaction"
    looked = await send(client, here, "question", then="preview", words="quầy 3")
    assert "0-6-other-case" in ticked(unescape(looked.text), "explanation")
    await send(client, here, "question", words="quầy 3")
    assert (await send(client, here, "explanation")).status_code == 303
    rows = await fetch("SELECT text FROM case_redaction WHERE part = 'explanation'")
    assert rows[0]["text"] == "[thông tin riêng] nay mở cả buổi chiều."


def test_one_word_covered_elsewhere_is_not_found_in_words_with_other_marks() -> None:
    shared = [("other", "Hoa")]
    text = "Hoa nói hóa đơn thì hoa tươi, HOA."
    found = [text[one.start : one.end] for one in find_places(text, (), shared)]
    assert found == ["Hoa", "hoa", "HOA"]
    assert find_places("hóa đơn, hòa giải", (), shared) == []
    assert len(find_places("của hang, của Hằng, của hằng, của hàng", (), [("other", "Hằng")])) == 3
