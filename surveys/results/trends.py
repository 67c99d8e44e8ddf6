"""An agency over time: its published figures, with those before and after it where it was not.

Every point is worked out from printed figures, and only where all of its parts are printed.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from surveys.periods import parse_period
from surveys.results.combined import Part, combine
from surveys.results.lineage import Lineage, Stand, find_lineage
from surveys.results.publishing import confidence_of
from surveys.results.records import PublicAgency, PublicDocument, PublicFigure
from surveys.transactions import fetch

_PUBLISHED: Final = """
SELECT id FROM index_run
WHERE state = 'published' AND ($1::text IS NULL OR questionnaire = $1) ORDER BY published_at, id
"""
_DOCUMENTS: Final = "SELECT id, public_document FROM index_run WHERE id = ANY($1::uuid[])"
_KINDS: Final = ("year", "month", "quarter")

# Published documents are frozen, so that one reading of each serves every agency's trend.
_DECODED: Final[dict[UUID, PublicDocument]] = {}


class TrendPoint(msgspec.Struct, frozen=True, kw_only=True):
    """An agency in one published period.

    `agencies` stand for it; the figures are `estimated` where only a share of one of them
    counts, and `assumed` where that share was never published. `breaks` says why the point
    does not compare with the one before: reorganisation, questionnaire, method.
    """

    period: str
    first: str
    last: str
    run: str
    agencies: list[str]
    combined: bool
    estimated: bool
    assumed: bool
    breaks: list[str]
    hidden: bool
    dossiers: int | None
    measures: dict[str, PublicFigure | None]


async def trend(
    agency_code: str, *, kind: str | None = None, questionnaire: str | None = None
) -> list[dict[str, Any]]:
    """Points of an agency over the published periods of one kind, oldest first.

    Without a kind it is the one with most points. Raises UnknownResultError.
    """
    lineage = await find_lineage(agency_code)
    points = follow(lineage, await _read_tables(questionnaire), kind)
    return [msgspec.to_builtins(point) for point in points]


def follow(
    lineage: Lineage, tables: Sequence[tuple[str, PublicDocument]], kind: str | None = None
) -> list[TrendPoint]:
    """Points of a lineage in published tables, each given with the id of its run."""
    found = []
    for run, document in sorted(tables, key=lambda table: table[1].first):
        point = make_point(lineage, document, run)
        if point is not None:
            found.append((point, document))
    kinds = Counter(parse_period(point.period).kind for point, _ in found)
    chosen = kind or max(_KINDS, key=lambda name: (kinds[name], _KINDS.index(name)))
    series = [each for each in found if parse_period(each[0].period).kind == chosen]
    return [
        msgspec.structs.replace(
            point, breaks=_find_breaks(lineage, series[place - 1][1], document) if place else []
        )
        for place, (point, document) in enumerate(series)
    ]


def make_point(lineage: Lineage, document: PublicDocument, run: str) -> TrendPoint | None:
    """The agency's point in one published table, or None if nobody stands for it there."""
    listed = {agency.code: agency for agency in document.agencies}
    stands = [x for x in lineage.stands(document.first, document.last) if x.code in listed]
    if not stands:
        return None
    rows = [listed[stand.code] for stand in stands]
    measures = {
        name: _combine_measure(name, lineage.code, stands, rows, confidence_of(document.recipe))
        for name in sorted({name for row in rows for name in row.measures})
    }
    codes = [stand.code for stand in stands]
    return TrendPoint(
        period=document.period,
        first=document.first.isoformat(),
        last=document.last.isoformat(),
        run=run,
        agencies=codes,
        combined=codes != [lineage.code],
        estimated=_is_estimated(stands),
        assumed=any(stand.assumed for stand in stands),
        breaks=[],
        hidden=not any(measures.values()),
        dossiers=_count_dossiers(stands, rows),
        measures=measures,
    )


async def _read_tables(questionnaire: str | None) -> list[tuple[str, PublicDocument]]:
    """Published tables with the ids of their runs, the last published one of each period."""
    runs = [row["id"] for row in await fetch(_PUBLISHED, questionnaire)]
    documents = {run: _DECODED[run] for run in runs if run in _DECODED}
    if missing := [run for run in runs if run not in documents]:
        for row in await fetch(_DOCUMENTS, missing):
            raw = row["public_document"]
            documents[row["id"]] = msgspec.json.decode(raw, type=PublicDocument)
        _DECODED.clear()
        _DECODED.update(documents)
    return list({documents[run].period: (str(run), documents[run]) for run in runs}.values())


def _combine_measure(
    name: str, own: str, stands: Sequence[Stand], rows: Sequence[PublicAgency], confidence: float
) -> PublicFigure | None:
    figures = [row.measures.get(name) for row in rows]
    shown = [figure for figure in figures if figure is not None]
    if len(shown) < len(rows):
        return None
    if rows[0].code == own and len(rows) == 1:
        return shown[0]
    weights = _weigh(stands, rows)
    return combine([Part(*pair) for pair in zip(shown, weights, strict=True)], confidence)


def _weigh(stands: Sequence[Stand], rows: Sequence[PublicAgency]) -> list[float]:
    """Dossiers that each stand counts for: its own, or its share of what came from the agency."""
    dossiers = [row.dossiers or 0 for row in rows]
    if any(stand.later for stand in stands):
        return [stand.share * sum(dossiers) for stand in stands]
    return [stand.share * each for stand, each in zip(stands, dossiers, strict=True)]


def _count_dossiers(stands: Sequence[Stand], rows: Sequence[PublicAgency]) -> int | None:
    if any(row.dossiers is None for row in rows):
        return None
    return round(sum(_weigh(stands, rows)))


def _is_estimated(stands: Sequence[Stand]) -> bool:
    if any(stand.later for stand in stands):
        return len(stands) > 1
    return any(stand.share < 1 for stand in stands)


def _find_breaks(lineage: Lineage, before: PublicDocument, after: PublicDocument) -> list[str]:
    forms = [(x.questionnaire.get("key"), x.questionnaire.get("version")) for x in (before, after)]
    reasons = {
        "reorganisation": lineage.is_reorganised(before.last, after.last),
        "questionnaire": forms[0] != forms[1],
        "method": before.recipe != after.recipe,
    }
    return [reason for reason, holds in reasons.items() if holds]
