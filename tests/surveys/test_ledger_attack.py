"""What the ledger holds leads nobody from a dossier to an answer, nor tells the order of taps."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from surveys import ledger
from surveys.ledger.commitments import split, unpack
from surveys.ratings import Batch, mix
from surveys.transactions import fetch
from tests.surveys.test_ledger import rate

DAY = timedelta(days=1)

# Every column of the ledger, and what it may tell. A new one must be thought about first.
KNOWN = {
    # Salted hashes in their own order; how many of which agency or counter on which day, which
    # `spent_right` and `rating` tell already.
    "commitment_batch": ["counts", "day", "hashes", "id"],
    "ledger_day": [
        "counted", "counts", "day", "hashes", "head", "nonce", "number", "previous", "root", "told",
    ],
    # A device's numbers (for the days of the window), never an answer.
    "ledger_finding": ["day", "device", "first", "id", "kind", "last", "times"],
    # How long a page had been open at its newest heartbeat.
    "device_boot": ["boot", "device", "id", "tick"],
}  # fmt: skip

TRANSACTIONS = "SELECT xmin::text AS x FROM {table}"


async def transactions(table: str) -> set[str]:
    return {row["x"] for row in await fetch(TRANSACTIONS.format(table=table))}


async def test_no_column_of_the_ledger_was_added_unthought(database: str) -> None:
    rows = await fetch(
        "SELECT table_name AS t, array_agg(column_name::text ORDER BY column_name) AS c"
        " FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ANY($1)"
        " GROUP BY table_name",
        list(KNOWN),
    )
    assert {row["t"]: row["c"] for row in rows} == KNOWN


async def test_gathered_commitments_share_no_transaction_with_what_was_spent_or_said(
    database: str,
) -> None:
    now = datetime.now(UTC)
    await rate(12)
    # Until they are gathered, batches stand beside the ratings that they came with.
    assert await transactions("commitment_batch") & await transactions("waiting_rating")
    await ledger.gather(now)
    assert len(await transactions("commitment_batch")) == 1
    await ledger.close_days(now + DAY)
    tables = ("waiting_rating", "waiting_answer", "spent_right", "resend_key", "rating")
    await mix(Batch(cell_dossiers=1), now=now + 2 * DAY)
    for table in tables:
        assert not await transactions("ledger_day") & await transactions(table), table
    assert await fetch("SELECT FROM commitment_batch") == []


async def test_a_day_tells_its_commitments_in_no_order_but_their_own(database: str) -> None:
    now = datetime.now(UTC)
    await rate(20)
    await ledger.close_days(now + DAY)
    (row,) = await fetch("SELECT hashes, counts FROM ledger_day WHERE number = 1")
    hashes = split(row["hashes"])
    assert len(hashes) == 21
    assert all(one < other for one, other in pairwise(hashes))
    assert set(unpack(row["counts"]).places) <= {"a1", "c1"}


async def test_equal_ratings_have_unlike_commitments(database: str) -> None:
    """Without salts the five levels could be tried one after the other."""
    await rate(10)
    rows = await fetch("SELECT hashes FROM commitment_batch")
    assert len({one for row in rows for one in split(row["hashes"])}) == 11
