"""How voices were answered in a span of days: counts from the database, figures, what is hidden.

The public sees quarters only, as they stood when nearly every citizen's time to speak was over:
with years beside them hidden quarters could be subtracted, and a live figure would tell each
citizen's word on the day it came.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, Final

import msgspec

from analysis.loops import MEASURES, Loop, Ratios, choose_shown, compute_loop, compute_ratios
from surveys.days import ZONE
from surveys.periods import Period, parse_period
from surveys.reflections.counting import CaseCounts, count_cases, count_dossiers
from surveys.results import UnknownResultError, public_results

OVERALL: Final = "overall_rating"
# Days after the end of a quarter as of which it is told to everybody.
WAIT: Final = timedelta(days=45)
# The counts below the figures, and the count that each is inside of. A refusal that was reopened is
# judged without being answered.
INSIDE: Final = {"received": None, "due": "received", "answered": "received", "judged": "received"}

Shown = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Line:
    """One agency's figures."""

    code: str
    name: str
    loop: Loop
    ratios: Ratios


@dataclass(frozen=True)
class LoopTable:
    """All agencies of a span; the whole counts what is told of them."""

    period: Period
    as_of: datetime
    minimum: int
    whole: Loop
    ratios: Ratios
    lines: list[Line]
    rated: bool


async def office_table(
    period: Period, now: datetime, *, minimum: int, agency: int | None = None
) -> LoopTable:
    """Figures as they stand now; officials may count their own cases, so counts are shown."""
    return await _make_table(period, now, minimum=minimum, agency=agency, public=False)


async def public_table(period: Period, *, minimum: int) -> LoopTable:
    """Figures of a quarter as everybody may see them."""
    return await _make_table(period, settled_at(period), minimum=minimum, agency=None, public=True)


def settled_at(period: Period) -> datetime:
    """The moment as of which a quarter is told."""
    return datetime.combine(period.last + WAIT, time(), ZONE)


def public_quarters(now: datetime, number: int = 8) -> list[Period]:
    """The last quarters that may be told, newest first."""
    local = now.astimezone(ZONE)
    quarter = parse_period(f"{local.year}-Q{(local.month + 2) // 3}")
    found: list[Period] = []
    while len(found) < number:
        if settled_at(quarter) <= now:
            found.append(quarter)
        quarter = quarter.previous
    return found


async def _make_table(
    period: Period, as_of: datetime, *, minimum: int, agency: int | None, public: bool
) -> LoopTable:
    span = period.first, period.last
    counts = await count_cases(*span, as_of=as_of, agency=agency)
    rows = [msgspec.structs.asdict(each) for each in counts]
    shown = find_shown(counts, minimum) if public else None
    discontent = await _count_discontent(period)
    dossiers = {
        each.code: msgspec.structs.asdict(each)
        for each in await count_dossiers(*span, as_of=as_of, agency=agency)
        if each.finished >= minimum
    }
    lines = []
    for row in rows:
        code = row["code"]
        loop = compute_loop([row], shown=shown, minimum=minimum)
        told = row if shown is None or code in shown["due"] else None
        lines.append(
            Line(
                code,
                row["name"],
                loop if public else replace(loop, received=row["received"]),
                compute_ratios(told, dossiers.get(code), discontent.get(code), minimum=minimum),
            )
        )
    return LoopTable(
        period=period,
        as_of=as_of,
        minimum=minimum,
        whole=_whole(rows, shown, minimum),
        ratios=_whole_ratios(rows, shown, dossiers, discontent, minimum),
        lines=lines,
        rated=bool(discontent),
    )


def find_shown(counts: Sequence[CaseCounts], minimum: int) -> dict[str, frozenset[str]]:
    """The agencies that may be told, by the count below."""
    families: dict[tuple[str, str], set[str]] = {}
    for each in counts:
        families.setdefault(("level", each.level), set()).add(each.code)
        if each.parent is not None:
            families.setdefault(("parent", each.parent), set()).add(each.code)
    ordered = [families[name] for name in sorted(families)]
    shown: dict[str, frozenset[str]] = {}
    for below, outer in INSIDE.items():
        shown[below] = choose_shown(
            {each.code: getattr(each, below) for each in counts},
            ordered,
            minimum,
            within=None if outer is None else shown[outer],
        )
    return shown


def csv_rows(table: LoopTable) -> list[dict[str, Any]]:
    """A line an agency and measure; hidden ones have no numbers."""
    rows = []
    for code, name, loop in [
        ("", "", table.whole),
        *((line.code, line.name, line.loop) for line in table.lines),
    ]:
        common: dict[str, Any] = {
            "period": table.period.name,
            "agency_code": code,
            "agency_name": name,
        }
        for measure in MEASURES:
            share = loop.shares[measure]
            row: dict[str, Any] = {"measure": measure, "count": None, "n": None}
            if share is not None:
                row |= {"count": share.count, "n": share.n}
                row |= {
                    key: round(100 * getattr(share, key), 2)
                    for key in ("estimate", "lower", "upper")
                }
            rows.append(common | row)
        median: dict[str, Any] = {"measure": "median_hours", "count": None, "n": None}
        if loop.minutes is not None:
            ends = {key: getattr(loop.minutes, key) for key in ("estimate", "lower", "upper")}
            hours = {key: None if end is None else round(end / 60, 2) for key, end in ends.items()}
            median |= {"n": loop.minutes.n, **hours}
        rows.append(common | median)
    return rows


def ratio_rows(table: LoopTable) -> list[dict[str, Any]]:
    """A line an agency and ratio of Decision 766, in a file of its own."""
    rows = []
    for code, name, ratios in [
        ("", "", table.ratios),
        *((line.code, line.name, line.ratios) for line in table.lines),
    ]:
        for key in ("in_time", "content", "dossiers"):
            ratio = getattr(ratios, key)
            ends = (
                {"total": None, "lower": None, "upper": None}
                if ratio is None
                else {
                    "total": ratio.total,
                    "lower": round(100 * ratio.lower, 2),
                    "upper": round(100 * ratio.upper, 2),
                }
            )
            rows.append(
                {"period": table.period.name, "agency_code": code, "agency_name": name}
                | {"ratio": key, **ends}
            )
    return rows


def _whole(rows: Sequence[Mapping[str, Any]], shown: Shown | None, minimum: int) -> Loop:
    return compute_loop(rows, shown=shown, minimum=minimum)


def _whole_ratios(
    rows: Sequence[Mapping[str, Any]],
    shown: Shown | None,
    dossiers: Mapping[str, Mapping[str, Any]],
    discontent: Mapping[str, int],
    minimum: int,
) -> Ratios:
    """Ratios of all agencies together that are told."""
    told = [row for row in rows if shown is None or row["code"] in shown["due"]]
    both = dossiers.keys() & discontent.keys()
    return compute_ratios(
        {name: sum(row[name] for row in told) for name in ("due", "in_time", "unhappy")},
        {name: sum(dossiers[code][name] for code in both) for name in ("finished", "late_or_told")},
        sum(discontent[code] for code in both) if both else None,
        minimum=minimum,
    )


async def _count_discontent(period: Period) -> dict[str, int]:
    """Ratings below "satisfied" by agency, as published; nothing of a period that is not."""
    try:
        document = await public_results(period.name)
    except UnknownResultError:
        return {}
    found = {}
    for agency in document["agencies"]:
        figure = (agency["measures"] or {}).get(OVERALL)
        if figure and figure["unweighted"] is not None:
            found[agency["code"]] = round(figure["n"] * (1 - figure["unweighted"] / 100))
    return found
