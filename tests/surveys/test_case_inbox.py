"""The inbox: what is shown, to whom, and how cases are found by words."""

from datetime import datetime, timedelta
from typing import get_args

import pytest

from surveys import reflections
from surveys.accounts import Filter, list_audit
from surveys.reflections import Actor, Filters
from surveys.reflections.searching import plain
from surveys.transactions import fetch
from tests.factories import make_agency
from tests.surveys.case_town import (
    MONDAY,
    Town,
    bring_in_hand,
    bring_to_answer,
    make_town,
    open_one,
)


async def found(
    town: Town, *, by: Actor | None = None, now: datetime = MONDAY, **filters: object
) -> list[str]:
    page = await reflections.inbox(Filters(**filters), by or town.clerk, now=now)  # type: ignore[arg-type]
    return [row["reference"] for row in page.rows]


async def test_an_agency_sees_its_own_cases_and_the_focal_point_all(database: str) -> None:
    town = await make_town()
    mine = (await open_one(town)).reference
    theirs = (await open_one(town, agency=town.other)).reference
    assert await found(town) == [mine]
    assert await found(town, by=town.stranger) == [theirs]
    assert set(await found(town, by=town.coordinator)) == {mine, theirs}
    assert await found(town, agency=town.other) == []
    assert await found(town, by=Actor(frozenset())) == []


async def test_cases_of_the_agencies_below_are_not_listed_either(database: str) -> None:
    town = await make_town()
    below = await make_agency(parent=town.agency)
    theirs = await open_one(town, agency=below)
    for scope in get_args(Filters.__annotations__["scope"]):
        assert await found(town, scope=scope, state="any", words=theirs.reference) == []
    assert await found(town, agency=below) == []


async def test_mine_unowned_overdue_and_due_today_are_told_apart(database: str) -> None:
    town = await make_town()
    first, second = await open_one(town), await open_one(town, now=MONDAY + timedelta(days=2))
    await bring_in_hand(first.id, town)
    assert await found(town, scope="mine") == [first.reference]
    assert await found(town, scope="unowned") == [second.reference]
    # The second must be received by Friday at nine.
    friday = MONDAY + timedelta(days=4, hours=-1)
    assert await found(town, due="today", now=friday) == [second.reference]
    assert await found(town, due="overdue", now=friday + timedelta(hours=2)) == [second.reference]
    counts = await reflections.inbox_counts(town.clerk, now=friday)
    assert counts == {
        "mine": 1, "open": 2, "unowned": 1, "new": 1, "drafted": 0, "overdue": 0, "today": 1,
    }  # fmt: skip


async def test_what_is_due_first_stands_first_and_answered_cases_are_elsewhere(
    database: str,
) -> None:
    town = await make_town()
    later = await open_one(town, now=MONDAY + timedelta(days=1))
    sooner = await open_one(town)
    done = await open_one(town)
    await bring_in_hand(done.id, town)
    await bring_to_answer(done.id, town)
    assert await found(town) == [sooner.reference, later.reference]
    assert await found(town, state="answered") == [done.reference]
    assert len(await found(town, state="any")) == 3
    assert await found(town, state="any", order="newest") == [
        later.reference, *sorted_by_id(sooner, done),
    ]  # fmt: skip


def sorted_by_id(*cases: reflections.Opened) -> list[str]:
    return [case.reference for case in sorted(cases, key=lambda case: case.id)]


async def test_a_duplicate_stands_under_its_main_case(database: str) -> None:
    town = await make_town()
    main, twin = await open_one(town), await open_one(town)
    await reflections.merge(twin.id, main.id, town.clerk)
    page = await reflections.inbox(Filters(), town.clerk, now=MONDAY)
    assert [(row["reference"], row["duplicates"]) for row in page.rows] == [(main.reference, 1)]
    assert await found(town, state="new") == [main.reference]


async def test_whoever_looks_for_a_duplicate_finds_it_and_its_main_case(database: str) -> None:
    town = await make_town()
    main, twin = await open_one(town), await open_one(town, text="Ghế chờ ở quầy 3 bị hỏng.")
    await reflections.merge(twin.id, main.id, town.clerk)
    for words in (twin.reference, "ghe cho"):
        page = await reflections.inbox(Filters(words=words), town.clerk, now=MONDAY)
        (row,) = page.rows
        assert (row["reference"], row["main_reference"]) == (twin.reference, main.reference)
    await bring_in_hand(main.id, town)
    await bring_to_answer(main.id, town)
    both = {main.reference, twin.reference}
    for state in ("answered", "any"):
        assert set(await found(town, state=state)) == both
    assert await found(town) == []


