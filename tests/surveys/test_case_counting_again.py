"""Clocks that began again, and what a day later must not move, in the figures of cases."""

from datetime import datetime, timedelta
from uuid import UUID

from surveys import reflections
from surveys.reflections.counting import CaseCounts, count_cases
from surveys.transactions import fetch
from tests.surveys.case_town import (
    MONDAY,
    Town,
    bring_in_hand,
    bring_to_answer,
    make_town,
    open_one,
)
from tests.surveys.test_case_counting import MARCH, answered, count

DAY = timedelta(days=1)
SOON = MONDAY + 5 * DAY


async def refused(town: Town, at: datetime = MONDAY + DAY) -> UUID:
    opened = await open_one(town)
    await reflections.refuse(opened.id, "Không đủ thông tin.", town.clerk, now=at)
    return opened.id


async def reopened(case: UUID, at: datetime = MONDAY + 3 * DAY) -> UUID:
    await reflections.not_settled(case, "Chưa giải quyết gì.", now=at)
    return case


async def answer_again(case: UUID, town: Town, at: datetime) -> None:
    await reflections.take(case, town.clerk, now=at)
    await bring_to_answer(case, town, at, f"Trả lời lại ngày {at:%d/%m}.")


async def test_who_refuses_everything_is_not_in_time_once_a_refusal_is_reopened_and_left(
    database: str,
) -> None:
    town = await make_town()
    await refused(town)
    await reopened(await refused(town))
    soon = await count(town, SOON)
    assert (soon.due, soon.in_time, soon.unhappy) == (2, 2, 1)
    late = await count(town)
    assert (late.due, late.in_time, late.unhappy, late.answered) == (2, 1, 1, 0)


async def test_a_refusal_that_the_citizen_reopened_counts_as_reopened_and_a_silent_one_does_not(
    database: str,
) -> None:
    town = await make_town()
    await refused(town)
    case = await reopened(await refused(town))
    row = await count(town, SOON)
    assert (row.judged, row.settled, row.reopened) == (1, 0, 1)
    await answer_again(case, town, MONDAY + 7 * DAY)
    await reflections.settle(case, now=MONDAY + 8 * DAY)
    row = await count(town)
    assert (row.answered, row.judged, row.settled, row.reopened) == (1, 1, 1, 1)
    assert (row.due, row.in_time) == (2, 2)


async def test_a_second_answer_must_be_in_time_too_and_so_must_one_that_never_comes(
    database: str,
) -> None:
    town = await make_town()
    kept, slow, never = [
        await reopened(await answered(town, MONDAY + DAY), MONDAY + 2 * DAY) for _one in range(3)
    ]
    waiting = await count(town, SOON)
    assert (waiting.due, waiting.in_time, waiting.reopened) == (3, 3, 3)
    await answer_again(kept, town, SOON)
    await answer_again(slow, town, MONDAY + 50 * DAY)
    row = await count(town)
    assert (row.due, row.in_time, row.answered, row.reopened) == (3, 1, 3, 3)
    assert never not in (kept, slow)


async def test_the_time_until_the_answer_is_that_of_the_first_one_that_stood(
    database: str,
) -> None:
    town = await make_town()
    once = await answered(town, MONDAY + DAY)
    before = (await count(town, MONDAY + 2 * DAY)).minutes
    await answer_again(await reopened(once), town, MONDAY + 7 * DAY)
    assert (await count(town)).minutes == before
    back = await answered(town, MONDAY + DAY)
    await reflections.return_answer(back, "Chưa đúng.", town.coordinator, now=MONDAY + 2 * DAY)
    waiting = await count(town, SOON)
    assert (waiting.answered, waiting.minutes) == (1, before)
    await bring_to_answer(back, town, MONDAY + 7 * DAY, "Trả lời lại.")
    first, second = (await count(town)).minutes
    assert first == before[0] < second
    # What the agency did after the day is no part of the figure of that day.
    assert await count(town, SOON) == waiting


