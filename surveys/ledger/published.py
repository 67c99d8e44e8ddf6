"""What of the ledger anybody may read, and keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from surveys.ledger.chain import line_of
from surveys.transactions import Row, fetch, fetch_one

# A copied head of this length is one of very many.
SHORTEST = 16
LONGEST = 64

PUBLIC = "number, day, told, root, counted, previous, head"


@dataclass(frozen=True, slots=True)
class PublicDay:
    """A closed day as it is published; `head` is SHA-256 of `line`."""

    number: int
    day: date
    ratings: int | None
    root: str
    counted: str
    previous: str
    head: str
    line: str


async def public_days(*, first: int = 0, limit: int) -> list[PublicDay]:
    """Closed days from this number on, in the order of the chain."""
    rows = await fetch(
        f"SELECT {PUBLIC} FROM ledger_day WHERE number >= $1 ORDER BY number LIMIT $2",
        *(first, limit),
    )
    return _public(rows)


async def newest_days(limit: int) -> list[PublicDay]:
    """The days that were closed last, the newest first."""
    rows = await fetch(f"SELECT {PUBLIC} FROM ledger_day ORDER BY number DESC LIMIT $1", limit)
    return _public(rows)


async def find_head(kept: str) -> PublicDay | None:
    """The day with this head, or whose head begins so; None when there is none."""
    row = await fetch_one(
        f"SELECT {PUBLIC} FROM ledger_day WHERE starts_with(encode(head, 'hex'), $1)", kept
    )
    return None if row is None else _public([row])[0]


def read_head(typed: str) -> str:
    """A head as somebody typed or pasted it: letters and digits only, in small letters."""
    return "".join(sign for sign in typed[:200].lower() if sign.isalnum())


def may_be_head(kept: str) -> bool:
    """Whether this can be a head, or a long enough beginning of one."""
    return SHORTEST <= len(kept) <= LONGEST and all(sign in "0123456789abcdef" for sign in kept)


def _public(rows: Sequence[Row]) -> list[PublicDay]:
    return [
        PublicDay(
            row["number"], row["day"], int(row["told"]) if row["told"].isdigit() else None,
            row["root"].hex(), row["counted"].hex(), row["previous"].hex(), row["head"].hex(),
            line_of(row["previous"], row["day"], row["told"], row["root"], row["counted"]),
        )
        for row in rows
    ]  # fmt: skip
