"""Accounts: who may sign in, with what, and what is written down about it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from surveys import accounts
from surveys.accounts import FieldError, Role, SignInError
from surveys.accounts.passwords import check_password, make_temporary_password, matches
from surveys.errors import NotFoundError, StateError
from surveys.transactions import fetch
from tests.conftest import REAL_HASHER
from tests.factories import make_agency

PASSWORD = "cây đa bến nước 7"
LIMITS = {"attempts": 3, "lock_minutes": 15}


async def make_account(username: str = "hoa", role: Role = Role.ANALYST, **given: Any) -> int:
    values = {"password": PASSWORD, "actor": None, "must_change": False} | given
    return await accounts.create_account(username, role, **values)


async def actions() -> list[str]:
    return [entry.action for entry in (await accounts.list_audit())[0]]


async def fail(times: int, username: str = "hoa") -> None:
    for _ in range(times):
        with pytest.raises(SignInError):
            await accounts.sign_in(username, "sai mật khẩu này", **LIMITS)


async def test_a_person_signs_in_however_the_name_and_the_marks_were_typed(database: str) -> None:
    account = await make_account("Hoa.Tran")
    decomposed = "câ" + "y đa bến nước 7"
    for password in (PASSWORD, decomposed):
        staff = await accounts.sign_in("  HOA.tran ", password, **LIMITS)
        assert (staff.id, staff.username, staff.role) == (account, "hoa.tran", Role.ANALYST)


async def test_the_password_is_not_in_the_table(database: str) -> None:
    await make_account()
    (row,) = await fetch("SELECT * FROM account")
    assert row["password_hash"].startswith("$argon2id$")
    assert PASSWORD not in str(row)


def test_a_password_costs_as_much_to_guess_as_advised() -> None:
    # RFC 9106, section 4: the second recommended option, 64 MiB in three passes.
    cost = (REAL_HASHER.type.name, REAL_HASHER.time_cost, REAL_HASHER.memory_cost)
    assert cost >= ("ID", 3, 65536)


@pytest.mark.parametrize("username", ["nobody", "", "hoa' OR '1'='1", "nob\x00dy", "h" * 5000])
async def test_an_unknown_name_is_refused_in_the_same_words(database: str, username: str) -> None:
    await make_account()
    with pytest.raises(SignInError) as unknown:
        await accounts.sign_in(username, PASSWORD, **LIMITS)
    with pytest.raises(SignInError) as wrong:
        await accounts.sign_in("hoa", "sai mật khẩu này", **LIMITS)
    assert str(unknown.value) == str(wrong.value)


async def test_an_account_locks_after_failures_even_for_the_right_password(database: str) -> None:
    await make_account()
    await fail(3)
    with pytest.raises(SignInError):
        await accounts.sign_in("hoa", PASSWORD, **LIMITS)
    assert (await accounts.list_accounts())[0].locked_until is not None
    assert (await actions()).count("account_locked") == 1


async def test_a_success_forgets_earlier_failures(database: str) -> None:
    await make_account()
    for _ in range(3):
        await fail(2)
        await accounts.sign_in("hoa", PASSWORD, **LIMITS)


async def test_a_lock_runs_out_and_counting_starts_anew(database: str) -> None:
    await make_account()
    await fail(3)
    await fetch("UPDATE account SET locked_until = now() - interval '1 second'")
    await fail(2)
    assert (await accounts.sign_in("hoa", PASSWORD, **LIMITS)).username == "hoa"


async def test_guesses_sent_at_the_same_moment_do_not_pass_under_the_limit(database: str) -> None:
    await make_account()
    guesses = ["sai mật khẩu này"] * 6 + [PASSWORD]
    await asyncio.gather(
        *(accounts.sign_in("hoa", guess, **LIMITS) for guess in guesses), return_exceptions=True
    )
    (row,) = await fetch("SELECT failed_sign_ins, locked_until FROM account")
    assert row["failed_sign_ins"] <= LIMITS["attempts"]


async def test_a_flood_of_guesses_is_turned_away(database: str) -> None:
    guesses = (accounts.sign_in("nobody", "sai mật khẩu này", **LIMITS) for _ in range(50))
    refusals = await asyncio.gather(*guesses, return_exceptions=True)
    said = [str(refusal) for refusal in refusals]
    assert (said.count(SignInError.refused), said.count(SignInError.busy)) == (30, 20)


async def test_an_administrator_unlocks(database: str) -> None:
    account = await make_account()
    await fail(3)
    await accounts.unlock_account(account, actor=None)
    assert (await accounts.sign_in("hoa", PASSWORD, **LIMITS)).id == account


async def test_a_disabled_account_cannot_sign_in_and_its_sessions_end(database: str) -> None:
    boss = await make_account("boss", Role.ADMINISTRATOR)
    account = await make_account()
    await accounts.save_session("f" * 64, b"{}", account, timedelta(hours=1))
    await accounts.disable_account(account, actor=boss)
    assert await accounts.find_session("f" * 64) is None
    assert await accounts.find_staff(account) is None
    with pytest.raises(SignInError):
        await accounts.sign_in("hoa", PASSWORD, **LIMITS)
    await accounts.enable_account(account, actor=boss)
    assert (await accounts.sign_in("hoa", PASSWORD, **LIMITS)).id == account


async def test_the_last_administrator_stays(database: str) -> None:
    boss, other = [await make_account(name, Role.ADMINISTRATOR) for name in ("boss", "other")]
    with pytest.raises(StateError):
        await accounts.disable_account(boss, actor=boss)
    outcomes = await asyncio.gather(
        accounts.disable_account(boss, actor=other),
        accounts.disable_account(other, actor=boss),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes if outcome] == [StateError]
    assert sum(not account.disabled for account in await accounts.list_accounts()) == 1


async def test_a_reset_gives_a_temporary_password_that_must_be_changed(database: str) -> None:
    account = await make_account()
    await fail(3)
    await accounts.save_session("f" * 64, b"{}", account, timedelta(hours=1))
    temporary = await accounts.reset_password(account, actor=None)
    assert await accounts.find_session("f" * 64) is None
    assert (await accounts.sign_in("hoa", temporary, **LIMITS)).must_change_password
    with pytest.raises(FieldError, match="khác mật khẩu"):
        await accounts.change_password(account, temporary, temporary)
    await accounts.change_password(account, temporary, "ba con chim sẻ đỏ")
    staff = await accounts.sign_in("hoa", "ba con chim sẻ đỏ", **LIMITS)
    assert not staff.must_change_password


async def test_a_change_needs_the_current_password(database: str) -> None:
    account = await make_account()
    with pytest.raises(FieldError) as refused:
        await accounts.change_password(account, "không phải nó đâu", "ba con chim sẻ đỏ")
    assert refused.value.field == "current"


@pytest.mark.parametrize(
    "password",
    [
        "ngắn quá",
        "password1234",
        "Matkhau@12345",
        "P@ssw0rd12345",
        "123456789012",
        "abcdefghijklm",
        "zyxwvutsrqpon",
        "aaaaaaaaaaaaaaaa",
        "ababababababab",
        "toi la hoa.tran",
        "1qaz2wsx3edc",
        "x" * 201,
    ],
)
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(FieldError):
        check_password(password, "hoa.tran")


def test_temporary_passwords_are_good_ones_and_never_the_same() -> None:
    made = {make_temporary_password() for _ in range(500)}
    assert len(made) == 500
    for password in made:
        check_password(password, "hoa.tran")


async def test_no_account_matches_no_password(database: str) -> None:
    assert not await matches("", None)
    assert not await matches(PASSWORD, None)


@pytest.mark.parametrize("username", ["", "a", "hoa tran", "hòa", "-hoa", "h" * 81, "hoa\nb"])
async def test_a_name_that_cannot_be_typed_anywhere_is_refused(
    database: str, username: str
) -> None:
    with pytest.raises(FieldError) as refused:
        await make_account(username)
    assert refused.value.field == "username"


async def test_a_name_exists_once(database: str) -> None:
    await make_account("hoa")
    with pytest.raises(FieldError, match="đã có"):
        await make_account("HOA")


async def test_an_agency_account_has_an_agency_and_no_other_has(database: str) -> None:
    agency = await make_agency()
    for role, given_agency in [(Role.AGENCY, None), (Role.ANALYST, agency), (Role.AGENCY, 999)]:
        with pytest.raises(FieldError) as refused:
            await make_account("hoa", role, agency_id=given_agency)
        assert refused.value.field == "agency"
    account = await make_account("hoa", Role.AGENCY, agency_id=agency)
    staff = await accounts.find_staff(account)
    assert staff is not None
    assert staff.agency_id == agency


async def test_a_refused_account_leaves_no_entry(database: str) -> None:
    await make_account("hoa")
    with pytest.raises(FieldError):
        await make_account("hoa")
    assert await actions() == ["account_created"]


async def test_every_change_names_who_made_it(database: str) -> None:
    boss = await make_account("boss", Role.ADMINISTRATOR)
    account = await make_account("hoa", actor=boss)
    await accounts.reset_password(account, actor=boss)
    await accounts.disable_account(account, actor=boss)
    await accounts.disable_account(account, actor=boss)
    entries, older = await accounts.list_audit(accounts.Filter(text="hoa"))
    assert [(entry.action, entry.username) for entry in entries] == [
        ("account_disabled", "boss"),
        ("password_reset", "boss"),
        ("account_created", "boss"),
    ]
    assert older is None


async def test_the_log_is_read_in_pages_and_by_day(database: str) -> None:
    for number in range(7):
        await accounts.audit("tested", str(number), actor=None)
    first, older = await accounts.list_audit(size=3)
    second, oldest = await accounts.list_audit(size=3, before=older)
    third, end = await accounts.list_audit(size=3, before=oldest)
    assert [entry.subject for entry in [*first, *second, *third]] == list("6543210")
    assert end is None
    today = datetime.now(UTC).date()
    yesterday = accounts.Filter(last=today - timedelta(days=2))
    assert (await accounts.list_audit(yesterday))[0] == []


async def test_wildcards_in_the_search_of_the_log_are_letters(database: str) -> None:
    await accounts.audit("tested", "100% xong", actor=None)
    await accounts.audit("tested", "100 xong", actor=None)
    found, _older = await accounts.list_audit(accounts.Filter(text="0%"))
    assert [entry.subject for entry in found] == ["100% xong"]


async def test_a_key_works_for_its_purpose_until_it_is_revoked(database: str) -> None:
    key = await accounts.issue_key("Một cửa Nha Trang", "handover", actor=None)
    program = await accounts.find_program(key, "handover")
    assert program is not None
    assert program.name == "Một cửa Nha Trang"
    assert await accounts.find_program(key, "results") is None
    assert await accounts.find_program(key + "x", "handover") is None
    assert key not in str(await fetch("SELECT * FROM api_key"))
    await accounts.revoke_key(program.id, actor=None)
    await accounts.revoke_key(program.id, actor=None)
    assert await accounts.find_program(key, "handover") is None
    assert await actions() == ["key_revoked", "key_issued"]


@pytest.mark.parametrize(
    ("name", "purpose", "field"),
    [(" ", "handover", "name"), ("x" * 121, "handover", "name"), ("Một cửa", "all", "purpose")],
)
async def test_a_key_needs_a_name_and_a_purpose(
    database: str, name: str, purpose: str, field: str
) -> None:
    with pytest.raises(FieldError) as refused:
        await accounts.issue_key(name, purpose, actor=None)
    assert refused.value.field == field


async def test_an_unknown_key_or_account_is_refused(database: str) -> None:
    with pytest.raises(NotFoundError):
        await accounts.revoke_key(12345, actor=None)
    with pytest.raises(NotFoundError):
        await accounts.reset_password(12345, actor=None)
