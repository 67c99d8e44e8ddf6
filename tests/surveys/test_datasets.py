"""Rows become columns: what a run computes with, and how its input is named."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import msgspec
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.datasets import (
    company,
    input_hash,
    linked_ratings,
    population,
    snapshot,
    unlinked_counts,
    unlinked_days,
)
from surveys.periods import parse_period
from surveys.questionnaires import CompiledForm, compile_form, items, load_questionnaire
from surveys.transactions import fetch
from tests.factories import RETURNED, make_agency, make_counter, make_dossier, make_procedure
from tests.surveys.forms import FORMS

QUARTER = parse_period("2021-Q1")


@cache
def counter_form() -> CompiledForm:
    return compile_form((FORMS / "counter.xlsx").read_bytes())


async def make_form() -> int:
    """The counter form as published; compiling it takes longer than all the rest."""
    form = counter_form().questionnaire
    rows = await fetch(
        "INSERT INTO questionnaire_version"
        " (key, version, title, xlsx, xform, md5, compiled, published_at)"
        " VALUES ($1, 1, '', '', '', $1, $2, now()) RETURNING id",
        form.key,
        msgspec.json.encode(form).decode(),
    )
    pairs = [(item.position, code) for item in items(form) for code in item.allowed_codes]
    await fetch(
        "INSERT INTO allowed_code (version, item, code)"
        " SELECT $1, * FROM unnest($2::smallint[], $3::smallint[])",
        rows[0]["id"],
        *([*column] for column in zip(*pairs, strict=True)),
    )
    return int(rows[0]["id"])


async def make_cell(
    agency: int, day: str = "2021-02-08", grain: str = "week", **given: object
) -> int:
    values = {"field": None, "channel": "counter", "on_time": True} | given
    rows = await fetch(
        "INSERT INTO cell (agency, field, channel, on_time, grain, returned_from)"
        " VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        agency,
        *values.values(),
        grain,
        date.fromisoformat(day),
    )
    return int(rows[0]["id"])


async def rate(
    version: int,
    answers: dict[str, int],
    *,
    cell: int | None = None,
    counter: int | None = None,
    day: str = "2021-02-08",
    waiting: bool = False,
) -> UUID:
    """Store a rating, mixed or still waiting, with answers by question."""
    positions = {q.name: q.position for q in (await load_questionnaire(version)).questions}
    table = "waiting_rating" if waiting else "rating"
    columns = "id, version, mode, cell, counter, day" + (", received_on" if waiting else "")
    rating = uuid4()
    values = [rating, version, "kiosk", cell, counter, None if cell else date.fromisoformat(day)]
    values += [date(2021, 3, 1)] if waiting else []
    places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    await fetch(f"INSERT INTO {table} ({columns}) VALUES ({places})", *values)
    answer = "waiting_answer" if waiting else "answer"
    for name, code in answers.items():
        await fetch(
            f"INSERT INTO {answer} (rating, version, item, code) VALUES ($1, $2, $3, $4)",
            rating,
            version,
            positions[name],
            code,
        )
    return rating


async def test_the_population_has_one_row_a_cell(database: str) -> None:
    agency, procedure = await make_agency("A"), await make_procedure(field="Đất đai")
    for place in range(3):
        await make_dossier(agency, procedure, channel="online" if place else "counter")
    await make_dossier(agency, procedure, returned_at=datetime(2021, 3, 31, 18, tzinfo=UTC))
    frame = await population(QUARTER, cell_dossiers=1)
    assert sorted(frame.rows()) == [
        ("A", "Đất đai", "counter", True, 1),
        ("A", "Đất đai", "online", True, 2),
    ]


async def make_many(numbers: dict[tuple[str, str, bool], int]) -> int:
    """So many dossiers of agency A by field, channel and timeliness; returns the agency."""
    agency = await make_agency("A")
    for (field, channel, on_time), number in numbers.items():
        procedure = await make_procedure(field=field)
        due = RETURNED + timedelta(days=1 if on_time else -1)
        for _place in range(number):
            await make_dossier(agency, procedure, channel=channel, due_at=due)
    return agency


MANY = {
    ("Đất đai", "counter", True): 20,
    ("Đất đai", "counter", False): 2,
    ("Đất đai", "post", True): 3,
    ("Hộ tịch", "online", True): 4,
}


async def test_dossiers_of_small_cells_give_up_what_their_ratings_give_up(database: str) -> None:
    await make_many(MANY)
    assert {tuple(row) for row in (await population(QUARTER)).rows()} == {
        ("A", "Đất đai", "counter", True, 20),
        ("A", "Đất đai", "counter", None, 2),
        ("A", "Đất đai", None, None, 3),
        ("A", None, None, None, 4),
    }
    # A month's run leaves out the ratings of wider cells, and every other one tells all.
    assert (await population(parse_period("2021-02")))["field"].null_count() == 0


async def test_dossiers_go_the_way_that_rights_and_ratings_went(database: str) -> None:
    """Of ten rights five were opened early, in the agency's cell; half the late ratings moved."""
    version, agency = await make_form(), await make_many(MANY)
    field = (await fetch("SELECT id FROM field WHERE code = 'Đất đai'"))[0]["id"]
    first: dict[str, Any] = {
        "day": "2021-01-01",
        "grain": "quarter",
        "channel": None,
        "on_time": None,
    }
    fine = await make_cell(agency, field=field)
    late = await make_cell(agency, field=field, on_time=False)
    timeless = await make_cell(agency, field=field, **(first | {"channel": "counter"}))
    coarsest = await make_cell(agency, **first)
    for rows in ((fine, fine, 5, 0), (fine, coarsest, 5, 0), (late, timeless, 2, 0),
                 (timeless, coarsest, 0, 3)):  # fmt: skip
        await fetch(
            "INSERT INTO cell_merge (fine, cell, given, moved) VALUES ($1, $2, $3, $4)", *rows
        )
    for cell in (fine, *[timeless] * 3, *[coarsest] * 3):
        await rate(version, {"overall": 4}, cell=cell)
    frame = await population(QUARTER)
    assert {tuple(row) for row in frame.rows()} == {
        ("A", "Đất đai", "counter", True, 10),
        ("A", "Đất đai", "counter", None, 1),
        ("A", "Đất đai", None, None, 3),
        ("A", None, None, None, 4 + 10 + 1),
    }
    assert frame["dossiers"].sum() == sum(MANY.values())


