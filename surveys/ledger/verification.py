"""Holding the ratings that are there against the ledger, in words that anybody can act on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from surveys.days import local_day
from surveys.ledger.chain import Day, Fault, check_chain, check_heads
from surveys.ledger.commitments import Counts, added, unpack
from surveys.ledger.days import read_days, standing
from surveys.ledger.openings import open_waiting
from surveys.quality import Key
from surveys.transactions import fetch, transaction


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, and what does not fit; nothing of it when the ledger holds."""

    days: int
    newest: Day | None
    ratings: int
    opened: int
    faults: list[Fault]


async def verify(
    *,
    heads: Sequence[str] = (),
    key: Key | None = None,
    late: bool = True,
    now: datetime | None = None,
) -> Verdict:
    """Recompute the chain and count the ratings, as of one moment.

    `heads` are hexadecimal heads that somebody kept. With the quality `key` the ratings that wait
    are held against their commitments as long as the window has their salts. With `late` a chain that ends before
    yesterday is a fault; in a backup it is not.
    """
    async with transaction() as connection:
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        days = await read_days(connection)
        there, open_days = await standing(connection)
        opened, found = await open_waiting(connection, key, days) if key else (0, [])
    faults = [*check_chain(days), *check_heads(days, heads), *found]
    if not days:
        faults.append(Fault("no ledger", "There is no closed day: the ledger has not begun."))
    else:
        if late:
            faults += _check_closed(days, local_day(now or datetime.now(UTC)))
        faults += await _check_counts(days, there, open_days)
    return Verdict(len(days), days[-1] if days else None, there.ratings, opened, faults)


def _check_closed(days: Sequence[Day], today: date) -> list[Fault]:
    late = (today - timedelta(days=1) - days[-1].day).days
    if late <= 1:
        return []
    return [Fault("late", f"The newest closed day is {days[-1].day}; {late} days since then are "
                  "not closed. Does the worker run?")]  # fmt: skip


async def _check_counts(days: Sequence[Day], there: Counts, open_days: Counts) -> list[Fault]:
    try:
        accepted = added([*(unpack(day.counts) for day in days), open_days])
    except ValueError:
        return []  # The chain's own check has named the day.
    names = await _names()
    faults = []
    for place in sorted(there.places | accepted.places):
        stand, taken = there.places.get(place, 0), accepted.places.get(place, 0)
        where = names.get(place, place)
        if stand > taken:
            faults.append(
                Fault("stuffed", f"{where}: {stand - taken} more ratings stand there than were "
                      f"ever accepted ({stand} instead of {taken}): rows were put in.")
            )  # fmt: skip
        elif stand < taken:
            faults.append(
                Fault("deleted", f"{where}: {taken - stand} ratings are gone that were accepted "
                      f"({stand} instead of {taken}): rows were deleted or moved.")
            )  # fmt: skip
    return faults


async def _names() -> dict[str, str]:
    rows = await fetch(
        "SELECT 'a' || id AS place, code || ' ' || name AS name FROM agency"
        " UNION ALL SELECT 'c' || c.id, 'without a right at ' || c.code || ' ' || c.name"
        " FROM counter c"
    )
    return {row["place"]: row["name"] for row in rows}
