"""Two people key a sheet without seeing each other; a third decides; nothing is left but counts."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from surveys.errors import ForbiddenError, InputError, NotFoundError, StateError
from surveys.paper import (
    Keyed,
    SheetOutcome,
    adjudicate,
    disputed,
    find_dispute,
    find_sheet,
    key_sheet,
    list_tallies,
    outstanding,
    own_reading,
    pending,
    read_serial,
)
from surveys.questionnaires import AnswerError, publish_form
from surveys.transactions import fetch, fetch_one
from tests.factories import make_agency
from tests.surveys.paper_desk import DAY, GIVEN, key, make_batch, make_operator, make_pile


@pytest.fixture
async def form(database: str) -> int:
    return await publish_form(Path("surveys/forms/counter.xlsx").read_bytes())


async def ratings() -> list[dict[str, Any]]:
    return await fetch(
        "SELECT w.*, (SELECT array_agg((item, code)::text ORDER BY item) FROM waiting_answer a"
        " WHERE a.rating = w.id) AS answers FROM waiting_rating w"
    )


async def state_of(serial: str) -> tuple[str, str | None]:
    row = await fetch_one("SELECT state, outcome FROM paper_sheet WHERE serial = $1", serial)
    assert row is not None
    return row["state"], row["outcome"]


async def test_two_equal_readings_become_one_rating_of_the_counters_day(form: int) -> None:
    (serial,) = await make_pile(form)
    lan, minh = await make_operator("lan"), await make_operator("minh")
    await key(serial, lan)
    assert await ratings() == []
    await key(serial, minh)
    (rating,) = await ratings()
    assert (rating["mode"], rating["day"], rating["cell"]) == ("paper", DAY, None)
    assert rating["counter"] is not None
    assert rating["comment"] == "Rất tốt."
    assert rating["answers"] == ["(1,4)", "(2,5)", "(16,1)"]
    assert await state_of(serial) == ("settled", "answers")


async def test_the_same_person_cannot_key_a_sheet_twice(form: int) -> None:
    (serial,) = await make_pile(form)
    lan = await make_operator("lan")
    await key(serial, lan)
    await key(serial, lan, overall=5)
    assert await state_of(serial) == ("keyed", None)
    own = await own_reading(serial, lan)
    assert own is not None
    assert own.answers["overall"] == 5
    assert await ratings() == []


async def test_the_second_person_is_never_given_what_the_first_keyed(form: int) -> None:
    (serial,) = await make_pile(form)
    await key(serial, await make_operator("lan"))
    assert await own_reading(serial, await make_operator("minh")) is None


async def test_what_differs_waits_for_a_third_person(form: int) -> None:
    (serial,) = await make_pile(form)
    lan, minh, hoa = [await make_operator(name) for name in ("lan", "minh", "hoa")]
    await key(serial, lan)
    await key(serial, minh, overall=2, reflection="rất  TỐT.")
    assert await state_of(serial) == ("disputed", None)
    assert await disputed(hoa) == [serial]
    assert await disputed(lan) == await disputed(minh) == []
    dispute = await find_dispute(serial, hoa)
    assert dispute.fields == ("overall",)
    assert {reading.answers["overall"] for reading in dispute.readings} == {4, 2}
    await adjudicate(serial, Keyed(SheetOutcome.ANSWERS, GIVEN), hoa)
    (rating,) = await ratings()
    assert rating["answers"] == ["(1,4)", "(2,5)", "(16,1)"]
    counts = {
        tally.operator: (tally.sheets, tally.fields, tally.wrong) for tally in await list_tallies()
    }
    assert counts == {"lan": (1, 9, 0), "minh": (1, 9, 1)}


async def test_who_keyed_a_sheet_does_not_judge_it(form: int) -> None:
    (serial,) = await make_pile(form)
    lan, minh = await make_operator("lan"), await make_operator("minh")
    await key(serial, lan)
    await key(serial, minh, overall=2)
    for operator in (lan, minh):
        with pytest.raises(ForbiddenError):
            await find_dispute(serial, operator)
        with pytest.raises(ForbiddenError):
            await adjudicate(serial, Keyed(SheetOutcome.ANSWERS, GIVEN), operator)
    assert await ratings() == []


async def test_a_sheet_that_is_not_disputed_cannot_be_judged(form: int) -> None:
    (serial,) = await make_pile(form)
    hoa = await make_operator("hoa")
    with pytest.raises(StateError):
        await adjudicate(serial, Keyed(SheetOutcome.ANSWERS, GIVEN), hoa)
    assert await ratings() == []


async def test_both_can_be_wrong(form: int) -> None:
    (serial,) = await make_pile(form)
    lan, minh, hoa = [await make_operator(name) for name in ("lan", "minh", "hoa")]
    await key(serial, lan, overall=1)
    await key(serial, minh, overall=2, access=1)
    await adjudicate(serial, Keyed(SheetOutcome.ANSWERS, GIVEN), hoa)
    assert {tally.operator: tally.wrong for tally in await list_tallies()} == {"lan": 1, "minh": 2}


async def test_nothing_that_was_keyed_is_left_of_a_settled_sheet(form: int) -> None:
    (serial,) = await make_pile(form)
    await key(serial, await make_operator("lan"))
    await key(serial, await make_operator("minh"))
    rows = await fetch("SELECT outcome, answers FROM paper_keying WHERE sheet = $1", serial)
    assert rows == [{"outcome": None, "answers": None}] * 2
    log = await fetch("SELECT action, detail::text FROM audit_entry WHERE subject = $1", serial)
    assert [row["action"] for row in log] == ["paper_keyed", "paper_keyed"]
    assert not any("Rất tốt" in row["detail"] or "overall" in row["detail"] for row in log)


@pytest.mark.parametrize(
    "outcome", [one for one in SheetOutcome if one is not SheetOutcome.ANSWERS]
)
async def test_a_sheet_without_usable_answers_is_settled_without_a_rating(
    form: int, outcome: SheetOutcome
) -> None:
    (serial,) = await make_pile(form)
    for name in ("lan", "minh"):
        await key_sheet(serial, Keyed(outcome, {"overall": 5}), await make_operator(name))
    assert await state_of(serial) == ("settled", outcome)
    assert await ratings() == []


async def test_blank_against_answers_is_a_dispute_of_every_answered_field(form: int) -> None:
    (serial,) = await make_pile(form)
    await key(serial, await make_operator("lan"))
    await key_sheet(serial, Keyed(SheetOutcome.BLANK), await make_operator("minh"))
    dispute = await find_dispute(serial, await make_operator("hoa"))
    assert dispute.fields == ("outcome", "overall", "access", "reasons", "reflection")


async def test_an_answer_that_the_form_does_not_know_is_refused_and_nothing_kept(form: int) -> None:
    (serial,) = await make_pile(form)
    with pytest.raises(AnswerError):
        await key(serial, await make_operator("lan"), overall=6)
    assert await state_of(serial) == ("printed", None)


async def test_two_second_readings_at_once_settle_a_sheet_once(form: int) -> None:
    (serial,) = await make_pile(form)
    people = [await make_operator(f"so{number}") for number in range(6)]
    told = await asyncio.gather(*(key(serial, one) for one in people), return_exceptions=True)
    assert sum(isinstance(one, StateError) for one in told) == 4
    assert len(await ratings()) == 1


async def test_a_button_pressed_twice_changes_nothing(form: int) -> None:
    (serial,) = await make_pile(form)
    lan, minh = await make_operator("lan"), await make_operator("minh")
    await key(serial, lan)
    await key(serial, minh)
    await key(serial, minh, overall=1)
    assert len(await ratings()) == 1
    assert [tally.sheets for tally in await list_tallies()] == [1, 1]


async def test_an_agencys_own_person_cannot_key_its_sheets(form: int) -> None:
    agency = await make_agency()
    batch, (serial,) = await make_batch(form, 1, agency)
    own, other = (
        await make_operator("own", agency),
        await make_operator("other", await make_agency()),
    )
    with pytest.raises(ForbiddenError):
        await find_sheet(serial, own)
    with pytest.raises(ForbiddenError):
        await key(serial, own)
    assert await pending(own) == []
    assert [one.batch for one in await pending(other)] == [batch]


async def test_progress_counts_what_each_operator_has_had(form: int) -> None:
    batch, serials = await make_batch(form, 3)
    lan, minh = await make_operator("lan"), await make_operator("minh")
    await key(serials[0], lan)
    await key(serials[0], minh)
    await key(serials[1], minh)
    assert [(one.done, one.sheets) for one in await pending(lan)] == [(1, 3)]
    assert [(one.done, one.sheets) for one in await pending(minh)] == [(2, 3)]
    assert await outstanding(batch, minh) == [(3, serials[2])]
    assert (await find_sheet(serials[2], lan)).done == 1


async def test_a_slip_of_the_finger_in_a_serial_is_told(form: int) -> None:
    (serial,) = await make_pile(form)
    assert read_serial(f" {serial[:4].lower()}-{serial[4:]}\n") == serial
    wrong = serial[1] + serial[0] + serial[2:] if serial[0] != serial[1] else "2" + serial[1:]
    if wrong != serial:
        with pytest.raises(InputError, match="tờ phiếu"):
            read_serial(wrong)
    with pytest.raises(NotFoundError):
        await find_sheet("22222222", await make_operator("lan"))


async def test_the_database_keeps_two_turns_and_no_third(form: int) -> None:
    (serial,) = await make_pile(form)
    lan, minh, hoa = [await make_operator(name) for name in ("lan", "minh", "hoa")]
    await key(serial, lan)
    await key(serial, minh)
    with pytest.raises(asyncpg.CheckViolationError):
        await fetch(
            "INSERT INTO paper_keying (sheet, account, turn) VALUES ($1, $2, 3)", serial, hoa.id
        )
