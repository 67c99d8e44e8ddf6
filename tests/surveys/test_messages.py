"""Words of messages, their length, addresses, and the lot of a mode split."""

import pytest

from surveys.accounts import FieldError, Role, list_audit
from surveys.errors import InputError, NotFoundError
from surveys.messages import (
    Split,
    Words,
    catalogue,
    check_shipped,
    draw_mode,
    end_plan,
    find_words,
    list_plans,
    normalise,
    queue_message,
    samples,
    save_words,
    sms_length,
    start_plan,
    without_addresses,
    without_marks,
)
from surveys.messages.addresses import takes_messages
from surveys.transactions import fetch
from tests.app.people import make_person
from tests.factories import make_agency

TEXTS = {
    "vi": ("", "Mời đánh giá {agency}: {link} {stop}"),
    "en": ("", "Rate {agency}: {link} {stop}"),
}


def test_there_are_30_situations_for_citizens_and_their_words_keep_the_rules() -> None:
    events = catalogue().events
    assert len([event for event in events.values() if event.for_citizens]) == 30
    assert "device_silent" in events
    check_shipped()
    for event in events.values():
        for language in ("vi", "en"):
            assert not set(event.allowed) - samples(language).keys()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_told_about_a_case_costs_two_short_messages_at_most_in_plain_letters(
    language: str,
) -> None:
    for name, event in catalogue().events.items():
        if name.startswith("reflection_"):
            words = Words(*event.shipped("sms", language))
            body = words.fill(samples(language))[1]
            assert sms_length(without_marks(body)).segments <= 2, name


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("Mời {name}: {link} {stop}", "{name}"),
        ("Mời {}: {link} {stop}", "{}"),
        ("Mời {agency.__class__}: {link} {stop}", "{agency.__class__}"),
        ("Mời {agency}: {link}", "{stop}"),
        ("Mời {agency}: {stop}", "{link}"),
        ("Mời {agency: {link} {stop}", "ngoặc"),
        ("", "nội dung"),
        ("{link} {stop}" + "a" * 600, "600"),
    ],
)
async def test_words_with_a_wrong_field_are_refused_by_name(
    database: str, body: str, named: str
) -> None:
    actor = await make_person(Role.ADMINISTRATOR)
    texts = TEXTS | {"en": ("", body)}
    with pytest.raises(FieldError) as refused:
        await save_words("rating_invitation", "sms", texts, actor=actor)
    assert refused.value.field == "body_en"
    assert named in str(refused.value)
    assert await fetch("SELECT * FROM message_template") == []


async def test_words_get_versions_and_an_earlier_one_can_be_had_again(database: str) -> None:
    actor = await make_person(Role.ADMINISTRATOR)
    shipped = await find_words("rating_invitation", "sms", "vi")
    assert shipped.version == 0
    await save_words("rating_invitation", "sms", TEXTS, actor=actor)
    await save_words("rating_invitation", "sms", TEXTS, actor=actor)
    newer = TEXTS | {"vi": ("", "Ý kiến về {agency}? {link} {stop}")}
    await save_words("rating_invitation", "sms", newer, actor=actor)
    found = await find_words("rating_invitation", "sms", "vi")
    assert (found.version, found.body) == (2, newer["vi"][1])
    assert (await find_words("rating_invitation", "sms", "en")).version == 1
    assert await find_words("rating_invitation", "sms", "vi", version=0) == shipped
    assert (await find_words("rating_invitation", "sms", "vi", version=1)).body == TEXTS["vi"][1]
    assert len([e for e in (await list_audit())[0] if e.action == "template_saved"]) == 3


async def test_a_value_is_never_read_as_a_field(database: str) -> None:
    words = await find_words("rating_invitation", "sms", "vi")
    _subject, body = words.fill({"agency": "{stop}", "link": "L", "stop": "S"})
    assert "tại {stop}." in body


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "segments"),
    [
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("a" * 152 + "€" * 5, "GSM-7", 162, 2),
        ("ộ" * 70, "UCS-2", 70, 1),
        ("ộ" * 71, "UCS-2", 71, 2),
        ("😀" * 35, "UCS-2", 70, 1),
        ("a" * 66 + "😀" * 3, "UCS-2", 72, 2),
        ("", "GSM-7", 0, 1),
    ],
)
def test_a_short_message_is_measured_as_the_network_does(
    text: str, alphabet: str, units: int, segments: int
) -> None:
    found = sms_length(text)
    assert (found.alphabet, found.units, found.segments) == (alphabet, units, segments)


