"""Days are days in Viet Nam; instants are kept in UTC."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def local_day(moment: datetime) -> date:
    """The day on which something happened, as people in Viet Nam count days."""
    return moment.astimezone(ZONE).date()
