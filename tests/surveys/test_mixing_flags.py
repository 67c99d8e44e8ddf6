"""Linked ratings wait for the judge, and flagged ones are mixed among themselves."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from surveys.ratings import Batch, mix
from surveys.transactions import fetch
from tests.factories import (
    make_agency,
    make_counter,
    make_dossier,
    make_procedure,
    make_version,
)

RETURNED = datetime(2021, 2, 10, 3, tzinfo=UTC)


async def make_flag(counter: int, week: date) -> UUID:
    flag = uuid4()
    await fetch(
        "INSERT INTO quality_flag (id, counter, week, q) VALUES ($1, $2, $3, 0)",
        *(flag, counter, week),
    )
    return flag


async def wait(
    many: int, version: int, cell: int, *, flag: UUID | None = None, judged: bool = True
) -> None:
    await fetch(
        "INSERT INTO waiting_rating (id, version, mode, cell, assisted, received_on, judged, flag)"
        " SELECT gen_random_uuid(), $1, 'kiosk', $2, '', $3, $4, $5 FROM generate_series(1, $6)",
        *(version, cell, RETURNED.date(), judged, flag, many),
    )


async def test_a_flagged_group_needs_its_own_company_and_nothing_unjudged_leaves(
    database: str,
) -> None:
    agency, procedure, version = await make_agency(), await make_procedure(), await make_version()
    counter = await make_counter(agency)
    for _dossier in range(25):
        await make_dossier(agency, procedure, returned_at=RETURNED)
    rows = await fetch(
        "INSERT INTO cell (agency, field, channel, on_time, grain, returned_from)"
        " SELECT $1, field, 'counter', true, 'week', $2 FROM procedure WHERE id = $3 RETURNING id",
        *(agency, date(2021, 2, 8), procedure),
    )
    cell = rows[0]["id"]
    many, few = [await make_flag(counter, date(2021, 2, day)) for day in (8, 1)]
    await wait(6, version, cell)
    await wait(7, version, cell, flag=many)
    await wait(5, version, cell, flag=few)
    await wait(9, version, cell, judged=False)
    await mix(Batch(), now=RETURNED + timedelta(days=2))
    mixed = await fetch("SELECT flag, count(*) AS n FROM rating GROUP BY flag ORDER BY n")
    assert [(row["flag"], row["n"]) for row in mixed] == [(None, 6), (many, 7)]
    # Later ones join their own kind, and the small group waits however long it takes.
    await wait(6, version, cell, flag=many)
    await mix(Batch(), now=RETURNED + timedelta(days=300))
    mixed = await fetch("SELECT flag, count(*) AS n FROM rating GROUP BY flag ORDER BY n")
    assert [(row["flag"], row["n"]) for row in mixed] == [(None, 6), (many, 13)]
    left = await fetch("SELECT flag, judged, count(*) AS n FROM waiting_rating GROUP BY 1, 2")
    assert {(row["flag"], row["judged"]): row["n"] for row in left} == {
        (few, True): 5, (None, False): 9,
    }  # fmt: skip
