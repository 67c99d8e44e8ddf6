"""What may be shown of a run: the rules one by one, and that nothing else shines through."""

from collections.abc import Mapping
from datetime import date
from time import process_time
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from surveys.results.disclosure import Published, choose_shown
from surveys.results.publishing import make_public
from surveys.results.records import PublicDocument, RunDocument, encode
from tests.surveys.results_town import make_document, rank, shown_counts

Counts = dict[str, dict[str, int]]


def overall(**counts: int) -> Counts:
    return {agency: {"overall": n} for agency, n in counts.items()}


def public_of(counts: Counts, *earlier: Published, **given: Any) -> PublicDocument:
    return make_public(make_document(counts, **given), earlier)


def publish(counts: Counts, *earlier: Published, **given: Any) -> Published:
    document = make_document(counts, **given)
    return Published(document, make_public(document, earlier))


def hidden(public: PublicDocument, measure: str = "overall_rating") -> set[str]:
    return {a.code for a in public.agencies} - shown_counts(public, measure).keys()


def test_ten_ratings_are_shown_and_nine_are_not() -> None:
    public = public_of(overall(A=10, B=9, C=8, D=50))
    assert shown_counts(public) == {"A": 10, "D": 50}


def test_the_minimum_is_the_runs_own() -> None:
    assert hidden(public_of(overall(A=19, B=18, C=30), minimum=20)) == {"A", "B"}


def test_beside_one_hidden_agency_the_smallest_other_is_hidden() -> None:
    assert hidden(public_of(overall(A=40, B=9, C=20, D=30))) == {"B", "C"}


def test_a_second_agency_is_hidden_in_every_level() -> None:
    levels = {"A": "district", "B": "district", "C": "commune", "D": "commune", "E": "commune"}
    public = public_of(overall(A=9, B=30, C=50, D=12, E=40), levels=levels)
    assert hidden(public) == {"A", "B"}


def test_a_second_agency_is_hidden_below_the_same_agency() -> None:
    parents = dict.fromkeys("ABC", "X") | dict.fromkeys("DEF", "Y")
    counts = overall(A=9, B=30, C=40, D=8, E=25, F=26, X=99, Y=98)
    levels = {"X": "district", "Y": "district"}
    assert hidden(public_of(counts, parents=parents, levels=levels)) == {"A", "B", "D", "E"}


def test_an_only_child_is_hidden_alone_and_its_level_has_no_figure() -> None:
    public = public_of(overall(A=9, B=30, C=40), levels={"A": "district"})
    assert hidden(public) == {"A"}
    group = next(group for group in public.groups if group.level == "district")
    assert (group.agencies, group.shown, group.dossiers) == (1, 0, 0)
    assert set(group.measures.values()) == {None}


def test_a_run_without_a_shown_agency_has_no_figure_at_all() -> None:
    public = public_of(overall(A=9, B=3, C=0))
    assert public.province.shown == 0
    assert set(public.province.measures.values()) == {None}
    assert public.report["overall"]["weight_min"] is None


def test_a_run_without_ratings_or_agencies_can_be_published() -> None:
    public = make_public(make_document({}))
    assert public.agencies == []
    assert public.groups == []


def test_of_a_hidden_agency_only_its_name_is_printed() -> None:
    public = public_of(overall(A=9, B=30, C=40))
    for agency in public.agencies[:2]:
        assert agency.hidden
        assert agency.name
        assert {agency.dossiers, agency.response_rate, *agency.measures.values()} == {None}


def test_a_factor_under_the_minimum_takes_the_other_factors_with_it() -> None:
    counts = {
        "A": {"overall": 50, "officials": 9},
        "B": {"overall": 60, "officials": 52},
        "C": {"overall": 70},
    }
    public = public_of(counts)
    assert hidden(public, "factor_access") == hidden(public, "factor_officials") == {"A", "B"}
    assert hidden(public, "index") == set()


def test_an_index_under_the_minimum_hides_the_factors_but_not_the_tap() -> None:
    counts = {"A": {"overall": 50, "index": 9}, "B": {"overall": 60}, "C": {"overall": 70}}
    public = public_of(counts)
    assert hidden(public, "index") == hidden(public, "factor_access") == {"A", "B"}
    assert hidden(public) == set()


def test_a_tap_under_the_minimum_hides_everything() -> None:
    counts = {"A": {"overall": 9, "index": 12}, "B": {"overall": 60}, "C": {"overall": 70}}
    assert hidden(public_of(counts), "index") == {"A", "B"}


def test_an_index_that_would_give_its_factors_away_is_hidden_with_them() -> None:
    """Twelve ratings and three missing answers: each factor would have 9 to 12."""
    counts = {"A": {"overall": 40, "index": 12, "officials": 9}}
    assert hidden(public_of(counts), "index") == {"A"}
    roomy = {"A": {"overall": 40, "index": 15, "officials": 9}}
    assert hidden(public_of(roomy), "index") == set()


