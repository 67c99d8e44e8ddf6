"""The file inside the database: temporary tables that go when the transaction ends."""

from io import BytesIO
from typing import Any, Final

import polars as pl

from surveys.register.batches import Batch
from surveys.register.sheets import Sheet

# One import at a time: two would each find the other's rows missing.
_IMPORT_LOCK: Final = 7_202_612
_TEMPORARY: Final = (
    "stage", "problem", "ready", "known", "changed", "field_ready", "share_total"
)  # fmt: skip


async def open_stage(connection: Any, sheet: Sheet) -> None:
    """Wait for other imports to end, then make the tables that the file goes into."""
    columns = ", ".join(f"{column.name} {column.sql_type}" for column in sheet.columns)
    await connection.execute(
        f"""
        SELECT pg_advisory_xact_lock({_IMPORT_LOCK});
        SET LOCAL work_mem = '64MB';
        DROP TABLE IF EXISTS {", ".join(f"pg_temp.{table}" for table in _TEMPORARY)};
        CREATE TEMP TABLE stage (line integer, {columns}) ON COMMIT DROP;
        CREATE TEMP TABLE problem
            (line integer, heading text, reason text, value text, detail text) ON COMMIT DROP;
        """
    )


async def stage_batch(connection: Any, batch: Batch) -> None:
    """Copy one batch of rows and their problems."""
    await _copy(connection, "stage", batch.values)
    await _copy(connection, "problem", batch.problems)


async def ask(connection: Any, query: str, *arguments: object) -> list[Any]:
    """Rows of a query over the temporary tables.

    The tables of the next import have the same names and other columns, so that asyncpg must
    not remember the statement.
    """
    statement = await connection.prepare(query)
    return list(await statement.fetch(*arguments))


async def _copy(connection: Any, table: str, frame: pl.DataFrame) -> None:
    if frame.is_empty():
        return
    # Times are UTC without a zone by now; the Z says so to a server in any zone.
    text = frame.write_csv(include_header=False, datetime_format="%Y-%m-%dT%H:%M:%S%.6fZ")
    await connection.copy_to_table(
        table,
        source=BytesIO(text.encode()),
        columns=frame.columns,
        format="csv",
    )
