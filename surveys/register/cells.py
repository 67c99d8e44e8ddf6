"""Cells of a batch of rows: read a column at a time, and what could not be read."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import polars as pl

from surveys.register.moments import end_of_day, plausible_day, plausible_time, read_moments
from surveys.register.numbers import read_count, read_percentage, read_share, read_whole
from surveys.register.sheets import Column, Sheet
from surveys.register.spellings import read_clock, read_period
from surveys.register.words import (
    UNITS_OF_MEASURE,
    YES_OR_NO,
    key,
    read_indicator,
    read_scope,
)

Texts = Mapping[str, pl.Series]

_EDGES: Final = " \t\r\n\v\f\u00a0\u200b\u200c\u200d\u2060\ufeff"
_CONTROL: Final = r"[\x00-\x1f\x7f]"
_FORMULA_ERROR: Final = r"^#(N/A|DIV/0!|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!|GETTING_DATA)$"
# What Excel makes of a long number that was a code.
_SCIENTIFIC: Final = r"^[0-9](?:[.,][0-9]+)?[eE]\+[0-9]+$"


class Cells(NamedTuple):
    """One column of a batch: its values, the reason where a text was no value, bare days."""

    values: pl.Series
    reasons: pl.Series
    day_only: pl.Series | None = None


class Clean(NamedTuple):
    """The texts of a batch by column, trimmed and composed; empty is null."""

    texts: Texts
    reasons: Texts


def clean_texts(raw: Texts) -> Clean:
    """Trim, compose and check every column; a formula error is a reason, not a text."""
    texts: dict[str, pl.Series] = {}
    reasons: dict[str, pl.Series] = {}
    for name, series in raw.items():
        text = _trim(series)
        broken = text.str.contains(_FORMULA_ERROR).fill_null(value=False)
        control = text.str.contains(_CONTROL).fill_null(value=False)
        reasons[name] = _reason(broken, "formula").zip_with(~control, _reason(control, "control"))
        texts[name] = text.set(broken | control, None)
    return Clean(texts, reasons)


def _trim(series: pl.Series) -> pl.Series:
    text = series.str.strip_chars(_EDGES)
    if (text.str.len_bytes() != text.str.len_chars()).any():
        text = text.str.normalize("NFC")
    text = text.str.replace_all(r"[\t\r\n\v\f\x{a0} ]+", " ")
    return text.set(text == "", None)


def read_cells(sheet: Sheet, texts: Texts) -> dict[str, Cells]:
    """Every column of the sheet that the file has, read by its kind."""
    read = {column.name: _read(column, texts) for column in sheet.columns if column.name in texts}
    if "received_at" in read:
        _settle_days(read)
    return read


def _read(column: Column, texts: Texts) -> Cells:
    text = texts[column.name]
    match column.reads:
        case "text":
            return _read_text(column, text)
        case "day":
            days = read_moments(text)["day"]
            return _judged(text, days, plausible_day(days), "not_a_day", "strange_day")
        case "received" | "due" | "done":
            return _read_times(text)
        case "word":
            return _each(text, lambda word: column.words.get(key(word)), "unknown_word")
        case "figure":
            return _read_figure(text, texts["unit"])
        case kind:
            reader, reason, dtype = _SMALL[kind]
            read = _each(text, reader, reason, dtype)
            return _read_text(column, read.values) if column.longest else read


_SMALL: Mapping[str, tuple[Callable[[str], Any], str, Any]] = {
    "yes": (lambda text: YES_OR_NO.get(key(text)), "not_yes", pl.Boolean),
    "whole": (read_whole, "not_whole", pl.Int32),
    "share": (read_share, "not_share", pl.Float64),
    "period": (read_period, "unknown_period", pl.String),
    "clock": (read_clock, "not_a_clock", pl.String),
    "scope": (read_scope, "", pl.String),
    "indicator": (read_indicator, "", pl.String),
}


def _read_times(text: pl.Series) -> Cells:
    moments = read_moments(text)
    likely = plausible_time(moments["day"])
    judged = _judged(text, moments["instant"], likely, "not_a_time", "strange_time")
    return judged._replace(day_only=moments["day_only"])


def _read_text(column: Column, text: pl.Series) -> Cells:
    long = _false(text)
    if column.longest:
        long = (text.str.len_chars() > column.longest).fill_null(value=False)
    damaged = _false(text)
    if column.name.endswith("code"):
        damaged = text.str.contains(_SCIENTIFIC).fill_null(value=False)
    reasons = _reason(long, "too_long").zip_with(~damaged, _reason(damaged, "scientific"))
    return Cells(text.set(long | damaged, None), reasons)


def _judged(
    text: pl.Series, values: pl.Series, likely: pl.Series, unread: str, strange: str
) -> Cells:
    unknown = values.is_null() & text.is_not_null()
    odd = values.is_not_null() & ~likely.fill_null(value=True)
    reasons = _reason(unknown, unread).zip_with(~odd, _reason(odd, strange))
    return Cells(values.set(odd, None), reasons)


def _each(
    text: pl.Series, reader: Callable[[str], Any], reason: str, dtype: Any = pl.String
) -> Cells:
    """Read every different text once: for columns in which few texts differ."""
    different = text.drop_nulls().unique()
    values = [reader(one) for one in different]
    read = text.replace_strict(
        different, pl.Series(values, dtype=dtype), default=None, return_dtype=dtype
    )
    return Cells(read, _reason(read.is_null() & text.is_not_null(), reason))


def _read_figure(text: pl.Series, unit: pl.Series) -> Cells:
    """Figures by their own row's unit: 98.156 is a percentage, or a count of thousands."""
    values, reasons = [], []
    units = _each(unit, lambda word: UNITS_OF_MEASURE.get(key(word)), "").values
    for printed, measure in zip(text, units, strict=True):
        reader = read_percentage if measure == "percent" else read_count
        value = None if printed is None else reader(printed)
        values.append(None if value is None else str(value))
        failed = printed is not None and value is None and measure is not None
        reasons.append(f"not_{measure}" if failed else None)
    return Cells(pl.Series(values, dtype=pl.String), pl.Series(reasons, dtype=pl.String))


def _settle_days(read: dict[str, Cells]) -> None:
    """Give days without a time the moment that does the dossier no wrong.

    Due is due at the end of its day. A result handed over on the day on which the dossier was
    received was handed over after that.
    """
    value, received = pl.col("value"), pl.col("received")
    same_day = received.is_between(value, value + pl.duration(days=1), closed="left")
    later = pl.when(same_day).then(received).otherwise(value)
    for name, settled in (
        ("due_at", end_of_day(value)), ("returned_at", later), ("closed_at", later),
    ):  # fmt: skip
        if name not in read:
            continue
        cells = read[name]
        frame = pl.DataFrame(
            {
                "value": cells.values,
                "received": read["received_at"].values,
                "day_only": cells.day_only,
            }
        )
        chosen = frame.select(pl.when("day_only").then(settled).otherwise("value")).to_series()
        read[name] = cells._replace(values=chosen)


def _reason(where: pl.Series, reason: str) -> pl.Series:
    return pl.select(pl.when(where).then(pl.lit(reason))).to_series()


def _false(text: pl.Series) -> pl.Series:
    return pl.repeat(value=False, n=len(text), eager=True, dtype=pl.Boolean)