async def test_refused_dossiers_count_when_they_are_closed(database: str) -> None:
    agency, procedure = await make_agency("A"), await make_procedure()
    for outcome in ("refused", "withdrawn", "stopped", "granted"):
        await make_dossier(agency, procedure, returned_at=None, outcome=outcome)
    await make_dossier(agency, procedure, returned_at=None, closed_at=None, outcome="refused")
    late: dict[str, Any] = {
        "returned_at": None,
        "outcome": "refused",
        "due_at": RETURNED - timedelta(days=1),
    }
    await make_dossier(agency, procedure, **late)
    rows = (await population(QUARTER, cell_dossiers=1)).rows()
    assert sorted(row[3:] for row in rows) == [(False, 1), (True, 3)]


async def test_a_period_without_dossiers_has_an_empty_population(database: str) -> None:
    frame = await population(QUARTER)
    assert frame.is_empty()
    assert frame.schema["on_time"] == pl.Boolean()


async def test_mixed_ratings_come_with_their_cell_and_waiting_ones_not_at_all(
    database: str,
) -> None:
    version, agency = await make_form(), await make_agency("A")
    cell = await make_cell(agency)
    await rate(version, {"overall": 5, "access": 4}, cell=cell)
    await rate(version, {"overall": 5, "access": 4}, cell=cell)
    await rate(version, {"overall": 5, "access": 4}, cell=cell, waiting=True)
    await rate(version, {"overall": 2}, cell=cell)
    frame = await linked_ratings(QUARTER, "counter")
    rows = frame.select("agency", "field", "channel", "on_time", "overall", "access", "count")
    assert sorted(rows.rows(), key=lambda row: row[4]) == [
        ("A", None, "counter", True, 2, None, 1),
        ("A", None, "counter", True, 5, 4, 2),
    ]


