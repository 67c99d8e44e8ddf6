"""Names that a version leaves uncovered are asked for one by one; the citizen's own never are left."""

import re
from html import unescape

import httpx
import pytest

from surveys.transactions import fetch
from tests.app.people import get
from tests.app.test_redaction_pages import answered, desk, send

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
