"""Sheets for a counter and for dossiers: what is printed never points to a dossier."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.errors import InputError, NotFoundError
from surveys.paper import find_batch, print_blank_sheets, print_dossier_sheets, sheets_of
from surveys.paper.piles import make_piles
from surveys.periods import span_of
from surveys.questionnaires import publish_form
from surveys.ratings import NewRating, open_links, record_ratings
from surveys.ratings.cells import Key
from surveys.tables.ratings import Grain
from surveys.transactions import fetch
from tests.factories import make_agency, make_counter
from tests.surveys.paper_desk import DAY, key, make_operator, make_returned

LEAST = 6


@pytest.fixture
async def form(database: str) -> int:
    return await publish_form(Path("surveys/forms/counter.xlsx").read_bytes())


async def test_a_batch_for_a_counter_has_numbered_sheets_with_serials_of_their_own(
    form: int,
) -> None:
    await make_counter(await make_agency(name="UBND phường Lộc Thọ"), "Q-1", name="Quầy số 1")
    batch = await print_blank_sheets("Q-1", DAY, 200, version=form, actor=None)
    sheets = await sheets_of(batch)
    assert [sheet.place for sheet in sheets] == list(range(1, 201))
    assert len({sheet.serial for sheet in sheets}) == 200
    found = await find_batch(batch)
    assert (found.counter, found.day, found.sheets, found.settled) == ("Quầy số 1", DAY, 200, 0)


@pytest.mark.parametrize("count", [0, -1, 301])
async def test_a_batch_of_no_size_is_refused(form: int, count: int) -> None:
    await make_counter(await make_agency(), "Q-1")
    with pytest.raises(InputError):
        await print_blank_sheets("Q-1", DAY, count, version=form, actor=None)


async def test_an_unknown_counter_gets_no_sheets(form: int) -> None:
    with pytest.raises(NotFoundError):
        await print_blank_sheets("Q-9", DAY, 5, version=form, actor=None)
    assert await fetch("SELECT * FROM paper_batch") == []


async def test_each_dossiers_right_is_spent_into_a_sheet_that_knows_only_the_cell(
    form: int,
) -> None:
    agency = await make_agency()
    codes = await make_returned(agency, 7)
    tokens = await open_links(codes[:1], questionnaire="counter", days=9)
    printed = await print_dossier_sheets(
        codes, agency=agency, version=form, least=LEAST, actor=None
    )
    assert printed.batch is not None
    (pile,) = printed.piles
    assert pile.dossiers == tuple(sorted(codes))
    sheets = await fetch("SELECT * FROM paper_sheet")
    assert len(sheets) == 7
    (cell,) = {sheet["cell"] for sheet in sheets}
    (merge,) = await fetch(
        "SELECT cell, held, given FROM cell_merge WHERE given > 0 AND cell = $1", cell
    )
    assert merge["held"] == 7
    # The first had a right there already, by its link.
    assert sum(row["given"] for row in await fetch("SELECT given FROM cell_merge")) == 7
    late = NewRating(
        id=(await fetch("SELECT gen_random_uuid() AS id"))[0]["id"],
        questionnaire="counter", version=form, codes=((1, 5),), right=tokens[codes[0]],
    )  # fmt: skip
    assert await record_ratings([late]) == ["already rated"]


async def test_a_sheet_of_a_dossier_becomes_a_linked_rating(form: int) -> None:
    agency = await make_agency()
    codes = await make_returned(agency, 6)
    printed = await print_dossier_sheets(
        codes, agency=agency, version=form, least=LEAST, actor=None
    )
    serial = printed.piles[0].serials[0]
    for name in ("lan", "minh"):
        await key(serial, await make_operator(name))
    (rating,) = await fetch("SELECT * FROM waiting_rating")
    assert rating["counter"] is rating["day"] is None
    (sheet,) = await fetch("SELECT cell FROM paper_sheet WHERE serial = $1", serial)
    assert rating["cell"] == sheet["cell"]


async def test_who_gets_no_sheet_is_told_why_and_keeps_the_right(form: int) -> None:
    agency = await make_agency()
    codes = await make_returned(agency, 6)
    few = await make_returned(agency, 2, field="Đất đai", days=200)
    await print_dossier_sheets(codes, agency=agency, version=form, least=LEAST, actor=None)
    again = await print_dossier_sheets(
        [*codes, *few, "no such"], agency=agency, version=form, least=LEAST, actor=None
    )
    assert again.batch is None
    why = dict(again.left_out)
    assert {why[code] for code in codes} == {"already rated"}
    assert {why[code] for code in few} == {"too few"}
    assert why["no such"] == "unknown dossier"
    tokens = await open_links(few, questionnaire="counter", days=9)
    assert len(tokens) == 2
    spent = await fetch("SELECT count(*) AS n FROM spent_right")
    assert spent[0]["n"] == 6


async def test_another_agencys_dossiers_are_unknown(form: int) -> None:
    codes = await make_returned(await make_agency(), 6)
    printed = await print_dossier_sheets(
        codes, agency=await make_agency(), version=form, least=LEAST, actor=None
    )
    assert printed.batch is None
    assert {why for _code, why in printed.left_out} == {"unknown dossier"}


async def test_no_table_ties_a_sheet_of_a_pile_to_a_dossier(form: int) -> None:
    # Whoever holds the database sees which dossiers were printed for together; within a pile
    # neither values nor the order of rows may say which sheet was meant for whom.
    agency = await make_agency()
    codes = await make_returned(agency, 200)
    printed = await print_dossier_sheets(
        codes, agency=agency, version=form, least=LEAST, actor=None
    )
    spent = await fetch(
        "SELECT d.code FROM spent_right s JOIN dossier d ON d.id = s.dossier ORDER BY s.ctid"
    )
    assert [row["code"] for row in spent] != codes
    in_order = sum(row["code"] == code for row, code in zip(spent, codes, strict=True))
    assert in_order < 20
    columns = await fetch(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_name LIKE 'paper%' AND column_name ~ 'dossier|right|token'"
    )
    assert columns == []
    log = await fetch("SELECT subject, detail::text FROM audit_entry")
    assert not any(code in row["detail"] + row["subject"] for row in log for code in codes[:9])
    assert printed.piles[0].serials != tuple(sorted(printed.piles[0].serials))


def key_of(dossier: int) -> Key:
    field, channel = dossier % 3, "counter" if dossier % 2 else "online"
    day = span_of(date(2021, 1 + dossier % 5, 1 + dossier % 28), Grain.WEEK)
    return Key(1, field, channel, dossier % 7 > 0, Grain.WEEK, day)


@given(st.sets(st.integers(0, 2000), max_size=120), st.integers(2, 9))
def test_no_pile_is_small_and_every_dossier_belongs_where_it_is(
    dossiers: set[int], least: int
) -> None:
    keys: Mapping[int, Key] = {dossier: key_of(dossier) for dossier in dossiers}
    piles = make_piles(keys, least)
    chosen = [dossier for pile in piles.values() for dossier in pile]
    assert len(chosen) == len(set(chosen))
    assert set(chosen) <= dossiers
    for cell, pile in piles.items():
        assert len(pile) >= least
        for dossier in pile:
            own = keys[dossier]
            assert cell.field in {None, own.field}
            assert cell.channel in {None, own.channel}
            assert cell.on_time in {None, own.on_time}
            assert cell.returned_from == span_of(own.returned_from, Grain(cell.grain))
    left = dossiers - set(chosen)
    quarters = [span_of(keys[one].returned_from, Grain.QUARTER) for one in left]
    assert all(quarters.count(quarter) < least for quarter in quarters)
