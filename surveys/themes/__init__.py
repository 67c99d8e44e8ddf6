"""What comments beside ratings are about: themes, who put which comment where, what is published.

A comment is anonymous and gets no case; it is read, put to a theme, counted, and may be answered
publicly. Only comments of mixed ratings are seen here, without ids, times, or small agencies.
"""

from surveys.themes.comments import (
    Asked,
    Group,
    comment_periods,
    confirm,
    confirmed_texts,
    count_themes,
    list_groups,
    log_reading,
    pending_comments,
    readable_agencies,
    save_suggestions,
)
from surveys.themes.listing import NewTheme, Told, list_themes, save_theme
from surveys.themes.replies import list_replies, save_reply
from surveys.themes.reports import (
    Coded,
    agency_names,
    count_coded,
    find_report,
    publish_report,
    withdraw_report,
)

__all__ = [
    "Asked",
    "Coded",
    "Group",
    "NewTheme",
    "Told",
    "agency_names",
    "comment_periods",
    "confirm",
    "confirmed_texts",
    "count_coded",
    "count_themes",
    "find_report",
    "list_groups",
    "list_replies",
    "list_themes",
    "log_reading",
    "pending_comments",
    "publish_report",
    "readable_agencies",
    "save_reply",
    "save_suggestions",
    "save_theme",
    "withdraw_report",
]
