"""Sessions, sign-in, keys: what lets somebody in, and what must not."""

import re
from pathlib import Path

import httpx
import pytest

from app import access
from app.settings import Settings
from surveys import accounts
from surveys.accounts import Role
from surveys.transactions import fetch
from tests.app.people import PASSWORD, get, make_person, post, sign_in, visitor


async def count_sessions() -> int:
    return int((await fetch("SELECT count(*) AS n FROM staff_session"))[0]["n"])


async def test_who_signs_in_gets_to_the_page_that_was_wanted(client: httpx.AsyncClient) -> None:
    await make_person(Role.ADMINISTRATOR)
    refused = await get(client, "/office/accounts")
    assert refused.status_code in {302, 303}
    assert refused.headers["location"] == "/sign-in?next=/office/accounts"
    form = await get(client, refused.headers["location"])
    assert 'value="/office/accounts"' in form.text
    answer = await sign_in(client, "administrator", next="/office/accounts")
    assert (answer.status_code, answer.headers["location"]) == (303, "/office/accounts")
    assert (await get(client, "/office/accounts")).status_code == 200


async def test_a_form_whose_session_ended_leads_to_no_dead_end(client: httpx.AsyncClient) -> None:
    answer = await post(client, "/office/accounts/5/reset")
    assert answer.headers["location"] == "/sign-in"
    found = await get(client, "/office/audit?action=key_issued&text=a+b")
    wanted = "/sign-in?next=/office/audit%3Faction%3Dkey_issued%26text%3Da%2Bb"
    assert found.headers["location"] == wanted
    form = await get(client, wanted)
    assert 'value="/office/audit?action=key_issued&amp;text=a+b"' in form.text


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil", " /x"])
async def test_signing_in_leads_nobody_out_of_the_house(
    client: httpx.AsyncClient, elsewhere: str
) -> None:
    await make_person(Role.ADMINISTRATOR)
    answer = await sign_in(client, "administrator", next=elsewhere)
    assert answer.headers["location"] == "/office"


async def test_a_wrong_password_shows_the_form_again_without_saying_what_was_wrong(
    client: httpx.AsyncClient,
) -> None:
    await make_person(Role.ADMINISTRATOR)
    wrong = await sign_in(client, "administrator", "không phải nó đâu")
    unknown = await sign_in(client, "nobody", "không phải nó đâu")
    assert wrong.status_code == unknown.status_code == 422
    blank = re.compile("administrator|nobody")
    token = re.compile(r'name="_csrf_token" value="[^"]*"')
    assert blank.sub("", token.sub("", wrong.text)) == blank.sub("", token.sub("", unknown.text))
    assert "session" not in client.cookies
    assert "không phải nó đâu" not in wrong.text


async def test_an_account_locks_after_failed_sign_ins(client: httpx.AsyncClient) -> None:
    await make_person(Role.ADMINISTRATOR)
    for _ in range(Settings().sign_in_attempts):
        await sign_in(client, "administrator", "không phải nó đâu")
    assert (await sign_in(client, "administrator")).status_code == 422


async def test_a_session_id_of_the_visitors_own_making_is_not_taken(
    client: httpx.AsyncClient,
) -> None:
    await make_person(Role.ADMINISTRATOR)
    planted = "a" * 64
    client.cookies.set("session", planted)
    await sign_in(client, "administrator")
    held = {cookie.value for cookie in client.cookies.jar if cookie.name == "session"}
    assert held - {planted}
    client.cookies.delete("session")
    client.cookies.set("session", planted)
    assert (await get(client, "/office")).status_code in {302, 303}


async def test_a_new_sign_in_gives_a_new_session_and_ends_the_old(
    client: httpx.AsyncClient, server: str
) -> None:
    await make_person(Role.ADMINISTRATOR)
    await sign_in(client, "administrator")
    first = client.cookies["session"]
    await sign_in(client, "administrator")
    assert client.cookies["session"] != first
    assert await count_sessions() == 1
    async with visitor(server) as thief:
        thief.cookies.set("session", first)
        assert (await get(thief, "/office")).status_code in {302, 303}


async def test_the_table_of_sessions_holds_no_id_that_works(client: httpx.AsyncClient) -> None:
    await make_person(Role.ADMINISTRATOR)
    await sign_in(client, "administrator")
    (row,) = await fetch("SELECT * FROM staff_session")
    assert client.cookies["session"] not in str(row)
    client.cookies.delete("session")
    client.cookies.set("session", row["id_hash"])
    assert (await get(client, "/office")).status_code in {302, 303}


async def test_a_session_cookie_cannot_be_read_by_scripts_or_sent_from_elsewhere(
    client: httpx.AsyncClient,
) -> None:
    await make_person(Role.ADMINISTRATOR)
    answer = await sign_in(client, "administrator")
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("session="))
    assert "httponly" in cookie.lower()
    assert "samesite=lax" in cookie.lower()


def test_secure_cookies_are_bound_to_the_host(tmp_path: Path) -> None:
    config = access.sessions(Settings(var=tmp_path, secure_cookies=True))
    assert config.key.startswith("__Host-")
    assert config.secure
    assert config.path == "/"


async def test_a_reader_gets_no_session_and_reading_writes_none(client: httpx.AsyncClient) -> None:
    answer = await get(client, "/sign-in")
    assert not any(c.startswith("session=") for c in answer.headers.get_list("set-cookie"))
    await make_person(Role.ADMINISTRATOR)
    await sign_in(client, "administrator")
    again = await get(client, "/office")
    assert not any(c.startswith("session=") for c in again.headers.get_list("set-cookie"))


