"""The public document of a run: what is shown of it, and what follows from that alone."""

from collections.abc import Sequence
from math import fsum
from typing import Any, Final

import msgspec

from surveys.results.combined import SHARE_DECIMALS, Part, combine, make_figure
from surveys.results.disclosure import Published, Shown, choose_shown
from surveys.results.measures import INDEX, OVERALL, UNLINKED
from surveys.results.places import renumber
from surveys.results.records import (
    AgencyEntry,
    Figure,
    PublicAgency,
    PublicDocument,
    PublicFigure,
    PublicFigures,
    PublicGroup,
    PublicProvince,
    PublicUnlinked,
    RunDocument,
    Unlinked,
    round_half_up,
)

# The rest of a collapse (which field, how many ratings) tells about cells under the minimum.
_SAFE_OF_COLLAPSE: Final = ("weight_set", "step")
_LEVELS: Final = ("central", "province", "district", "commune")
# The measure that counts the ratings of a weight set.
_WEIGHT_SETS: Final = {"overall": OVERALL, "factors": INDEX}


def make_public(document: RunDocument, earlier: Sequence[Published] = ()) -> PublicDocument:
    """What may be published of a run beside what was published before, oldest first."""
    shown = choose_shown(document, earlier)
    agencies = print_agencies(document, shown)
    confidence = confidence_of(document.recipe)
    return PublicDocument(
        period=document.period,
        first=document.first,
        last=document.last,
        questionnaire=document.questionnaire,
        simulated=document.simulated,
        recipe=document.recipe,
        input_hash=document.input_hash,
        code_version=document.code_version,
        minimum=document.minimum,
        agencies=agencies,
        groups=_group(agencies, confidence),
        province=PublicProvince(
            agencies=len(agencies),
            shown=_count_shown(agencies),
            dossiers=_count_dossiers(agencies),
            measures=_combine_measures(agencies, confidence),
            unflagged=_combine_pairs(agencies, confidence),
        ),
        unlinked=[
            print_unlinked(each)
            if shown.has(each.agency, UNLINKED)
            else PublicUnlinked(each.agency, None)
            for each in document.unlinked
        ],
        report={name: _report(agencies, measure) for name, measure in _WEIGHT_SETS.items()},
        collapses=_name_steps(document.collapses),
    )


def print_agencies(document: RunDocument, shown: Shown) -> list[PublicAgency]:
    """Every agency of a run, with figures where they are shown and ranks among those."""
    table = document.table()
    names = sorted({measure for figures in table.values() for measure in figures})
    ranks = {name: _rank(table, name, shown) for name in names}
    printed = []
    for entry in document.agencies:
        measures: PublicFigures = dict.fromkeys(names)
        for name, figure in table[entry.code].items():
            if shown.has(entry.code, name):
                measures[name] = msgspec.structs.replace(
                    print_figure(figure), **ranks[name].get(entry.code, {})
                )
        pairs = print_pairs(document, entry.code, shown)
        printed.append(_print_agency(entry, table[entry.code], measures, pairs))
    return printed


def print_pairs(document: RunDocument, agency: str, shown: Shown) -> PublicFigures:
    """The second figures of an agency, without flagged ratings, where they may be shown."""
    return {
        figure.measure: print_figure(msgspec.structs.replace(figure, item_response=None))
        for figure in document.unflagged
        if figure.agency == agency and shown.has_pair(agency, figure.measure)
    }


def print_figure(figure: Figure) -> PublicFigure:
    """One figure as it is printed, without its rank."""
    limits = figure.estimate, figure.se, figure.lower, figure.upper
    estimate, se, lower, upper = (0.0 if limit is None else limit for limit in limits)
    return make_figure(
        estimate=estimate,
        unweighted=figure.unweighted,
        se=se,
        lower=lower,
        upper=upper,
        n=figure.n,
        dossiers=figure.dossiers,
        item_response=figure.item_response,
        flag=figure.flag,
    )


def confidence_of(recipe: dict[str, Any]) -> float:
    """The confidence of a run's intervals."""
    return float(recipe.get("confidence", 0.95))


def _print_agency(
    entry: AgencyEntry, figures: dict[str, Figure], measures: PublicFigures, pairs: PublicFigures
) -> PublicAgency:
    hidden = all(figure is None for figure in measures.values())
    rate = figures[OVERALL].response_rate if measures.get(OVERALL) is not None else None
    return PublicAgency(
        code=entry.code,
        name=entry.name,
        level=entry.level,
        parent=entry.parent,
        dossiers=None if hidden else next(iter(figures.values())).dossiers,
        hidden=hidden,
        response_rate=None if rate is None else round_half_up(rate, SHARE_DECIMALS),
        measures=measures,
        unflagged=pairs,
    )


