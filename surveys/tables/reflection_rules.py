"""What the office sets about cases: terms, types, approval, escalation, words of replies."""

from piccolo.columns import (
    Boolean,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    Serial,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from surveys.tables.accounts import Account
from surveys.tables.register import Agency


class CaseType(Table, tablename="case_type"):
    """A type of case that the office added, renamed or retired; the shipped ones are in a file."""

    id = Serial(primary_key=True)
    key = Varchar(length=40, unique=True)
    name = Varchar(length=200)
    name_en = Varchar(length=200)
    retired = Boolean(default=False)
    changed_at = Timestamptz(default=TimestamptzNow())


class DeadlineRule(Table, tablename="deadline_rule"):
    """How long a clock runs from a day on; the most particular rule counts, then the newest."""

    id = Serial(primary_key=True)
    clock = Varchar(length=20)
    case_type = Varchar(length=40, null=True, default=None)
    agency = ForeignKey(Agency, null=True, default=None, on_delete=OnDelete.restrict)
    channel = Varchar(length=10, null=True, default=None)
    valid_from = Date(default=None)
    amount = SmallInt(default=None)
    unit = Varchar(length=20)
    source = Varchar(length=300)
    changed_at = Timestamptz(default=TimestamptzNow())
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)

    deadline_rule_once = Unique(
        [clock, case_type, agency, channel, valid_from], nulls_distinct=False
    )
    deadline_rule_amount = Check((amount >= 0) & (amount <= 1000))


class EscalationRule(Table, tablename="escalation_rule"):
    """Who is told when a case is overdue by so many working hours; once a clock."""

    id = Serial(primary_key=True)
    agency = ForeignKey(Agency, null=True, default=None, on_delete=OnDelete.restrict)
    clock = Varchar(length=20)
    after_hours = SmallInt(default=0)
    channel = Varchar(length=10)
    address = Varchar(length=320)
    ended_at = Timestamptz(null=True, default=None)
    changed_at = Timestamptz(default=TimestamptzNow())
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)


class CaseDuty(Table, tablename="case_duty"):
    """An account that approves answers for its agency, between two moments."""

    id = Serial(primary_key=True)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    agency = ForeignKey(Agency, null=False, on_delete=OnDelete.restrict)
    since = Timestamptz(default=TimestamptzNow())
    until = Timestamptz(null=True, default=None)


class ReflectionSetting(Table, tablename="reflection_setting"):
    """What an agency, or the province for all that say nothing, wants of its cases.

    There is no word here about the citizen's verdict, and there must be none.
    """

    id = Serial(primary_key=True)
    agency = ForeignKey(Agency, null=True, default=None, on_delete=OnDelete.restrict)
    approval = Boolean(default=False)
    changed_at = Timestamptz(default=TimestamptzNow())
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)

    reflection_setting_once = Unique([agency], nulls_distinct=False)


class ReplyTemplate(Table, tablename="reply_template"):
    """Words of a reply with {fields}, version by version, of the province or of an agency."""

    id = Serial(primary_key=True)
    key = Varchar(length=60)
    agency = ForeignKey(Agency, null=True, default=None, on_delete=OnDelete.restrict)
    case_type = Varchar(length=40, null=True, default=None)
    version = Integer(default=1)
    title = Varchar(length=200)
    body = Text(default=None)
    retired = Boolean(default=False)
    changed_at = Timestamptz(default=TimestamptzNow())
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)

    reply_template_once = Unique([key, agency, version], nulls_distinct=False)
