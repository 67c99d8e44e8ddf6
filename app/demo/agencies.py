"""Khánh Hòa's agencies in 2021 and since 1 July 2025, who followed whom, and their counters."""

from datetime import date

import polars as pl

from app.demo.khanh_hoa import (
    COMMUNES_MERGE,
    COMMUNES_SINCE_2024,
    COMMUNES_UNTIL_2024,
    DISTRICT_WEIGHTS,
    OFFICE_HEIRS,
    OFFICES_2021,
    OFFICES_2025,
    PROVINCE,
    REGISTER_STARTS,
    REMOTE_COMMUNES_2025,
    REMOTE_DISTRICTS,
    TRUONG_SA,
    TWO_TIERS,
)

OLD = "KH"
NEW = "KH25"
COMMITTEE = "Ủy ban nhân dân"

COLUMNS = ["code", "name", "level", "unit_code", "parent_code", "valid_from", "valid_to"]

COMMUNE_WEIGHTS = {"Phường": 2.6, "Thị trấn": 2.2, "Xã": 1.0, "Đặc khu": 0.03}
"""How many dossiers a commune has beside a rural one: assumed."""

REMOTE_WEIGHT = 0.1
"""What a mountain commune's weight is multiplied by: assumed."""


def list_agencies(units: pl.DataFrame) -> pl.DataFrame:
    """Agencies with the columns of agencies.csv, and `weight`, their assumed share of dossiers.

    `units` is what `units.list_units` gives, of Khánh Hòa at least.
    """
    own = _with_names_above(units)
    old = own.filter(pl.col("valid_from") < TWO_TIERS)
    new = own.filter(pl.col("valid_from") == TWO_TIERS)
    return pl.concat(
        [
            _provincial(OLD, OFFICES_2021, REGISTER_STARTS, TWO_TIERS),
            _committees(OLD, old.filter(pl.col("level") == "district"), _district_weight()),
            _committees(OLD, old.filter(pl.col("level") == "commune"), _commune_weight()),
            _provincial(NEW, OFFICES_2025, TWO_TIERS, None),
            _committees(NEW, new.filter(pl.col("level") == "commune"), _commune_weight()),
        ]
    )


def list_agency_successions(commune_links: pl.DataFrame, agencies: pl.DataFrame) -> pl.DataFrame:
    """Who followed whom: communes in 2024 and 2025, districts into communes, offices."""
    links = _own_links(commune_links, agencies)
    return pl.concat([_in_2024(), links, _districts(links, agencies), _offices()])


def list_counters(agencies: pl.DataFrame) -> pl.DataFrame:
    """Counters: one a commune, two a ward or an office, three a district committee."""
    ward = pl.col("name").str.starts_with(f"{COMMITTEE} phường")
    number = (
        pl.when(pl.col("level") == "district")
        .then(3)
        .when((pl.col("level") == "province") | ward)
        .then(2)
        .otherwise(1)
    )
    rows = agencies.filter(pl.col("weight") > 0).with_columns(number=pl.int_ranges(1, number + 1))
    return rows.explode("number").select(
        code=pl.format("{}-Q{}", "code", "number"),
        name=pl.format("Quầy số {}, {}", "number", "name"),
        agency_code="code",
    )


def _with_names_above(units: pl.DataFrame) -> pl.DataFrame:
    districts = units.filter(pl.col("level") == "district").select(
        parent_code="code", parent_name="name", above="parent_code"
    )
    joined = units.join(districts, on="parent_code", how="left")
    mine = (pl.coalesce("above", "parent_code") == PROVINCE) & (pl.col("level") != "province")
    return joined.filter(mine).sort("valid_from", "code")


def _provincial(
    prefix: str, offices: dict[str, str], valid_from: date, valid_to: date | None
) -> pl.DataFrame:
    committee = (f"{prefix}-UBND", f"{COMMITTEE} tỉnh Khánh Hòa", None, 0.0)
    rows = [committee] + [
        (f"{prefix}-{code}", name, f"{prefix}-UBND", 1.0) for code, name in offices.items()
    ]
    schema = {
        "code": pl.String, "name": pl.String, "parent_code": pl.String, "weight": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").select(
        "code",
        "name",
        pl.lit("province").alias("level"),
        pl.lit(PROVINCE).alias("unit_code"),
        "parent_code",
        pl.lit(valid_from).alias("valid_from"),
        pl.lit(valid_to, pl.Date).alias("valid_to"),
        "weight",
    )


