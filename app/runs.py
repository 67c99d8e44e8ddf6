"""An index run from the database to the published page: read, compute, store, draw.

Only jobs and commands import this: numpy, scipy and matplotlib take seconds to load, and no
process that takes ratings should wait for them.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import polars as pl
import structlog

from analysis.charts import interval_chart, svg_bytes, trend_chart
from analysis.errors import AnalysisError
from analysis.indices import IndexRecipe, compute_index, share_unlinked
from app.jobs import code_version
from app.rendering import _, number, period_name
from app.settings import Settings
from surveys import datasets, results
from surveys.errors import StateError
from surveys.periods import parse_period
from surveys.questionnaires import Questionnaire, current_version, load_questionnaire

log = structlog.get_logger()

INDEX = "index"
MOST_ROWS = 60

Agency = dict[str, Any]


async def compute_run(
    settings: Settings,
    period: str,
    questionnaire: str = "counter",
    *,
    aggregation: str = "pooled_answers",
) -> UUID:
    """Compute the index of a period and store it as a draft; returns the run's id."""
    span = parse_period(period)
    cutoff = datetime.now(UTC)
    version = await current_version(questionnaire)
    form = await load_questionnaire(version)
    async with datasets.snapshot():
        dossiers = await datasets.population(span, cell_dossiers=settings.cell_dossiers)
        ratings = await datasets.linked_ratings(span, questionnaire)
        unflagged = await datasets.linked_ratings(span, questionnaire, unflagged=True)
        unlinked = await datasets.unlinked_counts(span, questionnaire)
        days = await datasets.unlinked_days(span, questionnaire)
        company = await datasets.company(span, questionnaire)
    if dossiers.is_empty():
        raise StateError(
            _(
                "Chưa có hồ sơ nào kết thúc trong kỳ {period}. Hãy nhập hồ sơ trước.",
                period=span.name,
            )
        )
    recipe = IndexRecipe(
        aggregation=aggregation,  # type: ignore[arg-type]
        satisfied_from=satisfied_from(form),
        minimum_agency=settings.minimum_published,
    )
    try:
        result = compute_index(dossiers, ratings, recipe, factors=factors_of(form))
        second = compute_second(dossiers, ratings, unflagged, recipe, factors_of(form))
    except AnalysisError as error:
        raise StateError(str(error)) from error
    return await results.store_run(
        span,
        describe(form),
        recipe=asdict(recipe),
        figures=result.figures.to_dicts(),
        collapses=result.collapses.to_dicts(),
        reports=result.reports.to_dicts(),
        margins=result.margins.to_dicts(),
        unlinked=weigh_unlinked(unlinked, days),
        company=company,
        unflagged=second,
        input_hash=datasets.input_hash([dossiers, ratings, *([unflagged] if second else [])]),
        code_version=code_version(),
        cutoff=cutoff,
        minimum=settings.minimum_published,
        simulated=settings.simulated,
    )


def weigh_unlinked(counts: Sequence[dict[str, Any]], days: pl.DataFrame) -> list[dict[str, Any]]:
    """Counts of taps without a right, with the share of satisfied ones where there is one."""
    shares = {row.pop("agency"): row for row in share_unlinked(days).to_dicts()}
    return [one | shares.get(one["agency"], {}) for one in counts]


def compute_second(
    dossiers: pl.DataFrame,
    ratings: pl.DataFrame,
    unflagged: pl.DataFrame,
    recipe: IndexRecipe,
    factors: dict[str, list[str]],
) -> list[dict[str, Any]]:
    """The figures again, weighted without flagged ratings; none where nothing is flagged."""
    if unflagged.is_empty() or unflagged["count"].sum() == ratings["count"].sum():
        return []
    return compute_index(dossiers, unflagged, recipe, factors=factors).figures.to_dicts()


def describe(form: Questionnaire) -> dict[str, Any]:
    """What a run keeps of its questionnaire; how many questions a factor has matters for hiding."""
    several = {name: len(q) for name, q in factors_of(form).items() if len(q) > 1}
    named = {"key": form.key, "version": form.version, "title": form.title}
    return named | ({"factors": several} if several else {})


def factors_of(form: Questionnaire) -> dict[str, list[str]]:
    """The questions of each factor, by name."""
    found: dict[str, list[str]] = {}
    for question in form.questions:
        if question.role == "factor":
            found.setdefault(question.factor or question.name, []).append(question.name)
    return found


def satisfied_from(form: Questionnaire) -> int:
    """The lowest code of the overall scale that counts as satisfied."""
    overall = next(question for question in form.questions if question.role == "overall")
    levels = form.scales[overall.scale].levels
    return min(level.code for level in levels if level.satisfied)


