"""What the retention purge takes, and what it leaves."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from surveys.accounts import list_audit
from surveys.days import local_day
from surveys.retention import purge
from surveys.transactions import fetch
from tests.factories import (
    KEPT_DAYS,
    make_agency,
    make_counter,
    make_device,
    make_dossier,
    make_procedure,
)


async def count(table: str) -> int:
    return int((await fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"])


def now() -> datetime:
    return datetime.now(UTC)


async def add_resend_key(age: timedelta) -> None:
    day = (now() - age).date()
    await fetch("INSERT INTO resend_key (id, day) VALUES (gen_random_uuid(), $1)", day)


async def add_comment(age: timedelta) -> None:
    version = await fetch(
        "INSERT INTO questionnaire_version (key, version, title, xlsx, xform, md5, compiled)"
        " VALUES ('counter', $1, '', '', '', $2, '{}') RETURNING id",
        *(age.days, str(age.days)),
    )
    month: date = (now() - age).date().replace(day=1)
    await fetch(
        "INSERT INTO comment (id, version, agency, month, text)"
        " VALUES (gen_random_uuid(), $1, $2, $3, 'Tốt')",
        *(version[0]["id"], await make_agency(), month),
    )


async def add_audit_entry(age: timedelta) -> None:
    await fetch(
        "INSERT INTO audit_entry (action, subject, detail, at) VALUES ('a', 'b', '{}', $1)",
        now() - age,
    )


async def add_session(age: timedelta) -> None:
    # A session that lasts a day, begun so long ago.
    await fetch(
        "INSERT INTO staff_session (id_hash, data, expires_at) VALUES ($1, '', $2)",
        *(str(age), now() - age + timedelta(days=1)),
    )


async def add_job(age: timedelta) -> None:
    await fetch("INSERT INTO job (task, due, done_at) VALUES ('mix_ratings', $1, $1)", now() - age)


async def add_right(age: timedelta, mode: str) -> None:
    agency = await make_agency()
    cell = await fetch(
        "INSERT INTO cell (agency, grain, returned_from) VALUES ($1, 'week', '2021-02-08')"
        " RETURNING id",
        agency,
    )
    await fetch(
        "INSERT INTO right_to_rate (token_hash, dossier, cell, mode, counter, questionnaire,"
        " opened_at, expires_at) VALUES ($1, $2, $3, $4, $5, 'counter', $6, $6)",
        str(age) + mode,
        await make_dossier(agency, await make_procedure()),
        cell[0]["id"],
        mode,
        await make_counter(agency),
        now() - age,
    )


async def add_link(age: timedelta) -> None:
    await add_right(age, "online")


async def add_kiosk_right(age: timedelta) -> None:
    await add_right(age, "kiosk")


async def add_device_event(age: timedelta) -> None:
    device = await make_device(await make_counter(await make_agency()))
    await fetch(
        "INSERT INTO device_event (device, number, event, kind, day)"
        " VALUES ($1, 1, gen_random_uuid(), 'tap', $2)",
        *(device, local_day(now() - age)),
    )


async def add_quality_box(age: timedelta) -> None:
    await fetch(
        "INSERT INTO quality_box (id, day, box) VALUES (gen_random_uuid(), $1, 'sealed')",
        local_day(now() - age),
    )


async def add_enrolment_code(age: timedelta) -> None:
    counter = await make_counter(await make_agency())
    await fetch(
        "INSERT INTO enrolment_code (code_hash, counter, expires_at) VALUES ($1, $2, $3)",
        *(str(age), counter, now() - age),
    )


async def test_the_ledger_goes_no_later_than_the_ids_of_ratings(database: str) -> None:
    await add_device_event(timedelta(days=3))
    assert (await purge(**KEPT_DAYS | {"ledger_days": 30}))["device_events"] == 0
    assert (await purge(**KEPT_DAYS | {"ledger_days": 30, "resend_days": 2}))["device_events"] == 1


async def test_a_kiosk_right_goes_at_once_when_its_dossier_was_rated(database: str) -> None:
    await add_kiosk_right(timedelta(hours=1))
    await fetch(
        "INSERT INTO spent_right (id, dossier, questionnaire, day)"
        " SELECT gen_random_uuid(), dossier, questionnaire, current_date FROM right_to_rate"
    )
    assert (await purge(**KEPT_DAYS))["kiosk_rights"] == 1


@pytest.mark.parametrize(
    ("kind", "table", "add", "days"),
    [
        ("resend_keys", "resend_key", add_resend_key, (16, 13)),
        ("comments", "comment", add_comment, (365 + 32, 364)),
        ("audit_entries", "audit_entry", add_audit_entry, (1096, 1094)),
        ("sessions", "staff_session", add_session, (2, 0)),
        ("jobs", "job", add_job, (31, 29)),
        ("links", "right_to_rate", add_link, (31, 29)),
        ("kiosk_rights", "right_to_rate", add_kiosk_right, (8, 6)),
        ("device_events", "device_event", add_device_event, (8, 7)),
        ("quality_boxes", "quality_box", add_quality_box, (8, 7)),
        ("enrolment_codes", "enrolment_code", add_enrolment_code, (2, 0)),
    ],
)
async def test_only_what_is_past_its_time_goes(
    database: str, kind: str, table: str, add: Callable[..., Awaitable[None]], days: tuple[int, int]
) -> None:
    old, young = days
    await add(timedelta(days=old))
    await add(timedelta(days=young))
    before = await count(table)
    counts = await purge(**KEPT_DAYS)
    assert {name: n for name, n in counts.items() if n} == {kind: 1}
    # The purge of the log writes an entry of its own.
    assert await count(table) == before - 1 + (table == "audit_entry")


async def test_a_purge_is_written_down_and_an_empty_one_is_not(database: str) -> None:
    await purge(**KEPT_DAYS)
    assert (await list_audit())[0] == []
    await add_resend_key(timedelta(days=20))
    await purge(**KEPT_DAYS)
    (entry,) = (await list_audit())[0]
    assert (entry.action, entry.detail) == ("retention_purged", {"resend_keys": 1})


async def test_the_log_cannot_be_deleted_after_a_purge(database: str) -> None:
    await add_audit_entry(timedelta(days=1))
    await purge(**KEPT_DAYS)
    with pytest.raises(Exception, match="only grows"):
        await fetch("DELETE FROM audit_entry")


async def test_keys_and_spent_signatures_go_when_no_ticket_can_be_redeemed(database: str) -> None:
    cell = await fetch(
        "INSERT INTO cell (agency, grain, returned_from) VALUES ($1, 'week', '2021-02-08')"
        " RETURNING id",
        await make_agency(),
    )
    today = (await fetch("SELECT (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day"))[0]["day"]
    for days in (-1, 0, 30):
        key = await fetch(
            "INSERT INTO signing_key (id, cell, questionnaire, public_key, redeem_until)"
            " VALUES (gen_random_uuid(), $1, $2, '', $3) RETURNING id",
            *(cell[0]["id"], f"q{days}", today + timedelta(days=days)),
        )
        # Spent long ago: what counts is whether the ticket could still be sent again.
        await fetch(
            "INSERT INTO spent_signature (hash, key, day) VALUES ($1, $2, '2021-02-10')",
            *(f"h{days}", key[0]["id"]),
        )
    for age in (13, 14, 15):
        await fetch(
            "INSERT INTO signed_request (id, day) VALUES ($1, $2)",
            *(f"r{age}", today - timedelta(days=age)),
        )
    gone = await purge(**KEPT_DAYS)
    assert (gone["signing_keys"], gone["signed_requests"]) == (1, 1)
    assert (await count("signing_key"), await count("spent_signature")) == (2, 2)
