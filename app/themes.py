"""Themes of comments from the database to the published report: suggest, count, weigh, tell."""

from collections.abc import Mapping
from typing import Any, Final

from analysis.loops import Stratum, choose_shown, compute_voices
from surveys import themes
from surveys.periods import Period
from surveys.results import UnknownResultError, public_results
from surveys.themes import Coded

OVERALL: Final = "overall_rating"
# Fewest comments of a theme that is told.
FEWEST: Final = 5
BATCH: Final = 2000


async def suggest_pending() -> int:
    """Suggest themes for the comments that have no suggestion yet; returns how many."""
    rows = await themes.pending_comments(BATCH)
    if not rows:
        return 0
    # It loads the segmentation's model, which takes a second.
    from analysis.texts.themes import Theme, suggest

    confirmed = await themes.confirmed_texts()
    told = [
        Theme(one.key, one.seeds, confirmed.get(one.key, ()), last=one.last)
        for one in await themes.list_themes()
    ]
    found = suggest([row["text"] for row in rows], told)
    await themes.save_suggestions(
        {
            row["id"]: [one.key for one in suggested]
            for row, suggested in zip(rows, found, strict=True)
        }
    )
    return len(rows)


async def make_report(
    period: Period, questionnaire: str, *, minimum: int
) -> tuple[dict[str, Any] | None, dict[str, int]]:
    """What would be published of a period, and how many comments were read of how many.

    None where no run of the period is public: the weights are those of its figures.
    """
    coded = await themes.count_coded(period, questionnaire)
    progress = {
        "comments": sum(one.comments for one in coded.values()),
        "coded": sum(one.coded for one in coded.values()),
    }
    try:
        run = await public_results(period.name, questionnaire)
    except UnknownResultError:
        return None, progress
    if run["withdrawn"]:
        return None, progress
    shown = find_shown(run, coded, minimum)
    document = compute_voices(make_strata(run, coded), shown, FEWEST)
    named = {one.key: {"vi": one.name, "en": one.name_en} for one in await themes.list_themes()}
    return document | {"names": named, "minimum": minimum, "fewest": FEWEST}, progress


def find_shown(run: Mapping[str, Any], coded: Mapping[str, Coded], minimum: int) -> frozenset[str]:
    """Agencies whose themes may be told: their figure is public, and their comments are enough."""
    agencies = {one["code"]: one for one in run["agencies"]}
    families: dict[tuple[str, str], set[str]] = {}
    for code in coded.keys() & agencies.keys():
        families.setdefault(("level", agencies[code]["level"]), set()).add(code)
        if agencies[code]["parent"] is not None:
            families.setdefault(("parent", agencies[code]["parent"]), set()).add(code)
    public = {code for code, one in agencies.items() if one["measures"].get(OVERALL)}
    return choose_shown(
        {code: one.comments for code, one in coded.items() if code in agencies},
        [families[name] for name in sorted(families)],
        minimum,
        within=public,
    )


def make_strata(run: Mapping[str, Any], coded: Mapping[str, Coded]) -> list[Stratum]:
    """Agencies with their weighted share of unsatisfied raters."""
    strata = []
    for agency in run["agencies"]:
        figure, own = agency["measures"].get(OVERALL), coded.get(agency["code"])
        if figure is None or own is None:
            continue
        strata.append(
            Stratum(
                agency["code"],
                figure["dossiers"],
                1 - figure["estimate"] / 100,
                own.comments,
                own.themes,
            )
        )
    return strata
