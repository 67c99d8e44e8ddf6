"""Work that waits for a worker."""

from piccolo.columns import JSONB, BigSerial, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Job(Table, tablename="job"):
    """One piece of work under a lease; `unique_key` makes a scheduled occurrence exist once."""

    id = BigSerial(primary_key=True)
    task = Varchar(length=80)
    payload = JSONB(default="{}")
    unique_key = Varchar(length=200, null=True, default=None, unique=True)
    due = Timestamptz(default=None, index=True)
    attempts = Integer(default=0)
    leased_until = Timestamptz(null=True, default=None)
    worker = Varchar(length=80, null=True, default=None)
    done_at = Timestamptz(null=True, default=None)
    outcome = JSONB(null=True, default=None)
    failed = Text(null=True, default=None)
