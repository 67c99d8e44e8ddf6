"""Kiosk settings and recordings on their pages."""

from pathlib import Path

import httpx
import pytest

from surveys import kiosks
from surveys.accounts import Role
from surveys.kiosks import Scope
from tests.app.people import get, make_person, post, sign_in
from tests.factories import make_agency, make_counter

ADDRESS = "/office/kiosk-settings"
RECORDINGS = "/office/recordings"
WAV = b"RIFF\x00\x00\x00\x00WAVEfmt "

pytestmark = pytest.mark.usefixtures("form")


async def upload(
    client: httpx.AsyncClient, address: str, content: bytes, **typed: str
) -> httpx.Response:
    data = typed | {"_csrf_token": client.cookies["csrf"]}
    files = {"file": ("file", content)}
    return await client.post(address, data=data, files=files, headers={"accept": "text/html"})


async def test_settings_are_kept_in_versions_by_scope(client: httpx.AsyncClient) -> None:
    await make_person(Role.ADMINISTRATOR)
    counter = await make_counter(await make_agency("A"), "Q1", name="Quầy một")
    await sign_in(client, Role.ADMINISTRATOR)
    said = {"languages": "vi Tiếng Việt\nkm Tiếng Khmer", "idle_seconds": "20", "sleep": "no"}
    sent = await post(client, ADDRESS, **said)
    assert sent.headers["location"] == f"{ADDRESS}?done=saved"
    assert (await post(client, ADDRESS, **said)).headers["location"] == f"{ADDRESS}?done=same"
    assert "Quầy một" in (await get(client, f"{ADDRESS}?agency=A")).text
    typed = {"counter": "Q1", "language": "vi", "key": "title", "text": "Mời bấm"}
    assert (await post(client, f"{ADDRESS}/texts", **typed)).status_code == 303
    content = "key,text\ntitle,ការវាយតម្លៃ\n".encode()
    sent = await upload(client, f"{ADDRESS}/upload", content, counter="Q1", upload_language="km")
    assert sent.status_code == 303
    own = await kiosks.newest(Scope(counter=counter))
    assert own.texts == {"vi": {"title": "Mời bấm"}, "km": {"title": "ការវាយតម្លៃ"}}
    shown = (await get(client, f"{ADDRESS}?counter=Q1")).text
    assert "texts.km=1" in shown
    assert ">administrator<" in shown
    assert "Đổi cài đặt ki-ốt" in (await get(client, "/office/audit")).text


async def test_settings_no_kiosk_could_follow_are_refused(client: httpx.AsyncClient) -> None:
    await make_person(Role.ADMINISTRATOR)
    await sign_in(client, Role.ADMINISTRATOR)
    for wrong, said in (
        ({"idle_seconds": "1000"}, "từ 5 đến 300"),
        ({"repeat_seconds": "hai"}, "từ 1 đến 60"),
        ({"languages": "Tiếng Việt"}, "không phải mã ngôn ngữ"),
        ({"default_language": "km"}, "Ngôn ngữ mặc định phải là"),
    ):
        refused = await post(client, ADDRESS, **wrong)
        assert (refused.status_code, said in refused.text) == (422, True), wrong
    text = {"language": "vi", "key": "again", "text": "Chờ"}
    for wrong, said in (
        ({}, "giữ đúng các chỗ điền {seconds}"),
        ({"key": "none"}, "Không có khóa"),
        ({"key": "title", "language": "xx"}, "không có ngôn ngữ «xx»"),
    ):
        refused = await post(client, f"{ADDRESS}/texts", **text | wrong)
        assert (refused.status_code, said in refused.text) == (422, True), wrong
    for content, said in ((b"", "Hãy chọn tệp CSV"), (b"a,b\n", "dòng tiêu đề")):
        refused = await upload(client, f"{ADDRESS}/upload", content, upload_language="vi")
        assert (refused.status_code, said in refused.text) == (422, True)


async def test_a_recording_is_kept_heard_and_removed(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    await make_person(Role.ADMINISTRATOR)
    await sign_in(client, Role.ADMINISTRATOR)
    named = {"question": "overall", "language": "vi"}
    for content, wrong, said in (
        (b"no sound", {}, "không phải âm thanh"),
        (WAV + bytes(1_100_000), {}, "Tệp lớn hơn 1000 kB"),
        (WAV, {"language": "xx"}, "Hãy chọn một ngôn ngữ"),
        (WAV, {"question": "../x"}, "Hãy chọn một câu hỏi"),
    ):
        refused = await upload(client, RECORDINGS, content, **named | wrong)
        assert (refused.status_code, said in refused.text) == (422, True), said
    assert not (tmp_path / "prompts").exists()
    assert (await upload(client, RECORDINGS, WAV, **named)).status_code == 303
    shown = (await get(client, RECORDINGS)).text
    address = shown.partition('src="/kiosk/prompts')[2].partition('"')[0]
    assert (await client.get(f"/kiosk/prompts{address}")).content == WAV
    assert (await post(client, f"{RECORDINGS}/remove", **named)).status_code == 303
    assert "Chưa có bản ghi âm nào." in (await get(client, RECORDINGS)).text
