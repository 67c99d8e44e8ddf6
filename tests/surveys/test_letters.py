"""Apology letters: whom they are owed to, when they are late, and that a date moves once."""

import asyncio
import contextvars
from collections.abc import Coroutine
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from surveys import letters
from surveys.accounts import FieldError
from surveys.days import ZONE
from surveys.errors import NotFoundError, StateError
from surveys.letters import NewLetter, Wanted
from surveys.transactions import fetch, transaction
from tests.factories import make_dossier, make_procedure
from tests.surveys.case_town import Town, make_town

# A Monday; the dossiers were due on the Wednesday after it.
MONDAY = datetime(2026, 3, 2, 9, tzinfo=ZONE)
DUE = datetime(2026, 3, 4, 16, tzinfo=ZONE)
DAY = timedelta(days=1)
NEXT_WEEK = date(2026, 3, 11)
SORRY = NewLetter(reason="Cơ quan phối hợp chưa trả lời.", new_due_on=NEXT_WEEK)


@pytest.fixture
async def town(database: str) -> Town:
    return await make_town()


async def dossier(town: Town, code: str = "H-1", **given: object) -> int:
    values = {"received_at": MONDAY - 10 * DAY, "due_at": DUE, "returned_at": None}
    values |= {"closed_at": None, "outcome": None}
    return await make_dossier(town.agency, await make_procedure(), code, **values | given)


async def write(town: Town, one: int, new: NewLetter = SORRY, now: datetime = MONDAY) -> UUID:
    (letter,) = await letters.write_letters([one], new, town.clerk, now=now)
    return letter


async def flags(town: Town, now: datetime) -> set[str]:
    counts = await letters.count_flags(Wanted(agency=town.agency), now=now)
    return {flag for flag in letters.FLAGS if counts[flag]}


async def test_a_dossier_before_its_day_is_soon_and_after_it_misses_a_letter(town: Town) -> None:
    await dossier(town)
    assert await flags(town, DUE - 5 * DAY) == set()
    assert await flags(town, DUE - 2 * DAY) == {"soon"}
    assert await flags(town, DUE + DAY) == {"missing"}


async def test_a_letter_that_was_not_sent_is_no_letter(town: Town) -> None:
    await write(town, await dossier(town))
    assert await flags(town, DUE + DAY) == {"missing", "unsent"}


@pytest.mark.parametrize(("before", "late"), [(2, False), (1, False), (0, True), (-3, True)])
async def test_a_letter_is_in_time_one_day_before_the_day_that_was_promised(
    town: Town, before: int, late: bool
) -> None:
    letter = await write(town, await dossier(town))
    await letters.mark_sent(letter, town.clerk, now=DUE - before * DAY)
    found = await flags(town, DUE + DAY)
    assert found == ({"late"} if late else set())


async def test_what_was_returned_in_time_is_no_business_of_letters(town: Town) -> None:
    one = await dossier(town, returned_at=DUE - DAY, closed_at=DUE)
    assert await flags(town, DUE + 5 * DAY) == set()
    with pytest.raises(FieldError, match="đúng hẹn"):
        await write(town, one, now=DUE + DAY)


async def test_what_was_returned_late_gets_a_letter_without_a_new_day(town: Town) -> None:
    one = await dossier(town, returned_at=DUE + 2 * DAY)
    assert await flags(town, DUE + 3 * DAY) == {"missing"}
    letter = await letters.get_letter(await write(town, one, now=DUE + 3 * DAY), town.clerk)
    assert letter.new_due_on is None
    assert letter.fields["ngay_tra"] == "06/03/2026"


async def test_a_new_day_that_passes_is_flagged(town: Town) -> None:
    letter = await write(town, await dossier(town))
    await letters.mark_sent(letter, town.clerk, now=MONDAY)
    after = datetime(2026, 3, 12, 9, tzinfo=ZONE)
    assert await flags(town, after - 2 * DAY) == set()
    assert await flags(town, after) == {"second"}


async def test_a_day_moves_once_and_a_second_time_as_a_breach_only(town: Town) -> None:
    one = await dossier(town)
    await letters.mark_sent(await write(town, one), town.clerk, now=MONDAY)
    again = NewLetter(reason="Vẫn chưa có ý kiến.", new_due_on=date(2026, 3, 18))
    later = DUE + DAY
    with pytest.raises(FieldError) as refused:
        await write(town, one, again, now=later)
    assert refused.value.field == "breach"
    owned = NewLetter(reason=again.reason, new_due_on=again.new_due_on, breach="Thiếu người.")
    second = await letters.get_letter(await write(town, one, owned, now=later), town.clerk)
    assert (second.number, second.due_on) == (2, NEXT_WEEK)
    assert "second" in await flags(town, later)


async def test_the_database_itself_refuses_a_second_day_without_a_reason(town: Town) -> None:
    letter = await write(town, await dossier(town))
    with pytest.raises(asyncpg.CheckViolationError):
        await fetch("UPDATE apology_letter SET number = 2 WHERE id = $1", letter)


