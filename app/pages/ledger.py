"""The ledger for everybody: heads to keep, and how to hold the operator to them.

A citizen, a journalist, an inspector who does not trust us; two minutes; fears that figures are
written anew at night.
"""

from dataclasses import asdict
from typing import Any

import msgspec
from litestar import Request, get
from litestar.exceptions import ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import FromQuery
from litestar.response import Template

from app.forms import clean
from app.rendering import page
from surveys import ledger

SHOWN_DAYS = 14
MOST_DAYS = 400
GROUP = 8

AnyRequest = Request[Any, Any, Any]


class LedgerDay(msgspec.Struct, frozen=True):
    """A closed day: `head` is SHA-256 of `line`, and `line` holds the head of the day before.

    `ratings` is missing where fewer than five came ("few" in the line).
    """

    number: int
    day: str
    ratings: int | None
    root: str
    counted: str
    previous: str
    head: str
    line: str


class Ledger(msgspec.Struct, frozen=True):
    """Closed days in the order of the chain; `next` is the number to go on from, if there is more."""

    days: list[LedgerDay]
    next: int | None


EXAMPLE = {
    "days": [
        {
            "number": 12, "day": "2026-11-26", "ratings": 1843, "root": "9f0c…", "counted": "51d2…",
            "previous": "c01a…", "head": "7e44…",
            "line": "sipas-ledger-1 c01a… 2026-11-26 1843 9f0c… 51d2…",
        }
    ],
    "next": None,
}  # fmt: skip


@get(
    "/api/ledger",
    opt={"public": True},
    tags=["Ledger"],
    summary="Heads of the ledger",
    responses={
        200: ResponseSpec(
            Ledger,
            generate_examples=False,
            description="Closed days.",
            examples=[Example(value=EXAMPLE)],
        )
    },
)
async def give_ledger(first: FromQuery[int] = 0) -> Ledger:
    """List closed days from number `first` on, 400 at most, so that anybody can keep their heads.

    Compute SHA-256 of each `line`: it must be the `head`, and stand in the next day's line. A head
    that was once given out must never disappear.
    """
    if not 0 <= first < 2**31:
        raise ValidationException("first is the number of a day: 0 or more.")
    days = await ledger.public_days(first=first, limit=MOST_DAYS + 1)
    shown = [LedgerDay(**(asdict(day) | {"day": day.day.isoformat()})) for day in days[:MOST_DAYS]]
    return Ledger(shown, days[MOST_DAYS].number if len(days) > MOST_DAYS else None)


@get("/ledger", opt={"public": True}, include_in_schema=False)
async def show_ledger(request: AnyRequest) -> Template:
    """Show the newest heads, and whether a head that somebody kept still stands."""
    typed = clean(request.query_params.get("head", ""))
    kept = ledger.read_head(typed)
    asked = ledger.may_be_head(kept)
    days = await ledger.newest_days(SHOWN_DAYS)
    return page(
        "documentation/ledger.html",
        days=[(day, _grouped(day.head)) for day in days],
        typed=typed,
        unreadable=bool(typed) and not asked,
        asked=asked,
        found=await ledger.find_head(kept) if asked else None,
        few=ledger.FEW,
        shortest=ledger.SHORTEST,
    )


def _grouped(head: str) -> str:
    return " ".join(head[at : at + GROUP] for at in range(0, len(head), GROUP))


routes = [give_ledger, show_ledger]
