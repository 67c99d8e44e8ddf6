"""Units of administration and their successions, as rows for `sipas import`."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from app.demo.khanh_hoa import (
    COMMUNES_MERGE,
    COMMUNES_SINCE_2024,
    COMMUNES_UNTIL_2024,
    MERGED_IN,
    PROVINCE,
    REGISTER_STARTS,
    TWO_TIERS,
)
from app.demo.vietnam import Vietnam

PACKAGE_HOLDS_FROM = date(2025, 1, 1)
"""From here we take the package's list of the time before to hold, except in Khánh Hòa."""

COLUMNS = ["code", "name", "level", "kind", "parent_code", "valid_from", "valid_to"]
SUCCESSION = ["predecessor_code", "successor_code", "effective_date", "kind", "share", "assumed"]


def only_provinces(vietnam: Vietnam, codes: frozenset[str]) -> Vietnam:
    """The same register with some of the former provinces and what became of them."""
    before = vietnam.before.filter(pl.col("province_code").is_in(codes))
    links = vietnam.links.join(before, left_on="old_key", right_on="key", how="semi")
    after = vietnam.after.join(links, left_on="key", right_on="new_key", how="semi")
    return Vietnam(before, after, links, vietnam.dropped)


def demo_provinces(vietnam: Vietnam) -> Vietnam:
    """Khánh Hòa and Ninh Thuận."""
    return only_provinces(vietnam, frozenset({PROVINCE, MERGED_IN}))


def list_units(vietnam: Vietnam) -> pl.DataFrame:
    """Every unit: before (three levels), Khánh Hòa's communes until 2024, after (two levels)."""
    return pl.concat([_before(vietnam), _until_2024(), _after(vietnam)]).sort(
        "valid_from", "level", "code", descending=[False, True, False]
    )


def list_unit_successions(vietnam: Vietnam) -> pl.DataFrame:
    """Which unit became which: provinces, districts, communes, and Khánh Hòa's of 2024."""
    return pl.concat(
        [_communes_of_2024(), _provinces(vietnam), _districts(vietnam), commune_links(vietnam)]
    ).select(SUCCESSION)


def commune_links(vietnam: Vietnam) -> pl.DataFrame:
    """Successions of 1 July 2025 between communes; shares of divided ones are assumed equal."""
    olds = pl.col("old_key").len()
    return (
        vietnam.links.join(vietnam.before, left_on="old_key", right_on="key")
        .join(vietnam.after, left_on="new_key", right_on="key", suffix="_after")
        .with_columns(
            news=pl.len().over("old_key"),
            olds=olds.over("new_key"),
            island=pl.col("code").is_null(),
            same=pl.col("name") == pl.col("name_after"),
        )
        .select(
            predecessor_code=pl.coalesce("code", "district_code"),
            successor_code="code_after",
            effective_date=pl.lit(TWO_TIERS),
            kind=_commune_kind(),
            share=1 / pl.col("news"),
            assumed=(~pl.col("whole")).cast(pl.Int8),
        )
        .sort("predecessor_code", "successor_code")
    )


def _commune_kind() -> pl.Expr:
    return (
        pl.when("island")
        .then(pl.lit("level_change"))
        .when(pl.col("news") > 1)
        .then(pl.lit("split"))
        .when(pl.col("olds") > 1)
        .then(pl.lit("merge"))
        .when("same")
        .then(pl.lit("unchanged"))
        .otherwise(pl.lit("rename"))
    )


def _starts(province: pl.Expr) -> pl.Expr:
    return pl.when(province == PROVINCE).then(REGISTER_STARTS).otherwise(PACKAGE_HOLDS_FROM)


