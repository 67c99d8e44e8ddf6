"""The administrator's pages of webhooks."""

import httpx
import pytest

from surveys.accounts import Role
from surveys.transactions import fetch
from tests.app.people import get, make_person, post, sign_in
from tests.surveys.case_town import make_town, open_one

PUBLIC = "https://203.113.131.1/hook"


@pytest.fixture
async def boss(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """An administrator who is signed in."""
    await make_person(Role.ADMINISTRATOR)
    await sign_in(client, "administrator")
    return client


async def test_a_webhook_is_made_and_its_secret_shown_once(boss: httpx.AsyncClient) -> None:
    await make_town()
    made = await post(
        boss, "/office/webhooks", name="Cổng tỉnh", url=PUBLIC, events="answer, settle"
    )
    assert made.text.count("whsec_") == 1
    listed = await get(boss, "/office/webhooks")
    assert "Cổng tỉnh" in listed.text
    shown = await get(boss, "/office/webhooks/1")
    assert "whsec_" not in listed.text + shown.text
    assert "Gửi trả lời, Xác nhận đã thỏa đáng" in shown.text
    changed = await post(boss, "/office/webhooks/1/rotate")
    assert changed.text.count("whsec_") == 1
    entries = await fetch("SELECT action FROM audit_entry WHERE action LIKE 'webhook%' ORDER BY id")
    assert [one["action"] for one in entries] == ["webhook_added", "webhook_secret_rotated"]
    assert "Đổi khóa ký của webhook" in (await get(boss, "/office/audit")).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": " "}, "Hãy đặt tên cho webhook"),
        ({"url": "ftp://a.vn"}, "Địa chỉ phải có dạng"),
        ({"url": "https://127.0.0.1/"}, "mạng nội bộ"),
        ({"url": "http://203.113.131.1/"}, "không dùng https"),
        ({"events": "answer khong_co"}, "khong_co"),
        ({"agency": "KHONG-CO"}, "Không có cơ quan nào mang mã này"),
        ({"key": "99"}, "Không có khóa này"),
    ],
)
async def test_what_is_wrong_is_told_at_the_field_and_what_was_typed_stays(
    boss: httpx.AsyncClient, typed: dict[str, str], said: str
) -> None:
    given = {"name": "Cổng tỉnh", "url": PUBLIC} | typed
    refused = await post(boss, "/office/webhooks", **given)
    assert refused.status_code == 422
    assert said in refused.text
    assert given["url"] in refused.text
    assert await fetch("SELECT FROM webhook") == []


async def test_deliveries_are_shown_sent_again_and_the_webhook_stopped_and_started(
    boss: httpx.AsyncClient,
) -> None:
    town = await make_town()
    await post(boss, "/office/webhooks", name="Cổng tỉnh", url=PUBLIC)
    opened = await open_one(town)
    await fetch(
        "UPDATE webhook_delivery SET state = 'dead', attempts = 11, done_at = now(),"
        " last_error = 'HTTP 503'"
    )
    page = await get(boss, "/office/webhooks/1")
    assert "HTTP 503" in page.text
    assert opened.reference in page.text
    assert "Gửi lại 1 tin không gửi được" in page.text
    assert "HTTP 503" not in (await get(boss, "/office/webhooks/1?state=sent")).text
    (delivery,) = await fetch("SELECT id FROM webhook_delivery")
    again = await post(boss, f"/office/webhooks/1/deliveries/{delivery['id']}/resend")
    assert again.headers["location"] == "/office/webhooks/1?done=resent"
    assert "Đã xếp vào hàng gửi lại" in (await get(boss, again.headers["location"])).text
    await post(boss, "/office/webhooks/1/test")
    states = await fetch("SELECT state, attempts FROM webhook_delivery")
    assert states == [{"state": "queued", "attempts": 0}] * 2
    await post(boss, "/office/webhooks/1/stop")
    assert (await post(boss, "/office/webhooks/1/test")).status_code == 409
    assert (await post(boss, "/office/webhooks/1/resend")).status_code == 409
    assert {one["state"] for one in await fetch("SELECT state FROM webhook_delivery")} == {"dead"}
    await post(boss, "/office/webhooks/1/start")
    await post(boss, "/office/webhooks/1/resend")
    assert {one["state"] for one in await fetch("SELECT state FROM webhook_delivery")} == {"queued"}
    assert (await get(boss, "/office/webhooks/99")).status_code == 404


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("gaierror", "Không tìm thấy tên máy chủ này trên mạng (DNS) (gaierror)"),
        ("not an address that may be told: 10.0.0.7", "Không được gửi tới địa chỉ này"),
        ("SomethingNew", "Không gửi được (SomethingNew)"),
        ("HTTP 503", "HTTP 503"),
    ],
)
async def test_a_failed_attempt_is_told_in_words_with_its_technical_name(
    boss: httpx.AsyncClient, kept: str, said: str
) -> None:
    town = await make_town()
    await post(boss, "/office/webhooks", name="Cổng tỉnh", url=PUBLIC)
    await open_one(town)
    await fetch(
        "UPDATE webhook_delivery SET state = 'dead', attempts = 11, done_at = now(),"
        " last_error = $1",
        kept,
    )
    shown = (await get(boss, "/office/webhooks/1")).text
    assert said in shown
    assert kept in shown