async def test_not_applicable_and_no_answer_are_null(database: str) -> None:
    version, agency = await make_form(), await make_agency("A")
    cell = await make_cell(agency)
    await rate(version, {"overall": 3, "access": 98, "result": 99, "officials": 1}, cell=cell)
    (row,) = (await linked_ratings(QUARTER, "counter")).to_dicts()
    assert (row["overall"], row["access"], row["result"], row["officials"]) == (3, None, None, 1)


async def test_every_factor_has_a_column_even_without_ratings(database: str) -> None:
    await make_form()
    frame = await linked_ratings(QUARTER, "counter")
    assert frame.is_empty()
    assert {"overall", "access", "procedures", "officials", "result", "feedback"} < {*frame.columns}


async def test_reasons_are_no_columns(database: str) -> None:
    version = await make_form()
    form = await load_questionnaire(version)
    reasons = {choice.name for q in form.questions for choice in q.choices}
    assert reasons
    assert not reasons & {*(await linked_ratings(QUARTER, "counter")).columns}


async def test_a_rating_counts_in_the_period_of_its_cell(database: str) -> None:
    version, agency = await make_form(), await make_agency("A")
    for day in ("2020-12-28", "2021-01-01", "2021-03-29", "2021-04-01"):
        await rate(version, {"overall": 4}, cell=await make_cell(agency, day))
    assert (await linked_ratings(QUARTER, "counter"))["count"].sum() == 2


async def test_a_cell_of_a_whole_quarter_is_in_the_quarter_but_in_no_month(database: str) -> None:
    version, agency = await make_form(), await make_agency("A")
    cell = await make_cell(agency, "2021-01-01", "quarter", on_time=None)
    await rate(version, {"overall": 4}, cell=cell)
    assert (await linked_ratings(QUARTER, "counter"))["on_time"].to_list() == [None]
    assert (await linked_ratings(parse_period("2021-01"), "counter")).is_empty()
    assert not (await linked_ratings(parse_period("2021"), "counter")).is_empty()


async def test_other_questionnaires_and_unlinked_taps_stay_out(database: str) -> None:
    version, agency = await make_form(), await make_agency("A")
    await rate(version, {"overall": 4}, counter=await make_counter(agency))
    await rate(version, {"overall": 4}, cell=await make_cell(agency))
    assert (await linked_ratings(QUARTER, "household")).is_empty()
    assert (await linked_ratings(QUARTER, "counter"))["count"].sum() == 1


async def test_a_run_tells_how_far_cells_were_merged_and_how_many_wait(database: str) -> None:
    version, agency = await make_form(), await make_agency("A")
    field = (await fetch("INSERT INTO field (code, name) VALUES ('F', 'F') RETURNING id"))[0]["id"]
    week, month = (
        await make_cell(agency, field=field),
        await make_cell(agency, "2021-02-01", "month"),
    )
    quarter = await make_cell(agency, "2021-01-01", "quarter", field=field, on_time=None)
    for cell in (week, week, month, quarter):
        await rate(version, {"overall": 4}, cell=cell)
    for _place in range(19):
        await rate(version, {"overall": 4}, cell=week, waiting=True)
    found = await company(QUARTER, "counter")
    assert {step: count for step, count in found["by_step"].items() if count} == {
        "none": 2, "week": 1, "on_time": 1,
    }  # fmt: skip
    # Of 19 that wait only the tens are told; the month leaves out what stands for the quarter.
    assert (found["waiting"], found["too_wide"]) == (10, 0)
    assert (await company(parse_period("2021-02"), "counter"))["too_wide"] == 1
    assert (await company(QUARTER, "household"))["waiting"] == 0


async def test_unlinked_taps_are_counted_by_agency(database: str) -> None:
    version = await make_form()
    shop, other = await make_agency("A"), await make_agency("B")
    first, second = await make_counter(shop), await make_counter(shop)
    await make_counter(other)
    await rate(version, {"overall": 4}, counter=first)
    await rate(version, {"overall": 4}, counter=second)
    await rate(version, {"overall": 4}, counter=second, waiting=True)
    await rate(version, {"overall": 4}, counter=second, day="2021-04-01")
    assert await unlinked_counts(QUARTER) == [
        {"agency": "A", "ratings": 2},
        {"agency": "B", "ratings": 0},
    ]
    assert {row["ratings"] for row in await unlinked_counts(QUARTER, "household")} == {0}


