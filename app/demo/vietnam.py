"""Viet Nam's administrative units around 1 July 2025, read from the package vietnamadminunits.

The package (MIT, Tran Ngoc Minh Hieu) is data to us: nothing of it is imported or run.
"""

import json
import sqlite3
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl

PACKAGE = "vietnamadminunits"

BEFORE = """
    SELECT provinceCode AS province_code, province AS province_name, provinceKey AS province_key,
           districtCode AS district_code, district AS district_name, districtType AS district_kind,
           wardCode AS code, ward AS name, wardType AS kind,
           provinceKey || '_' || districtKey || '_' || coalesce(wardKey, '') AS key
    FROM admin_units_legacy ORDER BY provinceCode, districtCode, wardCode
"""
AFTER = """
    SELECT provinceCode AS province_code, province AS province_name,
           wardCode AS code, ward AS name, wardType AS kind, provinceKey || '_' || wardKey AS key
    FROM admin_units ORDER BY provinceCode, wardCode
"""


class UnitsMissingError(Exception):
    """The package with the register of units is not installed."""

    def __init__(self) -> None:
        super().__init__(
            f"The demo reads the register of units from the package {PACKAGE}. "
            "Install it with: pip install 'sipas[demo]'"
        )


@dataclass(frozen=True)
class Vietnam:
    """Units before and after 1 July 2025, and which became which.

    `before` has a row a commune, and one without commune for each of the five island
    districts that had none. `links` has one row a pair (old key, new key).
    """

    before: pl.DataFrame
    after: pl.DataFrame
    links: pl.DataFrame
    dropped: int


@cache
def read_vietnam() -> Vietnam:
    """The package's 63 and 34 provinces with everything below, and the links between."""
    folder = _folder()
    with sqlite3.connect(folder / "dataset.db") as connection:
        before = _read(BEFORE, connection)
        after = _read(AFTER, connection)
    connection.close()
    converter = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
    links = pl.DataFrame(_links(converter), schema=["old_key", "new_key", "whole"], orient="row")
    kept = _without_namesakes(links)
    return Vietnam(before, after, kept, dropped=links.height - kept.height)


def _read(query: str, connection: sqlite3.Connection) -> pl.DataFrame:
    return pl.read_database(query, connection, infer_schema_length=None)


def _folder() -> Path:
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise UnitsMissingError
    return Path(found.submodule_search_locations[0]) / "data"


def _links(converter: dict[str, Any]) -> list[tuple[str, str, bool]]:
    whole = [
        (old, f"{province}_{new}", True)
        for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items()
        for new, olds in communes.items()
        for old in olds
    ]
    parts = [
        (old, f"{province}_{new['newWardKey']}", False)
        for province, communes in converter["DICT_PROVINCE_WARD_DIVIDED"].items()
        for old, news in communes.items()
        for new in news
    ]
    return sorted(set(whole + parts))


def _without_namesakes(links: pl.DataFrame) -> pl.DataFrame:
    """Links without those that only a shared name can explain.

    The package finds the parts of a divided commune by name within the new province. Where
    two of its former provinces had a commune of that name, each is also given the other's
    successors. A part is such an error when every commune that the new unit took over
    whole came from another former province.
    """
    province = pl.col("old_key").str.split("_").list.first()
    origins = links.filter("whole").group_by("new_key").agg(province.unique().alias("origins"))
    joined = links.join(origins, on="new_key", how="left")
    foreign = ~pl.col("whole") & ~province.is_in(pl.col("origins"))
    return joined.filter(~foreign.fill_null(value=False)).drop("origins").sort(links.columns)
