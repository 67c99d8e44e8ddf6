"""An agency over time, through mergers and splits, and never more than is printed."""

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.results import UnknownResultError, publish_run, trend
from surveys.results.disclosure import Published
from surveys.results.lineage import Lineage, Link, Stand
from surveys.results.publishing import make_public
from surveys.results.records import PublicDocument
from surveys.results.trends import follow
from surveys.transactions import fetch
from tests.factories import make_agency
from tests.surveys.results_town import FORM, RECIPE, make_document, make_town, shown_counts, store

REFORM = date(2025, 7, 1)
OLD, NEW = (date(2000, 1, 1), REFORM), (REFORM, None)
# Big agencies beside which nobody needs to be hidden.
REST = {f"Z{n}": {"overall": 200 + n} for n in range(3)}


def link(before: str, after: str, share: float = 1.0, **given: Any) -> Link:
    values: dict[str, Any] = {"day": REFORM, "kind": "merge", "assumed": False} | given
    return Link(before, after, share=share, **values)


def table(
    period: str, counts: dict[str, dict[str, int]], **given: Any
) -> tuple[str, PublicDocument]:
    return f"run-{period}", make_public(make_document(counts | REST, period, **given))


MERGER = Lineage("C", {"A": OLD, "B": OLD, "C": NEW}, [link("A", "C"), link("B", "C")])
BEFORE = table("2025-Q2", {"A": {"overall": 40}, "B": {"overall": 20}})
AFTER = table("2025-Q3", {"C": {"overall": 60}})


def test_an_agency_without_relatives_has_its_own_points() -> None:
    alone = Lineage("Z0", {"Z0": (date(2000, 1, 1), None)})
    points = follow(alone, [AFTER, BEFORE])
    assert [point.period for point in points] == ["2025-Q2", "2025-Q3"]
    assert [point.combined for point in points] == [False, False]
    rating = points[0].measures["overall_rating"]
    assert rating is not None
    assert (rating.n, rating.ranked) == (200, 5)


def test_before_a_merger_those_who_merged_stand_together() -> None:
    first, second = follow(MERGER, [BEFORE, AFTER])
    assert (first.agencies, second.agencies) == (["A", "B"], ["C"])
    assert first.combined
    assert not first.estimated
    rating = first.measures["overall_rating"]
    assert rating is not None
    assert (rating.n, rating.dossiers, rating.rank_low) == (60, 140 + 80, None)
    assert (first.breaks, second.breaks) == ([], ["reorganisation"])


def test_a_combined_point_is_hidden_where_one_part_is() -> None:
    hiding = table("2025-Q2", {"A": {"overall": 40}, "B": {"overall": 9}, "D": {"overall": 11}})
    assert set(shown_counts(hiding[1])) == {"A", *REST}
    (point,) = follow(MERGER, [hiding])
    assert point.hidden
    assert point.dossiers is None
    assert set(point.measures.values()) == {None}


def test_one_hidden_measure_hides_itself_only() -> None:
    counts = {"A": {"overall": 40, "index": 9}, "B": {"overall": 30}, "D": {"overall": 11}}
    (point,) = follow(MERGER, [table("2025-Q2", counts)])
    assert point.measures["overall_rating"] is not None
    assert point.measures["index"] is None


def test_after_its_end_an_agency_is_followed_by_its_successor() -> None:
    lineage = Lineage("A", {"A": OLD, "C": NEW}, [link("A", "C")])
    first, second = follow(lineage, [BEFORE, AFTER])
    assert (first.agencies, second.agencies) == (["A"], ["C"])
    assert second.combined
    assert not second.estimated
    rating = second.measures["overall_rating"]
    assert rating is not None
    assert rating.ranked is None


def test_a_part_of_an_agency_counts_with_its_share_and_is_estimated() -> None:
    days = {"A": OLD, "B": OLD, "C": NEW}
    lineage = Lineage("C", days, [link("A", "C", 0.25, assumed=True), link("B", "C")])
    (point,) = follow(lineage, [BEFORE])
    assert (point.estimated, point.assumed) == (True, True)
    rating = point.measures["overall_rating"]
    assert rating is not None
    assert rating.dossiers == 140 // 4 + 80


def test_a_split_agency_is_followed_by_all_its_successors() -> None:
    days = {"A": OLD, "C": NEW, "D": NEW}
    lineage = Lineage("A", days, [link("A", "C", 0.75, kind="split"), link("A", "D", 0.25)])
    (point,) = follow(lineage, [table("2025-Q3", {"C": {"overall": 30}, "D": {"overall": 90}})])
    assert point.agencies == ["C", "D"]
    assert point.estimated


def test_successors_are_followed_to_those_who_exist_in_the_period() -> None:
    later = date(2027, 1, 1)
    days = {"A": OLD, "C": (REFORM, later), "E": (later, None)}
    lineage = Lineage("A", days, [link("A", "C"), link("C", "E", day=later)])
    stands = lineage.stands(date(2027, 4, 1), date(2027, 6, 30))
    assert [stand.code for stand in stands] == ["E"]
    assert [s.code for s in lineage.stands(REFORM, date(2025, 9, 30))] == ["C"]


def test_a_renamed_agency_has_no_break() -> None:
    lineage = Lineage("C", {"A": OLD, "C": NEW}, [link("A", "C", kind="rename")])
    assert [point.breaks for point in follow(lineage, [BEFORE, AFTER])] == [[], []]


