"""The first page of the house: how satisfied people were, how sure that is, agency by agency.

For a vice-chairwoman with ninety seconds who fears being shamed by noise, and for a citizen on
a phone who looks for one commune.
"""

from collections.abc import Mapping
from typing import Any

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Response, Template

from app.pages.results.bars import make_axis, make_bar
from app.pages.results.downloads import download_file
from app.pages.results.published import latest_period, list_periods, read_period, read_voices
from app.pages.results.rows import (
    Document,
    View,
    count_groups,
    figure_of,
    list_rows,
    read_view,
    response_rate,
)
from app.pages.results.words import (
    group_names,
    level_names,
    measure_meaning,
    measure_name,
    order_names,
)
from app.rendering import page
from app.words import OVERALL

AnyRequest = Request[Any, Any, Any]


@get("/", opt={"public": True}, include_in_schema=False)
async def show_latest(request: AnyRequest) -> Template:
    """Show the latest published period, or say that there is none yet."""
    period = await latest_period()
    return page("results/none.html") if period is None else await _show(period, request)


@get("/results/{period:str}", opt={"public": True}, include_in_schema=False)
async def show_period(period: FromPath[str], request: AnyRequest) -> Template | Response[bytes]:
    """Show one published period; with .csv or .xlsx behind it, hand it over as a file."""
    return await download_file(period) if "." in period else await _show(period, request)


async def _show(period: str, request: AnyRequest) -> Template:
    document = await read_period(period)
    known: dict[str, Any] = {
        "document": document,
        "periods": await list_periods(),
    }
    if document["withdrawn"]:
        return page("results/withdrawn.html", **known)
    view = read_view(request.query_params)
    words: dict[str, Any] = {
        "level_names": level_names(),
        "group_names": group_names(),
        "order_names": order_names(),
        "measure_name": measure_name,
        "measure_meaning": measure_meaning,
        "other_measure": OVERALL,
    }
    voices = await read_voices(document)
    known["voices"] = voices and voices["document"]
    return page("results/overview.html", **known, **words, **_findings(document, view))


def _findings(document: Document, view: View) -> dict[str, Any]:
    groups = count_groups(document, view.measure)
    return {
        "view": view,
        "confidence": document["confidence"],
        "listing": list_rows(document, view),
        "province": province_figure(document, view.measure),
        "levels": level_figures(document, view.measure),
        "groups": groups,
        "split": split_places(groups),
        "unlinked": unlinked_counts(document),
    }


def province_figure(document: Document, measure: str) -> Mapping[str, Any] | None:
    """The province's figure with its bar on an axis of its own, if it is published."""
    figure = figure_of(document["province"], measure)
    if figure is None:
        return None
    axis = make_axis([figure])
    return {
        "figure": figure,
        "axis": axis,
        "bar": make_bar(figure, axis),
        "response_rate": response_rate(figure),
    }


def level_figures(document: Document, measure: str) -> list[dict[str, Any]]:
    """The figure of each level of administration, on one axis."""
    known = [(group, figure_of(group, measure)) for group in document["groups"]]
    axis = make_axis(figure for _group, figure in known if figure is not None)
    return [
        {
            "level": group["level"],
            "agencies": group["agencies"],
            "shown": group["shown"],
            "figure": figure,
            "bar": None if figure is None else make_bar(figure, axis),
            "axis": axis,
            "response_rate": None if figure is None else response_rate(figure),
        }
        for group, figure in known
    ]


def split_places(groups: Mapping[str, int]) -> list[tuple[str, float, float]]:
    """Start and width of each group's share of one line, in percent."""
    total = sum(groups.values())
    start, places = 0.0, []
    for name, count in groups.items():
        width = 100 * count / total if total else 0.0
        places.append((name, round(start, 2), round(width, 2)))
        start += width
    return places


def unlinked_counts(document: Document) -> list[dict[str, Any]]:
    """Taps without a right where they are published, most first; they are in no index."""
    names = {agency["code"]: agency["name"] for agency in document["agencies"]}
    known = [item for item in document["unlinked"] if item["ratings"] is not None]
    return [
        item | {"name": names.get(item["agency"], item["agency"])}
        for item in sorted(known, key=lambda item: -item["ratings"])
    ]