async def test_who_hands_on_a_case_whose_term_has_run_out_is_late_and_the_next_has_its_own_term(
    database: str,
) -> None:
    town = await make_town()
    opened = await open_one(town)
    await reflections.transfer(
        opened.id, town.other, "Không thuộc thẩm quyền.", town.clerk, now=MONDAY + 28 * DAY
    )
    rows = await count_cases(*MARCH, as_of=MONDAY + 29 * DAY)
    assert sorted((row.transferred, row.due, row.in_time) for row in rows) == [
        (0, 0, 0),
        (1, 1, 0),
    ]


async def test_a_case_that_comes_back_is_two_stays_with_a_word_each(database: str) -> None:
    town = await make_town()
    case = await reopened(await answered(town, MONDAY + DAY))
    there_and_back = (town.other, town.clerk), (town.agency, town.stranger)
    for number, (target, who) in enumerate(there_and_back, 4):
        at = MONDAY + number * DAY
        await reflections.transfer(case, target, "Không thuộc thẩm quyền.", who, now=at)
    await bring_in_hand(case, town, MONDAY + 7 * DAY)
    await bring_to_answer(case, town, MONDAY + 8 * DAY, "Đã bỏ giấy đó.")
    await reflections.settle(case, now=MONDAY + 9 * DAY)
    row = await count(town)
    assert (row.received, row.answered, row.transferred, row.due) == (2, 2, 1, 2)
    assert (row.judged, row.settled, row.reopened, row.in_time) == (2, 1, 1, 2)


async def test_a_quarter_that_is_told_stands_still_whatever_is_rated_afterwards(
    database: str,
) -> None:
    town = await make_town()
    cases = [await answered(town, MONDAY + DAY) for _one in range(4)]
    low, better, worse, _none = cases
    for case, level in ((low, 1), (better, 2), (worse, 5)):
        await reflections.rate_reply(case, level, now=MONDAY + 2 * DAY)
    told = await count(town, SOON)
    assert (told.due, told.unhappy) == (4, 2)
    for case, level in zip(cases, (2, 4, 1, 1), strict=True):
        await reflections.rate_reply(case, level, now=SOON + DAY)
    assert await count(town, SOON) == told
    assert (await count(town)).unhappy == 3
    assert (await count(town, MONDAY + DAY)).unhappy == 0


async def test_a_level_belongs_to_the_answer_that_stood_when_it_was_given(database: str) -> None:
    town = await make_town()
    case = await answered(town, MONDAY + DAY)
    await reflections.rate_reply(case, 1, now=MONDAY + 2 * DAY)
    await reflections.return_answer(case, "Chưa đúng.", town.coordinator, now=MONDAY + 3 * DAY)
    await bring_to_answer(case, town, MONDAY + 4 * DAY, "Trả lời lại.")
    await reflections.rate_reply(case, 5, now=MONDAY + 7 * DAY)
    row = await count(town)
    assert (row.due, row.in_time, row.unhappy) == (1, 1, 1)


async def test_a_question_to_the_citizen_wipes_out_no_term_that_had_run_out(
    database: str,
) -> None:
    town = await make_town()
    over, within = [await open_one(town) for _one in range(2)]
    for opened in (over, within):
        await bring_in_hand(opened.id, town)
    await reflections.ask_information(within.id, "Ở quầy nào?", town.clerk, now=MONDAY + DAY)
    day = MONDAY + 40 * DAY
    before: CaseCounts = await count(town, day)
    assert (before.due, before.in_time) == (1, 0)
    await reflections.ask_information(over.id, "Ở quầy nào?", town.clerk, now=day + DAY)
    assert await count(town, day) == before
    assert (await count(town)).due == 1
    for opened in (over, within):
        await reflections.add_information(
            opened.id, "Quầy số 3.", reflections.CITIZEN, now=day + 20 * DAY
        )
    assert await count(town, day) == before
    ends = await fetch(
        "SELECT c.due_at > p.due_before AS moved FROM case_pause p JOIN case_clock c"
        " ON c.id = p.clock WHERE c.clock = 'answer'"
    )
    assert [row["moved"] for row in ends] == [True, True]