def test_a_factor_of_many_questions_needs_more_room() -> None:
    counts = {"A": {"overall": 40, "index": 15, "officials": 9}}
    form = {"key": "counter", "version": 1, "factors": {"access": 4}}
    assert hidden(public_of(counts, questionnaire=form), "index") == {"A"}


def test_for_the_second_agency_one_whose_index_can_stay_is_preferred() -> None:
    counts = {
        "A": {"overall": 90, "officials": 9},
        "B": {"overall": 30},
        "C": {"overall": 50, "officials": 44},
    }
    public = public_of(counts)
    assert hidden(public, "factor_access") == {"A", "C"}
    assert hidden(public, "index") == set()


def test_a_figure_without_its_interval_is_not_shown() -> None:
    document = make_document(overall(A=50))
    broken = [msgspec.structs.replace(figure, upper=None) for figure in document.figures]
    assert hidden(make_public(msgspec.structs.replace(document, figures=broken))) == {"A"}


def test_a_number_that_was_shown_before_hides_nobody() -> None:
    before = publish(overall(A=30, B=20, C=40))
    public = public_of(overall(A=30, B=20, C=40, D=9, E=50), before)
    assert hidden(public) == {"D", "E"}


def test_who_was_hidden_before_stays_first_choice() -> None:
    before = publish(overall(A=8, B=15, C=40))
    assert hidden(before.public) == {"A", "B"}
    assert hidden(public_of(overall(A=9, B=16, C=40, D=12), before)) == {"A", "D"}


def test_where_all_others_were_shown_two_are_hidden_all_the_same() -> None:
    before = publish(overall(A=12, B=20, C=40))
    assert hidden(public_of(overall(A=9, B=20, C=40), before)) == {"A", "B"}


def test_a_year_is_hidden_where_it_would_give_a_quarter_away() -> None:
    quarters: list[Published] = []
    for quarter, n in enumerate((30, 20, 7, 15), start=1):
        quarters.append(publish(overall(A=n, B=50), *quarters, period=f"2021-Q{quarter}"))
    year = public_of(overall(A=72, B=200), *quarters, period="2021")
    assert "A" in hidden(year)


def test_a_year_is_shown_where_its_quarters_are_shown() -> None:
    quarters: list[Published] = []
    for quarter in range(1, 5):
        quarters.append(publish(overall(A=20, B=50), *quarters, period=f"2021-Q{quarter}"))
    assert hidden(public_of(overall(A=80, B=200), *quarters, period="2021")) == set()


def test_a_quarter_is_hidden_where_it_leaves_too_little_of_the_year() -> None:
    year = publish(overall(A=47, B=60), period="2021")
    first = publish(overall(A=25, B=12), year, period="2021-Q1")
    assert hidden(first.public) == set()
    second = publish(overall(A=20, B=15), year, first, period="2021-Q2")
    assert "A" in hidden(second.public)


def test_another_year_and_another_agency_tell_nothing() -> None:
    last = publish(overall(A=47, B=60), period="2020")
    assert hidden(public_of(overall(A=46, B=60), last, period="2021-Q1")) == set()


def test_months_in_which_an_agency_did_not_exist_are_known_to_be_empty() -> None:
    days = {"A": (date(2000, 1, 1), date(2021, 7, 1))}
    first = publish(overall(A=30, B=60), period="2021-Q1", days=days)
    second = publish(overall(A=8, B=60), first, period="2021-Q2", days=days)
    assert "A" in hidden(second.public)
    year = make_document(overall(A=38, B=240), "2021", days=days)
    assert not choose_shown(year, [first, second]).has("A", "overall_rating")


def test_a_year_that_began_with_its_last_quarter_is_shown() -> None:
    quarter = publish(overall(A=30, B=60, C=9, D=8), period="2021-Q4")
    year = public_of(overall(A=30, B=60, C=9, D=8), quarter, period="2021")
    assert hidden(year) == {"C", "D"}


def test_taps_without_a_right_are_hidden_by_the_same_rules() -> None:
    public = public_of(overall(A=30, B=40, C=50), unlinked={"A": 9, "B": 12, "C": 40})
    assert {each.agency: each.ratings for each in public.unlinked} == {
        "A": None,
        "B": None,
        "C": 40,
    }
    assert hidden(public) == set()


def test_taps_at_an_agency_without_dossiers_do_no_harm() -> None:
    document = make_document(overall(A=30, B=40))
    empty = make_document(overall(Z=0))
    taps = msgspec.structs.replace(
        document,
        agencies=[*document.agencies, *empty.agencies],
        unlinked=[msgspec.convert({"agency": "Z", "ratings": 30}, _unlinked_type())],
    )
    public = make_public(taps)
    assert public.unlinked[0].ratings == 30
    assert public.agencies[-1].hidden


