"""Webhooks, told to real receivers: signed, until they are taken, and nowhere they should not go."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

from app.settings import SettingError, Settings
from app.webhooks import Teller, allowed_networks, make_teller, may_go
from surveys import reflections, webhooks
from surveys.accounts import FieldError, Program, issue_key
from surveys.errors import NotFoundError, StateError
from surveys.reflections import Person, SentCase, take_case
from surveys.transactions import fetch, transaction
from surveys.webhooks import Seal
from tests.app.receivers import Receiver, make_certificate, receiver
from tests.surveys.case_town import Town, bring_in_hand, bring_to_answer, make_town, open_one

LOCAL = "127.0.0.0/8"


class Clock:
    """A time that is set by hand, later than what the test is going to write."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC) + timedelta(minutes=2)

    def __call__(self) -> datetime:
        return self.now

    def on(self, **given: float) -> None:
        self.now += timedelta(**given)


@pytest.fixture
async def town(database: str) -> Town:
    return await make_town()


@pytest.fixture
async def there(town: Town) -> AsyncIterator[Receiver]:
    async with receiver() as one:
        yield one


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path, webhook_networks=LOCAL, public_url="https://danhgia.example.vn")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def teller(settings: Settings, clock: Clock) -> Teller:
    made = make_teller(settings)
    return Teller(made.base, made.seal, made.networks, now=clock)


async def add(town: Town, teller: Teller, where: Receiver | str, **given: Any) -> tuple[int, str]:
    url = where if isinstance(where, str) else f"http://127.0.0.1:{where.port}/hook?a=1"
    actor = town.coordinator.account
    assert actor is not None
    return await webhooks.add_webhook("Cổng tỉnh", url, teller.seal, actor=actor, **given)


async def deliveries(state: str = "") -> list[dict[str, Any]]:
    return await fetch(
        "SELECT * FROM webhook_delivery WHERE $1 IN ('', state) ORDER BY created_at, id", state
    )


async def test_what_happens_to_a_case_is_told_once_signed_and_without_a_word_of_anybody(
    town: Town, there: Receiver, teller: Teller
) -> None:
    _which, secret = await add(town, teller, there)
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    await bring_to_answer(opened.id, town, text="Xin lỗi bà Bé")
    assert await teller.tell_due() == 4
    assert await teller.tell_due() == 0
    bodies = [json.loads(one.body) for one in there.told]
    assert sorted(one["type"] for one in bodies) == [
        "case.answer", "case.opened", "case.receive", "case.take",
    ]  # fmt: skip
    first = next(one for one in bodies if one["type"] == "case.opened")
    assert set(first) == {"type", "timestamp", "data"}
    assert set(first["data"]) == {
        "reference", "kind", "type", "agency", "agency_name", "state", "url",
    }  # fmt: skip
    assert first["data"]["state"] == "new"
    assert first["data"]["url"].endswith(f"vn/api/cases/{opened.reference}")
    for one in there.told:
        assert one.line == "POST /hook?a=1 HTTP/1.1"
        assert one.headers["host"] == f"127.0.0.1:{there.port}"
        assert one.is_signed_with(secret)
        assert not one.is_signed_with(webhooks.written(b"x" * 32))
        for word in ("Bé", "0912", "912345678", "giấy", "lỗi"):
            assert word not in one.body.decode()
    assert len({one.headers["webhook-id"] for one in there.told}) == 4


