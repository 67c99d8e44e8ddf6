"""The demo's register as files for `sipas import`: the same seed gives the same bytes."""

from pathlib import Path

import numpy as np
import polars as pl

from app.demo import agencies, dossiers, procedures, published, units
from app.demo.periods import first_quarter_2021, third_quarter_2025
from app.demo.vietnam import read_vietnam

PROCEDURE_COLUMNS = ["code", "name", "field_code", "field_name", "level", "working_days"]


def write_files(folder: Path, *, seed: int = 2021, scale: float = 1) -> list[tuple[str, Path]]:
    """Write every file; give the kinds and paths in the order in which to import them.

    With `scale` below 1 there are fewer dossiers, units of Khánh Hòa and Ninh Thuận only, and
    no totals, since those hold for the whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    whole = scale == 1
    vietnam = read_vietnam() if whole else units.demo_provinces(read_vietnam())
    all_units = units.list_units(vietnam)
    offices = agencies.list_agencies(all_units)
    rules = procedures.list_procedures()
    quarters = [first_quarter_2021(), third_quarter_2025()]
    tables = {
        "units": all_units,
        "unit-successions": units.list_unit_successions(vietnam),
        "agencies": offices.select(agencies.COLUMNS),
        "agency-successions": agencies.list_agency_successions(
            units.commune_links(vietnam), offices
        ),
        "counters": agencies.list_counters(offices),
        "procedures": rules.select(PROCEDURE_COLUMNS),
    }
    files = [(kind, _write(table, folder / f"{kind}.csv")) for kind, table in tables.items()]
    for quarter in quarters:
        rng = np.random.default_rng([seed, quarter.first.toordinal()])
        rows = dossiers.make_dossiers(quarter, offices, rules, rng, scale=scale)
        files.append(("dossiers", _write(rows, _dossier_path(folder, quarter.code))))
    if whole:
        totals = published.list_totals(quarters[0], rules)
        files.append(("totals", _write(totals, folder / "totals.csv")))
    return files


def read_returned(folder: Path, period: str) -> pl.DataFrame:
    """Dossiers of a period (`2021-Q1`) whose result was handed over, in that order.

    Beside the columns of the file: `level` of the agency, `field_code` and `on_time`.
    """
    offices = pl.read_csv(folder / "agencies.csv", columns=["code", "level"])
    rules = pl.read_csv(folder / "procedures.csv", columns=["code", "field_code"])
    rows = pl.read_csv(_dossier_path(folder, period), try_parse_dates=True)
    return (
        rows.filter(pl.col("returned_at").is_not_null())
        .join(offices, left_on="agency_code", right_on="code", maintain_order="left")
        .join(rules, left_on="procedure_code", right_on="code", maintain_order="left")
        .with_columns(on_time=pl.col("returned_at") <= pl.col("due_at"))
        .sort("returned_at", "code")
    )


def read_counters(folder: Path) -> pl.DataFrame:
    """Counters with the code of their agency."""
    return pl.read_csv(folder / "counters.csv", columns=["code", "agency_code"])


def _dossier_path(folder: Path, period: str) -> Path:
    return folder / f"dossiers-{period}.csv"


def _write(table: pl.DataFrame, path: Path) -> Path:
    table.write_csv(path, datetime_format="%Y-%m-%d %H:%M")
    return path
