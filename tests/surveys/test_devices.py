"""Keys, times and the ledger of devices, apart from HTTP."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from app.demo.kiosks import Kiosk, base64url
from surveys.days import local_day
from surveys.devices import (
    Clock,
    Event,
    PublicKeyError,
    Tapped,
    enrol_device,
    given_time,
    is_signed,
    issue_code,
)
from surveys.devices.signatures import decode, read_public_key
from surveys.quality.judging import close_unjudged
from surveys.ratings import NOTED, Batch, Handover, NewRating, hand_over, mix, record_ratings
from surveys.transactions import fetch
from tests.factories import (
    make_agency,
    make_counter,
    make_device,
    make_dossier,
    make_procedure,
    make_version,
)

KIOSK = Kiosk()
SEALED = KIOSK.seal({"number": 1, "comment": "Tốt lắm", "answers": {"overall": 5}})
NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
BOOT = UUID("11111111-1111-4111-8111-111111111111")
EARLIER_BOOT = UUID("22222222-2222-4222-8222-222222222222")
NOW_MS = round(NOW.timestamp() * 1000)


def test_what_a_key_signed_is_known_as_its_own() -> None:
    assert is_signed(KIOSK.key.public_key(), **SEALED)
    assert not is_signed(Kiosk().key.public_key(), **SEALED)


@settings(max_examples=200)
@given(st.data())
def test_a_payload_with_any_changed_byte_is_refused(data: st.DataObject) -> None:
    text = SEALED["payload"]
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(exclude_characters=text[place]))
    changed = text[:place] + other + text[place + 1 :]
    assert not is_signed(KIOSK.key.public_key(), changed, SEALED["signature"])


@settings(max_examples=200)
@given(st.integers(0, 63), st.integers(1, 255))
def test_a_signature_with_any_changed_byte_is_refused(place: int, change: int) -> None:
    raw = bytearray(decode(SEALED["signature"]))
    raw[place] ^= change
    assert not is_signed(KIOSK.key.public_key(), SEALED["payload"], base64url(bytes(raw)))


@settings(max_examples=200)
@given(st.data())
def test_a_signature_with_any_changed_letter_is_refused(data: st.DataObject) -> None:
    text = SEALED["signature"]
    place = data.draw(st.integers(0, len(text) - 1))
    # Also a letter that decodes to the same bytes, of which the last one has some.
    other = data.draw(st.characters(exclude_characters=text[place] + "="))
    changed = text[:place] + other + text[place + 1 :]
    assert not is_signed(KIOSK.key.public_key(), SEALED["payload"], changed)


@given(st.text(max_size=120))
def test_a_signature_of_any_other_form_is_refused(text: str) -> None:
    assert not is_signed(KIOSK.key.public_key(), SEALED["payload"], text)


@pytest.mark.parametrize("raw", [b"\0" * 64, b"\xff" * 64, b"\0" * 63, b"\0" * 65, b""])
def test_numbers_that_no_signature_has_are_refused(raw: bytes) -> None:
    assert not is_signed(KIOSK.key.public_key(), SEALED["payload"], base64url(raw))


def test_a_lone_surrogate_is_no_payload() -> None:
    assert not is_signed(KIOSK.key.public_key(), "\ud800", SEALED["signature"])


def test_keys_of_another_kind_are_refused() -> None:
    for key in (generate_private_key(SECP384R1()), Ed25519PrivateKey.generate()):
        other = Kiosk(key=key)  # type: ignore[arg-type]
        with pytest.raises(PublicKeyError):
            read_public_key(other.public_key)


async def test_a_key_enrols_one_device(database: str) -> None:
    counter = await make_counter(await make_agency(), "C1")
    codes = [(await issue_code(counter, actor=None)).code for _code in range(2)]
    await enrol_device(codes[0], KIOSK.public_key)
    with pytest.raises(PublicKeyError):
        await enrol_device(codes[1], KIOSK.public_key)
    # The code is still good for a key of its own.
    await enrol_device(codes[1], Kiosk().public_key, "x" * 500 + "\0")


def tapped(**given_: object) -> Tapped:
    values = {"at": NOW_MS - 5000, "tick": 1000.0, "boot": BOOT, "offset": None} | given_
    return Tapped(**values)  # type: ignore[arg-type]


SENT = Clock(sent_at=0, sent_tick=6000.0, boot=BOOT)


def test_the_monotonic_clock_of_the_same_boot_decides_whatever_the_wall_clock_says() -> None:
    for at in (0, -1, NOW_MS + 10**9, NOW_MS):
        assert given_time(tapped(at=at, offset=5.0), SENT, NOW) == NOW - timedelta(seconds=5)


def test_a_tap_of_an_earlier_boot_is_placed_by_its_offset() -> None:
    tap = tapped(boot=EARLIER_BOOT, at=NOW_MS - 90_000_000, offset=3_600_000.0)
    assert given_time(tap, SENT, NOW) == NOW - timedelta(milliseconds=86_400_000)


@pytest.mark.parametrize(
    "tap",
    [
        tapped(boot=EARLIER_BOOT), tapped(boot=EARLIER_BOOT, offset=86_400_000.0),
        tapped(boot=EARLIER_BOOT, offset=-1e15), tapped(boot=EARLIER_BOOT, offset=1e308),
        tapped(tick=7000.0), tapped(tick=-1e300),
    ],
)  # fmt: skip
def test_no_time_is_made_up(tap: Tapped) -> None:
    assert given_time(tap, SENT, NOW) is None


def test_a_clock_that_is_a_little_ahead_gives_now() -> None:
    assert given_time(tapped(boot=EARLIER_BOOT, at=NOW_MS, offset=3000.0), SENT, NOW) == NOW


@given(
    st.integers(-(2**53), 2**53), st.floats(allow_nan=True), st.floats(allow_nan=True),
    st.none() | st.floats(allow_nan=True), st.booleans(),
)  # fmt: skip
def test_no_clock_breaks_the_rule(
    at: int, tick: float, sent: float, offset: float | None, same: bool
) -> None:
    tap = tapped(at=at, tick=tick, offset=offset, boot=BOOT if same else EARLIER_BOOT)
    found = given_time(tap, Clock(0, sent, BOOT), NOW)
    assert found is None or found <= NOW


def event(device: UUID, number: int, given_at: datetime | None, **given_: object) -> Event:
    values = {"id": uuid4(), "kind": "tap"} | given_
    return Event(device, number, given_at=given_at, **values)  # type: ignore[arg-type]


def tap_of(told: Event, version: int, **given_: object) -> NewRating:
    values = {"counter": "C1", "event": told} | given_
    return NewRating(told.id, "counter", version, ((1, 5),), **values)  # type: ignore[arg-type]


async def test_two_taps_share_out_the_rights_by_the_time_of_each(database: str) -> None:
    agency = await make_agency()
    counter = await make_counter(agency, "C1")
    device = await make_device(counter)
    procedure, version = await make_procedure(), await make_version()
    now = datetime.now(UTC)
    for place, ago in ((1, 300), (2, 296)):
        await make_dossier(agency, procedure, f"H{place}")
        await hand_over([Handover(f"H{place}", "C1")], questionnaire="counter", minutes=10)
        await fetch(
            "UPDATE right_to_rate SET opened_at = $1, expires_at = $2 WHERE opened_at > $3",
            now - timedelta(minutes=ago), now - timedelta(minutes=ago - 10),
            now - timedelta(minutes=1),
        )  # fmt: skip
    # The first right is open from minute 300 to 290 ago, the second from 296 to 286.
    moments = [now - timedelta(minutes=ago) for ago in (288, 298, 290, 280)]
    events = [event(device, place, moment) for place, moment in enumerate(moments, 1)]
    assert await record_ratings([tap_of(one, version) for one in events]) == ["stored"] * 4
    linked = {row["id"] for row in await fetch("SELECT id FROM waiting_rating WHERE cell > 0")}
    # At minute 290 the first right was just over, and the second was still open.
    assert linked == {events[1].id, events[2].id}
    assert len(await fetch("SELECT id FROM spent_right")) == 2


async def test_a_revoked_device_is_refused_within_the_transaction(database: str) -> None:
    device = await make_device(
        await make_counter(await make_agency(), "C1"), revoked_at=datetime.now(UTC)
    )
    version = await make_version()
    told = event(device, 1, datetime.now(UTC))
    stranger = event(uuid4(), 1, datetime.now(UTC))
    words = await record_ratings([tap_of(told, version), tap_of(stranger, version), told])
    assert words == ["revoked device", "unknown device", "revoked device"]
    assert await fetch("SELECT id FROM waiting_rating") == []


async def test_a_bare_event_uses_its_number_up(database: str) -> None:
    device = await make_device(await make_counter(await make_agency(), "C1"))
    version = await make_version()
    told = event(device, 1, None)
    assert await record_ratings([told]) == [NOTED]
    other = event(device, 1, None)
    assert await record_ratings([tap_of(other, version)]) == ["number used"]


async def test_who_assisted_and_how_certain_a_day_is_outlive_mixing(database: str) -> None:
    device = await make_device(await make_counter(await make_agency(), "C1"))
    version = await make_version()
    told = [event(device, 1, datetime.now(UTC)), event(device, 2, None)]
    helped = ("relative", "official")
    ratings = [tap_of(one, version, assisted=who) for one, who in zip(told, helped, strict=True)]
    assert await record_ratings(ratings) == ["stored", "stored"]
    later = datetime.now(UTC) + timedelta(days=2)
    await close_unjudged(local_day(later))
    await mix(Batch(), now=later)
    rows = await fetch("SELECT assisted, day_certain, mode FROM rating ORDER BY assisted")
    assert rows == [
        {"assisted": "official", "day_certain": False, "mode": "kiosk"},
        {"assisted": "relative", "day_certain": True, "mode": "kiosk"},
    ]


async def test_after_mixing_nothing_of_the_ledger_leads_to_a_rating(database: str) -> None:
    device = await make_device(await make_counter(await make_agency(), "C1"))
    version = await make_version()
    told = [event(device, number, datetime.now(UTC)) for number in range(1, 8)]
    await record_ratings([tap_of(one, version) for one in told])
    later = datetime.now(UTC) + timedelta(days=2)
    await close_unjudged(local_day(later))
    await mix(Batch(), now=later)
    ledger = await fetch("SELECT event, xmin::text AS x FROM device_event")
    ratings = await fetch("SELECT id, xmin::text AS x FROM rating")
    assert len(ledger) == len(ratings) == 7
    assert not {row["event"] for row in ledger} & {row["id"] for row in ratings}
    assert not {row["x"] for row in ledger} & {row["x"] for row in ratings}


@pytest.mark.parametrize("assisted", ["cousin", "Official"])
async def test_a_helper_outside_the_list_is_refused_by_the_database(
    database: str, assisted: str
) -> None:
    device = await make_device(await make_counter(await make_agency(), "C1"))
    version = await make_version()
    with pytest.raises(Exception, match="assisted_known"):
        await record_ratings([tap_of(event(device, 1, None), version, assisted=assisted)])
