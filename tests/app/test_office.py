"""The administrator's pages: accounts, keys and the audit log."""

import re
from html import unescape

import httpx
import pytest

from surveys import accounts
from surveys.accounts import Role
from tests.app.people import get, make_person, post, sign_in, visitor
from tests.factories import make_agency


@pytest.fixture
async def boss(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """An administrator who is signed in."""
    await make_person(Role.ADMINISTRATOR)
    await sign_in(client, "administrator")
    return client


async def account_named(name: str) -> accounts.Account:
    return next(one for one in await accounts.list_accounts() if one.username == name)


def secret_of(answer: httpx.Response) -> str:
    """What a page shows once."""
    found = re.search(r"<code>([^<]+)</code>", answer.text)
    assert found, answer.text
    return unescape(found[1])


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (Role.ADMINISTRATOR, "/office/accounts"),
        (Role.ANALYST, "/office/runs"),
        (Role.AGENCY, "/agency"),
        (Role.SURVEYOR, "/fieldwork"),
        (Role.OPERATOR, "/paper"),
    ],
)
async def test_each_role_finds_its_work_from_one_address(
    client: httpx.AsyncClient, role: Role, home: str
) -> None:
    await make_person(role)
    await sign_in(client, role)
    answer = await get(client, "/office")
    assert home in (answer.headers.get("location", "") + answer.text)
    assert (await get(client, home)).status_code == 200


async def test_a_surveyor_is_told_that_there_is_nothing_yet(client: httpx.AsyncClient) -> None:
    await make_person(Role.SURVEYOR)
    await sign_in(client, "surveyor")
    assert "Chưa có việc khảo sát nào được giao" in (await get(client, "/fieldwork")).text


async def test_a_new_account_signs_in_with_the_password_that_is_shown_once(
    boss: httpx.AsyncClient, server: str
) -> None:
    await make_agency("SO-TP", name="Sở Tư pháp")
    answer = await post(
        boss, "/office/accounts", username="Hoa.Tran", role="agency", agency="SO-TP"
    )
    assert answer.headers["cache-control"] == "no-store"
    temporary = secret_of(answer)
    async with visitor(server) as hoa:
        entered = await sign_in(hoa, "hoa.tran", temporary)
        assert entered.headers["location"] == "/account"
    page = await get(boss, "/office/accounts")
    assert "hoa.tran" in page.text
    assert "Sở Tư pháp" in page.text
    assert temporary not in page.text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"username": "administrator"}, "username"),
        ({"username": "hòa"}, "username"),
        ({"role": "agency"}, "agency"),
        ({"role": "agency", "agency": "KHONG-CO"}, "agency"),
        ({"role": "mayor"}, "role"),
        ({"username": "x\x00"}, "username"),
    ],
)
async def test_a_refused_account_keeps_what_was_typed_and_names_the_field(
    boss: httpx.AsyncClient, typed: dict[str, str], field: str
) -> None:
    given = {"username": "hoa", "role": "analyst", "agency": ""} | typed
    answer = await post(boss, "/office/accounts", **given)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert [one.username for one in await accounts.list_accounts()] == ["administrator"]


async def test_a_reset_password_replaces_the_old_one(boss: httpx.AsyncClient, server: str) -> None:
    analyst = await make_person(Role.ANALYST)
    async with visitor(server) as other:
        await sign_in(other, "analyst")
        temporary = secret_of(await post(boss, f"/office/accounts/{analyst}/reset"))
        assert (await get(other, "/office")).status_code in {302, 303}
        assert (await sign_in(other, "analyst")).status_code == 422
        assert (await sign_in(other, "analyst", temporary)).headers["location"] == "/account"


