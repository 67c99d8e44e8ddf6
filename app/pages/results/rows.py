"""From a public document to the rows of a table: what is asked for, found and put in order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from litestar.datastructures import MultiDict

from app.pages.results.bars import Axis, Bar, Figure, make_axis, make_bar
from app.pages.results.names import alphabetical, matches
from app.pages.results.words import group_names, level_names, order_names
from app.words import INDEX, OVERALL

Document = Mapping[str, Any]

PAGE_SIZE = 30
# By rank set: who is surely high stands first, who is surely low last, and a small agency,
# whose figure says little, in the middle instead of at either end.
DEFAULT_ORDER = "rank"


@dataclass(frozen=True)
class View:
    """What a reader asks to see; whatever does not fit falls back to the ordinary view."""

    measure: str = INDEX
    level: str = ""
    group: str = ""
    query: str = ""
    order: str = DEFAULT_ORDER
    page: int = 1

    def address(self, **changed: Any) -> str:
        """The query string of this view with something changed; page one unless told."""
        view = replace(self, **{"page": 1} | changed)
        plain = View()
        given = {
            "measure": view.measure,
            "level": view.level,
            "group": view.group,
            "q": view.query,
            "sort": view.order,
            "page": view.page,
        }
        usual = dict(zip(given, vars(plain).values(), strict=True))
        kept = {name: value for name, value in given.items() if value != usual[name]}
        return "?" + urlencode(kept)


@dataclass(frozen=True)
class Row:
    """One agency's line in the table."""

    code: str
    name: str
    level: str
    dossiers: int
    response_rate: float
    figure: Figure
    bar: Bar
    group: str


@dataclass(frozen=True)
class Listing:
    """The agencies that a view finds: those with a figure, page by page, and those without."""

    rows: list[Row]
    found: int
    withheld: list[Document]
    pages: int
    axis: Axis
    reference: float | None


def read_view(asked: MultiDict[Any]) -> View:
    """The view that an address asks for."""

    def one_of(name: str, allowed: Mapping[str, Any] | tuple[str, ...], usual: str) -> str:
        return asked[name] if asked.get(name) in allowed else usual

    number = asked.get("page", "1")
    return View(
        measure=one_of("measure", (INDEX, OVERALL), INDEX),
        level=one_of("level", level_names(), ""),
        group=one_of("group", group_names(), ""),
        query=asked.get("q", "").strip()[:80],
        order=one_of("sort", order_names(), DEFAULT_ORDER),
        page=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
    )


def figure_of(part: Document, measure: str) -> Figure | None:
    """A figure of an agency, a group or the province, if it is published."""
    return (part.get("measures") or {}).get(measure)


def group_of(figure: Figure) -> str:
    """Which half of the ranking an agency surely stands in, by its rank set."""
    low, high, ranked = (figure.get(name) for name in ("rank_low", "rank_high", "ranked"))
    if low is None or high is None or not ranked:
        return "open"
    if 2 * high <= ranked:
        return "upper"
    return "lower" if 2 * (low - 1) >= ranked else "open"


def response_rate(figure: Figure) -> float:
    """Share of the dossiers for which this very measure has an answer."""
    return figure["n"] / figure["dossiers"] if figure["dossiers"] else 0.0


def list_rows(document: Document, view: View) -> Listing:
    """The agencies that a view asks for, in its order."""
    shown = {
        agency["code"]: figure
        for agency in document["agencies"]
        if (figure := figure_of(agency, view.measure)) is not None
    }
    province = figure_of(document["province"], view.measure)
    axis = make_axis([*shown.values(), *([province] if province else [])])
    reference = None if province is None else province["estimate"]
    found = [agency for agency in document["agencies"] if _is_found(agency, view)]
    rows = [
        _row(agency, shown[agency["code"]], axis, reference)
        for agency in found
        if agency["code"] in shown
    ]
    rows = _ordered([row for row in rows if view.group in {"", row.group}], view.order)
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    start = (min(view.page, pages) - 1) * PAGE_SIZE
    withheld = [agency for agency in found if agency["code"] not in shown and not view.group]
    return Listing(
        rows=rows[start : start + PAGE_SIZE],
        found=len(rows),
        withheld=sorted(withheld, key=lambda agency: alphabetical(agency["name"])),
        pages=pages,
        axis=axis,
        reference=None if reference is None else axis.place(reference),
    )


def count_groups(document: Document, measure: str) -> dict[str, int]:
    """How many ranked agencies surely stand in either half, and how many cannot be told."""
    counts = dict.fromkeys(group_names(), 0)
    for agency in document["agencies"]:
        figure = figure_of(agency, measure)
        if figure is not None and figure.get("rank_low") is not None:
            counts[group_of(figure)] += 1
    return counts


def _is_found(agency: Document, view: View) -> bool:
    named = f"{agency['name']} {agency['code']}"
    return view.level in {"", agency["level"]} and matches(named, view.query)


def _row(agency: Document, figure: Figure, axis: Axis, reference: float | None) -> Row:
    return Row(
        code=agency["code"],
        name=agency["name"],
        level=agency["level"],
        dossiers=figure["dossiers"],
        response_rate=response_rate(figure),
        figure=figure,
        bar=make_bar(figure, axis, reference),
        group=group_of(figure),
    )


def _ordered(rows: list[Row], order: str) -> list[Row]:
    by_name = sorted(rows, key=lambda row: alphabetical(row.name))
    field, backwards = order.removeprefix("-"), order.startswith("-")
    if field == "name":
        return by_name
    if field == "rank":
        high_first = _ordered(rows, "-estimate")
        ranked = [row for row in high_first if row.figure.get("rank_low") is not None]
        unranked = [row for row in high_first if row.figure.get("rank_low") is None]
        return sorted(ranked, key=_middle_rank, reverse=backwards) + unranked
    return sorted(by_name, key=lambda row: _value(row, field), reverse=backwards)


def _middle_rank(row: Row) -> float:
    return float(row.figure["rank_low"] + row.figure["rank_high"])


def _value(row: Row, field: str) -> float:
    return float(row.figure["estimate"] if field == "estimate" else getattr(row, field))
