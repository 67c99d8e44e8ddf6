"""Rows into columns for analysis: the population of a period, its ratings, and their hash.

Only mixed ratings are read: what waits for company shows in no figure. One distinct combination of
cell and answers is one row with its `count`, so that a million ratings stay small.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from io import BytesIO
from typing import Any, Final

import msgspec
import polars as pl

from surveys.merges import merged_population
from surveys.periods import Period
from surveys.questionnaires import Item, Questionnaire, items
from surveys.questionnaires.overall import OVERALL_SCALES
from surveys.ratings import CELL_DOSSIERS, STEPS, on_step, span_end
from surveys.register import population as count_dossiers
from surveys.transactions import Row, fetch, transaction

OVERALL: Final = "overall"
KEYS: Final = {
    "agency": pl.String(),
    "field": pl.String(),
    "channel": pl.String(),
    "on_time": pl.Boolean(),
}

_VERSIONS: Final = "SELECT id, compiled FROM questionnaire_version WHERE key = $1 ORDER BY version"
_CELLS: Final = """
SELECT c.id AS cell, a.code AS agency, f.code AS field, c.channel, c.on_time
FROM cell c JOIN agency a ON a.id = c.agency LEFT JOIN field f ON f.id = c.field
WHERE c.returned_from BETWEEN $1 AND $2 AND c.grain = ANY($3::text[])
"""
_PIVOT: Final = """
SELECT r.cell {columns} FROM rating r
LEFT JOIN answer a ON a.rating = r.id AND a.item = ANY($5::smallint[])
WHERE r.version = $4 {kept} AND r.cell IN (SELECT id FROM cell c
    WHERE c.returned_from BETWEEN $1 AND $2 AND c.grain = ANY($3::text[]))
GROUP BY r.id
"""
# A flag that was dismissed holds nothing against its ratings.
_UNFLAGGED: Final = """AND NOT EXISTS (SELECT FROM quality_flag f
    WHERE f.id = r.flag AND f.state <> 'dismissed')"""
_UNLINKED: Final = """
SELECT a.code AS agency, coalesce(sum(t.ratings), 0)::integer AS ratings
FROM counter k JOIN agency a ON a.id = k.agency
LEFT JOIN (
    SELECT r.counter, count(*) AS ratings
    FROM rating r JOIN questionnaire_version q ON q.id = r.version
    WHERE r.counter IS NOT NULL AND r.day BETWEEN $1 AND $2 AND ($3::text IS NULL OR q.key = $3)
    GROUP BY r.counter
) t ON t.counter = k.id
WHERE a.valid_from <= $2 AND (a.valid_to IS NULL OR a.valid_to > $1)
GROUP BY a.code ORDER BY a.code COLLATE "C"
"""

# Taps without a right, by counter and day, beside what was handed over there that day. A tap whose
# day is not certain has no day to be weighted to.
_UNLINKED_DAYS: Final = f"""
WITH scale AS ({OVERALL_SCALES})
SELECT a.code AS agency, k.code AS counter, r.day, count(*)::integer AS ratings,
    (count(*) FILTER (WHERE o.code = ANY(s.satisfied)))::integer AS satisfied,
    coalesce(d.handovers, 0) AS handovers
