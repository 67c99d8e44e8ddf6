"""What became of cases, counted in the database."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from surveys import reflections
from surveys.days import ZONE
from surveys.reflections.counting import CaseCounts, count_cases, count_dossiers
from tests.factories import make_dossier, make_procedure
from tests.surveys.case_town import (
    MONDAY,
    Town,
    bring_in_hand,
    bring_to_answer,
    make_town,
    open_one,
)

DAY = timedelta(days=1)
MARCH = date(2026, 3, 1), date(2026, 3, 31)
LATER = datetime(2026, 6, 1, tzinfo=ZONE)


async def count(town: Town, as_of: datetime = LATER) -> CaseCounts:
    (row,) = await count_cases(*MARCH, as_of=as_of, agency=town.agency)
    return row


async def answered(town: Town, at: datetime, came: datetime = MONDAY) -> UUID:
    opened = await open_one(town, now=came)
    await bring_in_hand(opened.id, town, came)
    await bring_to_answer(opened.id, town, at)
    return opened.id


async def test_an_answer_within_its_term_is_in_time_and_a_later_one_is_not(database: str) -> None:
    town = await make_town()
    await answered(town, MONDAY + 3 * DAY)
    await answered(town, MONDAY + 40 * DAY)
    row = await count(town)
    assert (row.received, row.due, row.in_time, row.answered) == (2, 2, 1, 2)
    assert len(row.minutes) == 2
    assert row.minutes[0] < row.minutes[1]


async def test_a_case_within_its_term_is_not_yet_counted_and_an_overdue_one_is_late(
    database: str,
) -> None:
    town = await make_town()
    await open_one(town)
    soon = await count(town, MONDAY + 2 * DAY)
    assert (soon.received, soon.due) == (1, 0)
    late = await count(town, MONDAY + 60 * DAY)
    assert (late.received, late.due, late.in_time) == (1, 1, 0)


async def test_a_transferred_case_counts_as_received_twice_and_is_owed_by_the_second_only(
    database: str,
) -> None:
    town = await make_town()
    opened = await open_one(town)
    await reflections.transfer(
        opened.id, town.other, "Không thuộc thẩm quyền.", town.clerk, now=MONDAY + DAY
    )
    rows = {row.code: row for row in await count_cases(*MARCH, as_of=LATER)}
    assert sorted((row.received, row.transferred, row.due) for row in rows.values()) == [
        (1, 0, 1),
        (1, 1, 0),
    ]
    (own,) = await count_cases(*MARCH, as_of=LATER, agency=town.agency)
    assert own.transferred == 1


async def test_silence_is_not_settled_and_a_reopened_case_can_still_be(database: str) -> None:
    town = await make_town()
    done = MONDAY + 2 * DAY
    silent = await answered(town, done)
    settled = await answered(town, done)
    again = await answered(town, done)
    await reflections.settle(settled, now=done + DAY)
    await reflections.not_settled(again, "Vẫn bắt nộp thêm.", now=done + DAY)
    early = await count(town, done + 2 * DAY)
    assert (early.answered, early.judged, early.settled, early.reopened) == (3, 2, 1, 1)
    late = await count(town)
    assert (late.judged, late.settled, late.reopened) == (3, 1, 1)
    await reflections.take(again, town.clerk, now=done + 2 * DAY)
    await bring_to_answer(again, town, done + 3 * DAY, "Đã bỏ giấy đó.")
    await reflections.settle(again, now=done + 4 * DAY)
    last = await count(town)
    assert (last.answered, last.judged, last.settled, last.reopened) == (3, 3, 2, 1)
    assert silent is not None


async def test_what_a_citizen_says_later_does_not_move_what_was_counted_before(
    database: str,
) -> None:
    town = await make_town()
    case = await answered(town, MONDAY + DAY)
    as_of = MONDAY + 5 * DAY
    before = await count(town, as_of)
    await reflections.settle(case, now=as_of + DAY)
    assert await count(town, as_of) == before
    assert (await count(town)).settled == 1


async def test_an_answer_sent_back_must_be_in_time_the_second_time_too(database: str) -> None:
    town = await make_town()
    case = await answered(town, MONDAY + DAY)
    await reflections.return_answer(
        case, "Chưa đúng trọng tâm.", town.coordinator, now=MONDAY + 2 * DAY
    )
    waiting = await count(town, MONDAY + 3 * DAY)
    assert (waiting.due, waiting.in_time) == (0, 0)
    await bring_to_answer(case, town, MONDAY + 60 * DAY, "Trả lời lại.")
    row = await count(town, MONDAY + 61 * DAY)
    assert (row.due, row.in_time) == (1, 0)


async def test_a_change_counts_by_the_newest_answer(database: str) -> None:
    town = await make_town()
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    await reflections.save_draft(
        opened.id, "Đã bỏ giấy.", town.clerk, base=0, change="made", explanation="Bỏ một giấy.", now=MONDAY
    )  # fmt: skip
    await reflections.submit_draft(opened.id, town.clerk, now=MONDAY)
    await reflections.answer(opened.id, town.clerk, now=MONDAY + DAY)
    row = await count(town)
    assert (row.made, row.planned, row.answered) == (1, 0, 1)


async def test_a_dossier_both_late_and_told_of_is_taken_off_once(database: str) -> None:
    town = await make_town()
    procedure = await make_procedure()
    at = datetime(2026, 3, 10, 9, tzinfo=ZONE)
    common: dict[str, Any] = {"received_at": at - 9 * DAY, "returned_at": at, "closed_at": at}
    late = await make_dossier(town.agency, procedure, due_at=at - DAY, **common)
    fine = await make_dossier(town.agency, procedure, due_at=at + DAY, **common)
    await make_dossier(town.agency, procedure, due_at=at + DAY, **common)
    for dossier in (late, fine):
        await open_one(town, dossier=dossier)
    (row,) = await count_dossiers(*MARCH, as_of=LATER)
    assert (row.finished, row.late, row.late_or_told) == (3, 1, 2)
