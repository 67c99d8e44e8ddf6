"""A made-up province with counts of its ratings, as an index run would bring them."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from math import sqrt
from typing import Any
from uuid import UUID

import msgspec

from surveys.periods import parse_period
from surveys.results import store_run
from surveys.results.records import AgencyEntry, Figure, PublicDocument, RunDocument, Unlinked
from tests.factories import make_agency

FACTORS = ("access", "officials")
CUTOFF = datetime(2021, 4, 15, tzinfo=UTC)
FORM = {"key": "counter", "version": 1, "title": {"vi": "Phiếu tại quầy"}}
RECIPE = {"aggregation": "pooled_answers", "satisfied_from": 4, "version": "1"}

Counts = Mapping[str, Mapping[str, int]]


def figure(agency: str | None, measure: str, n: int, asked: int, **given: Any) -> dict[str, Any]:
    """One row of an index result in which eight in ten are satisfied."""
    share = round(0.8 * n) / max(n, 1)
    se = sqrt(max(share * (1 - share), 0.01) / max(n, 1))
    values = {
        "estimate": 100 * share,
        "unweighted": 100 * share,
        "se": 100 * se,
        "lower": 100 * max(0.0, share - 2 * se),
        "upper": 100 * min(1.0, share + 2 * se),
    }
    row = {
        "agency": agency,
        "measure": measure,
        **(values if n else dict.fromkeys(values)),
        "n": n,
        "n_asked": asked,
        "item_response": n / asked if asked else None,
        "dossiers": 3 * asked + 20,
        "response_rate": asked / (3 * asked + 20),
        "n_eff": float(n) or None,
        "deff": 1.0 if n else None,
        "df": float(n),
        "rank_low": 1 if n >= 10 else None,
        "rank_high": 99 if n >= 10 else None,
        "flag": "" if n >= 10 else "below_minimum",
    }
    return row | given


def figures_of(agency: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Rows of one agency: `overall`, `index` and factors by name, as in `counts`."""
    index = counts.get("index", counts["overall"])
    rows = [figure(agency, "overall_rating", counts["overall"], counts["overall"])]
    rows.append(figure(agency, "index", index, index))
    rows += [figure(agency, f"factor_{name}", counts.get(name, index), index) for name in FACTORS]
    dossiers = max(row["dossiers"] for row in rows)
    return [row | {"dossiers": dossiers} for row in rows]


def rank(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same rows with rank sets over all agencies at or over the minimum."""
    ends: dict[str, tuple[list[float], list[float]]] = {}
    for row in rows:
        if not row["flag"]:
            lows, highs = ends.setdefault(row["measure"], ([], []))
            lows.append(row["lower"])
            highs.append(row["upper"])
    for columns in ends.values():
        for column in columns:
            column.sort()
    return [row | _places(row, *ends.get(row["measure"], ([], []))) for row in rows]


def _places(row: dict[str, Any], lows: list[float], highs: list[float]) -> dict[str, int | None]:
    if row["flag"]:
        return {"rank_low": None, "rank_high": None}
    above = len(lows) - bisect_right(lows, row["upper"])
    return {"rank_low": 1 + above, "rank_high": len(highs) - bisect_left(highs, row["lower"])}


def make_document(
    counts: Counts,
    period: str = "2021-Q1",
    *,
    levels: Mapping[str, str] | None = None,
    parents: Mapping[str, str] | None = None,
    days: Mapping[str, tuple[date, date | None]] | None = None,
    unlinked: Mapping[str, int] | None = None,
    **given: Any,
) -> RunDocument:
    """A run's document without a database."""
    span = parse_period(period)
    rows = [row for agency in sorted(counts) for row in figures_of(agency, counts[agency])]
    values: dict[str, Any] = {
        "period": span.name,
        "first": span.first,
        "last": span.last,
        "questionnaire": FORM,
        "simulated": False,
        "recipe": RECIPE,
        "input_hash": "0" * 64,
        "code_version": "1",
        "minimum": 10,
        "agencies": [
            AgencyEntry(
                code,
                f"Cơ quan {code}",
                (levels or {}).get(code, "commune"),
                (parents or {}).get(code),
                *(days or {}).get(code, (date(2000, 1, 1), None)),
            )
            for code in sorted(counts)
        ],
        "figures": msgspec.convert(rank(rows), list[Figure]),
        "collapses": [],
        "reports": [],
        "margins": [],
        "unlinked": [Unlinked(code, n) for code, n in (unlinked or {}).items()],
    }
    return RunDocument(**(values | given))


async def make_town(*codes: str, **given: Any) -> dict[str, int]:
    """Ids by code of agencies in the register."""
    return {code: await make_agency(code, **({"level": "commune"} | given)) for code in codes}


async def store(counts: Counts, period: str = "2021-Q1", **given: Any) -> UUID:
    """A stored draft of agencies that are in the register."""
    rows = [row for agency in counts for row in figures_of(agency, counts[agency])]
    values: dict[str, Any] = {
        "recipe": RECIPE,
        "figures": [*rank(rows), figure(None, "overall_rating", 50, 50)],
        "input_hash": "0" * 64,
        "code_version": "1",
        "cutoff": CUTOFF,
    }
    return await store_run(period, FORM, **(values | given))


def shown_counts(public: PublicDocument, measure: str = "overall_rating") -> dict[str, int]:
    """Counts of a measure by agency, where they are printed."""
    figures = {agency.code: agency.measures[measure] for agency in public.agencies}
    return {code: each.n for code, each in figures.items() if each is not None}
