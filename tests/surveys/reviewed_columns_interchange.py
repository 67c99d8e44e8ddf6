"""Reviewed columns of what other programs are told (see reviewed_columns.py)."""

from tests.surveys.reviewed import Reviewed

INTERCHANGE = {
    "webhook": Reviewed(
        "which programs are told of cases; secrets sealed",
        "account agency created_at events failures id name old_secret old_until prefix program"
        " reason resting_until seal secret stopped_at url",
    ),
    "webhook_delivery": Reviewed(
        "when which program was told of which line in the log of a case; nothing of ratings",
        "attempts created_at done_at due event id last_error leased_until state status webhook"
        " worker",
    ),
}
