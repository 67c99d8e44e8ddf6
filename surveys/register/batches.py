"""Batches of rows, ready for the database: values in one frame, problems in another."""

from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

import polars as pl

from surveys.register.cells import Clean, clean_texts, read_cells
from surveys.register.files import BROKEN, Record, Source
from surveys.register.headers import Heading
from surveys.register.sheets import Sheet

ROWS: Final = 50_000
_LONGEST_VALUE: Final = 200
_PROBLEMS: Final = {
    "line": pl.Int32,
    "heading": pl.String,
    "reason": pl.String,
    "value": pl.String,
    "detail": pl.String,
}


class Batch(NamedTuple):
    """Some rows of a file: how many had anything in them, their values, their problems."""

    rows: int
    values: pl.DataFrame
    problems: pl.DataFrame


def read_batches(source: Source, sheet: Sheet) -> Iterator[Batch]:
    """The file in batches; memory does not grow with the file."""
    records = source.records()
    while rows := list(islice(records, ROWS)):
        yield read_batch(rows, source.heading, sheet)


def read_batch(rows: list[Record], heading: Heading, sheet: Sheet) -> Batch:
    """Values and problems of some rows; a row with too few or too many cells has no values."""
    whole, ragged = _split_ragged(rows, heading)
    raw = {
        name: pl.Series([cells[place] for _, cells in whole], dtype=pl.String)
        for name, place in heading.places.items()
    }
    lines = pl.Series([line for line, _ in whole], dtype=pl.Int32)
    clean = clean_texts(raw)
    empty = pl.select(pl.all_horizontal(text.is_null() for text in clean.texts.values()))
    if (blank := empty.to_series() & _quiet(clean)).any():
        # Spaces pass for text in a first look; here such a row shows to be empty after all.
        filled = ~blank | pl.Series([_is_filled(cells) for _, cells in whole], dtype=pl.Boolean)
        lines = lines.filter(filled)
        clean = Clean(*({n: s.filter(filled) for n, s in part.items()} for part in clean))
    read = read_cells(sheet, clean.texts)
    found = list(_problems(sheet, clean, lines, {n: c.reasons for n, c in read.items()}))
    values = pl.DataFrame({"line": lines} | {name: cells.values for name, cells in read.items()})
    return Batch(len(lines) + len(ragged), values, pl.concat([ragged, *found]))


def _quiet(clean: Clean) -> pl.Series:
    return pl.select(
        pl.all_horizontal(reason.is_null() for reason in clean.reasons.values())
    ).to_series()


def _is_filled(cells: list[str]) -> bool:
    return any(cell.strip() for cell in cells)


def _split_ragged(rows: list[Record], heading: Heading) -> tuple[list[Record], pl.DataFrame]:
    width = len(heading.cells)
    whole, problems = [], []
    for row in rows:
        line, cells = row
        if len(cells) == width or heading.fitted(cells):
            whole.append(row)
        elif cells[0].startswith(BROKEN):
            problems.append((line, "", "broken", "", ""))
        elif _is_filled(cells):
            problems.append((line, "", "ragged", str(len(cells)), str(width)))
    return whole, pl.DataFrame(problems, schema=_PROBLEMS, orient="row")


def _problems(
    sheet: Sheet, clean: Clean, lines: pl.Series, reasons: dict[str, pl.Series]
) -> Iterator[pl.DataFrame]:
    for name, unread in reasons.items():
        text, unclean = clean.texts[name], clean.reasons[name]
        reason = unclean.zip_with(unclean.is_not_null(), unread)
        if sheet.column(name).required:
            missing = text.is_null() & unclean.is_null()
            reason = reason.set(missing, "empty")
        yield (
            pl.DataFrame({"line": lines, "reason": reason, "value": text})
            .filter(pl.col("reason").is_not_null())
            .select(
                "line",
                pl.lit(name).alias("heading"),
                "reason",
                pl.col("value").fill_null("").str.slice(0, _LONGEST_VALUE),
                pl.lit("").alias("detail"),
            )
        )