def _unlinked_type() -> Any:
    return type(make_document({}, unlinked={"A": 1}).unlinked[0])


def test_collapses_and_weights_are_told_without_what_they_count() -> None:
    collapse = {"weight_set": "overall", "agency": "B", "step": "field", "ratings": 3}
    report = {"weight_set": "overall", "n": 88, "n_eff": 71.0, "deff": 1.24, "weight_max": 31.0}
    document = make_document(
        overall(A=30, B=9, C=9, D=40), collapses=[collapse, collapse], reports=[report]
    )
    public = make_public(document)
    assert public.collapses == [{"weight_set": "overall", "step": "field"}]
    assert public.report["overall"]["ratings"] == 70
    assert public.report["overall"]["agencies"] == 2


def test_the_report_follows_from_the_printed_rows() -> None:
    public = public_of(overall(A=30, B=60))
    rows = [(a.dossiers or 0, a.measures["overall_rating"].n) for a in public.agencies]  # type: ignore[union-attr]
    weights = [dossiers / n for dossiers, n in rows]
    size = sum(d for d, _ in rows) ** 2 / sum(d * d / n for d, n in rows)
    report = public.report["overall"]
    assert report["weight_min"] == pytest.approx(min(weights), abs=0.005)
    assert report["weight_max"] == pytest.approx(max(weights), abs=0.005)
    assert report["n_eff"] == pytest.approx(size, abs=0.05)
    assert report["deff"] == pytest.approx(90 / size, abs=0.005)


COUNTS = st.dictionaries(
    st.sampled_from([f"A{n}" for n in range(8)]),
    st.fixed_dictionaries({"overall": st.integers(0, 30), "index": st.integers(0, 30)}),
    min_size=1,
)


@settings(max_examples=150, deadline=None)
@given(COUNTS, st.data())
def test_nothing_public_changes_with_a_hidden_figure(counts: Counts, data: st.DataObject) -> None:
    """Neither counts nor estimates, intervals, ranks, totals or reports."""
    document = make_document(counts)
    shown = choose_shown(document)
    other = vary(document, shown.has, data)
    assume(choose_shown(other) == shown)
    assert encode(make_public(other)) == encode(make_public(document))


def vary(document: RunDocument, is_shown: Any, data: st.DataObject) -> RunDocument:
    """The same run with other figures where they are hidden, and ranks among all anew."""
    rows: list[dict[str, Any]] = []
    for figure in document.figures:
        row = msgspec.to_builtins(figure)
        if not is_shown(figure.agency, figure.measure):
            n = data.draw(st.integers(0, 9) if figure.n < 10 else st.integers(10, 60))
            low = data.draw(st.floats(0, 60))
            values = {"estimate": low + 20, "unweighted": low, "lower": low, "upper": low + 40}
            row |= values | {"n": n, "se": 5.0} if n else {"n": 0}
        rows.append(row)
    figure_type = type(document.figures[0])
    return msgspec.structs.replace(document, figures=msgspec.convert(rank(rows), list[figure_type]))  # type: ignore[valid-type]


@settings(max_examples=60, deadline=None)
@given(st.lists(COUNTS, min_size=1, max_size=3), st.booleans())
def test_the_rules_hold_in_any_table(runs: list[Counts], with_parents: bool) -> None:
    published: list[Published] = []
    for counts in runs:
        parents = {code: f"P{code[-1] in '0123'}" for code in counts} if with_parents else {}
        published.append(publish(counts, *published, parents=parents))
        public = published[-1].public
        for measure in ("overall_rating", "index", "factor_access"):
            assert min(shown_counts(public, measure).values(), default=10) >= 10
            _check_families(hidden(public, measure), counts, parents)
        assert hidden(public) <= hidden(public, "index") <= hidden(public, "factor_access")


def _check_families(out: set[str], counts: Counts, parents: Mapping[str, str]) -> None:
    families = [set(counts)]
    families += [{c for c in counts if parents.get(c) == p} for p in set(parents.values())]
    for family in families:
        assert len(family & out) != 1 or len(family) == 1


def test_a_country_is_decided_without_looking_at_every_pair() -> None:
    counts = {f"A{n:04}": {"overall": 5 + n % 50, "officials": 3 + n % 40} for n in range(1200)}
    parents = {f"A{n:04}": f"A{n % 60:04}" for n in range(60, 1200)}
    first = publish(counts, parents=parents, period="2021-Q1")
    document = make_document(counts, "2021", parents=parents)
    started = process_time()
    shown = choose_shown(document, [first])
    assert len(shown.pairs) > 1000
    assert process_time() - started < 20
