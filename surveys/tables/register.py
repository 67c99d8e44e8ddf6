"""The register: units of administration, agencies, counters, procedures, dossiers."""

from enum import StrEnum
from typing import Any

from piccolo.columns import (
    Boolean,
    Date,
    DoublePrecision,
    ForeignKey,
    Numeric,
    OnDelete,
    Serial,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check, Unique
from piccolo.table import Table


class Level(StrEnum):
    """Level of administration; districts ended on 1 July 2025."""

    CENTRAL = "central"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class Succession(StrEnum):
    """How one unit or agency became another."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    DISSOLVE = "dissolve"
    LEVEL_CHANGE = "level_change"
    UNCHANGED = "unchanged"


class Channel(StrEnum):
    """How a dossier was handed in."""

    COUNTER = "counter"
    ONLINE = "online"
    POST = "post"


class Outcome(StrEnum):
    """What the citizen got at the end."""

    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"


class AdminUnit(Table, tablename="admin_unit"):
    """A unit of administration as it was between two dates."""

    id = Serial(primary_key=True)
    code = Varchar(length=20)
    name = Varchar(length=200)
    level = Varchar(length=20, choices=Level)
    kind = Varchar(length=40)
    parent: Any = ForeignKey("self", null=True, default=None, on_delete=OnDelete.restrict)
    valid_from = Date(default=None)
    valid_to = Date(null=True, default=None)

    unit_once = Unique([code, valid_from])
    unit_dates = Check((valid_to.is_null()) | (valid_to > valid_from))


class UnitSuccession(Table, tablename="unit_succession"):
    """One unit passed, wholly or in part, into another."""

    id = Serial(primary_key=True)
    predecessor = ForeignKey(AdminUnit, null=False, on_delete=OnDelete.restrict)
    successor = ForeignKey(AdminUnit, null=True, default=None, on_delete=OnDelete.restrict)
    effective_date = Date(default=None)
    kind = Varchar(length=20, choices=Succession)
    share = DoublePrecision(default=1.0)
    assumed = Boolean(default=False)

    unit_succession_once = Unique([predecessor, successor, effective_date])
    unit_share = Check((share > 0) & (share <= 1))


class Agency(Table, tablename="agency"):
    """An office that handles dossiers, as it was between two dates."""

    id = Serial(primary_key=True)
    code = Varchar(length=40, unique=True)
    name = Varchar(length=200)
    level = Varchar(length=20, choices=Level)
    unit = ForeignKey(AdminUnit, null=True, default=None, on_delete=OnDelete.restrict)
    parent: Any = ForeignKey("self", null=True, default=None, on_delete=OnDelete.restrict)
    valid_from = Date(default=None)
    valid_to = Date(null=True, default=None)

    agency_dates = Check((valid_to.is_null()) | (valid_to > valid_from))


class AgencySuccession(Table, tablename="agency_succession"):
    """One agency's work passed, wholly or in part, to another."""

    id = Serial(primary_key=True)
    predecessor = ForeignKey(Agency, null=False, on_delete=OnDelete.restrict)
    successor = ForeignKey(Agency, null=True, default=None, on_delete=OnDelete.restrict)
    effective_date = Date(default=None)
    kind = Varchar(length=20, choices=Succession)
    share = DoublePrecision(default=1.0)
    assumed = Boolean(default=False)

    agency_succession_once = Unique([predecessor, successor, effective_date])
    agency_share = Check((share > 0) & (share <= 1))


class Counter(Table, tablename="counter"):
    """A counter of a one-stop shop."""

    id = Serial(primary_key=True)
    code = Varchar(length=40, unique=True)
    name = Varchar(length=200)
    agency = ForeignKey(Agency, null=False, on_delete=OnDelete.restrict)


class Field(Table, tablename="field"):
    """A field of administration (lĩnh vực)."""

    id = Serial(primary_key=True)
    code = Varchar(length=40, unique=True)
    name = Varchar(length=200)


class Procedure(Table, tablename="procedure"):
    """An administrative procedure (thủ tục hành chính)."""

    id = Serial(primary_key=True)
    code = Varchar(length=40, unique=True)
    name = Varchar(length=500)
    field = ForeignKey(Field, null=False, on_delete=OnDelete.restrict)
    level = Varchar(length=20, choices=Level)
    working_days = SmallInt(null=True, default=None)

    procedure_days = Check((working_days.is_null()) | (working_days >= 0))


class Dossier(Table, tablename="dossier"):
    """A dossier (hồ sơ). Returned to the citizen is not the same as closed in the system."""

    id = Serial(primary_key=True)
    code = Varchar(length=60, unique=True)
    agency = ForeignKey(Agency, null=False, on_delete=OnDelete.restrict)
    procedure = ForeignKey(Procedure, null=False, on_delete=OnDelete.restrict)
    channel = Varchar(length=20, choices=Channel)
    received_at = Timestamptz(default=None)
    due_at = Timestamptz(null=True, default=None)
    returned_at = Timestamptz(null=True, default=None, index=True)
    closed_at = Timestamptz(null=True, default=None)
    outcome = Varchar(length=20, choices=Outcome, null=True, default=None)

    dossier_returned = Check((returned_at.is_null()) | (returned_at >= received_at))
    dossier_closed = Check((closed_at.is_null()) | (closed_at >= received_at))


class PublishedTotal(Table, tablename="published_total"):
    """A total that somebody printed, kept as printed beside what its parts add up to."""

    id = Serial(primary_key=True)
    source = Varchar(length=300)
    period = Varchar(length=20)
    indicator = Varchar(length=80)
    scope = Varchar(length=200)
    part_of = Varchar(length=200, null=True, default=None)
    printed = Numeric(digits=(18, 4), default=None)
    unit = Varchar(length=20)
    computed = Numeric(digits=(18, 4), null=True, default=None)
    assumed = Boolean(default=False)
    note = Text(default="")

    published_total_once = Unique([source, period, indicator, scope])