def _rank(
    table: dict[str, dict[str, Figure]], measure: str, shown: Shown
) -> dict[str, dict[str, int]]:
    """Rank sets of one measure, counted among the agencies that show it."""
    places = {}
    for agency, figures in table.items():
        figure = figures.get(measure)
        if figure and figure.rank_low is not None and figure.rank_high is not None:
            places[agency] = figure.rank_low, figure.rank_high
    visible = frozenset(agency for agency in places if shown.has(agency, measure))
    return {
        agency: {"rank_low": place.low, "rank_high": place.high, "ranked": place.of}
        for agency, place in renumber(places, visible).items()
    }


def _group(agencies: Sequence[PublicAgency], confidence: float) -> list[PublicGroup]:
    levels = {agency.level for agency in agencies}
    members = {level: [a for a in agencies if a.level == level] for level in _LEVELS}
    return [
        PublicGroup(
            level=level,
            agencies=len(members[level]),
            shown=_count_shown(members[level]),
            dossiers=_count_dossiers(members[level]),
            measures=_combine_measures(members[level], confidence),
            unflagged=_combine_pairs(members[level], confidence),
        )
        for level in _LEVELS
        if level in levels
    ]


def _count_shown(agencies: Sequence[PublicAgency]) -> int:
    return sum(not agency.hidden for agency in agencies)


def _count_dossiers(agencies: Sequence[PublicAgency]) -> int:
    return sum(agency.dossiers or 0 for agency in agencies)


def _combine_measures(agencies: Sequence[PublicAgency], confidence: float) -> PublicFigures:
    names = sorted({name for agency in agencies for name in agency.measures})
    return {name: combine(_parts(agencies, name), confidence) for name in names}


def _combine_pairs(agencies: Sequence[PublicAgency], confidence: float) -> PublicFigures:
    """Second figures of agencies together; one that has none stands with its first figure.

    So they are made of printed figures alone. Where no agency has one, neither has the whole.
    """
    pairs: PublicFigures = {}
    for name in sorted({name for agency in agencies for name in agency.unflagged}):
        figures = [
            (agency.unflagged.get(name) or agency.measures.get(name), agency.dossiers or 0)
            for agency in agencies
        ]
        parts = [Part(figure, dossiers) for figure, dossiers in figures if figure is not None]
        pairs[name] = combine(parts, confidence)
    return pairs


def _parts(agencies: Sequence[PublicAgency], measure: str) -> list[Part]:
    figures = [(agency.measures.get(measure), agency.dossiers) for agency in agencies]
    return [Part(figure, dossiers or 0) for figure, dossiers in figures if figure is not None]


def _report(agencies: Sequence[PublicAgency], measure: str) -> dict[str, float | None]:
    """How unequally the shown agencies' ratings stand for their dossiers.

    Kish (1992), Journal of Official Statistics 8, 183-200, with one weight an agency. The
    run's own weights stay inside: with them the ratings of hidden agencies could be counted.
    """
    parts = [part for part in _parts(agencies, measure) if part.dossiers > 0]
    ratings = sum(part.figure.n for part in parts)
    dossiers = fsum(part.dossiers for part in parts)
    weights = [part.dossiers / part.figure.n for part in parts]
    squares = fsum(part.dossiers**2 / part.figure.n for part in parts)
    size = dossiers**2 / squares if parts else None
    return {
        "agencies": len(parts),
        "ratings": ratings,
        "dossiers": int(dossiers),
        "weight_min": round_half_up(min(weights), 2) if parts else None,
        "weight_max": round_half_up(max(weights), 2) if parts else None,
        "n_eff": None if size is None else round_half_up(size, 1),
        "deff": None if size is None else round_half_up(ratings / size, 2),
    }


def _name_steps(collapses: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """The kinds of collapse that happened somewhere, without where and how often."""
    steps = {tuple(str(each.get(key, "")) for key in _SAFE_OF_COLLAPSE) for each in collapses}
    return [dict(zip(_SAFE_OF_COLLAPSE, step, strict=True)) for step in sorted(steps)]


def print_unlinked(taps: Unlinked) -> PublicUnlinked:
    """Taps without a right as they are printed, with the share of satisfied ones if there is one."""
    if taps.share is None or taps.lower is None or taps.upper is None:
        return PublicUnlinked(taps.agency, taps.ratings)
    estimate, lower, upper = (
        round_half_up(100 * one, 2) for one in (taps.share, taps.lower, taps.upper)
    )
    return PublicUnlinked(taps.agency, taps.ratings, estimate, lower, upper, taps.days)