def test_a_signature_is_that_of_the_published_scheme() -> None:
    # The example of the Standard Webhooks documentation.
    secret = webhooks.read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signed = webhooks.sign(
        secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b'{"test": 2432232314}'
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_a_change_that_is_undone_is_not_told(
    town: Town, there: Receiver, teller: Teller
) -> None:
    async def open_and_fail() -> None:
        async with transaction():
            await open_one(town)
            raise ZeroDivisionError

    await add(town, teller, there)
    with pytest.raises(ZeroDivisionError):
        await open_and_fail()
    assert await deliveries() == []


async def test_only_what_was_asked_for_is_told(town: Town, there: Receiver, teller: Teller) -> None:
    await issue_key("1022", "cases", actor=None)
    (key,) = await webhooks.list_programs()
    everything, _s = await add(town, teller, there)
    of_agency, _s = await add(town, teller, there, agency=town.other)
    answers, _s = await add(town, teller, there, events=["answer", "transfer"])
    own, _s = await add(town, teller, there, key=key)
    opened = await open_one(town)
    await reflections.transfer(opened.id, town.other, "Việc của Sở", town.clerk)
    code = (await fetch("SELECT code FROM agency WHERE id = $1", town.agency))[0]["code"]
    sent = SentCase(source="A-1", text="Chậm", person=Person(phone="0912345678"), agency=code)
    await take_case(Program(key, "1022", "cases", None), sent, b"p" * 32)
    rows = await fetch(
        "SELECT d.webhook, e.name FROM webhook_delivery d JOIN case_event e ON e.id = d.event"
        " ORDER BY e.id"
    )
    told = {one: [row["name"] for row in rows if row["webhook"] == one] for one in
            (everything, of_agency, answers, own)}  # fmt: skip
    assert told == {
        everything: ["opened", "transfer", "opened"],
        of_agency: ["transfer"],
        answers: ["transfer"],
        own: ["opened"],
    }
    await teller.tell_due()
    mine = [one for one in there.told if b'"source":"A-1"' in one.body]
    assert len(mine) == 1


async def test_drafts_and_what_the_citizen_did_beside_the_case_are_not_told(
    town: Town, there: Receiver, teller: Teller
) -> None:
    await add(town, teller, there)
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    await bring_to_answer(opened.id, town)
    await reflections.rate_reply(opened.id, 2)
    await reflections.withdraw_consent(opened.id)
    rows = await fetch(
        "SELECT e.name FROM webhook_delivery d JOIN case_event e ON e.id = d.event ORDER BY e.id"
    )
    assert [row["name"] for row in rows] == ["opened", "receive", "take", "answer"]


async def test_a_receiver_that_fails_is_asked_again_for_days_with_the_same_id_and_body(
    town: Town, there: Receiver, teller: Teller, clock: Clock
) -> None:
    webhook, _secret = await add(town, teller, there)
    await open_one(town)
    there.status = 500
    began = clock.now
    while await deliveries("queued"):
        if not await teller.tell_one():
            clock.on(minutes=30)
    assert len(there.told) == len(webhooks.DISTANCES) + 1
    assert timedelta(days=3) < clock.now - began < timedelta(days=5)
    assert len({(one.headers["webhook-id"], one.body) for one in there.told}) == 1
    stamps = [int(one.headers["webhook-timestamp"]) for one in there.told]
    assert stamps == sorted(set(stamps))
    (dead,) = await deliveries("dead")
    assert (dead["status"], dead["last_error"]) == (500, "HTTP 500")
    there.status = 200
    assert await webhooks.send_again(webhook, actor=1) == 1
    assert await teller.tell_due() == 1
    assert there.told[-1].headers["webhook-id"] == str(dead["id"])
    assert (await webhooks.find_webhook(webhook))["failures"] == 0


async def test_one_that_is_down_rests_and_holds_up_no_other(
    town: Town, there: Receiver, teller: Teller, clock: Clock
) -> None:
    async with receiver() as down:
        down.hangs_up = True
        broken, _secret = await add(town, teller, down)
        await add(town, teller, there)
        for _one in range(30):
            await open_one(town)
        await teller.tell_due()
        assert len(there.told) == 30
        assert len(down.told) < 3
        for _one in range(20):
            clock.on(minutes=10)
            await teller.tell_due()
        # Not thirty attempts each time, but one or two.
        assert len(down.told) < 60
        found = await webhooks.find_webhook(broken)
        assert found["resting_until"] - clock.now <= timedelta(minutes=10)
        down.hangs_up = False
        clock.on(hours=12)
        await teller.tell_due()
        assert (await webhooks.find_webhook(broken))["waiting"] == 0


async def test_a_slow_receiver_is_left_after_its_time(
    town: Town, there: Receiver, teller: Teller
) -> None:
    there.delay = 30
    await add(town, teller, there)
    await open_one(town)
    async with asyncio.timeout(20):
        await replace(teller, attempt_seconds=1.0).tell_one()
    (one,) = await deliveries("queued")
    assert one["last_error"] == "no answer in time"


@pytest.mark.parametrize("extra", ["Retry-After: 7200\r\n", "Retry-After: {date}\r\n"])
async def test_one_that_asks_for_patience_gets_it(
    town: Town, there: Receiver, teller: Teller, clock: Clock, extra: str
) -> None:
    at = (clock.now + timedelta(hours=2)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    there.status, there.extra = 429, extra.format(date=at)
    await add(town, teller, there)
    await open_one(town)
    await teller.tell_one()
    (one,) = await deliveries("queued")
    assert one["due"] - clock.now > timedelta(minutes=119)


async def test_one_that_is_gone_is_told_nothing_more(
    town: Town, there: Receiver, teller: Teller
) -> None:
    webhook, _secret = await add(town, teller, there)
    await open_one(town)
    await open_one(town)
    there.status = 410
    await teller.tell_due()
    assert len(there.told) == 1
    assert len(await deliveries("dead")) == 2
    await open_one(town)
    assert len(await deliveries()) == 2
    with pytest.raises(StateError):
        await webhooks.send_test(webhook, actor=1)
    await webhooks.start_webhook(webhook, actor=1)
    there.status = 200
    assert await webhooks.send_again(webhook, actor=1) == 2
    assert await teller.tell_due() == 2


async def test_a_redirection_is_not_followed(town: Town, there: Receiver, teller: Teller) -> None:
    async with receiver() as elsewhere:
        there.status = 307
        there.extra = f"Location: http://127.0.0.1:{elsewhere.port}/\r\n"
        await add(town, teller, there)
        await open_one(town)
        await teller.tell_one()
        assert elsewhere.told == []
    assert len(await deliveries("queued")) == 1


async def test_while_a_secret_is_changed_both_sign(
    town: Town, there: Receiver, teller: Teller, clock: Clock
) -> None:
    webhook, old = await add(town, teller, there)
    new = await webhooks.rotate_secret(webhook, teller.seal, actor=1, now=clock.now)
    await open_one(town)
    await teller.tell_due()
    assert there.told[0].is_signed_with(old)
    assert there.told[0].is_signed_with(new)
    clock.on(hours=25)
    await open_one(town)
    await teller.tell_due()
    assert not there.told[1].is_signed_with(old)
    assert there.told[1].is_signed_with(new)


async def test_secrets_stand_sealed_and_under_another_seal_nothing_is_sent(
    town: Town, there: Receiver, teller: Teller
) -> None:
    _webhook, secret = await add(town, teller, there)
    (row,) = await fetch("SELECT secret FROM webhook")
    assert webhooks.read(secret) not in row["secret"]
    await open_one(town)
    other = Teller(teller.base, Seal("another"), teller.networks, now=teller.now)
    await other.tell_one()
    assert there.told == []
    assert (await deliveries("queued"))[0]["last_error"] == "InvalidTag"


@pytest.mark.parametrize(
    ("address", "networks", "goes"),
    [
        ("127.0.0.1", "", False), ("127.0.0.1", LOCAL, True), ("10.1.2.3", "", False),
        ("10.1.2.3", "10.1.0.0/16", True), ("10.2.2.3", "10.1.0.0/16", False),
        ("192.168.1.1", "", False), ("172.16.0.1", "", False), ("169.254.169.254", "", False),
        ("100.64.0.1", "", False), ("0.0.0.0", "", False), ("224.0.0.1", "", False),
        ("255.255.255.255", "", False), ("::1", "", False), ("fe80::1", "", False),
        ("fc00::1", "", False), ("::ffff:10.0.0.1", "", False), ("64:ff9b::a00:1", "", False),
        ("2002:a00:1::", "", False), ("::ffff:127.0.0.1", LOCAL, True), ("ff02::1", "", False),
        ("203.113.131.1", "", True), ("2405:4800::1", "", True),
    ],
)  # fmt: skip
def test_nothing_goes_into_a_private_network_that_nobody_named(
    address: str, networks: str, goes: bool
) -> None:
    assert may_go(ip_address(address), [ip_network(one) for one in networks.split()]) is goes


@pytest.mark.parametrize(
    "url", ["http://localhost:{port}/", "http://127.0.0.1:{port}/", "http://0x7f000001:{port}/"]
)
async def test_a_name_that_leads_into_the_house_is_not_followed(
    town: Town, there: Receiver, settings: Settings, teller: Teller, url: str
) -> None:
    await add(town, teller, url.format(port=there.port))
    await open_one(town)
    outside = Teller(teller.base, teller.seal, [], now=teller.now)
    await outside.tell_one()
    assert there.told == []
    assert "not an address" in (await deliveries("queued"))[0]["last_error"]


async def test_outside_the_house_nothing_is_told_in_the_clear(town: Town, teller: Teller) -> None:
    await add(town, teller, "http://203.113.131.1/")
    await open_one(town)
    await teller.tell_one()
    assert "not an address" in (await deliveries("queued"))[0]["last_error"]


@pytest.mark.parametrize(
    "url",
    [
        "", "ftp://a.vn/", "https://", "https://u:p@a.vn/", "https://a.vn/#x", "https://a.vn:99999/",
        "https://a .vn/", "https://[::1", "javascript:alert(1)", "https://a.vn/" + "x" * 500,
        "https://a.vn/\r\nX: 1",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_told_is_refused(url: str) -> None:
    with pytest.raises(FieldError) as caught:
        webhooks.check_url(url)
    assert caught.value.field == "url"


def test_networks_that_are_written_wrongly_are_told_by_name() -> None:
    with pytest.raises(SettingError, match="SIPAS_WEBHOOK_NETWORKS"):
        allowed_networks(Settings(webhook_networks="10.0.0.1/8"))


@pytest.mark.parametrize(("name", "told"), [("localhost", 1), ("elsewhere.example", 0)])
async def test_the_certificate_must_be_of_the_name_though_the_address_is_called(
    town: Town,
    teller: Teller,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    told: int,
) -> None:
    authority, server = make_certificate(tmp_path, name)
    monkeypatch.setattr("app.webhooks.sending.trusted", lambda: authority)
    async with receiver(server) as one:
        _which, secret = await add(town, teller, f"https://localhost:{one.port}/hook")
        await open_one(town)
        # Both kinds of address that the name may have.
        networks = [ip_network(LOCAL), ip_network("::1")]
        await Teller(teller.base, teller.seal, networks, now=teller.now).tell_one()
        assert [each.is_signed_with(secret) for each in one.told] == [True] * told
        assert [each.headers["host"] for each in one.told] == [f"localhost:{one.port}"] * told
    assert len(await deliveries("sent")) == told


async def test_a_delivery_of_another_webhook_is_not_sent_again(
    town: Town, there: Receiver, teller: Teller
) -> None:
    one, _secret = await add(town, teller, there)
    other, _secret = await add(town, teller, there)
    await webhooks.send_test(one, actor=1)
    await teller.tell_due()
    (told,) = await deliveries("sent")
    with pytest.raises(NotFoundError):
        await webhooks.send_again(other, told["id"], actor=1)
    assert await webhooks.send_again(one, told["id"], actor=1) == 1
    assert json.loads(there.told[0].body)["type"] == "webhook.test"


async def test_a_killed_worker_loses_nothing(
    town: Town, there: Receiver, settings: Settings, teller: Teller, database: str
) -> None:
    there.delay = 60
    await add(town, teller, there)
    await open_one(town)
    environment = os.environ | {
        "DATABASE_URL": database, "SIPAS_VAR": str(settings.var), "SIPAS_LOG_LEVEL": "error",
        "SIPAS_WEBHOOK_NETWORKS": LOCAL,
    }  # fmt: skip
    command = [sys.executable, "-m", "app", "work"]
    first = await asyncio.create_subprocess_exec(*command, env=environment)
    async with asyncio.timeout(60):
        await there.came.wait()
    first.kill()
    await first.wait()
    assert len(await deliveries("sending")) == 1
    await fetch("UPDATE webhook_delivery SET leased_until = now() - interval '1 second'")
    there.delay = 0
    second = await asyncio.create_subprocess_exec(*command, env=environment)
    try:
        async with asyncio.timeout(60):
            while not await deliveries("sent"):
                await asyncio.sleep(0.1)
    finally:
        second.kill()
        await second.wait()
    assert len(there.told) == 2
    assert len({one.headers["webhook-id"] for one in there.told}) == 1