def test_an_agency_that_took_in_another_is_joined_by_it_before() -> None:
    days = {"Z0": (date(2000, 1, 1), None), "B": OLD}
    first, second = follow(Lineage("Z0", days, [link("B", "Z0")]), [BEFORE, AFTER])
    assert (first.agencies, second.agencies) == (["B", "Z0"], ["Z0"])
    assert second.breaks == ["reorganisation"]


def test_in_the_year_of_the_merger_all_stand_together() -> None:
    counts = {"A": {"overall": 40}, "B": {"overall": 20}, "C": {"overall": 60}}
    (point,) = follow(MERGER, [table("2025", counts)])
    assert point.agencies == ["A", "B", "C"]


def test_a_circle_of_successions_comes_to_an_end() -> None:
    days = {"A": OLD, "C": NEW}
    lineage = Lineage("C", days, [link("A", "C"), link("C", "A")])
    assert lineage.stands(date(2025, 4, 1), date(2025, 6, 30)) == [Stand("A")]


def test_two_ways_to_the_same_predecessor_add_up() -> None:
    days = {"A": OLD, "M": OLD, "N": OLD, "C": NEW}
    early = date(2010, 1, 1)
    links = [
        link("A", "M", 0.4, day=early),
        link("A", "N", 0.6, day=early),
        link("M", "C"),
        link("N", "C"),
    ]
    lineage = Lineage("C", days, links)
    (stand,) = [x for x in lineage.stands(date(2009, 1, 1), date(2009, 3, 31)) if x.code == "A"]
    assert stand.share == pytest.approx(1.0)


def test_another_form_or_method_is_a_break() -> None:
    lineage = Lineage("Z0", {"Z0": (date(2000, 1, 1), None)})
    tables = [
        table("2021-Q1", {}),
        table("2021-Q2", {}, questionnaire=FORM | {"version": 2}),
        table("2021-Q3", {}, questionnaire=FORM | {"version": 2}, recipe=RECIPE | {"version": "2"}),
    ]
    breaks = [point.breaks for point in follow(lineage, tables)]
    assert breaks == [[], ["questionnaire"], ["method"]]


def test_periods_of_one_kind_make_a_series() -> None:
    lineage = Lineage("Z0", {"Z0": (date(2000, 1, 1), None)})
    tables = [table(period, {}) for period in ("2021", "2022", "2021-Q1", "2021-Q2", "2021-Q3")]
    assert [point.period for point in follow(lineage, tables)] == ["2021-Q1", "2021-Q2", "2021-Q3"]
    assert [point.period for point in follow(lineage, tables, "year")] == ["2021", "2022"]
    assert follow(lineage, tables, "month") == []


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from("ABDE"), st.integers(0, 25), min_size=1),
    st.lists(st.sampled_from("ABDE"), min_size=1, max_size=4, unique=True),
    st.booleans(),
)
def test_a_trend_tells_no_more_than_its_printed_parts(
    counts: dict[str, int], parts: list[str], again: bool
) -> None:
    document = make_document({code: {"overall": n} for code, n in counts.items()}, "2025-Q2")
    public = make_public(document)
    if again:
        public = make_public(document, [Published(document, public)])
    lineage = Lineage("C", dict.fromkeys(parts, OLD) | {"C": NEW}, [link(x, "C") for x in parts])
    shown = shown_counts(public)
    present = [part for part in parts if part in counts]
    points = follow(lineage, [("run", public)])
    assert bool(points) is bool(present)
    for point in points:
        rating = point.measures["overall_rating"]
        if all(part in shown for part in present):
            assert rating is not None
            assert rating.n == sum(shown[part] for part in present)
        else:
            assert rating is None


async def test_the_trend_of_an_agency_comes_from_what_is_published(database: str) -> None:
    ids = await make_town("A", "B", *REST)
    ids["C"] = await make_agency("C", level="commune", valid_from=REFORM)
    for code in "AB":
        await fetch("UPDATE agency SET valid_to = $2 WHERE id = $1", ids[code], REFORM)
        await fetch(
            "INSERT INTO agency_succession"
            " (predecessor, successor, effective_date, kind, share, assumed)"
            " VALUES ($1, $2, $3, 'merge', 1.0, false)",
            ids[code],
            ids["C"],
            REFORM,
        )
    await publish_run(await store({"A": {"overall": 40}, "B": {"overall": 20}, **REST}, "2025-Q2"))
    assert [point["agencies"] for point in await trend("C")] == [["A", "B"]]
    await publish_run(await store({"C": {"overall": 60}, **REST}, "2025-Q3"))
    await store({"C": {"overall": 70}, **REST}, "2025-Q4")
    points = await trend("C")
    assert [point["period"] for point in points] == ["2025-Q2", "2025-Q3"]
    assert points[0]["measures"]["overall_rating"]["n"] == 60
    assert [point["agencies"] for point in await trend("B")] == [["B"], ["C"]]
    assert await trend("C", questionnaire="household") == []
    msgspec.json.encode(points)


async def test_a_corrected_run_leaves_the_trend(database: str) -> None:
    await make_town(*REST)
    for more in (0, 50):
        counts = {code: {"overall": row["overall"] + more} for code, row in REST.items()}
        await publish_run(await store(counts, "2021-Q1"))
    (point,) = await trend("Z0")
    assert point["measures"]["overall_rating"]["n"] == 250


async def test_an_unknown_agency_has_no_trend(database: str) -> None:
    with pytest.raises(UnknownResultError):
        await trend("khong-co")
