"""Publishing: numbered versions, the one in force, and what the database lets in for each."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from surveys.errors import NotFoundError
from surveys.questionnaires import (
    QuestionnaireError,
    UnknownVersionError,
    compile_form,
    current_version,
    items,
    load_questionnaire,
    publish_form,
)
from surveys.transactions import fetch, fetch_one
from tests.factories import make_agency, make_counter
from tests.surveys.forms import FORMS, VI, counter_sheets, row_of, workbook

COUNTER = (FORMS / "counter.xlsx").read_bytes()


def changed(label: str = "Ông/Bà thấy thế nào?") -> bytes:
    sheets = counter_sheets()
    row_of(sheets, "overall")[f"label::{VI}"] = label
    return workbook(sheets)


async def answer(version: int, item: int, code: int) -> None:
    """One rating at a counter with one answer, as intake would store it."""
    counter = await make_counter(await make_agency())
    rating = uuid4()
    await fetch(
        "INSERT INTO waiting_rating (id, version, mode, counter, day, received_on)"
        " VALUES ($1, $2, 'kiosk', $3, '2021-02-10', now())",
        *(rating, version, counter),
    )
    await fetch(
        "INSERT INTO waiting_answer (rating, version, item, code) VALUES ($1, $2, $3, $4)",
        *(rating, version, item, code),
    )


async def test_a_published_form_is_loaded_as_it_was_compiled(database: str) -> None:
    version = await publish_form(COUNTER)
    assert await load_questionnaire(version) == compile_form(COUNTER).questionnaire
    assert await current_version("counter") == version


async def test_workbook_and_xform_are_kept_with_the_hash_that_collect_compares(
    database: str,
) -> None:
    version = await publish_form(COUNTER)
    row = await fetch_one("SELECT * FROM questionnaire_version WHERE id = $1", version)
    form = compile_form(COUNTER)
    assert row is not None
    assert (row["xlsx"], row["xform"].encode(), row["md5"]) == (COUNTER, form.xml, form.md5)
    assert (row["key"], row["version"]) == ("counter", 1)
    assert row["title"] == "Đánh giá lần làm thủ tục"


async def test_the_same_content_twice_is_one_version(database: str) -> None:
    version = await publish_form(COUNTER)
    assert await publish_form(COUNTER) == version
    saved_again = workbook(counter_sheets())
    assert saved_again != COUNTER
    assert await publish_form(saved_again) == version


async def test_the_same_file_is_recognised_after_the_converter_has_changed(database: str) -> None:
    version = await publish_form(COUNTER)
    await fetch("UPDATE questionnaire_version SET md5 = 'md5:of an older converter'")
    assert await publish_form(COUNTER) == version


async def test_a_changed_form_takes_the_next_number_and_is_in_force(database: str) -> None:
    first = await publish_form(COUNTER)
    second = await publish_form(changed())
    assert await current_version("counter") == second != first
    assert [(await load_questionnaire(v)).version for v in (first, second)] == [1, 2]


async def test_going_back_to_an_old_form_is_a_new_version(database: str) -> None:
    for xlsx in (COUNTER, changed(), COUNTER):
        newest = await publish_form(xlsx)
    assert (await load_questionnaire(newest)).version == 3
    assert await current_version("counter") == newest


async def test_forms_are_numbered_each_on_its_own(database: str) -> None:
    await publish_form(COUNTER)
    other = await publish_form((FORMS / "three_level.xlsx").read_bytes())
    assert (await load_questionnaire(other)).version == 1
    assert await current_version("three_level") == other


async def test_forms_published_at_once_get_different_numbers(database: str) -> None:
    versions = await asyncio.gather(*(publish_form(changed(f"Câu {n}")) for n in range(4)))
    numbers = {(await load_questionnaire(version)).version for version in versions}
    assert numbers == {1, 2, 3, 4}


async def test_a_form_published_by_many_at_once_is_one_version(database: str) -> None:
    assert len(set(await asyncio.gather(*(publish_form(COUNTER) for _ in range(4))))) == 1


async def test_the_database_lets_in_exactly_the_allowed_codes(database: str) -> None:
    version = await publish_form(COUNTER)
    rows = await fetch("SELECT item, code FROM allowed_code WHERE version = $1", version)
    questionnaire = await load_questionnaire(version)
    assert {(row["item"], row["code"]) for row in rows} == {
        (item.position, code) for item in items(questionnaire) for code in item.allowed_codes
    }
    await answer(version, 1, 5)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await answer(version, 1, 98)


async def test_a_version_with_answers_is_frozen_and_a_change_makes_the_next(database: str) -> None:
    first = await publish_form(COUNTER)
    await answer(first, 1, 5)
    with pytest.raises(asyncpg.RestrictViolationError):
        await fetch("UPDATE questionnaire_version SET title = 'x' WHERE id = $1", first)
    with pytest.raises(asyncpg.RestrictViolationError):
        await fetch("DELETE FROM allowed_code WHERE version = $1", first)
    before = await load_questionnaire(first)
    assert await publish_form(changed()) != first
    assert await load_questionnaire(first) == before


async def test_a_refused_form_leaves_nothing_behind(database: str) -> None:
    sheets = counter_sheets()
    row_of(sheets, "overall")["required"] = ""
    with pytest.raises(QuestionnaireError):
        await publish_form(workbook(sheets))
    assert await fetch("SELECT id FROM questionnaire_version") == []


async def test_a_questionnaire_that_is_not_there_is_not_found(database: str) -> None:
    with pytest.raises(UnknownVersionError):
        await current_version("counter")
    with pytest.raises(NotFoundError):
        await load_questionnaire(1)
