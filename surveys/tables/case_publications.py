"""What may be shown of a case to everybody, and what is shown."""

from piccolo.columns import (
    JSONB,
    BigSerial,
    ForeignKey,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Unique
from piccolo.table import Table

from surveys.tables.accounts import Account
from surveys.tables.reflections import CaseAnswer, ReflectionCase


class CaseRedaction(Table, tablename="case_redaction"):
    """One version of a text as it may be shown to everybody, and who confirmed it.

    `spans` are the places that were covered: where, of what kind, found by whom; not what stood
    there. `answer` names the answer that an answer's text or the explanation of its change is of; the
    question has none.
    """

    id = BigSerial(primary_key=True)
    case_id = ForeignKey(ReflectionCase, null=False, on_delete=OnDelete.cascade, index=False)
    part = Varchar(length=20)
    answer = ForeignKey(CaseAnswer, null=True, default=None, on_delete=OnDelete.cascade)
    version = SmallInt(default=None)
    text = Text(default=None)
    spans = JSONB(default="[]")
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    saved_at = Timestamptz(default=TimestamptzNow())
    confirmed_by = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    confirmed_at = Timestamptz(null=True, default=None)

    case_redaction_once = Unique([case_id, part, version])


class CasePublication(Table, tablename="case_publication"):
    """What everybody sees of a case, from when to when. The question is left out without consent.

    The texts are those of the redactions; that they are confirmed is held by a trigger, and that
    there is an explanation where something changes.
    """

    id = BigSerial(primary_key=True)
    case_id = ForeignKey(ReflectionCase, null=False, on_delete=OnDelete.cascade)
    answer = ForeignKey(CaseAnswer, null=False, on_delete=OnDelete.cascade)
    title = Varchar(length=200)
    question = ForeignKey(CaseRedaction, null=True, default=None, on_delete=OnDelete.restrict)
    reply = ForeignKey(CaseRedaction, null=False, on_delete=OnDelete.restrict)
    published_at = Timestamptz(default=None)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    ended_at = Timestamptz(null=True, default=None)
    reason = Text(default="")
    explanation = ForeignKey(CaseRedaction, null=True, default=None, on_delete=OnDelete.restrict)
