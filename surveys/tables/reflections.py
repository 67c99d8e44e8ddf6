"""Cases: what citizens write that needs an answer, and everything that happens to it.

Personal data stand in `case_text` (what the citizen wrote) and `case_contact` only; what else is
written of a case is written by officials for others to read (docs/reflections.md). CASE is a word
of SQL, so the table of cases has a longer name and rows point to it by `case_id`.
"""

from enum import StrEnum
from typing import Any

from piccolo.columns import (
    JSONB,
    UUID,
    BigSerial,
    Boolean,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from surveys.tables.accounts import Account
from surveys.tables.messages import Way
from surveys.tables.register import AdminUnit, Agency, Dossier


class CaseKind(StrEnum):
    """Telling of a trouble, or proposing a better rule (NĐ 20/2008 Art. 3)."""

    REFLECTION = "reflection"
    RECOMMENDATION = "recommendation"


class Intake(StrEnum):
    """By what way a reflection came."""

    WEB = "web"
    KIOSK = "kiosk"
    PHONE = "phone"
    PAPER = "paper"
    EMAIL = "email"
    API = "api"
    PORTAL = "portal"


class Change(StrEnum):
    """What an answer changes for everybody."""

    NONE = "none"
    PLANNED = "planned"
    MADE = "made"


class ReflectionCase(Table, tablename="reflection_case"):
    """A reflection with an owner and a clock. Its state is written by `reflections.move` only.

    `due_at` is the nearest end of the clocks that run against the agency, empty while they stand
    still: overdue is computed from it and never stored. The hashes stand for the access code that
    is typed and for the token of the link, which is made anew with each `token_version`.
    """

    id = UUID(primary_key=True, default=UUID4())
    reference = Varchar(length=20, unique=True)
    kind = Varchar(length=20, choices=CaseKind)
    type = Varchar(length=40, default="other")
    channel = Varchar(length=10, choices=Intake)
    source = Varchar(length=200, null=True, default=None, unique=True)
    agency = ForeignKey(Agency, null=False, on_delete=OnDelete.restrict)
    unit = ForeignKey(AdminUnit, null=True, default=None, on_delete=OnDelete.restrict)
    dossier = ForeignKey(Dossier, null=True, default=None, on_delete=OnDelete.set_null)
    owner = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    on_behalf = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    state = Varchar(length=20, default="new")
    asked_in = Varchar(length=20, null=True, default=None)
    version = Integer(default=1)
    extended = Boolean(default=False)
    title = Varchar(length=200, default="")
    notify = Varchar(length=10, choices=Way, null=True, default=None)
    language = Varchar(length=10, default="vi")
    received_on = Date(default=None)
    created_at = Timestamptz(default=TimestamptzNow())
    due_at = Timestamptz(null=True, default=None)
    merged_into: Any = ForeignKey("self", null=True, default=None, on_delete=OnDelete.restrict)
    code_hash = Varchar(length=64, unique=True)
    token_hash = Varchar(length=64, unique=True)
    token_version = Integer(default=1)


class CaseText(Table, tablename="case_text"):
    """What the citizen wrote: the original, what they added, why they were not content.

    The migration adds `plain`, a generated column without marks, for the search.
    """

    id = BigSerial(primary_key=True)
    case_id = ForeignKey(ReflectionCase, null=False, on_delete=OnDelete.cascade, index=False)
    version = SmallInt(default=None)
    part = Varchar(length=20, default="original")
    subject = Varchar(length=200, default="")
    text = Text(default=None)
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    added_at = Timestamptz(default=TimestamptzNow())

    case_text_once = Unique([case_id, version])


class CaseContact(Table, tablename="case_contact"):
    """Who wrote and where they may be reached, with consent per purpose; gone when it expires."""

    id = BigSerial(primary_key=True)
    case_id = ForeignKey(
        ReflectionCase, null=False, on_delete=OnDelete.cascade, unique=True, index=False
    )
    name = Varchar(length=120, default="")
    address = Varchar(length=300, default="")
    phone = Varchar(length=20, null=True, default=None)
    mail = Varchar(length=320, null=True, default=None)
    reply = Boolean(default=False)
    publication = Boolean(default=False)
    survey = Boolean(default=False)
    notice = Varchar(length=40, default="")
    consented_how = Varchar(length=20)
    consented_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None, index=True)


