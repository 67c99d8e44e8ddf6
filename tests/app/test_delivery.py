"""Messages leave through real servers that fail, are late, and vanish."""

from pathlib import Path
from uuid import UUID

import pytest

from app.delivery import Attempt, GatewayChannel, GatewayConfig, Sender, SmtpChannel, SmtpConfig
from app.delivery.gateway import Success
from surveys.messages import Outgoing, resend_uncertain
from surveys.transactions import fetch
from tests.app.gateways import Gateway, MailServer, http_gateway, mail_server
from tests.app.outbox import Clock, make_sender, message, noon, queue

OK = Success(field="status", values=["ok"], retry=["QUEUE_FULL"])


def gateway_sender(
    gateway: Gateway,
    folder: Path,
    *,
    header: str = "Idempotency-Key",
    patience: float = 10,
    **given: object,
) -> Sender:
    config = GatewayConfig(
        url=gateway.address, idempotency_header=header, success=OK, id_field="data.id",
        timeout_seconds=patience, headers={"Authorization": "Bearer k"}, **given,  # type: ignore[arg-type]
    )  # fmt: skip
    return make_sender(folder, {"sms": GatewayChannel(config)}, Clock(noon()))


def mail_sender(
    server: MailServer, folder: Path, *, patience: float = 10, **given: object
) -> Sender:
    config = SmtpConfig(
        host="127.0.0.1", port=server.port, sender="SIPAS <no-reply@example.vn>", security="none",
        timeout_seconds=patience, **given,  # type: ignore[arg-type]
    )  # fmt: skip
    return make_sender(folder, {"mail": SmtpChannel(config)}, Clock(noon()))


async def queue_mail() -> UUID:
    return await queue(channel="mail", address="Hoa@Example.VN", key="mail")


def later(sender: Sender, **by: float) -> None:
    assert isinstance(sender.now, Clock)
    sender.now.move(**by)


async def test_an_sms_reaches_the_gateway_with_its_key_and_leaves_no_address(
    database: str, tmp_path: Path
) -> None:
    async with http_gateway() as gateway:
        which = await queue()
        assert await gateway_sender(gateway, tmp_path, number="84").send_due() == 1
    (asked,) = gateway.requests
    assert asked["body"]["to"] == "84912345678"
    assert asked["body"]["text"].startswith("Hồ sơ H1 đã có kết quả")
    assert "https://sipas.example.vn/stop/" in asked["body"]["text"]
    assert asked["headers"]["authorization"] == "Bearer k"
    assert asked["key"] == str(which)
    row = await message(which)
    assert (row["state"], row["address"], row["provider_id"]) == ("sent", None, f"G-{which}")
    assert row["fields"] == "{}"


@pytest.mark.parametrize("form", ["form", "query"])
async def test_a_gateway_may_want_a_form_and_plain_letters(
    database: str, tmp_path: Path, form: str
) -> None:
    async with http_gateway() as gateway:
        await queue()
        sender = gateway_sender(
            gateway, tmp_path, format=form, without_marks=True, to_field="msisdn", key_field="ref"
        )
        await sender.send_due()
    (asked,) = gateway.requests
    sent = asked["body"].get("raw", "") + asked["line"]
    assert "msisdn=%2B84912345678" in sent
    assert f"ref={asked['key']}" in sent
    assert "Ho+so+H1+da+co+ket+qua" in sent.replace("%20", "+")


@pytest.mark.parametrize(
    ("mood", "header", "state"),
    [
        ("busy", "", "queued"),
        ("refuse", "", "failed"),
        ("error body", "", "failed"),
        ("full", "", "queued"),
        ("nonsense", "", "uncertain"),
        ("broken", "", "uncertain"),
        ("hang up", "", "uncertain"),
        ("late", "", "uncertain"),
        ("nonsense", "Idempotency-Key", "queued"),
        ("broken", "Idempotency-Key", "queued"),
        ("hang up", "Idempotency-Key", "queued"),
        ("late", "Idempotency-Key", "queued"),
    ],
)
async def test_what_a_bad_answer_means(
    database: str, tmp_path: Path, mood: str, header: str, state: str
) -> None:
    async with http_gateway(mood=mood, delay=30 if mood == "late" else 0) as gateway:
        which = await queue()
        patience = 2 if mood == "late" else 10
        sender = gateway_sender(gateway, tmp_path, header=header, patience=patience)
        await sender.send_due()
        row = await message(which)
        assert row["state"] == state, row["last_error"]
        assert row["last_error"]
        gateway.mood, gateway.delay = "good", 0
        later(sender, hours=5)
        await sender.send_due()
        assert (await message(which))["state"] == ("sent" if state == "queued" else state)
        assert len(gateway.accepted) <= 1