async def test_a_disabled_account_is_put_out_and_let_in_again(
    boss: httpx.AsyncClient, server: str
) -> None:
    analyst = await make_person(Role.ANALYST)
    async with visitor(server) as other:
        await sign_in(other, "analyst")
        answer = await post(boss, f"/office/accounts/{analyst}/disable")
        assert answer.headers["location"] == "/office/accounts?done=disabled"
        assert "Đã vô hiệu hóa" in (await get(boss, answer.headers["location"])).text
        assert (await get(other, "/office")).status_code in {302, 303}
        assert (await sign_in(other, "analyst")).status_code == 422
        await post(boss, f"/office/accounts/{analyst}/enable")
        assert (await sign_in(other, "analyst")).status_code == 303


async def test_a_locked_account_is_shown_and_unlocked(boss: httpx.AsyncClient, server: str) -> None:
    analyst = await make_person(Role.ANALYST)
    async with visitor(server) as other:
        for _ in range(5):
            await sign_in(other, "analyst", "không phải nó đâu")
        assert "Bị khóa đến" in (await get(boss, "/office/accounts")).text
        await post(boss, f"/office/accounts/{analyst}/unlock")
        assert (await sign_in(other, "analyst")).status_code == 303


async def test_nobody_disables_oneself(boss: httpx.AsyncClient) -> None:
    me = await account_named("administrator")
    answer = await post(boss, f"/office/accounts/{me.id}/disable")
    assert answer.status_code == 409
    assert "tự vô hiệu hóa" in answer.text
    assert not (await account_named("administrator")).disabled


async def test_a_key_is_shown_once_works_and_is_revoked(boss: httpx.AsyncClient) -> None:
    answer = await post(boss, "/office/keys", name="Một cửa điện tử", agency="", purpose="handover")
    key = secret_of(answer)
    program = await accounts.find_program(key, "handover")
    assert program is not None
    listed = await get(boss, "/office/keys")
    assert "Một cửa điện tử" in listed.text
    assert key not in listed.text
    await post(boss, f"/office/keys/{program.id}/revoke")
    assert await accounts.find_program(key, "handover") is None


async def test_a_key_without_a_name_is_refused(boss: httpx.AsyncClient) -> None:
    answer = await post(boss, "/office/keys", name=" ", agency="", purpose="cases")
    assert answer.status_code == 422
    assert 'href="#name"' in answer.text


async def test_the_log_tells_who_did_what(boss: httpx.AsyncClient) -> None:
    analyst = await make_person(Role.ANALYST)
    await post(boss, f"/office/accounts/{analyst}/disable")
    page = await get(boss, "/office/audit")
    assert "Vô hiệu hóa tài khoản" in page.text
    only = await get(boss, "/office/audit?action=account_disabled")
    rows = re.findall(r"<tr>.*?</tr>", only.text, re.DOTALL)[1:]
    assert len(rows) == 1
    assert "administrator" in rows[0]
    assert "analyst" in rows[0]


async def test_the_log_is_paged_and_its_filter_kept(boss: httpx.AsyncClient) -> None:
    for number in range(120):
        await accounts.audit("tested", f"việc {number:03}", actor=None)
    page = await get(boss, "/office/audit?action=tested&text=vi%E1%BB%87c")
    seen = re.findall(r"việc (\d{3})", page.text)
    while older := re.search(r'href="([^"]*before=[^"]*)"', page.text):
        page = await get(boss, unescape(older[1]))
        seen += re.findall(r"việc (\d{3})", page.text)
    assert seen == [f"{number:03}" for number in reversed(range(120))]


@pytest.mark.parametrize("query", ["before=x", "first=yesterday", "last=2021-13-01", "text=%00"])
async def test_an_odd_filter_of_the_log_is_no_error(boss: httpx.AsyncClient, query: str) -> None:
    assert (await get(boss, f"/office/audit?{query}")).status_code == 200


async def test_what_people_typed_is_shown_as_text(boss: httpx.AsyncClient) -> None:
    script = "<script>alert(1)</script>"
    await post(boss, "/office/keys", name=script, agency="", purpose="cases")
    for address in ("/office/keys", "/office/audit", "/office/audit?text=%3Cscript%3E"):
        assert script not in (await get(boss, address)).text
