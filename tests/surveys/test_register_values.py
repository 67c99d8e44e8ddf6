"""Days, times, numbers, periods and words, read from text."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from surveys.days import ZONE
from surveys.register.moments import read_moments
from surveys.register.numbers import read_count, read_percentage, read_share, read_whole
from surveys.register.spellings import period_days, read_period
from surveys.register.words import fold, read_indicator, read_scope

MOMENTS = st.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2199, 12, 31))  # noqa: DTZ001
DAYS = st.dates(min_value=date(1800, 1, 1), max_value=date(2199, 12, 31))
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def read_one(text: str) -> dict[str, object]:
    return read_moments(pl.Series([text])).row(0, named=True)


@given(DAYS, st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d"]))
@example(date(1960, 1, 1), "%Y-%m-%d")
@example(date(1975, 6, 13), "%d/%m/%Y")
def test_every_day_is_read_as_written(day: date, form: str) -> None:
    found = read_one(day.strftime(form))
    assert (found["day"], found["day_only"]) == (day, True)


@given(MOMENTS, st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%H:%M:%S %d/%m/%Y"]))
def test_every_time_without_a_zone_is_local(moment: datetime, form: str) -> None:
    moment = moment.replace(microsecond=0)
    found = read_one(moment.strftime(form))
    assert found["instant"] == moment.replace(tzinfo=ZONE).astimezone(UTC).replace(tzinfo=None)
    assert found["day"] == moment.date()
    assert found["day_only"] is (moment.time() == moment.time().min)


@given(MOMENTS, ZONES)
def test_every_time_with_a_zone_is_that_instant(moment: datetime, zone: timezone) -> None:
    aware = moment.replace(tzinfo=zone)
    found = read_one(aware.isoformat())
    assert found["instant"] == aware.astimezone(UTC).replace(tzinfo=None)
    assert found["day"] == aware.astimezone(ZONE).date()
    assert found["day_only"] is False


@given(st.datetimes(min_value=datetime(1960, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001
def test_excel_counts_of_days_are_read(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    start = datetime(1899, 12, 30)  # noqa: DTZ001
    found = read_one(repr((moment - start).total_seconds() / 86_400))
    assert found["day"] == moment.date()


@given(st.text(alphabet="0123456789/-.: TZ+", max_size=22))
@example("2021-02-29")
@example("2021-13-01")
@example("00/01/2021")
@example("2021-02-28 24:00")
@example("2021-02-28 10:60")
def test_what_is_read_as_a_moment_is_one_that_exists(text: str) -> None:
    found = read_one(text)
    assert (found["instant"] is None) == (found["day"] is None)
    if found["day"] is not None and "-" not in text[11:] and "+" not in text:
        day = found["day"]
        assert isinstance(day, date)
        assert text[:5].isdigit() or str(day.year) in text


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "2021", "2021-02", "21-02-03", "3/2/21", "02/30/2021", "31/04/2021", "2021-02-29",
        "20210203", "12345", "99999", "2021-02-03 8", "2021-02-03 08:15 PM", "2021-02-03+07:00",
        "2021-02-03 08:15 +7", "٢٠٢١-٠٢-٠٣", "2021-02-03 08:15\n2021",
    ],
)  # fmt: skip
def test_what_is_no_moment_is_none(text: str) -> None:
    assert read_one(text) == {"instant": None, "day": None, "day_only": None}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), ("130729", 130729), ("130.729", 130729), ("130,729", 130729), ("1 234 567", 1234567),
        ("100.210.000", 100210000), ("1.234,567", None), ("12.34", None), ("1.23", None), ("15.0", 15),
        ("15,00", 15), ("-5", None), ("", None), ("12a", None), ("0.000", 0), ("1234.567", None),
        ("9" * 15, None), ("999.999.999.999.999", None), ("٣", None),
    ],
)  # fmt: skip
def test_counts_have_marks_between_thousands(text: str, number: int | None) -> None:
    assert read_count(text) == (None if number is None else Decimal(number))


@given(st.integers(0, 10**14 - 1), st.sampled_from([".", ",", " ", "\u00a0"]))
def test_every_count_survives_its_marks(number: int, mark: str) -> None:
    assert read_count(f"{number:,}".replace(",", mark)) == number
    assert read_count(str(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("98,63", "98.63"), ("98.63%", "98.63"), ("98,63 %", "98.63"), ("98.156", "98.156"),
        ("100", "100"), ("-1,5", "-1.5"), ("1.234,5", None), ("98,63111", None), ("%", None),
        ("", None), ("<3", None),
    ],
)  # fmt: skip
def test_percentages_have_a_comma_or_a_point(text: str, number: str | None) -> None:
    assert read_percentage(text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("1", 1.0), ("0,4", 0.4), ("0.25", 0.25), ("40%", 0.4), ("33,5 %", 0.335), ("100%", 1.0),
        ("0", None), ("0%", None), ("1,01", None), ("101%", None), ("a", None), ("-0.5", None),
    ],
)  # fmt: skip
def test_shares_lie_between_nothing_and_one(text: str, share: float | None) -> None:
    assert read_share(text) == share


def test_small_whole_numbers() -> None:
    assert [read_whole(text) for text in ("0", "15", "15.0", "32767", "32768", "1.5", "x")] == [
        0, 15, 15, 32767, None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "period", "first", "last"),
    [
        ("2021", "2021", "2021-01-01", "2021-12-31"),
        ("Năm 2021", "2021", "2021-01-01", "2021-12-31"),
        ("2021-Q1", "2021-Q1", "2021-01-01", "2021-03-31"),
        ("Quý I/2021", "2021-Q1", "2021-01-01", "2021-03-31"),
        ("Quý 4 năm 2021", "2021-Q4", "2021-10-01", "2021-12-31"),
        ("QUÝ IV-2021", "2021-Q4", "2021-10-01", "2021-12-31"),
        ("2020-02", "2020-02", "2020-02-01", "2020-02-29"),
        ("Tháng 2/2020", "2020-02", "2020-02-01", "2020-02-29"),
        ("12/2021", "2021-12", "2021-12-01", "2021-12-31"),
        ("2021-H2", "2021-H2", "2021-07-01", "2021-12-31"),
        ("6 tháng đầu năm 2021", "2021-H1", "2021-01-01", "2021-06-30"),
        ("6 tháng cuối năm 2021", "2021-H2", "2021-07-01", "2021-12-31"),
        ("9 tháng năm 2021", "2021-9M", "2021-01-01", "2021-09-30"),
        ("9 tháng đầu năm 2021", "2021-9M", "2021-01-01", "2021-09-30"),
        ("2021-11M", "2021-11M", "2021-01-01", "2021-11-30"),
    ],
)
def test_periods_are_read_and_kept_in_one_form(
    text: str, period: str, first: str, last: str
) -> None:
    assert read_period(text) == period
    assert read_period(period) == period
    assert period_days(period) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["", "2021-Q5", "Quý V/2021", "2021-13", "21", "13 tháng 2021"])
def test_what_is_no_period_is_none(text: str) -> None:
    assert read_period(text) is None


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("Toàn tỉnh", "all"), ("all", "all"), ("Cấp tỉnh", "level:province"), ("cấp: xã", "level:commune"),
        ("level:district", "level:district"), ("level: nhiều cấp", "level:nhiều cấp"),
        ("Lĩnh vực: DAT", "field:DAT"), ("Kênh: trực tuyến", "channel:online"),
        ("cơ quan:STP", "agency:STP"), ("grade: good", "grade:good"), ("trực tuyến", "trực tuyến"),
        ("Loại:", "Loại:"), ("Đất đai", "Đất đai"),
    ],
)  # fmt: skip
def test_scopes_are_kept_in_one_form_where_they_are_known(text: str, scope: str) -> None:
    assert read_scope(text) == scope
    assert read_scope(scope) == scope


def test_indicators_are_kept_in_one_form_where_they_are_known() -> None:
    assert read_indicator("Tỷ lệ đúng hạn") == "on_time_share"
    assert read_indicator("ON_TIME") == "on_time"
    assert read_indicator("Xếp loại CCHC") == "Xếp loại CCHC"


@given(st.text(alphabet="ăâđêôơưàảãáạ ỞĐA_-/()b1", max_size=20))
def test_folding_does_not_depend_on_case_or_composition(text: str) -> None:
    import unicodedata

    folded = fold(text)
    assert folded == fold(unicodedata.normalize("NFD", text)) == fold(text.upper())
    assert fold(folded) == folded
