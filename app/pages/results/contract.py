"""What the JSON interface promises about results; programs may rely on every field."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

Points = Annotated[float, Meta(ge=0, le=100, description="0 to 100, two decimals.")]
Share = Annotated[float, Meta(ge=0, description="0 to 1, four decimals.")]
Count = Annotated[int, Meta(ge=0)]


def about(text: str) -> Meta:
    """The sentence that the documentation prints beside a field."""
    return Meta(description=text)


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One measure with its uncertainty. Never print the estimate without its interval."""

    estimate: Annotated[
        Points, about("Share of satisfied answers, weighted to the dossiers, 0–100.")
    ]
    lower: Annotated[Points, about("Lower end of the interval.")]
    upper: Annotated[Points, about("Upper end of the interval.")]
    unweighted: Annotated[Points | None, about("The plain share, without weights.")]
    se: Annotated[float, about("Standard error of the estimate, in points.")]
    n: Annotated[Count, about("Ratings with a valid answer to this measure.")]
    dossiers: Annotated[Count, about("Dossiers that these ratings stand for.")]
    item_response: Annotated[Share | None, about("Valid answers among those asked.")]
    rank_low: Annotated[
        int | None, about("Best rank that the data do not exclude; 1 is highest.")
    ] = None
    rank_high: Annotated[int | None, about("Worst rank that the data do not exclude.")] = None
    ranked: Annotated[int | None, about("How many agencies are ranked.")] = None
    flag: Annotated[str, about("Why the figure needs care; empty if it does not.")] = ""


Figures = dict[str, Figure | None]
UNFLAGGED = (
    "The overall rating and the index once more, without ratings of a counter's week that is"
    " flagged as unusual; empty where too few were flagged to tell."
)
MEASURES = "By name: index, overall_rating, factor_…; null where it is not published."


class AgencyResults(msgspec.Struct, frozen=True, kw_only=True):
    """An agency's results. Of a hidden agency nothing but its name is published."""

    code: Annotated[str, about("Code of the agency in the register.")]
    name: str
    level: Annotated[str, about("central, province, district or commune.")]
    parent: Annotated[str | None, about("Code of the agency above it.")]
    dossiers: Annotated[Count | None, about("Dossiers returned in the period.")]
    hidden: Annotated[bool, about("True where nothing is published.")]
    response_rate: Annotated[Share | None, about("Ratings divided by dossiers returned.")]
    measures: Annotated[Figures, about(MEASURES)]
    unflagged: Annotated[Figures, about(UNFLAGGED)] = {}


class GroupResults(msgspec.Struct, frozen=True, kw_only=True):
    """All agencies of a level together; counts the published ones only."""

    level: str
    agencies: Count
    shown: Annotated[Count, about("Agencies that are published, and counted here.")]
    dossiers: Count
    measures: Annotated[Figures, about(MEASURES)]
    unflagged: Annotated[Figures, about(UNFLAGGED)] = {}


class ProvinceResults(msgspec.Struct, frozen=True, kw_only=True):
    """The whole province; counts the published agencies only."""

    agencies: Count
    shown: Annotated[Count, about("Agencies that are published, and counted here.")]
    dossiers: Count
    measures: Annotated[Figures, about(MEASURES)]
    unflagged: Annotated[Figures, about(UNFLAGGED)] = {}


class UnlinkedRatings(msgspec.Struct, frozen=True):
    """Taps that belong to no dossier; they are in no measure."""

    agency: Annotated[str, about("Code of the agency.")]
    ratings: Annotated[Count | None, about("Null where there are too few to publish.")]
    estimate: Annotated[
        float | None,
        about("Satisfied ones, 0 to 100, each counter's day weighted by its handovers."),
    ] = None
    lower: Annotated[float | None, about("Lower limit of the 95 % interval.")] = None
    upper: Annotated[float | None, about("Upper limit of the 95 % interval.")] = None
    days: Annotated[Count | None, about("Counter-days that the estimate rests on.")] = None


class Notice(msgspec.Struct, frozen=True):
    """A public notice on a period's results."""

    kind: Annotated[str, about("withdrawn or corrected.")]
    text: str
    at: datetime


class PeriodEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A period with published or withdrawn results."""

    period: Annotated[str, about("For example 2021-Q1, 2021 or 2021-03.")]
    first: date
    last: date
    questionnaire: str
    state: Annotated[str, about("published or withdrawn.")]
    run: UUID
    published_at: datetime


class Periods(msgspec.Struct, frozen=True):
    """Periods, newest first."""

    periods: list[PeriodEntry]


class PeriodResults(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is published about a period."""

    period: str
    first: date
    last: date
    run: Annotated[
        UUID, about("The run that computed these figures; a correction has another one.")
    ]
    published_at: datetime
    withdrawn: Annotated[bool, about("True when the figures were taken back; then none are given.")]
    simulated: Annotated[bool, about("True when the answers are made up for a demonstration.")]
    notices: list[Notice]
    questionnaire: dict[str, Any]
    recipe: Annotated[
        dict[str, Any], about("How the figures were computed; enough to do it again.")
    ]
    input_hash: Annotated[str, about("SHA-256 of the input, whatever the order of its rows.")]
    code_version: str
    minimum: Annotated[Count, about("Fewest ratings that are published.")]
    province: ProvinceResults
    groups: list[GroupResults]
    agencies: list[AgencyResults]
    unlinked: list[UnlinkedRatings]


class TrendPoint(msgspec.Struct, frozen=True, kw_only=True):
    """An agency in one period, or those that stood for it then."""

    period: str
    first: date
    last: date
    agencies: Annotated[list[str], about("Codes of the agencies that stand for it in this period.")]
    combined: Annotated[bool, about("True when other agencies stand for it.")]
    estimated: Annotated[bool, about("True when only a share of one of them counts.")]
    assumed: Annotated[bool, about("True when such a share was never published.")]
    breaks: Annotated[
        list[str],
        about(
            "Why it does not compare with the point before: reorganisation, questionnaire, method."
        ),
    ]
    dossiers: Annotated[
        Count | None, about("Dossiers of the period; null where they are not published.")
    ]
    measures: Annotated[Figures, about(MEASURES)]


class AgencyInPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """One agency in one period, and its published past and future."""

    period: str
    simulated: bool
    notices: list[Notice]
    agency: AgencyResults
    trend: list[TrendPoint]