async def test_signing_out_ends_the_session_on_the_server(
    client: httpx.AsyncClient, server: str
) -> None:
    await make_person(Role.ADMINISTRATOR)
    await sign_in(client, "administrator")
    held = client.cookies["session"]
    answer = await post(client, "/sign-out")
    assert answer.status_code == 303
    assert await count_sessions() == 0
    async with visitor(server) as thief:
        thief.cookies.set("session", held)
        assert (await get(thief, "/office")).status_code in {302, 303}


async def test_a_session_ends_with_its_hours(client: httpx.AsyncClient) -> None:
    await make_person(Role.ADMINISTRATOR)
    await sign_in(client, "administrator")
    await fetch("UPDATE staff_session SET expires_at = now() - interval '1 second'")
    assert (await get(client, "/office")).status_code in {302, 303}


async def test_a_disabled_account_is_out_at_once(client: httpx.AsyncClient) -> None:
    await make_person(Role.ADMINISTRATOR, "other")
    account = await make_person(Role.ADMINISTRATOR)
    await sign_in(client, "administrator")
    # Disabled behind the back of the session's row, as a restored backup might be.
    await fetch("UPDATE account SET disabled = true WHERE id = $1", account)
    assert (await get(client, "/office")).status_code in {302, 303}
    assert await count_sessions() == 0


async def test_pages_of_staff_are_not_kept_by_the_browser(client: httpx.AsyncClient) -> None:
    await make_person(Role.ADMINISTRATOR)
    await sign_in(client, "administrator")
    assert (await get(client, "/office")).headers["cache-control"] == "no-store"


async def test_a_form_without_its_token_is_refused(client: httpx.AsyncClient) -> None:
    await make_person(Role.ADMINISTRATOR)
    await sign_in(client, "administrator")
    before = len(await accounts.list_accounts())
    given = {"username": "hoa", "role": "analyst", "agency": ""}
    for token in [{}, {"_csrf_token": ""}, {"_csrf_token": "0" * 128}]:
        answer = await client.post("/office/accounts", data=given | token)
        assert answer.status_code == 403
    assert len(await accounts.list_accounts()) == before


async def test_a_temporary_password_opens_nothing_but_the_form_for_a_new_one(
    client: httpx.AsyncClient,
) -> None:
    await make_person(Role.ADMINISTRATOR, must_change=True)
    answer = await sign_in(client, "administrator", next="/office/accounts")
    assert answer.headers["location"] == "/account"
    assert (await get(client, "/office/accounts")).status_code in {302, 303}
    assert (await get(client, "/sign-in")).headers["location"] == "/account"
    assert "mật khẩu tạm" in (await get(client, "/account")).text
    new = "ba con chim sẻ đỏ"
    changed = await post(client, "/account", current=PASSWORD, new=new, again=new)
    assert changed.headers["location"] == "/office"
    assert (await get(client, "/office/accounts")).status_code == 200


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"current": "không phải nó", "new": "ba con chim sẻ đỏ"}, "current"),
        ({"new": "ngắn"}, "new"),
        ({"new": PASSWORD}, "new"),
        ({"new": "ba con chim sẻ đỏ", "again": "ba con chim sẻ xanh"}, "again"),
    ],
)
async def test_a_refused_password_tells_which_field_to_mend(
    client: httpx.AsyncClient, typed: dict[str, str], field: str
) -> None:
    await make_person(Role.ANALYST)
    await sign_in(client, "analyst")
    given = {"current": PASSWORD, "again": typed["new"]} | typed
    answer = await post(client, "/account", **given)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert typed["new"] not in answer.text


async def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(
    client: httpx.AsyncClient, server: str
) -> None:
    await make_person(Role.ANALYST)
    async with visitor(server) as elsewhere:
        await sign_in(elsewhere, "analyst")
        await sign_in(client, "analyst")
        held = client.cookies["session"]
        new = "ba con chim sẻ đỏ"
        answer = await post(client, "/account", current=PASSWORD, new=new, again=new)
        assert answer.headers["location"] == "/account?done"
        assert client.cookies["session"] != held
        assert (await get(client, "/account?done")).status_code == 200
        assert (await get(elsewhere, "/account")).status_code in {302, 303}


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer wrong", "Basic {key}", "{key}", "Bearer {key}x"]
)
async def test_a_program_without_its_key_is_refused(client: httpx.AsyncClient, header: str) -> None:
    key = await accounts.issue_key("Một cửa", "handover", actor=None)
    headers = {"authorization": header.format(key=key)} if header else {}
    body = {"handovers": [{"dossier": "H1", "counter": "C1"}]}
    answer = await client.post("/api/handovers", json=body, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_program_with_its_key_is_let_in_until_it_is_revoked(
    client: httpx.AsyncClient,
) -> None:
    key = await accounts.issue_key("Một cửa", "handover", actor=None)
    body = {"handovers": [{"dossier": "H1", "counter": "C1"}]}
    headers = {"authorization": f"Bearer {key}"}
    answer = await client.post("/api/handovers", json=body, headers=headers)
    assert answer.json() == {"outcomes": ["unknown dossier"]}
    (known,) = await accounts.list_keys()
    await accounts.revoke_key(known.id, actor=None)
    refused = await client.post("/api/handovers", json=body, headers=headers)
    assert refused.status_code == 401


def test_the_secret_is_made_once_and_ours_alone(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path / "var")
    made = access.secret(settings)
    assert len(made) == 64
    assert access.secret(settings) == made
    assert (tmp_path / "var" / "secret").stat().st_mode & 0o777 == 0o600
    assert list((tmp_path / "var").iterdir()) == [tmp_path / "var" / "secret"]
    assert access.secret(Settings(var=tmp_path, secret="given")) == "given"