FROM rating r JOIN scale s ON s.version = r.version
JOIN answer o ON o.rating = r.id AND o.item = s.item AND o.code = ANY(s.valid)
JOIN counter k ON k.id = r.counter JOIN agency a ON a.id = k.agency
LEFT JOIN counter_day d ON d.counter = r.counter AND d.day = r.day
WHERE s.key = $3 AND r.day BETWEEN $1 AND $2 AND r.day_certain
GROUP BY a.code, k.code, r.day, d.handovers ORDER BY a.code COLLATE "C", k.code COLLATE "C", r.day
"""

# What a run rests on, by the step of the cell; `wide` cells are wider than the period.
_BY_STEP: Final = f"""
SELECT {on_step("c")} AS step, c.grain <> ALL($3::text[]) AS wide, count(*)::integer AS ratings
FROM rating r JOIN cell c ON c.id = r.cell JOIN questionnaire_version q ON q.id = r.version
WHERE c.returned_from <= $2 AND {span_end("c")} > $1 AND q.key = $4 GROUP BY 1, 2
"""
_WAITING: Final = f"""
SELECT count(*) / 10 * 10 AS ratings FROM waiting_rating w JOIN cell c ON c.id = w.cell
JOIN questionnaire_version q ON q.id = w.version
WHERE c.returned_from <= $2 AND {span_end("c")} > $1 AND q.key = $3
"""


@asynccontextmanager
async def snapshot() -> AsyncIterator[None]:
    """Let everything that is read inside be of one moment, whatever is written meanwhile."""
    async with transaction():
        await fetch("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


async def population(period: Period, *, cell_dossiers: int = CELL_DOSSIERS) -> pl.DataFrame:
    """Finished dossiers by `agency`, `field`, `channel`, `on_time`, in `dossiers`.

    What ratings of merged cells no longer tell is null here too (surveys/merges.py). In a month
    nothing is: its run leaves out the cells that are wider.
    """
    schema = {**KEYS, "dossiers": pl.Int64()}
    if period.kind == "month":
        rows = [
            msgspec.structs.astuple(part)
            for part in await count_dossiers(period.first, period.last)
        ]
    else:
        rows = [
            (*keys, dossiers)
            for first, last in period.quarters
            for keys, dossiers in (
                await merged_population(first, last, least=cell_dossiers)
            ).items()
        ]
    counted = pl.DataFrame(rows, schema=schema, orient="row")
    return counted.group_by(*KEYS).agg(pl.col("dossiers").sum()).sort(*KEYS)


async def linked_ratings(
    period: Period, questionnaire: str, *, unflagged: bool = False
) -> pl.DataFrame:
    """Mixed ratings of dossiers finished in the period: their cell, their answers and `count`.

    `overall` and every item of a factor have a column of codes, null for no answer and for not
    applicable; `field`, `channel` and `on_time` are null where the rating's cell was merged.
    Ratings whose cell is wider than the period are left out, and with `unflagged` those of a
    counter's week that is flagged.
    """
    versions = await fetch(_VERSIONS, questionnaire)
    cells = await _read_cells(period)
    frames = [await _read_version(row, period, cells, _UNFLAGGED * unflagged) for row in versions]
    empty = pl.DataFrame(schema={**KEYS, OVERALL: pl.Int16(), "count": pl.Int64()})
    # The newest version comes first and so decides the order of the columns.
    together = pl.concat([empty, *reversed(frames)], how="diagonal")
    keys = [name for name in together.columns if name != "count"]
    return together.group_by(keys).agg(pl.col("count").sum()).sort(keys)


async def unlinked_counts(period: Period, questionnaire: str | None = None) -> list[Row]:
    """Ratings without a dossier, by `agency`, in `ratings`; 0 where counters had none."""
    return await fetch(_UNLINKED, period.first, period.last, questionnaire)


async def unlinked_days(period: Period, questionnaire: str) -> pl.DataFrame:
    """Taps without a right by `agency`, `counter` and `day`: `ratings` with an answer, how many
    of them `satisfied`, and the `handovers` of that day as the judge kept them (0 if it kept none).
    """
    rows = await fetch(_UNLINKED_DAYS, period.first, period.last, questionnaire)
    schema = {
        "agency": pl.String(), "counter": pl.String(), "day": pl.Date(), "ratings": pl.Int64(),
        "satisfied": pl.Int64(), "handovers": pl.Int64(),
    }  # fmt: skip
    return pl.DataFrame([tuple(row.values()) for row in rows], schema=schema, orient="row")


async def company(period: Period, questionnaire: str) -> Row:
    """How far the cells of a period's ratings are merged, and what still waits.

    `by_step` counts the ratings of a run by the step of their cell, `too_wide` those left out
    because their cell is wider than the period; `waiting` ratings are rounded down to tens.
    """
    grains = list(period.grains)
    rows = await fetch(_BY_STEP, period.first, period.last, grains, questionnaire)
    waiting = await fetch(_WAITING, period.first, period.last, questionnaire)
    inside = {row["step"]: row["ratings"] for row in rows if not row["wide"]}
    return {
        "by_step": {step.name: inside.get(place, 0) for place, step in enumerate(STEPS)},
        "too_wide": sum(row["ratings"] for row in rows if row["wide"]),
        "waiting": waiting[0]["ratings"],
    }


def input_hash(frames: Sequence[pl.DataFrame]) -> str:
    """SHA-256 of frames as hex digits, the same for their rows and columns in any order.

    Equal rows count: a `count` of 3 is the same as three rows.
    """
    digest = sha256()
    for frame in frames:
        table = BytesIO()
        _order(frame).write_csv(table, quote_style="non_numeric", line_terminator="\n")
        digest.update(len(table.getbuffer()).to_bytes(8))
        digest.update(table.getbuffer())
    return digest.hexdigest()


def _order(frame: pl.DataFrame) -> pl.DataFrame:
    keys = sorted(set(frame.columns) - {"count"})
    count = pl.col("count").cast(pl.Int64).sum() if "count" in frame.columns else pl.len()
    plain = pl.col(pl.Categorical, pl.Enum).cast(pl.String)
    numbered = frame.with_columns(plain).group_by(keys).agg(count.cast(pl.Int64).alias("count"))
    return numbered.select(*keys, "count").sort(keys, nulls_last=False)


async def _read_cells(period: Period) -> pl.DataFrame:
    rows = await fetch(_CELLS, period.first, period.last, list(period.grains))
    schema = {"cell": pl.Int32(), **KEYS}
    return pl.DataFrame([tuple(row.values()) for row in rows], schema=schema, orient="row")


async def _read_version(
    version: Row, period: Period, cells: pl.DataFrame, kept: str
) -> pl.DataFrame:
    """Ratings under one version of a questionnaire, its items as columns by name."""
    form = msgspec.json.decode(version["compiled"], type=Questionnaire)
    wanted = [item for item in items(form) if item.role in {"overall", "factor"}]
    names = [OVERALL if item.role == "overall" else item.name for item in wanted]
    pivot = await _pivot(version["id"], period, [item.position for item in wanted], kept)
    answers = pivot.rename(dict(zip(pivot.columns[1:], names, strict=True))).with_columns(
        _blank_missing(name, item) for name, item in zip(names, wanted, strict=True)
    )
    named = answers.join(cells, on="cell").drop("cell")
    return named.group_by(*KEYS, *names).agg(pl.len().cast(pl.Int64).alias("count"))


def _blank_missing(name: str, item: Item) -> pl.Expr:
    return pl.when(~pl.col(name).is_in(item.missing_codes)).then(pl.col(name))


async def _pivot(version: int, period: Period, positions: Sequence[int], kept: str) -> pl.DataFrame:
    """One row a rating: its cell, and the code of each item or null."""
    columns = "".join(f", max(a.code) FILTER (WHERE a.item = {int(p)})" for p in positions)
    sql = _PIVOT.format(columns=columns, kept=kept)
    arguments: list[Any] = [period.first, period.last, list(period.grains), version, [*positions]]
    table = BytesIO()
    async with transaction() as connection:
        await connection.copy_from_query(sql, *arguments, output=table, format="csv")
    schema = {"cell": pl.Int32()} | {f"item_{p}": pl.Int16() for p in positions}
    table.seek(0)
    if not table.getbuffer().nbytes:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(table, has_header=False, schema=schema)
