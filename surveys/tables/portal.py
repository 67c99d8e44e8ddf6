"""How the files of the national portal are read here: which of their columns holds what."""

from piccolo.columns import JSONB, ForeignKey, OnDelete, Serial, Timestamptz
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Unique
from piccolo.table import Table

from surveys.tables.accounts import Account
from surveys.tables.register import Agency


class PortalMapping(Table, tablename="portal_mapping"):
    """The headers that an agency (or the focal point) named last; the next file is read by them."""

    id = Serial(primary_key=True)
    agency = ForeignKey(Agency, null=True, default=None, on_delete=OnDelete.restrict)
    headers = JSONB(default="{}")
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    changed_at = Timestamptz(default=TimestamptzNow())

    portal_mapping_once = Unique([agency], nulls_distinct=False)
