"""What a run holds, what of it is public, and the bytes that both are kept as."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

import msgspec

VERSION: Final = 1
# Digits that survive another machine's order of additions.
_DIGITS: Final = 10


class AgencyEntry(msgspec.Struct, frozen=True):
    """An agency as the register had it when the run was computed."""

    code: str
    name: str
    level: str
    parent: str | None
    valid_from: date
    valid_to: date | None


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One measure of one agency (of the whole province where `agency` is null)."""

    agency: str | None
    measure: str
    n: int
    n_asked: int
    dossiers: int
    estimate: float | None = None
    unweighted: float | None = None
    se: float | None = None
    lower: float | None = None
    upper: float | None = None
    item_response: float | None = None
    response_rate: float | None = None
    n_eff: float | None = None
    deff: float | None = None
    df: float | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    flag: str = ""


class Unlinked(msgspec.Struct, frozen=True):
    """Ratings at an agency's counters that belong to no dossier.

    `share` of them is satisfied, each counter's day weighted by its `handovers`; null where too
    few `days` have some.
    """

    agency: str
    ratings: int
    days: int = 0
    handovers: int = 0
    share: float | None = None
    lower: float | None = None
    upper: float | None = None


class Company(msgspec.Struct, frozen=True):
    """How far the cells of the ratings were merged, and what was left out.

    `by_step` has the ratings by what their cell gave up last (`none`, `week`, `month`, `on_time`,
    `channel`, `field`); `too_wide` those whose cell is wider than the period; `waiting` those that
    still waited for company, rounded down to tens.
    """

    by_step: dict[str, int]
    too_wide: int
    waiting: int


class RunDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The whole result of a run, without times or ids: the same input gives the same bytes."""

    period: str
    first: date
    last: date
    questionnaire: dict[str, Any]
    simulated: bool
    recipe: dict[str, Any]
    input_hash: str
    code_version: str
    minimum: int
    agencies: list[AgencyEntry]
    figures: list[Figure]
    collapses: list[dict[str, Any]]
    reports: list[dict[str, Any]]
    margins: list[dict[str, Any]]
    unlinked: list[Unlinked]
    company: Company | None = None
    # The overall rating and the index again, without ratings whose flag was not dismissed.
    unflagged: list[Figure] = msgspec.field(default_factory=list)
    version: int = VERSION

    def table(self) -> dict[str, dict[str, Figure]]:
        """Figures by agency and measure; an agency without ratings has figures too."""
        found: dict[str, dict[str, Figure]] = {entry.code: {} for entry in self.agencies}
        for figure in self.figures:
            if figure.agency is not None:
                found[figure.agency][figure.measure] = figure
        return found


class PublicFigure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure as printed: 0 to 100 with two decimals, shares with four.

    It rests on `n` ratings and stands for `dossiers`.
    """

    estimate: float
    unweighted: float | None
    se: float
    lower: float
    upper: float
    n: int
    dossiers: int
    item_response: float | None
    rank_low: int | None = None
    rank_high: int | None = None
    ranked: int | None = None
    flag: str = ""


PublicFigures = dict[str, PublicFigure | None]


class PublicAgency(msgspec.Struct, frozen=True, kw_only=True):
    """An agency as printed; of a hidden one nothing but its name.

    `unflagged` has the overall rating and the index without flagged ratings, where enough of them
    were flagged; else it is empty.
    """

    code: str
    name: str
    level: str
    parent: str | None
    dossiers: int | None
    hidden: bool
    response_rate: float | None
    measures: PublicFigures
    unflagged: PublicFigures = {}


class PublicGroup(msgspec.Struct, frozen=True, kw_only=True):
    """All agencies of a level; its figures count the shown ones only."""

    level: str
    agencies: int
    shown: int
    dossiers: int
    measures: PublicFigures
    unflagged: PublicFigures = {}


class PublicProvince(msgspec.Struct, frozen=True, kw_only=True):
    """The whole province; its figures count the shown agencies only."""

    agencies: int
    shown: int
    dossiers: int
    measures: PublicFigures
    unflagged: PublicFigures = {}


class PublicUnlinked(msgspec.Struct, frozen=True):
    """Ratings without a dossier, null where there are too few.

    `estimate` is the share of satisfied ones, 0 to 100, each counter's day weighted by its
    handovers; null where it rests on too few days.
    """

    agency: str
    ratings: int | None
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    days: int | None = None


class PublicDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What is published of a run; pages, CSV and JSON read this and nothing else."""

    period: str
    first: date
    last: date
    questionnaire: dict[str, Any]
    simulated: bool
    recipe: dict[str, Any]
    input_hash: str
    code_version: str
    minimum: int
    agencies: list[PublicAgency]
    groups: list[PublicGroup]
    province: PublicProvince
    unlinked: list[PublicUnlinked]
    report: dict[str, dict[str, float | None]]
    collapses: list[dict[str, str]]
    version: int = VERSION


def encode(document: RunDocument | PublicDocument) -> bytes:
    """Canonical JSON: sorted keys, ten significant digits, null for what is not a number."""
    plain = _round_floats(msgspec.to_builtins(document))
    return msgspec.json.encode(plain, order="sorted")


def round_half_up(value: float, decimals: int) -> float:
    """The decimal number that a person would round to: 2.675 to 2.68."""
    step = Decimal(1).scaleb(-decimals)
    return float(Decimal(repr(value)).quantize(step, ROUND_HALF_UP))


def _round_floats(value: object) -> object:
    if isinstance(value, float):
        # Adding zero turns minus zero into zero.
        return float(f"{value:.{_DIGITS}g}") + 0.0
    if isinstance(value, Mapping):
        return {str(key): _round_floats(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_round_floats(each) for each in value]
    return value
