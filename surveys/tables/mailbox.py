"""Letters of the mailbox for reflections: that each is taken once, and which need a person."""

from piccolo.columns import (
    BigInt,
    ForeignKey,
    OnDelete,
    Serial,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.table import Table

from surveys.tables.accounts import Account
from surveys.tables.reflections import ReflectionCase


class MailboxLetter(Table, tablename="mailbox_letter"):
    """What became of a letter. `key` is a hash of its Message-ID; of its sender one sign stays."""

    id = Serial(primary_key=True)
    key = Varchar(length=64, unique=True)
    outcome = Varchar(length=20)
    uid = BigInt(default=0)
    sender = Varchar(length=120, default="")
    sent_at = Timestamptz(null=True, default=None)
    case_id = ForeignKey(ReflectionCase, null=True, default=None, on_delete=OnDelete.cascade)
    noted_at = Timestamptz(default=TimestamptzNow(), index=True)
    done_at = Timestamptz(null=True, default=None)
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