async def publish(run: UUID | str, text: str = "") -> None:
    """Publish a draft, with `text` as notice on what it replaces, then draw what is public.

    A run that is public already only gets the charts that it lacks, so that a job that died
    between the two can be done again.
    """
    if (await results.get_run(run))["state"] == "draft":
        await (results.publish_run(run, text) if text else results.publish_run(run))
    row = await results.get_run(run)
    public = row["public_document"]
    shown = [one for one in public["agencies"] if one["measures"].get(INDEX)]
    for name, levels in (("agencies", {"province", "district"}), ("communes", {"commune"})):
        chosen = [one for one in shown if one["level"] in levels]
        if chosen:
            await results.store_chart(run, name, draw_agencies(public, chosen))
    for agency in shown:
        points = await results.trend(agency["code"], questionnaire=row["questionnaire"])
        if sum(1 for point in points if point["measures"].get(INDEX)) > 1:
            name = f"agency-{agency['code']}-trend"
            await results.store_chart(run, name, draw_trend(agency, points))


def draw_agencies(public: dict[str, Any], agencies: Sequence[Agency]) -> bytes:
    """Intervals of agencies, the highest first; of many, those with most dossiers."""
    most = sorted(agencies, key=lambda one: -one["dossiers"])[:MOST_ROWS]
    rows = sorted(most, key=lambda one: -one["measures"][INDEX]["estimate"])
    figures = [one["measures"][INDEX] for one in rows]
    title = _("Chỉ số hài lòng, {period}", period=period_name(public["period"]))
    whole = public["province"]["measures"].get(INDEX)
    chart = interval_chart(
        [one["name"] for one in rows],
        [one["estimate"] for one in figures],
        [one["lower"] for one in figures],
        [one["upper"] for one in figures],
        unweighted=[one["unweighted"] for one in figures],
        reference=whole["estimate"] if whole else None,
        title=title,
        x_label=_("% câu trả lời hài lòng và rất hài lòng, khoảng tin cậy 95%"),
        note=_("Dữ liệu minh họa: câu trả lời là mô phỏng.") if public["simulated"] else "",
    )
    text = _(
        "Chỉ số và khoảng tin cậy của {n} cơ quan; bảng trên trang có cùng số liệu.", n=len(rows)
    )
    return svg_bytes(chart, title=title, description=text)


def draw_trend(agency: Agency, points: Sequence[dict[str, Any]]) -> bytes:
    """An agency's index over time, with the reasons why a series starts anew."""
    figures = [point["measures"].get(INDEX) for point in points]
    breaks = {
        place: " · ".join(_(REASONS.get(reason, reason)) for reason in point["breaks"])
        for place, point in enumerate(points)
        if place and point["breaks"]
    }
    title = _("Chỉ số hài lòng qua các kỳ: {agency}", agency=agency["name"])
    value: Callable[[str], list[float]] = lambda key: [  # noqa: E731 - three columns, one rule
        float("nan") if figure is None else figure[key] for figure in figures
    ]
    chart = trend_chart(
        [point["period"] for point in points],
        value("estimate"),
        value("lower"),
        value("upper"),
        title=title,
        y_label=_("Chỉ số hài lòng (%)"),
        breaks=breaks,
    )
    text = _("Chỉ số và khoảng tin cậy qua {n} kỳ; bảng trên trang có cùng số liệu.", n=len(points))
    return svg_bytes(chart, title=title, description=text)


# Marks texts that are translated where the reader is known.
N_ = str

REASONS = {
    "reorganisation": N_("Sắp xếp lại đơn vị hành chính"),
    "questionnaire": N_("Đổi phiếu hỏi"),
    "method": N_("Đổi cách tính"),
}


async def print_table(run: UUID | str) -> None:
    """Print agency, index, lower, upper: of a draft as it would be published."""
    public = await results.preview(run)
    print(f"\n{'agency':<58} {'index':>7} {'lower':>7} {'upper':>7}")  # noqa: T201
    hidden = 0
    for agency in sorted(public["agencies"], key=_place):
        figure = agency["measures"].get(INDEX)
        if figure is None:
            hidden += 1
            continue
        numbers = " ".join(f"{figure[key]:7.2f}" for key in ("estimate", "lower", "upper"))
        print(f"{agency['name'][:58]:<58} {numbers}")  # noqa: T201
    print(f"({number(hidden)} agencies have too few ratings, or are hidden to protect those.)")  # noqa: T201


def _place(agency: Agency) -> tuple[int, float, str]:
    figure = agency["measures"].get(INDEX)
    levels = {"province": 0, "district": 1, "commune": 2}
    return levels.get(agency["level"], 3), -(figure or {"estimate": 0})["estimate"], agency["code"]