@pytest.mark.parametrize(
    "words",
    ["giấy tờ", "giay to", "GIẤY  TỜ", "giay ba lan", "đường Trần Phú", "duong tran", "0912 345"],
)
async def test_words_are_found_with_or_without_marks(database: str, words: str) -> None:
    town = await make_town()
    wanted = await open_one(town, subject="Ở đường Trần Phú")
    await open_one(town, text="Ghế chờ bị hỏng.")
    assert await found(town, words=words) == [wanted.reference]


async def test_marks_of_another_spelling_and_signs_of_patterns_find_nothing_by_chance(
    database: str,
) -> None:
    town = await make_town()
    wanted = await open_one(town, text="Phí thu 100% và a_b")
    decomposed = "Phi\u0301 thu"
    assert await found(town, words=decomposed) == [wanted.reference]
    assert await found(town, words="100%") == [wanted.reference]
    assert await found(town, words="a%b") == []
    assert await found(town, words="\\") == []
    assert await found(town, words="\0") == [wanted.reference]


async def test_a_case_is_found_by_its_title_and_by_its_reference(database: str) -> None:
    town = await make_town()
    wanted, _other = await open_one(town), await open_one(town, text="Ghế chờ bị hỏng.")
    await reflections.receive(wanted.id, town.clerk, title="Đòi thêm hộ khẩu", now=MONDAY)
    assert await found(town, words="ho khau") == [wanted.reference]
    assert await found(town, words=wanted.reference.lower()) == [wanted.reference]
    assert wanted.reference in await found(town, words=wanted.reference[3:11])


async def test_a_case_is_found_by_the_end_of_its_reference(database: str) -> None:
    town = await make_town()
    wanted, _other = await open_one(town), await open_one(town)
    await fetch(
        "UPDATE reflection_case SET reference = 'PA-20260805-JNCE3' WHERE id = $1", wanted.id
    )
    assert await found(town, words="jnce3") == ["PA-20260805-JNCE3"]
    assert await found(town, words="20260805") == ["PA-20260805-JNCE3"]


async def test_the_database_and_the_program_take_marks_off_alike(database: str) -> None:
    texts = ["Đường Nguyễn Huệ", "ẤẦẨẪẬ ỨỪỬỮỰ ỲỴỶỸÝ", "Ơ Ô Ư Ă Â", "Phi\u0301", "a%b_c\\d", "ß É"]
    rows = await fetch("SELECT plain_text(t) AS p FROM unnest($1::text[]) t", texts)
    assert [row["p"] for row in rows] == [plain(text) for text in texts]
    assert plain("Đường Nguyễn Huệ") == "duong nguyen hue"


async def test_first_words_are_shown_where_no_title_is_and_their_reading_is_logged(
    database: str,
) -> None:
    town = await make_town()
    opened = await open_one(town)
    page = await reflections.inbox(Filters(), town.clerk, now=MONDAY)
    assert page.rows[0]["excerpt"].startswith("Ba lần")
    (entry,), _before = await list_audit(Filter(action="case_excerpts_read"))
    assert entry.detail == {"cases": [opened.reference]}
    await reflections.set_title(opened.id, "Đòi thêm giấy tờ", town.clerk)
    page = await reflections.inbox(Filters(), town.clerk, now=MONDAY)
    assert page.rows[0]["excerpt"] is None
    entries, _before = await list_audit(Filter(action="case_excerpts_read"))
    assert len(entries) == 1


async def test_pages_hold_forty_and_say_whether_more_follow(database: str) -> None:
    town = await make_town()
    for _one in range(41):
        await open_one(town)
    first = await reflections.inbox(Filters(), town.clerk, now=MONDAY)
    second = await reflections.inbox(Filters(), town.clerk, page=2, now=MONDAY)
    assert (len(first.rows), first.more) == (40, True)
    assert (len(second.rows), second.more) == (1, False)
    assert len({row["id"] for row in first.rows + second.rows}) == 41