class CaseEvent(Table, tablename="case_event"):
    """The log of a case: what happened, who did it for whom. A trigger refuses changes."""

    id = BigSerial(primary_key=True)
    case_id = ForeignKey(ReflectionCase, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz(default=TimestamptzNow())
    name = Varchar(length=30)
    from_state = Varchar(length=20, null=True, default=None)
    to_state = Varchar(length=20, null=True, default=None)
    role = Varchar(length=20)
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    agency = ForeignKey(Agency, null=False, on_delete=OnDelete.restrict)
    public = Boolean(default=True)
    detail = JSONB(default="{}")


class CaseClock(Table, tablename="case_clock"):
    """One term of one agency: the rule that was in force, and how it went.

    `due_at` is empty while the clock stands still. A clock whose `stopped_at` is not after its
    `due_at` was kept. `worked_minutes` is office time without the pauses.
    """

    id = BigSerial(primary_key=True)
    case_id = ForeignKey(ReflectionCase, null=False, on_delete=OnDelete.cascade)
    clock = Varchar(length=20)
    cause = Varchar(length=20)
    agency = ForeignKey(Agency, null=False, on_delete=OnDelete.restrict)
    amount = SmallInt(default=None)
    unit = Varchar(length=20)
    source = Varchar(length=300, default="")
    extra_amount = SmallInt(default=0)
    extra_unit = Varchar(length=20, null=True, default=None)
    started_at = Timestamptz(default=None)
    due_at = Timestamptz(null=True, default=None)
    stopped_at = Timestamptz(null=True, default=None)
    worked_minutes = Integer(null=True, default=None)

    case_clock_forward = Check(stopped_at.is_null() | (stopped_at >= started_at))
    case_clock_amount = Check((amount >= 0) & (extra_amount >= 0))


class CasePause(Table, tablename="case_pause"):
    """A time in which a clock stood still because the citizen was asked.

    `due_before` is the end that the clock had when it began to stand still.
    """

    id = BigSerial(primary_key=True)
    clock = ForeignKey(CaseClock, null=False, on_delete=OnDelete.cascade)
    paused_at = Timestamptz(default=None)
    resumed_at = Timestamptz(null=True, default=None)
    due_before = Timestamptz(null=True, default=None)

    case_pause_forward = Check(resumed_at.is_null() | (resumed_at >= paused_at))


class CaseNote(Table, tablename="case_note"):
    """What officials tell one another about a case; never shown to anybody else."""

    id = BigSerial(primary_key=True)
    case_id = ForeignKey(ReflectionCase, null=False, on_delete=OnDelete.cascade)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    agency = ForeignKey(Agency, null=False, on_delete=OnDelete.restrict)
    text = Text(default=None)
    at = Timestamptz(default=TimestamptzNow())


class CaseDraft(Table, tablename="case_draft"):
    """One version of a draft answer; each saving makes the next, so nothing is written over.

    Another agency to which the case is transferred does not see it; versions are counted through.
    """

    id = BigSerial(primary_key=True)
    case_id = ForeignKey(ReflectionCase, null=False, on_delete=OnDelete.cascade, index=False)
    version = Integer(default=None)
    text = Text(default=None)
    change = Varchar(length=10, choices=Change, default="none")
    explanation = Text(default="")
    agency = ForeignKey(Agency, null=False, on_delete=OnDelete.restrict, index=False)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    saved_at = Timestamptz(default=TimestamptzNow())
    approved_by = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    approved_at = Timestamptz(null=True, default=None)

    case_draft_once = Unique([case_id, version])


class CaseAnswer(Table, tablename="case_answer"):
    """A final answer, and what the citizen said of it: settled or not, and how good it was.

    `draft` is the newest version of the draft then: the next answer needs a newer one.
    """

    id = BigSerial(primary_key=True)
    case_id = ForeignKey(ReflectionCase, null=False, on_delete=OnDelete.cascade, index=False)
    turn = SmallInt(default=None)
    draft = Integer(default=0)
    agency = ForeignKey(Agency, null=False, on_delete=OnDelete.restrict)
    text = Text(default=None)
    change = Varchar(length=10, choices=Change, default="none")
    explanation = Text(default="")
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    approved_by = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    answered_at = Timestamptz(default=None)
    verdict = Varchar(length=20, null=True, default=None)
    verdict_at = Timestamptz(null=True, default=None)
    level = SmallInt(null=True, default=None)

    case_answer_once = Unique([case_id, turn])
    case_answer_level = Check(level.is_null() | ((level >= 1) & (level <= 5)))


class CaseAttachment(Table, tablename="case_attachment"):
    """What is known of a file that lies outside the database, under a name of our own."""

    id = UUID(primary_key=True, default=UUID4())
    case_id = ForeignKey(ReflectionCase, null=False, on_delete=OnDelete.cascade)
    answer = ForeignKey(CaseAnswer, null=True, default=None, on_delete=OnDelete.cascade)
    label = Varchar(length=80)
    media_type = Varchar(length=80)
    bytes = Integer(default=None)
    sha256 = Varchar(length=64)
    scan = Varchar(length=20, default="not_scanned")
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    added_at = Timestamptz(default=TimestamptzNow())


class CaseMerge(Table, tablename="case_merge"):
    """A case was found to tell of the same as another; the citizen may undo it by reopening."""

    id = BigSerial(primary_key=True)
    duplicate = ForeignKey(ReflectionCase, null=False, on_delete=OnDelete.cascade)
    main = ForeignKey(ReflectionCase, null=False, on_delete=OnDelete.cascade)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz(default=TimestamptzNow())
    ended_at = Timestamptz(null=True, default=None)