async def test_a_sent_letter_stays_as_it_was(town: Town) -> None:
    letter = await write(town, await dossier(town))
    await letters.mark_sent(letter, town.clerk, now=MONDAY)
    with pytest.raises(asyncpg.RestrictViolationError):
        await fetch("UPDATE apology_letter SET sent_on = '2026-01-01' WHERE id = $1", letter)
    with pytest.raises(StateError):
        await letters.remove_letter(letter, town.clerk)
    with pytest.raises(StateError):
        await letters.mark_sent(letter, town.clerk)


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewLetter(reason=" ", new_due_on=NEXT_WEEK), "reason"),
        (NewLetter(reason="Vì."), "new_due_on"),
        (NewLetter(reason="Vì.", new_due_on=date(2026, 3, 4)), "new_due_on"),
        (NewLetter(reason="Vì.", new_due_on=date(2026, 3, 8)), "new_due_on"),
        (NewLetter(reason="Vì.", new_due_on=date(2062, 3, 10)), "new_due_on"),
    ],
    ids=["no reason", "no day", "the same day", "a Sunday", "a slip of the year"],
)
async def test_a_letter_needs_a_reason_and_a_working_day_after_the_old_one(
    town: Town, new: NewLetter, field: str
) -> None:
    with pytest.raises(FieldError) as refused:
        await write(town, await dossier(town), new)
    assert refused.value.field == field


async def test_of_many_all_are_written_or_none(town: Town) -> None:
    good, bad = await dossier(town, "H-1"), await dossier(town, "H-2", due_at=None)
    with pytest.raises(FieldError, match="H-2"):
        await letters.write_letters([good, bad], SORRY, town.clerk, now=MONDAY)
    assert not await fetch("SELECT 1 FROM apology_letter")


async def together(*steps: Coroutine[Any, Any, object]) -> list[object]:
    return await asyncio.gather(*steps, return_exceptions=True)


async def test_of_two_who_write_at_once_one_writes_and_the_other_is_told(town: Town) -> None:
    for number in range(4):
        one = await dossier(town, f"H-{number}")
        done = await together(
            *(letters.write_letters([one], SORRY, by, now=MONDAY) for by in (town.clerk, town.head))
        )
        faults = [found for found in done if isinstance(found, BaseException)]
        assert len(faults) == 1
        with pytest.raises(FieldError, match="chưa gửi"):
            raise faults[0]
    assert len(await fetch("SELECT 1 FROM apology_letter")) == 4


async def test_whoever_waited_for_another_sees_what_that_one_wrote(town: Town) -> None:
    one = await dossier(town)
    async with transaction():
        (letter,) = await letters.write_letters([one], SORRY, town.clerk, now=MONDAY)
        await letters.mark_sent(letter, town.clerk, now=MONDAY)
        context = contextvars.Context()
        other = asyncio.get_running_loop().create_task(
            letters.write_letters([one], SORRY, town.head, now=DUE), context=context
        )
        await asyncio.sleep(0.5)
        assert not other.done()
    with pytest.raises(FieldError, match="sau ngày hẹn cũ"):
        await other


async def test_of_two_who_send_or_take_back_at_once_one_does_and_the_other_is_told(
    town: Town,
) -> None:
    for number in range(4):
        letter = await write(town, await dossier(town, f"H-{number}"))
        second = letters.remove_letter if number % 2 else letters.mark_sent
        done = await together(letters.mark_sent(letter, town.clerk), second(letter, town.head))
        faults = [found for found in done if isinstance(found, BaseException)]
        assert len(faults) == 1
        with pytest.raises((StateError, NotFoundError)):
            raise faults[0]
    rows = await fetch("SELECT 1 FROM audit_entry WHERE action = 'apology_sent'")
    assert len(rows) >= 2


async def test_nobody_writes_or_reads_for_another_agency(town: Town) -> None:
    one = await dossier(town)
    with pytest.raises(FieldError):
        await letters.write_letters([one], SORRY, town.stranger, now=MONDAY)
    letter = await write(town, one)
    with pytest.raises(NotFoundError):
        await letters.get_letter(letter, town.stranger)
    with pytest.raises(NotFoundError):
        await letters.mark_sent(letter, town.stranger)


async def test_the_message_carries_both_days_and_its_address_stands_in_the_outbox_only(
    town: Town,
) -> None:
    letter = await write(town, await dossier(town))
    await letters.mark_sent(letter, town.clerk, channel="sms", address="0912 345 678", now=MONDAY)
    (message,) = await fetch("SELECT event, address, fields FROM outbox_message")
    assert (message["event"], message["address"]) == ("decision_late", "+84912345678")
    assert '"11/03/2026"' in message["fields"]
    assert '"04/03/2026"' in message["fields"]
    everything = str(await fetch("SELECT * FROM apology_letter"))
    assert "912345678" not in everything + str(await fetch("SELECT * FROM audit_entry"))
