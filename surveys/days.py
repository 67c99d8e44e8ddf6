"""Days are days in Viet Nam; instants are kept in UTC."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def local_day(moment: datetime) -> date:
    """The day on which something happened, as people in Viet Nam count days."""
    return moment.astimezone(ZONE).date()


def local_midnight(moment: datetime) -> datetime:
    """The beginning of that day in Viet Nam, as an instant."""
    return datetime.combine(local_day(moment), time.min, ZONE)
