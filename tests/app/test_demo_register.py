"""The demo's files: published totals come out, and every reference is good on its day."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from app.demo import vietnam
from app.demo.periods import FIELD_RATES, LEVEL_RATES, ON_TIME, ONLINE, RECEIVED, RETURNED
from app.demo.register import read_returned, write_files
from app.demo.splits import printed_share
from surveys.register.imports import import_file

ORDER = [
    "units", "unit-successions", "agencies", "agency-successions", "counters", "procedures",
    "dossiers", "dossiers", "totals",
]  # fmt: skip
LAST_OLD_DAY = date(2025, 6, 30)
TODAY = date(2025, 7, 1)
Q1 = date(2021, 2, 1)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Path]]:
    return write_files(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def folder(files: list[tuple[str, Path]]) -> Path:
    return files[0][1].parent


def read(folder: Path, name: str) -> pl.DataFrame:
    text = {"code": pl.String, "parent_code": pl.String, "unit_code": pl.String}
    return pl.read_csv(
        folder / f"{name}.csv",
        try_parse_dates=True,
        schema_overrides=text | {"predecessor_code": pl.String, "successor_code": pl.String},
    )


def valid_on(rows: pl.DataFrame, day: pl.Expr) -> pl.DataFrame:
    ended = pl.col("valid_to").is_null() | (pl.col("valid_to") > day)
    return rows.filter((pl.col("valid_from") <= day) & ended)


def units_on(folder: Path, day: date, level: str) -> pl.DataFrame:
    return valid_on(read(folder, "units"), pl.lit(day)).filter(pl.col("level") == level)


@pytest.fixture(scope="module")
def quarter(folder: Path) -> pl.DataFrame:
    return read(folder, "dossiers-2021-Q1").with_columns(
        on_time=pl.col("returned_at") <= pl.col("due_at")
    )


@pytest.fixture(scope="module")
def returned(folder: Path) -> pl.DataFrame:
    return read_returned(folder, "2021-Q1")


def on_time_share(rows: pl.DataFrame) -> Decimal:
    return printed_share(int(rows["on_time"].sum()), rows.height)


def test_files_come_in_the_order_of_import(files: list[tuple[str, Path]]) -> None:
    assert [kind for kind, _ in files] == ORDER
    assert all(path.stat().st_size > 0 for _, path in files)


def test_the_totals_of_the_quarter_are_those_published(quarter: pl.DataFrame) -> None:
    assert quarter.height == RECEIVED == 130_729
    assert quarter["returned_at"].count() == RETURNED == 113_375
    assert quarter["on_time"].sum() == ON_TIME == 111_824
    assert (quarter["channel"] == "online").sum() == ONLINE == 28_301
    assert printed_share(ON_TIME, RETURNED) == Decimal("98.63")
    assert printed_share(ONLINE, RECEIVED) == Decimal("21.65")


@pytest.mark.parametrize(("level", "rate"), LEVEL_RATES.items())
def test_the_on_time_share_of_a_level_is_that_published(
    returned: pl.DataFrame, level: str, rate: Decimal
) -> None:
    assert on_time_share(returned.filter(pl.col("level") == level)) == rate


@pytest.mark.parametrize(("field", "rate"), FIELD_RATES.items())
def test_the_on_time_share_of_a_field_is_that_published(
    returned: pl.DataFrame, field: str, rate: Decimal
) -> None:
    assert on_time_share(returned.filter(pl.col("field_code") == field)) == rate


@pytest.mark.parametrize("seed", [1, 7])
def test_another_seed_gives_other_dossiers_with_the_same_totals(
    tmp_path: Path, seed: int, returned: pl.DataFrame
) -> None:
    write_files(tmp_path, seed=seed)
    other = read_returned(tmp_path, "2021-Q1")
    assert not other.equals(returned)
    assert (other.height, other["on_time"].sum()) == (RETURNED, ON_TIME)
    for level, rate in LEVEL_RATES.items():
        assert on_time_share(other.filter(pl.col("level") == level)) == rate


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, files: list[tuple[str, Path]]) -> None:
    again = write_files(tmp_path)
    for (_, first), (_, second) in zip(files, again, strict=True):
        assert first.read_bytes() == second.read_bytes(), first.name


def test_chosen_splits_in_the_totals_are_those_of_the_dossiers(
    folder: Path, returned: pl.DataFrame
) -> None:
    totals = read(folder, "totals").filter(
        pl.col("assumed") == 1, pl.col("indicator").is_in(["returned", "on_time"])
    )
    assert totals.height == 2 * (3 + returned["field_code"].n_unique())
    for row in totals.iter_rows(named=True):
        kind, _, code = row["scope"].partition(":")
        own = returned.filter(pl.col({"level": "level", "field": "field_code"}[kind]) == code)
        found = own.height if row["indicator"] == "returned" else own["on_time"].sum()
        assert int(Decimal(row["printed"])) == found, row["scope"]


def test_printed_sums_that_do_not_add_up_are_kept_and_named(folder: Path) -> None:
    totals = read(folder, "totals")
    wrong = totals.filter(pl.col("note").str.starts_with("Không"))
    assert set(wrong["indicator"]) == {"agencies_ranked", "vertical_online"}
    for row in wrong.iter_rows(named=True):
        parts = totals.filter(
            (pl.col("part_of") == row["scope"]) & (pl.col("indicator") == row["indicator"])
        )
        assert parts["printed"].cast(pl.Float64).sum() != float(row["printed"])


def test_units_are_as_many_as_the_law_says(folder: Path) -> None:
    assert units_on(folder, TODAY, "province").height == 34
    assert units_on(folder, TODAY, "commune").height == 3_321
    kinds = units_on(folder, TODAY, "commune")["kind"].value_counts(sort=True)
    assert dict(kinds.iter_rows()) == {"Xã": 2_621, "Phường": 687, "Đặc khu": 13}
    assert units_on(folder, TODAY, "district").is_empty()
    assert units_on(folder, LAST_OLD_DAY, "province").height == 63
    assert units_on(folder, LAST_OLD_DAY, "district").height == 696
    # The package has 10,040 rows: 10,035 communes and five island districts without one.
    communes = units_on(folder, LAST_OLD_DAY, "commune")
    districts = units_on(folder, LAST_OLD_DAY, "district")
    empty = districts.filter(~pl.col("code").is_in(communes["parent_code"].to_list()))
    assert communes.height + empty.height == 10_035 + 5 == 10_040


def test_khanh_hoa_has_the_communes_of_each_time(folder: Path) -> None:
    districts = units_on(folder, Q1, "district").filter(pl.col("parent_code") == "56")
    assert districts.height == 9
    own = pl.col("parent_code").is_in(districts["code"].to_list())
    assert units_on(folder, Q1, "commune").filter(own).height == 139
    assert units_on(folder, LAST_OLD_DAY, "commune").filter(own).height == 132
    now = units_on(folder, TODAY, "commune").filter(pl.col("parent_code") == "56")
    assert now["kind"].value_counts().sort("kind").rows() == [
        ("Phường", 16), ("Xã", 48), ("Đặc khu", 1),
    ]  # fmt: skip


def test_136_commune_committees_handled_dossiers(returned: pl.DataFrame) -> None:
    committees = returned.filter(pl.col("level") == "commune")["agency_code"].n_unique()
    assert committees == 136
    assert returned.filter(pl.col("level") == "district")["agency_code"].n_unique() == 8


def test_every_unit_hangs_on_one_that_is_valid_then(folder: Path) -> None:
    units = read(folder, "units")
    parents = units.select("code", "valid_from", "valid_to", "level")
    children = units.drop_nulls("parent_code").select(
        pl.col("parent_code").alias("code"), pl.col("valid_from").alias("begun")
    )
    found = valid_on(children.join(parents, on="code"), pl.col("begun"))
    assert found.height == children.height
    assert not units.select("code", "valid_from").is_duplicated().any()
    assert units["name"].str.strip_chars().equals(units["name"])


@pytest.mark.parametrize(("kind", "things"), [("unit", "units"), ("agency", "agencies")])
def test_every_succession_links_what_ended_with_what_is_there(
    folder: Path, kind: str, things: str
) -> None:
    links = read(folder, f"{kind}-successions").with_columns(
        eve=pl.col("effective_date").dt.offset_by("-1d")
    )
    rows = read(folder, things).select("code", "valid_from", "valid_to")
    before = links.join(rows, left_on="predecessor_code", right_on="code")
    assert valid_on(before, pl.col("eve")).height == links.height
    named = links.drop_nulls("successor_code")
    after = named.join(rows, left_on="successor_code", right_on="code")
    assert valid_on(after, pl.col("effective_date")).height == named.height
    assert links.filter(pl.col("successor_code").is_null())["kind"].unique().to_list() in (
        [], ["dissolve"],
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "things"), [("unit", "units"), ("agency", "agencies")])
def test_everything_that_ended_passes_on_the_whole_of_itself(
    folder: Path, kind: str, things: str
) -> None:
    ended = read(folder, things).drop_nulls("valid_to").select("code", effective_date="valid_to")
    shares = (
        read(folder, f"{kind}-successions")
        .group_by("predecessor_code", "effective_date")
        .agg(pl.col("share").sum())
    )
    found = ended.join(
        shares, left_on=["code", "effective_date"], right_on=["predecessor_code", "effective_date"]
    )
    assert found.height == ended.height
    assert (found["share"] - 1).abs().max() < 1e-9  # type: ignore[operator]


def test_a_share_that_nobody_published_is_marked(folder: Path) -> None:
    for kind in ("unit", "agency"):
        links = read(folder, f"{kind}-successions")
        assert (links.filter(pl.col("share") < 1)["assumed"] == 1).all()


def test_two_provinces_with_a_commune_of_one_name_keep_their_own_successors() -> None:
    # Hòa Bình in Vĩnh Bảo and in Kim Thành: both in the new Hải Phòng, 25 km apart.
    links = vietnam.read_vietnam().links
    key = "thanhphohaiphong_huyenvinhbao_xahoabinh"
    found = links.filter(pl.col("old_key") == key)["new_key"].to_list()
    assert found == ["thanhphohaiphong_xanguyenbinhkhiem"]


def test_agencies_hang_on_units_and_agencies_of_their_time(folder: Path) -> None:
    agencies = read(folder, "agencies")
    rows = agencies.select(
        pl.col("unit_code").alias("code"), pl.col("valid_from").alias("begun"), "parent_code"
    )
    units = read(folder, "units").select("code", "valid_from", "valid_to")
    assert valid_on(rows.join(units, on="code"), pl.col("begun")).height == agencies.height
    below = rows.drop_nulls("parent_code").drop("code")
    above = agencies.select(pl.col("code").alias("parent_code"), "valid_from", "valid_to")
    assert valid_on(below.join(above, on="parent_code"), pl.col("begun")).height == below.height
    assert agencies["code"].is_unique().all()


@pytest.mark.parametrize("period", ["2021-Q1", "2025-Q3"])
def test_dossiers_name_agencies_and_procedures_of_their_time(folder: Path, period: str) -> None:
    dossiers = read(folder, f"dossiers-{period}")
    rules = read(folder, "procedures").select(pl.col("code").alias("procedure_code"), "level")
    agencies = read(folder, "agencies").select(
        pl.col("code").alias("agency_code"), "valid_from", "valid_to", at="level"
    )
    found = dossiers.join(rules, on="procedure_code").join(agencies, on="agency_code")
    assert found.height == dossiers.height
    assert (found["level"] == found["at"]).all()
    assert valid_on(found, pl.col("received_at").dt.date()).height == dossiers.height
    assert dossiers["code"].is_unique().all()


@pytest.mark.parametrize(("period", "last"), [("2021-Q1", "2021-03-31"), ("2025-Q3", "2025-09-30")])
def test_times_of_a_dossier_follow_one_another_inside_the_quarter(
    folder: Path, period: str, last: str
) -> None:
    rows = read(folder, f"dossiers-{period}")
    assert (rows["due_at"] > rows["received_at"]).all()
    done = rows.drop_nulls("returned_at")
    assert (done["returned_at"] >= done["received_at"]).all()
    assert (
        done.drop_nulls("closed_at")["closed_at"] >= done.drop_nulls("closed_at")["returned_at"]
    ).all()
    latest = rows.select(pl.max_horizontal(pl.max("received_at", "returned_at", "closed_at")))
    assert latest.item().date() <= date.fromisoformat(last)
    assert (
        rows.filter(pl.col("returned_at").is_null())["closed_at"].null_count()
        == rows.height - done.height
    )
    assert (done["outcome"].null_count(), set(done["outcome"])) == (
        0, {"granted", "refused", "withdrawn", "stopped"},
    )  # fmt: skip


def test_some_results_are_closed_long_after_they_were_handed_over(returned: pl.DataFrame) -> None:
    delay = (returned["closed_at"] - returned["returned_at"]).dt.total_days()
    assert 0.1 < (delay >= 1).sum() / returned.height < 0.3
    assert returned["closed_at"].null_count() > 0


def test_nothing_moves_at_tet_and_little_around_it(returned: pl.DataFrame) -> None:
    day = returned["returned_at"].dt.date()
    assert not day.is_between(date(2021, 2, 10), date(2021, 2, 16)).any()
    assert not day.dt.weekday().is_between(6, 7).any()
    weeks = dict(day.dt.truncate("1w").value_counts().iter_rows())
    assert 2 * weeks[date(2021, 2, 8)] < weeks[date(2021, 1, 25)]
    assert 2 * weeks[date(2021, 2, 15)] < weeks[date(2021, 3, 8)]


def test_some_agencies_have_few_dossiers(returned: pl.DataFrame) -> None:
    sizes = returned["agency_code"].value_counts()["count"]
    assert 5 <= (sizes < 35).sum() <= 30
    assert sizes.max() > 5_000  # type: ignore[operator]


def test_every_procedure_is_marked_as_of_the_demo(folder: Path) -> None:
    assert read(folder, "procedures")["code"].str.starts_with("DEMO-").all()


def test_a_missing_package_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vietnam, "PACKAGE", "no_such_package_of_units")
    with pytest.raises(vietnam.UnitsMissingError, match=r"pip install 'sipas\[demo\]'"):
        vietnam.read_vietnam.__wrapped__()


@pytest.mark.usefixtures("database")
async def test_a_small_copy_imports_without_a_bad_row(tmp_path: Path) -> None:
    files = write_files(tmp_path, scale=0.01)
    assert [kind for kind, _ in files] == ORDER[:-1]
    for kind, path in files:
        report = await import_file(kind, path)
        assert (report.rejected, report.written) == (0, True), (kind, report.reasons)
        assert report.warnings == (), kind
