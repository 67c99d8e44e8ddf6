"""Days and times as spreadsheets and people write them, a whole column at once."""

from typing import Final

import polars as pl

ZONE: Final = "Asia/Ho_Chi_Minh"
# An Excel date that lost its format is a count of days since this one; only counts between
# 1 January 1955 and 1 January 2120 are taken for dates.
_EXCEL_START: Final = pl.date(1899, 12, 30)
_EXCEL_DAYS: Final = (20_090, 80_355)
# A dossier outside these years is a slip of the hand, or the zero of some program's clock.
_YEARS_OF_TIMES: Final = (1990, 2199)
_YEARS_OF_DAYS: Final = (1800, 2199)

_DAY: Final = (
    r"(?:(?P<y{0}>[0-9]{{4}})[-/.](?P<m{0}>[0-9]{{1,2}})[-/.](?P<d{0}>[0-9]{{1,2}})"
    r"|(?P<dd{0}>[0-9]{{1,2}})[-/.](?P<mm{0}>[0-9]{{1,2}})[-/.](?P<yy{0}>[0-9]{{4}}))"
)
_CLOCK: Final = (
    r"(?P<h{0}>[0-9]{{1,2}})[:hg](?P<i{0}>[0-9]{{2}})(?::(?P<s{0}>[0-9]{{2}})"
    r"(?:[.,](?P<f{0}>[0-9]{{1,9}}))?)?"
)
_ZONE: Final = r"\s*(?P<zone>[zZ]|[+-][0-9]{2}(?::?[0-9]{2})?)?"
_PATTERN: Final = (
    rf"^(?:{_DAY.format(1)}(?:(?:[Tt]|\s+){_CLOCK.format(1)}{_ZONE})?"
    rf"|{_CLOCK.format(2)}\s+{_DAY.format(2)}"
    r"|(?P<excel>[0-9]{5}(?:\.[0-9]+)?))$"
)
_PARTS: Final = {
    "year": "y1 yy1 y2 yy2",
    "month": "m1 mm1 m2 mm2",
    "day": "d1 dd1 d2 dd2",
    "hour": "h1 h2",
    "minute": "i1 i2",
    "second": "s1 s2",
    "fraction": "f1 f2",
}


def read_moments(text: pl.Series) -> pl.DataFrame:
    """One row a text: `instant` (UTC, without zone), its local `day`, and `day_only`.

    All three are null where the text is not a moment. A time without a zone is local; midnight
    without a zone counts as a day without a time, for that is how databases export days.
    """
    parts = text.str.extract_groups(_PATTERN).struct.unnest().lazy()
    read = (
        parts.with_columns(
            pl.coalesce(names.split()).cast(pl.Int64, strict=False).alias(part)
            for part, names in _PARTS.items()
            if part != "fraction"
        )
        .with_columns(fraction=pl.coalesce("f1", "f2").fill_null("").str.pad_end(6, "0"))
        .with_columns(fraction=pl.col("fraction").str.slice(0, 6).cast(pl.Int64, strict=False))
        .with_columns(valid=_is_valid(), excel=pl.col("excel").cast(pl.Float64, strict=False))
        .with_columns(written=pl.when("valid").then(_written()).otherwise(_from_excel()))
        .with_columns(ahead=_minutes_ahead())
        .with_columns(day_only=_is_midnight() & pl.col("ahead").is_null())
        .select(
            instant=pl.when(pl.col("ahead").is_null())
            .then(_utc(pl.col("written")))
            .otherwise(pl.col("written") - pl.duration(minutes="ahead")),
            day_only=pl.when(pl.col("written").is_not_null()).then("day_only"),
            written=pl.when(pl.col("ahead").is_null()).then("written"),
        )
        # Straight from what is written: some midnights of the past were skipped by the clocks.
        .with_columns(day=pl.coalesce(pl.col("written").dt.date(), local_day(pl.col("instant"))))
        .select("instant", "day", "day_only")
    )
    return read.collect()


def local_day(instant: pl.Expr) -> pl.Expr:
    """The day in Viet Nam on which an instant (UTC, without zone) lies."""
    return instant.dt.replace_time_zone("UTC").dt.convert_time_zone(ZONE).dt.date()


def plausible_time(day: pl.Series) -> pl.Series:
    """Whether a dossier can have been handled on that day."""
    return day.dt.year().is_between(*_YEARS_OF_TIMES)


def plausible_day(day: pl.Series) -> pl.Series:
    """Whether a unit or an agency can have begun or ended on that day."""
    return day.dt.year().is_between(*_YEARS_OF_DAYS)


def end_of_day(instant: pl.Expr) -> pl.Expr:
    """The last second of the day that begins at `instant`."""
    return instant + pl.duration(hours=23, minutes=59, seconds=59)


def _is_valid() -> pl.Expr:
    year, month, day = pl.col("year"), pl.col("month"), pl.col("day")
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    february = pl.when(leap).then(29).otherwise(28)
    length = pl.when(month == 2).then(february).when(month.is_in([4, 6, 9, 11])).then(30)
    return (
        year.is_between(1, 9999)
        & month.is_between(1, 12)
        & day.is_between(1, length.otherwise(31))
        & pl.col("hour").fill_null(0).is_between(0, 23)
        & pl.col("minute").fill_null(0).is_between(0, 59)
        & pl.col("second").fill_null(0).is_between(0, 59)
    ).fill_null(value=False)


def _written() -> pl.Expr:
    """The moment as written; parts of invalid rows are replaced, for they would raise."""
    parts = {
        name: pl.when("valid").then(pl.col(name).fill_null(0)).otherwise(1)
        for name in ("year", "month", "day", "hour", "minute", "second")
    }
    return pl.datetime(
        parts["year"],
        parts["month"],
        parts["day"],
        parts["hour"],
        parts["minute"],
        parts["second"],
    ) + pl.duration(microseconds="fraction")


def _from_excel() -> pl.Expr:
    days = pl.col("excel")
    # Excel keeps times as fractions of a day; seconds are what survives that.
    seconds = (days * 86_400).round().cast(pl.Int64)
    moment = _EXCEL_START.cast(pl.Datetime("us")) + pl.duration(seconds=seconds)
    return pl.when(days.is_between(*_EXCEL_DAYS)).then(moment)


def _is_midnight() -> pl.Expr:
    return pl.col("written").dt.truncate("1d") == pl.col("written")


def _minutes_ahead() -> pl.Expr:
    """Minutes that the written zone is ahead of UTC; null where none is written."""
    zone = pl.col("zone").str.to_uppercase().str.replace("Z", "+00").str.replace(":", "")
    digits = zone.str.slice(1).str.pad_end(4, "0")
    minutes = digits.str.slice(0, 2).cast(pl.Int64) * 60 + digits.str.slice(2, 2).cast(pl.Int64)
    return pl.when(zone.str.starts_with("-")).then(-minutes).otherwise(minutes)


def _utc(local: pl.Expr) -> pl.Expr:
    return (
        local.dt.replace_time_zone(ZONE, ambiguous="earliest", non_existent="null")
        .dt.convert_time_zone("UTC")
        .dt.replace_time_zone(None)
    )