def _before(vietnam: Vietnam) -> pl.DataFrame:
    rows = vietnam.before.with_columns(valid_from=_starts(pl.col("province_code")))
    dates = [pl.col("valid_from"), pl.lit(TWO_TIERS).alias("valid_to")]
    provinces = rows.unique("province_code").select(*_province_columns(), *dates)
    districts = rows.unique("district_code").select(
        pl.col("district_code").alias("code"),
        pl.col("district_name").alias("name"),
        pl.lit("district").alias("level"),
        pl.col("district_kind").alias("kind"),
        pl.col("province_code").alias("parent_code"),
        *dates,
    )
    communes = rows.drop_nulls("code").select(
        "code", "name", pl.lit("commune").alias("level"), "kind",
        pl.col("district_code").alias("parent_code"), *dates,
    )  # fmt: skip
    began_2024 = pl.col("code").is_in(COMMUNES_SINCE_2024)
    return pl.concat([provinces, districts, communes]).with_columns(
        valid_from=pl.when(began_2024).then(COMMUNES_MERGE).otherwise("valid_from")
    )


def _after(vietnam: Vietnam) -> pl.DataFrame:
    dates = [
        pl.lit(TWO_TIERS).alias("valid_from"),
        pl.lit(None, pl.Date).alias("valid_to"),
    ]
    provinces = vietnam.after.unique("province_code").select(*_province_columns(), *dates)
    communes = vietnam.after.select(
        "code", "name", pl.lit("commune").alias("level"), "kind",
        pl.col("province_code").alias("parent_code"), *dates,
    )  # fmt: skip
    return pl.concat([provinces, communes])


def _province_columns() -> list[pl.Expr]:
    city = pl.col("province_name").str.starts_with("Thành phố")
    return [
        pl.col("province_code").alias("code"),
        pl.col("province_name").alias("name"),
        pl.lit("province").alias("level"),
        pl.when(city).then(pl.lit("Thành phố")).otherwise(pl.lit("Tỉnh")).alias("kind"),
        pl.lit(None, pl.String).alias("parent_code"),
    ]


def _until_2024() -> pl.DataFrame:
    rows = [
        (row.code, row.name, "commune", row.name.split()[0], row.district)
        for row in COMMUNES_UNTIL_2024
    ]
    frame = pl.DataFrame(rows, schema=COLUMNS[:5], orient="row")
    return frame.with_columns(valid_from=pl.lit(REGISTER_STARTS), valid_to=pl.lit(COMMUNES_MERGE))


def _communes_of_2024() -> pl.DataFrame:
    rows = [
        (row.code, row.successor, COMMUNES_MERGE, "merge", 1.0, 0) for row in COMMUNES_UNTIL_2024
    ]
    return _successions(rows)


def _provinces(vietnam: Vietnam) -> pl.DataFrame:
    pairs = (
        vietnam.links.join(vietnam.before, left_on="old_key", right_on="key")
        .join(vietnam.after, left_on="new_key", right_on="key", suffix="_after")
        .unique(["province_code", "province_code_after"])
        .with_columns(olds=pl.len().over("province_code_after"))
        .sort("province_code")
    )
    return pairs.select(
        predecessor_code="province_code",
        successor_code="province_code_after",
        effective_date=pl.lit(TWO_TIERS),
        kind=pl.when(pl.col("olds") > 1).then(pl.lit("merge")).otherwise(pl.lit("unchanged")),
        share=pl.lit(1.0),
        assumed=pl.lit(0, pl.Int8),
    )


def _districts(vietnam: Vietnam) -> pl.DataFrame:
    """Districts ended; five islands without communes became special zones (see commune_links)."""
    codes = vietnam.before.drop_nulls("code")["district_code"].unique().sort()
    return _successions([(code, None, TWO_TIERS, "dissolve", 1.0, 0) for code in codes])


def _successions(rows: Sequence[tuple[str, str | None, date, str, float, int]]) -> pl.DataFrame:
    types = [pl.String, pl.String, pl.Date, pl.String, pl.Float64, pl.Int8]
    return pl.DataFrame(rows, schema=dict(zip(SUCCESSION, types, strict=True)), orient="row")
