"""One agency: its figures, what they can and cannot say, and how they moved over time."""

from typing import Any

from litestar import get
from litestar.params import FromPath
from litestar.response import Template

from app.pages.results.bars import Figure, make_axis, make_bar
from app.pages.results.published import list_periods, read_period, read_voices
from app.pages.results.rows import Document, figure_of, group_of, response_rate
from app.pages.results.words import (
    break_names,
    group_names,
    level_name,
    measure_meaning,
    measure_name,
    sort_measures,
    succession_names,
)
from app.rendering import _, page
from app.words import INDEX, OVERALL
from surveys import themes
from surveys.errors import NotFoundError
from surveys.results import trend
from surveys.results.relatives import relatives


@get("/results/{period:str}/agencies/{code:str}", opt={"public": True}, include_in_schema=False)
async def show_agency(period: FromPath[str], code: FromPath[str]) -> Template:
    """Show one agency in one period."""
    document = await read_period(period)
    if document["withdrawn"]:
        known: dict[str, Any] = {"document": document, "periods": await list_periods()}
        return page("results/withdrawn.html", **known)
    agency = find_agency(document, code)
    points = await trend(code)
    voices = await read_voices(document)
    return page(
        "results/agency.html",
        document=document,
        confidence=document["confidence"],
        agency=agency,
        level=level_name(agency["level"]),
        figures={name: describe(document, agency, name) for name in (INDEX, OVERALL)},
        factors=list_factors(document, agency),
        points_over_time=list_points(points),
        pages={code: point["period"] for point in points for code in point["agencies"]},
        relatives=await relatives(code),
        unlinked=count_unlinked(document, code),
        group_names=group_names(),
        measure_name=measure_name,
        measure_meaning=measure_meaning,
        break_names=break_names(),
        succession_names=succession_names(),
        voices=voices and voices["document"],
        replies=await themes.list_replies(voices["id"], code) if voices else {},
    )


def find_agency(document: Document, code: str) -> Document:
    """An agency's row of a document; raises NotFoundError when it has none."""
    for agency in document["agencies"]:
        if agency["code"] == code:
            found: Document = agency
            return found
    raise NotFoundError(_("Kỳ này không có cơ quan nào mang mã như vậy."))


def describe(document: Document, agency: Document, measure: str) -> dict[str, Any] | None:
    """A figure of an agency with its bar, beside the province's; None when it is not shown."""
    figure = figure_of(agency, measure)
    if figure is None:
        return None
    province = figure_of(document["province"], measure)
    axis = make_axis([figure, *([province] if province else [])])
    return {
        "figure": figure,
        "axis": axis,
        "bar": make_bar(figure, axis, province["estimate"] if province else None),
        "response_rate": response_rate(figure),
        "group": group_of(figure),
        "rank": rank_place(figure),
    }


def rank_place(figure: Figure) -> dict[str, float] | None:
    """Where a rank set lies on a line from the last place (left) to the first, in percent."""
    low, high, ranked = (figure.get(name) for name in ("rank_low", "rank_high", "ranked"))
    if low is None or high is None or not ranked:
        return None
    return {
        "start": round(100 * (ranked - high) / ranked, 2),
        "width": round(100 * (high - low + 1) / ranked, 2),
    }


def list_factors(document: Document, agency: Document) -> list[dict[str, Any]]:
    """The factors that are shown, all on one axis, each beside the province's."""
    names = sort_measures(name for name in agency["measures"] if name.startswith("factor_"))
    known = [(name, figure) for name in names if (figure := figure_of(agency, name)) is not None]
    whole = {name: figure_of(document["province"], name) for name, _figure in known}
    beside = [figure for figure in whole.values() if figure is not None]
    axis = make_axis([figure for _name, figure in known] + beside)
    factors = []
    for name, figure in known:
        province = whole[name]
        reference = province["estimate"] if province else None
        factors.append(
            {
                "name": name,
                "figure": figure,
                "axis": axis,
                "bar": make_bar(figure, axis, reference),
                "response_rate": response_rate(figure),
            }
        )
    return factors


def list_points(points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Points of the trend, newest first, with bars on one axis."""
    figures = [figure_of(point, INDEX) for point in points]
    axis = make_axis(figure for figure in figures if figure is not None)
    listed = []
    for point, figure in zip(points, figures, strict=True):
        shown = None if figure is None else make_bar(figure, axis)
        rate = response_rate(figure) if figure else None
        listed.append(point | {"figure": figure, "bar": shown, "axis": axis, "response_rate": rate})
    return listed[::-1]


def count_unlinked(document: Document, code: str) -> dict[str, Any] | None:
    """Taps at the agency's counters that belong to no dossier; None if there were none."""
    return next((item for item in document["unlinked"] if item["agency"] == code), None)
