"""The administrator's pages of messages: board, words, test messages, mode splits."""

from pathlib import Path

import httpx
import pytest

from app.delivery import read_channels
from app.settings import SettingError, Settings
from surveys.accounts import Role
from surveys.transactions import fetch
from tests.app.outbox import message, queue
from tests.app.people import get, make_person, post, sign_in
from tests.factories import make_agency

WORDS = "/office/messages/templates/rating_invitation/sms"
TYPED = {
    "subject_vi": "", "body_vi": "Mời đánh giá {agency}: {link} {stop}",
    "subject_en": "", "body_en": "Rate {agency}: {link} {stop}", "action": "save",
}  # fmt: skip


@pytest.fixture
async def boss(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """An administrator who is signed in."""
    await make_person(Role.ADMINISTRATOR)
    await sign_in(client, "administrator")
    return client


async def test_the_board_tells_what_is_stuck_and_not_whom_it_is_for(
    boss: httpx.AsyncClient,
) -> None:
    which = await queue()
    await fetch("UPDATE outbox_message SET state = 'uncertain', last_error = 'ReadTimeout'")
    page = await get(boss, "/office/messages")
    assert "ReadTimeout" in page.text
    assert "912345678" not in page.text
    answer = await post(boss, f"/office/messages/{which}/resend")
    assert answer.headers["location"] == "/office/messages?done=resent"
    assert (await message(which))["state"] == "queued"
    assert (await post(boss, f"/office/messages/{which}/resend")).status_code == 409
    await post(boss, f"/office/messages/{which}/cancel")
    row = await message(which)
    assert (row["state"], row["address"]) == ("cancelled", None)
    entries = await fetch("SELECT action FROM audit_entry WHERE action LIKE 'message%' ORDER BY id")
    assert [one["action"] for one in entries] == ["message_resent", "message_cancelled"]


async def test_new_words_are_previewed_and_saved(boss: httpx.AsyncClient) -> None:
    assert "Lời có sẵn" in (await get(boss, "/office/messages/templates")).text
    shown = await post(boss, WORDS, **(TYPED | {"action": "preview"}))
    assert "Rate Nha Trang ward" in shown.text
    assert await fetch("SELECT * FROM message_template") == []
    part = await post(boss, f"{WORDS}/preview", **TYPED)
    assert "Mời đánh giá UBND phường Nha Trang" in part.text
    assert "UCS-2" in part.text
    assert "GSM-7" in part.text
    assert "<html" not in part.text
    saved = await post(boss, WORDS, **TYPED)
    assert saved.headers["location"] == f"{WORDS}?done=saved"
    assert "Bản 1 của cơ quan" in (await get(boss, "/office/messages/templates")).text


async def test_wrong_words_are_refused_by_the_name_of_the_field(boss: httpx.AsyncClient) -> None:
    answer = await post(boss, WORDS, **(TYPED | {"body_en": "Hi {surname} {link} {stop}"}))
    assert answer.status_code == 422
    assert 'href="#body_en"' in answer.text
    assert "Không có trường {surname}" in answer.text
    assert "Hi {surname}" in answer.text
    part = await post(boss, f"{WORDS}/preview", **(TYPED | {"body_vi": "{x} <b>"}))
    assert "Không có trường {x}" in part.text
    assert "&lt;b&gt;" in part.text
    for address in ("/office/messages/templates/birthday/sms", f"{WORDS[:-3]}pigeon"):
        assert (await get(boss, address)).status_code == 404


async def test_a_test_message_goes_into_the_outbox(boss: httpx.AsyncClient) -> None:
    answer = await post(boss, f"{WORDS}/test", recipient="0912 345 678", language="en")
    assert answer.headers["location"] == "/office/messages?done=test"
    (row,) = await fetch("SELECT event, language, state, address FROM outbox_message")
    assert tuple(row.values()) == ("rating_invitation", "en", "queued", "+84912345678")
    refused = await post(boss, f"{WORDS}/test", recipient="12", language="vi")
    assert refused.status_code == 422
    assert 'href="#recipient"' in refused.text


async def test_a_split_is_started_and_ended(boss: httpx.AsyncClient) -> None:
    await make_agency("A1", name="Sở Tư pháp")
    typed = {"agency": "A1", "kiosk": "50", "message": "30", "none": "20", "seed": "lot"}
    for wrong in ({"none": "30"}, {"kiosk": "-1"}, {"agency": "ZZ"}, {"agency": ""}):
        assert (await post(boss, "/office/modes", **(typed | wrong))).status_code == 422
    answer = await post(boss, "/office/modes", **typed)
    assert answer.headers["location"] == "/office/modes?done=started"
    page = await get(boss, "/office/modes")
    assert "Sở Tư pháp" in page.text
    (row,) = await fetch("SELECT id FROM mode_plan")
    await post(boss, f"/office/modes/{row['id']}/end")
    assert await fetch("SELECT id FROM mode_plan WHERE valid_to IS NULL") == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[sms]\nkind = 'pigeon'", "pigeon"),
        ("[sms]\nkind = 'http'", "url"),
        ("[fax]\nkind = 'file'", "fax"),
        ("[sms]\nkind = 'http'\nurl = 'x'\nnumber = '1'", "number"),
        ("nonsense", "channels.toml"),
    ],
)
def test_a_file_of_channels_that_cannot_be_read_says_where(
    tmp_path: Path, text: str, named: str
) -> None:
    (tmp_path / "channels.toml").write_text(text)
    with pytest.raises(SettingError, match=named):
        read_channels(Settings(var=tmp_path))


def test_the_channels_in_the_documentation_can_be_read(tmp_path: Path) -> None:
    (text,) = [
        block.partition("```")[0]
        for block in Path("docs/messages.md").read_text().split("```toml\n")[1:]
    ]
    (tmp_path / "channels.toml").write_text(text)
    assert {type(one).__name__ for one in read_channels(Settings(var=tmp_path)).values()} == {
        "SmtpConfig", "GatewayConfig", "FileConfig"
    }  # fmt: skip


def test_a_missing_file_of_channels_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="nowhere"):
        read_channels(Settings(channels=tmp_path / "nowhere.toml"))
