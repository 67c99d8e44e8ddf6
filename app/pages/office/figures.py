"""A run as the analyst reads it: tables made of its document, before anything is hidden."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from app.forms import number_of
from app.rendering import _
from app.words import INDEX, OVERALL, measure_names

SIZE = 50
MOST_COLLAPSES = 100

Document = Mapping[str, Any]
Rows = list[dict[str, Any]]


def describe_run(run: Mapping[str, Any], find: str, number: str) -> dict[str, Any]:
    """What the page of a run shows: the province, one page of agencies, weights, collapses."""
    document: Document = run["document"]
    hidden = _hidden(run["public_document"])
    agencies = [row for row in _rows(document, hidden) if _matches(row, find)]
    pages = max(1, -(-len(agencies) // SIZE))
    current = min(max(number_of(number) or 1, 1), pages)
    return {
        "province": _figures_of(document, None),
        "agencies": agencies[(current - 1) * SIZE : current * SIZE],
        "found": len(agencies),
        "find": find,
        "number": current,
        "pages": pages,
        "below": sum(row["below"] for row in agencies),
        "names": _measure_names(document),
        "reports": _named(document["reports"]),
        "collapses": document["collapses"][:MOST_COLLAPSES],
        "collapse_count": len(document["collapses"]),
        "sets": set_names(),
        "steps": step_names(),
        "company": _company(document),
        "flags": flag_names(),
    }


def _rows(document: Document, hidden: set[str]) -> Rows:
    """One row an agency: its index and its overall rating, with what they rest on."""
    figures: dict[str, dict[str, Any]] = {}
    for figure in document["figures"]:
        figures.setdefault(figure["agency"], {})[figure["measure"]] = figure
    second: dict[str, dict[str, Any]] = {}
    for figure in document.get("unflagged", []):
        second.setdefault(figure["agency"], {})[figure["measure"]] = figure
    rows = []
    for agency in document["agencies"]:
        own = figures.get(agency["code"], {})
        known = own.get(OVERALL) or next(iter(own.values()), None)
        rows.append(
            {
                "code": agency["code"],
                "name": agency["name"],
                "dossiers": known["dossiers"] if known else 0,
                "response_rate": known["response_rate"] if known else None,
                "index": own.get(INDEX),
                "overall": own.get(OVERALL),
                "unflagged": second.get(agency["code"], {}),
                "below": known is None or known["n"] < document["minimum"],
                "hidden": agency["code"] in hidden,
            }
        )
    return sorted(rows, key=lambda row: (row["below"], -_estimate(row), row["name"]))


def _estimate(row: Mapping[str, Any]) -> float:
    figure = row["index"] or row["overall"]
    return (figure["estimate"] or 0.0) if figure else 0.0


def _figures_of(document: Document, agency: str | None) -> dict[str, Any]:
    found = {f["measure"]: f for f in document["figures"] if f["agency"] == agency}
    return {name: found[name] for name in _measure_names(document) if name in found}


def _company(document: Document) -> dict[str, Any] | None:
    """How far cells were merged when rights were opened or ratings mixed; None in old runs."""
    found = document.get("company")
    if found is None:
        return None
    names = merge_names()
    steps = [(names[step], found["by_step"].get(step, 0)) for step in names]
    return dict(found) | {"steps": [(name, count) for name, count in steps if count]}


def _measure_names(document: Document) -> dict[str, str]:
    """Names of the measures of this run, the known ones first and in their order."""
    known = measure_names()
    here = {figure["measure"] for figure in document["figures"]}
    order = [name for name in known if name in here] + sorted(here - known.keys())
    return {name: known.get(name, name.removeprefix("factor_")) for name in order}


def _hidden(public: Document | None) -> set[str]:
    return {a["code"] for a in public["agencies"] if a["hidden"]} if public else set()


def _matches(row: Mapping[str, Any], find: str) -> bool:
    """Whether the words stand in the name or code, typed with or without marks."""
    return plain(find) in plain(f"{row['name']} {row['code']}")


def plain(text: str) -> str:
    """A text in small letters without marks, so that 'so tu phap' finds 'Sở Tư pháp'."""
    apart = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).strip()


def _named(reports: Sequence[Mapping[str, Any]]) -> Rows:
    """The weight reports, those that are known in their usual order."""
    return sorted((dict(row) for row in reports), key=lambda row: row["weight_set"] != "overall")


def set_names() -> dict[str, str]:
    """The two sets of weights."""
    return {
        "overall": _("Người đã chọn mức chung"),
        "factors": _("Người đã trả lời các yếu tố"),
    }


def step_names() -> dict[str, str]:
    """What was merged when a cell or a margin was too small."""
    return {
        "on_time": _("Gộp đúng hạn với trễ hạn"),
        "channel": _("Gộp cách nộp"),
        "field": _("Gộp lĩnh vực"),
        "agency": _("Gộp cả cơ quan"),
        "rest": _("Gộp vào phần còn lại"),
        "margin_field": _("Gộp lĩnh vực trong tổng"),
        "margin_channel": _("Gộp cách nộp trong tổng"),
        "margin_on_time": _("Gộp đúng hạn trong tổng"),
    }


def merge_names() -> dict[str, str]:
    """How far the cell of a rating was merged so that it holds dossiers enough, finest first."""
    return {
        "none": _("theo tuần, không gộp"),
        "week": _("gộp theo tháng"),
        "month": _("gộp theo quý"),
        "on_time": _("gộp cả đúng hạn với trễ hạn"),
        "channel": _("gộp cả cách nộp"),
        "field": _("gộp cả lĩnh vực"),
    }


def flag_names() -> dict[str, str]:
    """Why a figure is not to be trusted."""
    return {
        "no_ratings": _("không có lượt nào"),
        "below_minimum": _("dưới ngưỡng"),
        "more_ratings_than_dossiers": _("nhiều lượt hơn hồ sơ"),
    }