async def test_an_unreachable_gateway_is_asked_again_at_growing_distances(
    database: str, tmp_path: Path
) -> None:
    async with http_gateway() as gateway:
        pass
    which = await queue()
    sender = gateway_sender(gateway, tmp_path, header="")
    waits = []
    for _attempt in range(8):
        before = sender.now()
        assert await sender.send_due() == 1
        due = (await message(which))["due"]
        waits.append((due - before).total_seconds())  # type: ignore[operator]
        sender.now.now = noon().replace(year=2030 + len(waits))  # type: ignore[attr-defined]
    assert 40 < waits[0] < 80
    assert waits[0] < waits[1] < waits[2] < waits[3]
    row = await message(which)
    assert (row["state"], row["attempts"], row["address"]) == ("failed", 8, None)


async def test_an_uncertain_message_goes_again_only_by_hand(database: str, tmp_path: Path) -> None:
    async with http_gateway(mood="hang up") as gateway:
        which = await queue()
        sender = gateway_sender(gateway, tmp_path, header="")
        await sender.send_due()
        later(sender, days=2)
        assert await sender.send_due() == 0
        gateway.mood = "good"
        actor = (await fetch(
            "INSERT INTO account (username, password_hash, role) VALUES ('a', '', 'analyst')"
            " RETURNING id"
        ))[0]["id"]  # fmt: skip
        await resend_uncertain(which, actor=actor)
        assert await sender.send_due() == 1
    assert (await message(which))["state"] == "sent"


async def test_a_mail_arrives_whole_and_can_be_stopped_with_one_click(
    database: str, tmp_path: Path
) -> None:
    async with mail_server() as server:
        which = await queue_mail()
        await mail_sender(server, tmp_path).send_due()
    (mail,) = server.mails
    assert mail["To"] == "hoa@example.vn"
    assert mail["Subject"] == "Đã có kết quả"
    assert mail["Message-ID"] == f"<{which}@example.vn>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = mail["List-Unsubscribe"].strip("<>")
    assert stop in mail.get_content()
    assert "Hồ sơ H1 đã có kết quả" in mail.get_content()
    assert (await message(which))["state"] == "sent"


@pytest.mark.parametrize(
    ("mood", "state", "tries"),
    [
        ("greylist", "sent", 2),
        ("full", "sent", 2),
        ("unknown", "failed", 1),
        ("spam", "failed", 1),
        ("vanish", "uncertain", 1),
        ("sleep", "uncertain", 1),
    ],
)
async def test_what_a_mail_server_says_decides(
    database: str, tmp_path: Path, mood: str, state: str, tries: int
) -> None:
    async with mail_server(mood) as server:
        which = await queue_mail()
        sender = mail_sender(server, tmp_path, patience=2 if mood == "sleep" else 10)
        await sender.send_due()
        later(sender, hours=1)
        await sender.send_due()
        assert server.tries == tries
    row = await message(which)
    assert row["state"] == state
    assert "hoa@" not in str(row["last_error"])


async def test_no_mail_server_at_all_is_no_doubt(database: str, tmp_path: Path) -> None:
    async with mail_server() as server:
        pass
    which = await queue_mail()
    await mail_sender(server, tmp_path).send_due()
    assert (await message(which))["state"] == "queued"


class Broken:
    """A channel with a bug."""

    def __init__(self, *, repeatable: bool) -> None:
        self.repeatable = repeatable

    async def send(self, message: Outgoing) -> Attempt:
        raise ValueError(message.address)


@pytest.mark.parametrize(("repeatable", "state"), [(True, "queued"), (False, "uncertain")])
async def test_a_bug_in_a_channel_holds_nothing_up(
    database: str, tmp_path: Path, repeatable: bool, state: str
) -> None:
    which = await queue()
    sender = make_sender(tmp_path, {"sms": Broken(repeatable=repeatable)}, Clock(noon()))
    await sender.send_due()
    row = await message(which)
    assert (row["state"], row["last_error"]) == (state, "ValueError")


async def test_a_message_that_cannot_be_written_waits_for_its_words(
    database: str, tmp_path: Path
) -> None:
    which = await queue()
    await fetch("UPDATE outbox_message SET fields = '{}'")
    await make_sender(tmp_path).send_due()
    row = await message(which)
    assert (row["state"], row["last_error"]) == ("queued", "KeyError")


async def test_a_worker_that_always_dies_on_a_message_leaves_it_to_people(
    database: str, tmp_path: Path
) -> None:
    which = await queue()
    await fetch(
        "UPDATE outbox_message SET state = 'sending', attempts = 8,"
        " leased_until = now() - interval '1 second'"
    )
    await make_sender(tmp_path).send_due()
    assert (await message(which))["state"] == "uncertain"


async def test_a_repeated_request_for_a_message_queues_it_once(
    database: str, tmp_path: Path
) -> None:
    await queue()
    with pytest.raises(AssertionError):
        await queue()
    await make_sender(tmp_path).send_due()
    assert len(list(tmp_path.glob("*.json"))) == 1