async def test_a_snapshot_does_not_see_what_comes_meanwhile(database: str) -> None:
    version, agency = await make_form(), await make_agency("A")
    cell = await make_cell(agency)
    await rate(version, {"overall": 4}, cell=cell)
    async with snapshot():
        before = await linked_ratings(QUARTER, "counter")
        await _rate_from_outside(database, version, cell)
        assert (await linked_ratings(QUARTER, "counter")).equals(before)
    assert (await linked_ratings(QUARTER, "counter"))["count"].sum() == 2


async def _rate_from_outside(database: str, version: int, cell: int) -> None:
    import asyncpg

    connection = await asyncpg.connect(database)
    await connection.execute(
        "INSERT INTO rating (id, version, mode, cell) VALUES (gen_random_uuid(), $1, 'kiosk', $2)",
        version,
        cell,
    )
    await connection.close()


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "", "a,b", 'c"d', "x\ny"]),
        st.none() | st.booleans(),
        st.none() | st.integers(1, 5),
    ),
    max_size=12,
)
SCHEMA = {"agency": pl.String(), "on_time": pl.Boolean(), "overall": pl.Int16()}


def frame_of(rows: list[tuple[str, bool | None, int | None]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@given(ROWS, st.randoms())
def test_the_hash_does_not_depend_on_any_order(
    rows: list[tuple[str, bool | None, int | None]], random: object
) -> None:
    mixed = rows.copy()
    random.shuffle(mixed)  # type: ignore[attr-defined]
    again = frame_of(mixed).select("overall", "agency", "on_time")
    assert input_hash([frame_of(rows)]) == input_hash([again])


@given(ROWS, ROWS)
def test_other_rows_have_another_hash(
    rows: list[tuple[str, bool | None, int | None]],
    others: list[tuple[str, bool | None, int | None]],
) -> None:
    same = sorted(rows, key=repr) == sorted(others, key=repr)
    assert (input_hash([frame_of(rows)]) == input_hash([frame_of(others)])) is same


def test_counted_rows_are_the_same_input_as_repeated_ones() -> None:
    repeated = frame_of([("A", True, 5)] * 3)
    counted = frame_of([("A", True, 5)]).with_columns(count=pl.lit(3))
    assert input_hash([repeated]) == input_hash([counted])


def test_the_hash_is_the_same_on_every_machine() -> None:
    frame = frame_of([("A", True, 5), ("B", None, None)])
    assert input_hash([frame]) == (
        "d12b71d722b9dc0cf069d7e78308ad239eaa8d873616fa671562ac08187afc0a"
    )


@pytest.mark.parametrize("frames", [[], [frame_of([])]])
def test_an_empty_input_has_a_hash_too(frames: list[pl.DataFrame]) -> None:
    assert len(input_hash(frames)) == 64


async def test_unlinked_taps_stand_beside_what_was_handed_over_that_day(database: str) -> None:
    version = await make_form()
    shop = await make_agency("A")
    first, second = await make_counter(shop, "C1"), await make_counter(shop, "C2")
    await fetch(
        "INSERT INTO counter_day (counter, day, handovers, ratings) VALUES ($1, '2021-02-10', 40, 3)",
        first,
    )
    for code in (5, 4, 2):
        await rate(version, {"overall": code}, counter=first, day="2021-02-10")
    await rate(version, {"overall": 3}, counter=second, day="2021-02-10")
    await rate(version, {"overall": 3}, counter=second, day="2021-02-11", waiting=True)
    await rate(version, {"overall": 3}, counter=second, day="2021-04-01")
    days = await unlinked_days(QUARTER, "counter")
    assert days.select("counter", "ratings", "satisfied", "handovers").rows() == [
        ("C1", 3, 2, 40), ("C2", 1, 0, 0)
    ]  # fmt: skip
    assert (await unlinked_days(QUARTER, "household")).is_empty()