def test_marks_come_off() -> None:
    assert without_marks("Đã nhận hồ sơ, mời đường số 5") == "Da nhan ho so, moi duong so 5"
    assert sms_length(without_marks("Đã nhận hồ sơ")).alphabet == "GSM-7"


@pytest.mark.parametrize(
    "typed",
    [
        "0912345678", "+84 912 345 678", "84912345678", "(0912) 345-678", "912345678",
        "+84 (0)912 345 678", "0084 912 345 678", "0912\u00a0345\u2013678",
    ],
)  # fmt: skip
def test_a_number_has_one_spelling(typed: str) -> None:
    assert normalise("sms", typed) == "+84912345678"
    assert normalise("phone", typed) == "+84912345678"
    assert takes_messages(normalise("phone", typed))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0258 3822 222", "+842583822222"),
        ("(024) 3825-1234", "+842438251234"),
        ("+84 (0)258 3822222", "+842583822222"),
        ("+1 (415) 555-0123", "+14155550123"),
        ("0033 1 23 45 67 89", "+33123456789"),
    ],
)
def test_a_number_that_takes_no_text_message_can_be_called(typed: str, kept: str) -> None:
    assert normalise("phone", typed) == kept
    assert not takes_messages(kept)
    with pytest.raises(InputError):
        normalise("sms", typed)


@pytest.mark.parametrize(
    ("channel", "typed"),
    [
        ("sms", "0123"),
        ("sms", "112345678"),
        ("sms", "0٩12345678"),
        ("phone", "0123456789"),
        ("phone", "+84 123"),
        ("phone", "12345678"),
        ("phone", "0912345678 / 0912345679"),
        ("sms", "+1 912 345 678"),
        ("mail", "a b@c.vn"),
        ("mail", "a@b.vn, c@d.vn"),
        ("mail", "a@b.vn\r\nBcc: c@d.vn"),
        ("mail", "a@localhost"),
        ("mail", "hòa@b.vn"),
        ("mail", "a..b@c.vn"),
        ("mail", ".a@c.vn"),
        ("mail", "a" * 65 + "@c.vn"),
    ],
)
def test_what_is_no_address_is_refused(channel: str, typed: str) -> None:
    with pytest.raises(InputError):
        normalise(channel, typed)


def test_a_servers_answer_is_kept_without_addresses() -> None:
    told = without_addresses("550 5.1.1 <hoa@example.vn>: no mailbox; 84912345678 / 0912 345 678")
    assert told == "550 5.1.1 <…>: no mailbox; … / …"


def test_the_lot_is_the_same_for_a_seed_and_near_its_shares() -> None:
    split = Split(50, 30, 20)
    codes = [f"H{number}" for number in range(10_000)]
    drawn = [draw_mode("seed", code, split) for code in codes]
    assert drawn == [draw_mode("seed", code, split) for code in codes]
    assert drawn != [draw_mode("another", code, split) for code in codes]
    shares = [drawn.count(mode) / len(drawn) for mode in ("kiosk", "message", "none")]  # type: ignore[arg-type]
    # Four standard errors of a share of one half among ten thousand.
    assert shares == pytest.approx([0.5, 0.3, 0.2], abs=0.02)


async def test_a_new_plan_ends_the_old_one(database: str) -> None:
    actor = await make_person(Role.ADMINISTRATOR)
    agency = await make_agency("A1")
    await start_plan(agency, Split(40, 40, 20), actor=actor)
    plan = await start_plan(agency, Split(0, 100, 0), actor=actor, seed="lot")
    (row,) = await list_plans()
    assert (row["id"], row["message"], row["seed"], row["valid_to"]) == (plan, 100, "lot", None)
    await fetch("UPDATE mode_plan SET valid_from = valid_from - 3")
    await end_plan(plan, actor=actor)
    (row,) = await list_plans()
    assert row["valid_to"] is not None
    with pytest.raises(FieldError, match="100"):
        await start_plan(agency, Split(40, 40, 30), actor=actor)
    with pytest.raises(NotFoundError):
        await end_plan(999, actor=actor)


async def test_a_message_without_a_value_or_an_event_is_refused(database: str) -> None:
    with pytest.raises(InputError, match="place"):
        await queue_message(
            "result_ready", key="k", channel="sms", address="0912345678",
            fields={"agency": "a", "dossier": "d"},
        )  # fmt: skip
    with pytest.raises(NotFoundError):
        await queue_message("birthday", key="k", channel="sms", address="0912345678")
    with pytest.raises(InputError):
        await queue_message("result_ready", key="k", channel="sms", fields={})
    assert await fetch("SELECT * FROM outbox_message") == []
