"""What others ask of the register: agencies, counters, kin, and the population of an index."""

from datetime import UTC, date, datetime

import pytest

from surveys.register import (
    UnknownAgencyError,
    get_agency,
    list_agencies,
    open_counters,
    population,
    predecessors,
    successors,
)
from surveys.tables.register import AgencySuccession
from tests.factories import (
    make_agency,
    make_counter,
    make_device,
    make_dossier,
    make_procedure,
    make_unit,
)

CHANGE = date(2025, 7, 1)


async def link(before: int, after: int | None, share: float = 1, **given: object) -> None:
    ends = {"predecessor": before, "successor": after, "share": share}
    rest = {"effective_date": CHANGE, "kind": "split", "assumed": False} | given
    await AgencySuccession.insert(AgencySuccession.from_dict({**ends, **rest}))


async def test_agencies_are_those_valid_on_a_day(database: str) -> None:
    unit = await make_unit("56")
    above = await make_agency("A", unit=unit)
    await make_agency("B", parent=above, valid_to=CHANGE)
    await make_agency("C", valid_from=CHANGE)
    assert [a.code for a in await list_agencies()] == ["A", "B", "C"]
    assert [a.code for a in await list_agencies(date(2025, 6, 30))] == ["A", "B"]
    assert [a.code for a in await list_agencies(CHANGE)] == ["A", "C"]
    found = await get_agency("A")
    assert (found.unit, found.unit_name, found.parent) == ("56", "Tỉnh Khánh Hòa", None)
    assert (await get_agency("B")).parent == "A"


async def test_an_unknown_agency_is_told(database: str) -> None:
    with pytest.raises(UnknownAgencyError, match="«X»"):
        await get_agency("X")
    with pytest.raises(UnknownAgencyError, match="«X»"):
        await successors("X")


async def test_shares_multiply_along_a_way_and_add_up_over_ways(database: str) -> None:
    a, b, c, d = [await make_agency(code) for code in "ABCD"]
    await link(a, b, 0.5)
    await link(a, c, 0.5, assumed=True)
    later = date(2026, 7, 1)
    await link(b, d, 0.4, effective_date=later)
    await link(c, d, 1, effective_date=later)
    found = {kin.code: kin for kin in await successors("A")}
    assert {code: kin.share for code, kin in found.items()} == pytest.approx(
        {"B": 0.5, "C": 0.5, "D": 0.7}
    )
    assert {code: kin.assumed for code, kin in found.items()} == {
        "B": False, "C": True, "D": True,
    }  # fmt: skip
    assert (found["D"].steps, found["D"].effective_date) == (2, later)
    back = {kin.code: kin.share for kin in await predecessors("D")}
    assert back == pytest.approx({"B": 0.4, "C": 1.0, "A": 0.7})
    assert await successors("D") == []


async def test_a_way_goes_forward_in_time_and_never_in_a_circle(database: str) -> None:
    a, b, c = [await make_agency(code) for code in "ABC"]
    await link(a, b)
    await link(b, a, effective_date=date(2026, 1, 1))
    await link(b, c, effective_date=date(2020, 1, 1))
    await link(c, None, kind="dissolve")
    assert [kin.code for kin in await successors("A")] == ["B"]
    assert await successors("C") == []


async def test_counters_are_open_while_their_agency_is(database: str) -> None:
    ended = await make_agency("A", valid_to=CHANGE)
    await make_counter(ended, "Q1")
    await make_device(await make_counter(await make_agency("B"), "Q2"))
    assert [(c.code, c.agency, c.has_kiosk) for c in await open_counters()] == [("Q2", "B", True)]
    assert [c.code for c in await open_counters(date(2025, 6, 30))] == ["Q1", "Q2"]


async def test_the_population_counts_returned_dossiers_by_cell(database: str) -> None:
    agency, other = await make_agency("A"), await make_agency("B")
    birth = await make_procedure("KS", field="HT")
    land = await make_procedure("DD", field="DD")
    await make_dossier(agency, birth)
    await make_dossier(agency, birth, outcome="refused")
    await make_dossier(agency, birth, channel="online")
    await make_dossier(agency, land, due_at=None)
    await make_dossier(agency, land, due_at=datetime(2021, 2, 10, 2, 59, 59, tzinfo=UTC))
    await make_dossier(other, land, due_at=datetime(2021, 2, 10, 3, tzinfo=UTC))
    await make_dossier(other, land, returned_at=None, closed_at=None)
    found = await population(date(2021, 1, 1), date(2021, 3, 31))
    assert [(p.agency, p.field, p.channel, p.on_time, p.dossiers) for p in found] == [
        ("A", "DD", "counter", False, 1),
        ("A", "DD", "counter", True, 1),
        ("A", "HT", "counter", True, 2),
        ("A", "HT", "online", True, 1),
        ("B", "DD", "counter", True, 1),
    ]


async def test_days_of_the_population_are_days_in_viet_nam(database: str) -> None:
    agency, procedure = await make_agency(), await make_procedure()
    for moment in (
        datetime(2020, 12, 31, 16, 59, 59, tzinfo=UTC),
        datetime(2020, 12, 31, 17, tzinfo=UTC),
        datetime(2021, 3, 31, 16, 59, 59, tzinfo=UTC),
        datetime(2021, 3, 31, 17, tzinfo=UTC),
    ):
        received = datetime(2020, 1, 1, tzinfo=UTC)
        await make_dossier(
            agency, procedure, received_at=received, returned_at=moment, closed_at=moment
        )
    found = await population(date(2021, 1, 1), date(2021, 3, 31))
    assert sum(part.dossiers for part in found) == 2
