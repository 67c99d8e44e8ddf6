"""Where other programs are told of what happens to cases, and every telling.

A payload is made when it is sent, from the log of the case: no text of anybody stands here.
"""

from piccolo.columns import (
    JSONB,
    UUID,
    Bytea,
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
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from surveys.tables.accounts import Account
from surveys.tables.reflections import CaseEvent
from surveys.tables.register import Agency


class Webhook(Table, tablename="webhook"):
    """An address that is told. Secrets are sealed; an old one signs along until `old_until`.

    `agency` and `prefix` (what the sources of one program begin with) say of which cases it is
    told; `events` of which happenings. It rests until `resting_until` after failures.
    """

    id = Serial(primary_key=True)
    seal = UUID(default=UUID4())
    name = Varchar(length=120)
    url = Varchar(length=500)
    agency = ForeignKey(Agency, null=True, default=None, on_delete=OnDelete.restrict)
    prefix = Varchar(length=40, default="")
    program = Varchar(length=120, default="")
    events = JSONB(default="[]")
    secret = Bytea(default=None)
    old_secret = Bytea(null=True, default=None)
    old_until = Timestamptz(null=True, default=None)
    failures = Integer(default=0)
    resting_until = Timestamptz(null=True, default=None)
    stopped_at = Timestamptz(null=True, default=None)
    reason = Varchar(length=200, default="")
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    created_at = Timestamptz(default=TimestamptzNow())


class WebhookDelivery(Table, tablename="webhook_delivery"):
    """One happening on its way to one address; its id is the same at every attempt.

    Without an event it is a test that the office sent.
    """

    id = UUID(primary_key=True, default=UUID4())
    webhook = ForeignKey(Webhook, null=False, on_delete=OnDelete.cascade)
    event = ForeignKey(CaseEvent, null=True, default=None, on_delete=OnDelete.cascade)
    state = Varchar(length=10, default="queued")
    attempts = SmallInt(default=0)
    due = Timestamptz(default=TimestamptzNow())
    leased_until = Timestamptz(null=True, default=None)
    worker = Varchar(length=80, null=True, default=None)
    status = SmallInt(null=True, default=None)
    last_error = Text(default="")
    created_at = Timestamptz(default=TimestamptzNow())
    done_at = Timestamptz(null=True, default=None)