def _committees(prefix: str, units: pl.DataFrame, weight: pl.Expr) -> pl.DataFrame:
    letter = pl.when(pl.col("level") == "district").then(pl.lit("H")).otherwise(pl.lit("X"))
    above = pl.when(pl.col("parent_name").is_null()).then(pl.lit("UBND"))
    parent = above.otherwise(pl.format("H{}", "parent_code"))
    return units.select(
        code=_committee_code(prefix, letter, pl.col("code"), pl.col("valid_from")),
        name=_committee_name(),
        level="level",
        unit_code="code",
        parent_code=pl.format("{}-{}", pl.lit(prefix), parent),
        valid_from="valid_from",
        valid_to="valid_to",
        weight=weight,
    )


def _committee_code(prefix: str, letter: pl.Expr, unit: pl.Expr, begun: pl.Expr) -> pl.Expr:
    # Three communes of 2024 took over the code of one that they replaced.
    renewed = pl.when(begun == COMMUNES_MERGE).then(pl.lit("-2024")).otherwise(pl.lit(""))
    return pl.format("{}-{}{}{}", pl.lit(prefix), letter, unit, renewed)


def _committee_name() -> pl.Expr:
    own = _lowered("name")
    return (
        pl.when(pl.col("parent_name").is_null())
        .then(pl.format("{} {}", pl.lit(COMMITTEE), own))
        .otherwise(pl.format("{} {}, {}", pl.lit(COMMITTEE), own, _lowered("parent_name")))
    )


def _lowered(column: str) -> pl.Expr:
    return pl.col(column).str.slice(0, 1).str.to_lowercase() + pl.col(column).str.slice(1)


def _district_weight() -> pl.Expr:
    return pl.col("code").replace_strict(DISTRICT_WEIGHTS, default=0.0, return_dtype=pl.Float64)


def _commune_weight() -> pl.Expr:
    kind = pl.col("kind").replace_strict(COMMUNE_WEIGHTS, return_dtype=pl.Float64)
    remote = pl.col("parent_code").is_in(REMOTE_DISTRICTS) | (
        pl.col("parent_name").is_null() & pl.col("code").is_in(REMOTE_COMMUNES_2025)
    )
    weight = kind * pl.when(remote).then(REMOTE_WEIGHT).otherwise(1.0)
    return pl.when(pl.col("parent_code") == TRUONG_SA).then(0.0).otherwise(weight)


def _own_links(commune_links: pl.DataFrame, agencies: pl.DataFrame) -> pl.DataFrame:
    ended = agencies.filter((pl.col("level") == "commune") & (pl.col("valid_to") == TWO_TIERS))
    olds = ended.select(predecessor_code="unit_code", old="code")
    return commune_links.join(olds, on="predecessor_code").select(
        predecessor_code="old",
        successor_code=pl.format("{}-X{}", pl.lit(NEW), "successor_code"),
        effective_date="effective_date",
        kind="kind",
        share="share",
        assumed="assumed",
    )


def _districts(links: pl.DataFrame, agencies: pl.DataFrame) -> pl.DataFrame:
    """A district committee's work goes to the new communes as its old communes did: assumed."""
    above = agencies.select(predecessor_code="code", district="parent_code")
    counted = links.join(above, on="predecessor_code").with_columns(
        communes=pl.col("predecessor_code").n_unique().over("district")
    )
    return (
        counted.group_by("district", "successor_code")
        .agg(share=pl.col("share").sum() / pl.col("communes").first())
        .sort("district", "successor_code")
        .select(
            predecessor_code="district",
            successor_code="successor_code",
            effective_date=pl.lit(TWO_TIERS),
            kind=pl.lit("level_change"),
            share="share",
            assumed=pl.lit(1, pl.Int8),
        )
    )


def _in_2024() -> pl.DataFrame:
    rows = [
        (f"{OLD}-X{row.code}", _agency_of_2024(row.successor), COMMUNES_MERGE, "merge", 1.0, 0)
        for row in COMMUNES_UNTIL_2024
    ]
    return _frame(rows)


def _agency_of_2024(unit: str) -> str:
    return f"{OLD}-X{unit}-2024" if unit in COMMUNES_SINCE_2024 else f"{OLD}-X{unit}"


def _offices() -> pl.DataFrame:
    rows = [(f"{OLD}-UBND", f"{NEW}-UBND", TWO_TIERS, "merge", 1.0, 0)]
    for office, heir, share in OFFICE_HEIRS:
        kind = "split" if share < 1 else "merge"
        rows.append((f"{OLD}-{office}", f"{NEW}-{heir}", TWO_TIERS, kind, share, 1))
    return _frame(rows)


def _frame(rows: list[tuple[str, str, date, str, float, int]]) -> pl.DataFrame:
    schema = {
        "predecessor_code": pl.String, "successor_code": pl.String, "effective_date": pl.Date,
        "kind": pl.String, "share": pl.Float64, "assumed": pl.Int8,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")
