"""What devices send, over real HTTP: enrolment, signed events, heartbeats, configuration."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.demo.kiosks import Kiosk, tick, wall
from app.kiosk_config import forget_configs
from app.limits import Limit
from app.quality_keys import quality_key
from app.settings import Settings
from surveys.devices import issue_code, replace_device, revoke_device
from surveys.errors import TooManyError
from surveys.quality import SALT, Sighting
from surveys.ratings import Handover, hand_over, open_links
from surveys.transactions import fetch
from tests.factories import make_agency, make_counter, make_dossier, make_procedure

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@pytest.fixture
async def counter(form: int) -> int:
    """Counter C1 with three returned dossiers H1 to H3; its row."""
    agency = await make_agency("A1", name="Sở Tư pháp")
    counter = await make_counter(agency, "C1", name="Quầy số 1")
    procedure = await make_procedure()
    for place in (1, 2, 3):
        await make_dossier(agency, procedure, f"H{place}")
    return counter


@pytest.fixture
async def kiosk(client: httpx.AsyncClient, counter: int) -> Kiosk:
    """A device that was enrolled at C1."""
    return await enrol(client, counter)


async def enrol(client: httpx.AsyncClient, counter: int) -> Kiosk:
    kiosk = Kiosk()
    answer = await kiosk.enrol(client, (await issue_code(counter, actor=None)).code)
    assert answer.status_code == 201, answer.text
    return kiosk


async def send(client: httpx.AsyncClient, kiosk: Kiosk, *events: Any) -> list[dict[str, Any]]:
    answer = await kiosk.send(client, *events)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["receipts"])


def words(receipts: list[dict[str, Any]]) -> list[str]:
    return [one["code"] or one["status"] for one in receipts]


async def count(table: str) -> int:
    return int((await fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"])


async def sightings(folder: Path) -> list[Sighting]:
    """What the nightly job would read of what has come."""
    key = quality_key(Settings(var=folder))
    boxes = await fetch("SELECT id, box FROM quality_box")
    found = [one for row in boxes for one in key.open(row["id"], row["box"])]
    return [one for one in found if one.kind != SALT]


async def row_of(kiosk: Kiosk) -> dict[str, Any]:
    return (await fetch("SELECT * FROM device WHERE id = $1", kiosk.device))[0]


async def open_right(dossier: str, opened: timedelta, minutes: int = 10) -> None:
    """A right at C1 that was opened so long ago."""
    await hand_over([Handover(dossier, "C1")], questionnaire="counter", minutes=minutes)
    moment = datetime.now(UTC) - opened
    await fetch(
        "UPDATE right_to_rate SET opened_at = $1, expires_at = $2 WHERE dossier ="
        " (SELECT id FROM dossier WHERE code = $3)",
        *(moment, moment + timedelta(minutes=minutes), dossier),
    )


async def test_a_code_enrols_one_device(client: httpx.AsyncClient, counter: int) -> None:
    code = (await issue_code(counter, actor=None)).grouped
    kiosk = Kiosk()
    answer = await kiosk.enrol(client, code.lower(), "Ki-ốt cửa ra")
    assert answer.status_code == 201
    assert answer.json() == {
        "device": kiosk.device, "counter": "C1", "counter_name": "Quầy số 1",
        "agency_name": "Sở Tư pháp",
    }  # fmt: skip
    other = await Kiosk().enrol(client, code)
    assert other.status_code == 422
    assert "Mã ghi danh không đúng" in other.json()["detail"]
    # The answer may have been lost on its way: the same key gets the same device.
    again = await kiosk.enrol(client, code)
    assert (again.status_code, again.json()) == (201, answer.json())
    assert await count("device") == 1


async def test_a_code_ends_after_half_an_hour(client: httpx.AsyncClient, counter: int) -> None:
    code = (await issue_code(counter, actor=None)).code
    await fetch("UPDATE enrolment_code SET expires_at = now()")
    assert (await Kiosk().enrol(client, code)).status_code == 422
    assert await count("device") == 0


async def test_two_browsers_that_show_one_code_at_once_give_one_device(
    client: httpx.AsyncClient, counter: int
) -> None:
    code = (await issue_code(counter, actor=None)).code
    answers = await asyncio.gather(*(Kiosk().enrol(client, code) for _browser in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201, *[422] * 7]


@pytest.mark.parametrize("key", ["", "AAAA", "not base64!", "ă", "A" * 1000])
async def test_a_key_that_is_none_is_refused_and_the_code_stays_good(
    client: httpx.AsyncClient, counter: int, key: str
) -> None:
    code = (await issue_code(counter, actor=None)).code
    answer = await client.post("/api/devices", json={"code": code, "public_key": key})
    assert answer.status_code == 422
    assert (await Kiosk().enrol(client, code)).status_code == 201


async def test_guessing_codes_is_slowed_for_everybody_together(
    client: httpx.AsyncClient, counter: int
) -> None:
    answers = [await Kiosk().enrol(client, f"WRONG{place}") for place in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {422}
    assert answers[30].status_code == 429
    assert int(answers[30].headers["retry-after"]) > 0


async def test_a_tap_and_its_details_in_one_request_are_stored(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    rating = str(uuid4())
    tap = kiosk.event({"overall": 2}, id=rating, assisted="relative")
    detail = kiosk.event({"access": 1, "reflection": "Chờ lâu"}, id=rating, kind="details")
    answer = await kiosk.send(client, tap, detail)
    body = answer.json()
    assert [(one["number"], one["id"], one["status"]) for one in body["receipts"]] == [
        (1, rating, "stored"), (2, rating, "stored"),
    ]  # fmt: skip
    assert abs(body["now"] - wall()) < 5_000
    assert len(body["config"]) == 16
    row = (await fetch("SELECT mode, assisted, day_certain, comment FROM waiting_rating"))[0]
    assert tuple(row.values()) == ("kiosk", "relative", True, "Chờ lâu")
    codes = await fetch("SELECT code FROM waiting_answer ORDER BY item")
    assert [one["code"] for one in codes] == [2, 1]


async def test_a_resend_is_harmless_and_gets_the_same_answer(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    rating = str(uuid4())
    events = [
        kiosk.event({"overall": 5}, id=rating),
        kiosk.event({"access": 4}, id=rating, kind="details"),
        kiosk.event({"overall": 77}),
    ]
    answers = [await send(client, kiosk, *events) for _time in range(3)]
    assert words(answers[0]) == ["stored", "stored", "wrong answer"]
    assert answers[0] == answers[1] == answers[2]
    assert (await count("waiting_rating"), await count("device_event")) == (1, 3)
    row = await row_of(kiosk)
    assert (row["highest"], row["missing"], row["conflicts"]) == (3, "{}", 0)


async def test_two_requests_at_once_with_the_same_events_store_each_once(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    events = [kiosk.event({"overall": 1 + place % 5}) for place in range(40)]
    answers = await asyncio.gather(*(send(client, kiosk, *events) for _time in range(6)))
    assert all(words(one) == ["stored"] * 40 for one in answers)
    assert (await count("waiting_rating"), await count("device_event")) == (40, 40)
    assert (await row_of(kiosk))["conflicts"] == 0


async def test_a_lost_number_shows_until_it_comes(client: httpx.AsyncClient, kiosk: Kiosk) -> None:
    events = [kiosk.event({"overall": 5}) for _place in range(7)]
    await send(client, kiosk, events[0], events[5])
    assert (await row_of(kiosk))["missing"] == "{[2,6)}"
    await send(client, kiosk, events[3], events[2])
    row = await row_of(kiosk)
    assert (row["highest"], row["missing"], row["late"]) == (6, "{[2,3),[5,6)}", 2)
    await send(client, kiosk, events[1], events[4], events[6])
    row = await row_of(kiosk)
    assert (row["highest"], row["missing"], row["late"]) == (7, "{}", 4)


async def test_a_number_that_was_used_for_another_tap_is_refused(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    await send(client, kiosk, kiosk.event({"overall": 5}))
    kiosk.number = 0
    (receipt,) = await send(client, kiosk, kiosk.event({"overall": 1}))
    assert (receipt["status"], receipt["code"]) == ("refused", "number used")
    assert receipt["message"]
    assert await count("waiting_rating") == 1
    assert (await row_of(kiosk))["conflicts"] == 1


async def test_a_number_is_remembered_when_the_ledger_was_purged(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    event = kiosk.event({"overall": 5})
    await send(client, kiosk, event)
    await fetch("DELETE FROM device_event")
    assert words(await send(client, kiosk, event)) == ["stored"]
    await fetch("DELETE FROM resend_key")
    assert words(await send(client, kiosk, event)) == ["number used"]
    assert await count("waiting_rating") == 1


async def test_a_changed_or_foreign_envelope_is_refused_and_counted(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    good = kiosk.event({"overall": 5})
    stranger = Kiosk(device=kiosk.device).event({"overall": 1})
    changed = good | {"payload": good["payload"].replace('"overall": 5', '"overall": 1')}
    receipts = await send(client, kiosk, changed, stranger, good)
    assert words(receipts) == ["bad signature", "bad signature", "stored"]
    assert receipts[0]["number"] == 1
    assert (await row_of(kiosk))["bad_signatures"] == 2
    assert await count("waiting_rating") == 1


async def test_an_event_sent_under_another_devices_name_is_refused(
    client: httpx.AsyncClient, kiosk: Kiosk, counter: int
) -> None:
    other = await enrol(client, counter)
    event = kiosk.event({"overall": 5})
    assert words(await send(client, other, event)) == ["bad signature"]


async def test_details_of_another_devices_tap_are_refused(
    client: httpx.AsyncClient, kiosk: Kiosk, counter: int
) -> None:
    rating = str(uuid4())
    await send(client, kiosk, kiosk.event({"overall": 5}, id=rating))
    other = await enrol(client, counter)
    detail = other.event({"access": 1}, id=rating, kind="details")
    assert words(await send(client, other, detail)) == ["unknown rating"]
    assert await count("waiting_answer") == 1


@pytest.mark.parametrize(
    "said",
    [
        {"number": 0}, {"number": -1}, {"number": 2**60}, {"number": "1"}, {"kind": "wish"},
        {"id": "x"}, {"answers": 5}, {"assisted": "cousin"}, {"boot": 1}, {"at": "now"},
        {"questionnaire": "a\u0000"}, {"at": 10**400}, {"tick": "1"},
    ],
)  # fmt: skip
async def test_an_event_that_cannot_be_read_is_named_and_refused(
    client: httpx.AsyncClient, kiosk: Kiosk, said: dict[str, Any]
) -> None:
    broken = kiosk.event({"overall": 5}, **said)
    whole = kiosk.event({"overall": 5})
    receipts = await send(client, kiosk, broken, whole)
    assert words(receipts) == ["malformed", "stored"]
    assert receipts[0]["message"]


@pytest.mark.parametrize(
    "answers",
    [
        {}, {"overall": 9}, {"nobody": 1}, {"overall": "\u0000"}, {"overall": [5]},
        {"overall": 5, "reflection": "x" * 2001}, {"overall": 10**30},
    ],
)  # fmt: skip
async def test_answers_that_the_form_refuses_use_their_number_up(
    client: httpx.AsyncClient, kiosk: Kiosk, answers: dict[str, Any]
) -> None:
    receipts = await send(client, kiosk, kiosk.event(answers), kiosk.event({"overall": 5}))
    assert words(receipts) == ["wrong answer", "stored"]
    row = await row_of(kiosk)
    assert (row["highest"], row["missing"]) == (2, "{}")


async def test_a_comment_with_a_zero_holds_nobody_up(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    odd = kiosk.event({"overall": 5, "reflection": "a\u0000b"})
    receipts = await send(client, kiosk, odd, kiosk.event({"overall": 5}))
    assert receipts[1]["status"] == "stored"
    assert receipts[0]["status"] in {"stored", "refused"}


async def test_a_request_that_is_none_gets_a_problem(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    path = f"{kiosk.path}/events"
    headers = {"content-type": "application/json"}
    event = kiosk.event({"overall": 5})
    for body in ("", "[]", "{}", "no json", json.dumps(kiosk.batch([])),
                 json.dumps(kiosk.batch([event] * 201))):  # fmt: skip
        answer = await client.post(path, content=body, headers=headers)
        assert answer.status_code in {400, 422}, body
        assert answer.headers["content-type"].startswith("application/problem+json")
    large = await client.post(path, content=b'"' + b"x" * 6_000_000, headers=headers)
    assert large.status_code == 413
    assert await count("waiting_rating") == 0


async def test_an_unknown_device_is_not_found_and_a_revoked_one_refused(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    nobody = Kiosk(device=str(uuid4()))
    for answer in (
        await nobody.send(client, nobody.event({"overall": 5})),
        await nobody.beat(client),
        await client.get(f"{nobody.path}/config"),
    ):
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:sipas:unknown-device")
    await revoke_device(kiosk.device, actor=None)  # type: ignore[arg-type]
    for answer in (
        await kiosk.send(client, kiosk.event({"overall": 5})),
        await kiosk.beat(client),
        await client.get(f"{kiosk.path}/config"),
    ):
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:sipas:revoked-device")
        assert "thu hồi" in answer.json()["detail"]
    assert await count("waiting_rating") == 0


async def test_a_replaced_device_makes_room_for_the_next_one(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    code = await replace_device(kiosk.device, actor=None)  # type: ignore[arg-type]
    assert (await kiosk.beat(client)).status_code == 403
    successor = Kiosk()
    assert (await successor.enrol(client, code.code)).json()["counter"] == "C1"
    assert str((await row_of(kiosk))["replaced_by"]) == successor.device
    assert words(await send(client, successor, successor.event({"overall": 5}))) == ["stored"]


async def test_one_device_that_floods_is_slowed_and_others_are_not(
    client: httpx.AsyncClient, kiosk: Kiosk, counter: int
) -> None:
    other = await enrol(client, counter)
    body = kiosk.seal({})
    calls = [client.post(f"{kiosk.path}/heartbeat", json=body) for _call in range(400)]
    slowed = [one for one in await asyncio.gather(*calls) if one.status_code == 429]
    assert slowed
    assert int(slowed[0].headers["retry-after"]) >= 1
    assert (await client.get(f"{other.path}/config")).status_code == 200


def test_a_bucket_fills_again_with_time() -> None:
    now = 0.0
    limit = Limit(60, clock=lambda: now)
    for _call in range(60):
        limit.take("a")
    with pytest.raises(TooManyError):
        limit.take("a")
    limit.take("b")
    now = 2.0
    limit.take("a")
    limit.take("a")
    with pytest.raises(TooManyError):
        limit.check("a")


async def test_a_heartbeat_tells_how_the_device_is(client: httpx.AsyncClient, kiosk: Kiosk) -> None:
    answer = await kiosk.beat(
        client, sent_at=wall() - 2 * DAY_MS, queue=12, oldest=HOUR_MS, full=True, last_number=40
    )
    body = answer.json()
    assert (answer.status_code, body["sleep"]) == (200, False)
    assert body["config"] == (await client.get(f"{kiosk.path}/config")).json()["version"]
    row = await row_of(kiosk)
    assert (row["queue"], row["given_out"], row["storage_full"]) == (12, 40, True)
    assert abs(row["clock_offset_ms"] - 2 * DAY_MS) < 10_000
    assert abs((row["seen_at"] - row["oldest_at"]).total_seconds() - 3600) < 1


@pytest.mark.parametrize(
    "said", [{"queue": -1}, {"queue": None}, {"version": "x" * 81}, {"oldest": "long"}]
)
async def test_a_heartbeat_that_cannot_be_read_is_refused(
    client: httpx.AsyncClient, kiosk: Kiosk, said: dict[str, Any]
) -> None:
    answer = await kiosk.beat(client, **said)
    assert answer.status_code == 422
    assert (await row_of(kiosk))["seen_at"] is None


async def test_a_heartbeat_of_somebody_else_is_refused(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    answer = await Kiosk(device=kiosk.device).beat(client)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:sipas:bad-signature")
    row = await row_of(kiosk)
    assert (row["seen_at"], row["bad_signatures"]) == (None, 1)


async def test_the_configuration_is_fetched_once_a_version(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    first = await client.get(f"{kiosk.path}/config")
    body = first.json()
    assert first.headers["etag"] == f'"{body["version"]}"'
    assert body["counter"] == {"code": "C1", "name": "Quầy số 1"}
    (overall,) = body["questionnaire"]["questions"]["overall"]
    assert [level["code"] for level in overall["levels"]] == [1, 2, 3, 4, 5]
    assert overall["label"]["vi"]
    headers = {"If-None-Match": first.headers["etag"]}
    assert (await client.get(f"{kiosk.path}/config", headers=headers)).status_code == 304
    await fetch("UPDATE counter SET name = 'Quầy mới'")
    # Names are looked up again after some minutes, or at once when the office changes something.
    forget_configs()
    second = await client.get(f"{kiosk.path}/config", headers=headers)
    assert second.status_code == 200
    assert second.json()["version"] != body["version"]


async def linked() -> list[bool]:
    rows = await fetch("SELECT cell IS NOT NULL AS linked FROM waiting_rating")
    return sorted(row["linked"] for row in rows)


async def test_a_tap_takes_the_right_that_is_open_now(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    await open_right("H1", timedelta(minutes=1))
    await send(client, kiosk, kiosk.event({"overall": 5}), kiosk.event({"overall": 4}))
    assert await linked() == [False, True]


async def test_a_late_tap_takes_the_right_that_was_open_when_it_was_given(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    await open_right("H1", timedelta(hours=5))
    late = kiosk.event({"overall": 5}, tick=tick() - 5 * HOUR_MS + 60_000)
    early = kiosk.event({"overall": 4}, tick=tick() - 5 * HOUR_MS - 60_000)
    assert words(await send(client, kiosk, early, late)) == ["stored", "stored"]
    assert await linked() == [False, True]
    (row,) = await fetch("SELECT cell IS NULL AS free FROM waiting_rating WHERE id = $1",
                         json.loads(early["payload"])["id"])  # fmt: skip
    assert row["free"]


async def test_a_late_tap_of_a_dossier_that_was_rated_meanwhile_is_unlinked(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    await open_right("H1", timedelta(hours=5))
    right = (await open_links(["H1"], questionnaire="counter", days=30))["H1"]
    rating = {"id": str(uuid4()), "right": right, "answers": {"overall": 3}}
    await client.post("/api/ratings", json={"ratings": [rating]})
    await send(client, kiosk, kiosk.event({"overall": 5}, tick=tick() - 5 * HOUR_MS + 60_000))
    assert await linked() == [False, True]


async def test_taps_of_one_day_offline_take_their_rights_in_the_order_of_the_day(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    for place, dossier in enumerate(("H1", "H2", "H3")):
        await open_right(dossier, timedelta(hours=6 - 2 * place))
    taps = [
        kiosk.event({"overall": 5}, tick=tick() - (6 - 2 * place) * HOUR_MS + 60_000)
        for place in range(3)
    ]
    await send(client, kiosk, *reversed(taps))
    assert await linked() == [True, True, True]


async def test_a_tap_of_an_earlier_boot_is_placed_by_the_offset_it_had_heard(
    client: httpx.AsyncClient, kiosk: Kiosk
) -> None:
    await open_right("H1", timedelta(days=2))
    wrong_clock = wall() - 400 * DAY_MS
    given = wall() - 2 * DAY_MS + 60_000
    tap = kiosk.event(
        {"overall": 5}, boot=str(uuid4()), tick=5, at=wrong_clock, offset=given - wrong_clock
    )
    await send(client, kiosk, tap)
    assert await linked() == [True]


@pytest.mark.parametrize("offset", [None, 10 * DAY_MS, 1e300, -1e300])
async def test_a_tap_whose_time_is_uncertain_takes_no_right_and_says_so(
    client: httpx.AsyncClient, kiosk: Kiosk, offset: float | None, tmp_path: Path
) -> None:
    await open_right("H1", timedelta(minutes=1))
    tap = kiosk.event({"overall": 5}, boot=str(uuid4()), tick=5, offset=offset)
    assert words(await send(client, kiosk, tap)) == ["stored"]
    row = (await fetch("SELECT cell, day_certain FROM waiting_rating"))[0]
    assert (row["cell"], row["day_certain"]) == (None, False)
    (seen,) = await sightings(tmp_path)
    assert (seen.given_at, seen.number, seen.level, seen.levels) == (None, 1, 5, 5)


async def test_the_ledger_holds_no_answer(client: httpx.AsyncClient, kiosk: Kiosk) -> None:
    """Fails when anyone adds a column that could hold an answer, or a hash of one."""
    await send(client, kiosk, kiosk.event({"overall": 5}))
    row = (await fetch("SELECT * FROM device_event"))[0]
    assert sorted(row) == ["day", "device", "event", "id", "kind", "number"]
