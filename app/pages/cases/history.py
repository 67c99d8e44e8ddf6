"""The log of a case in words."""

from typing import Any, Final

from app.forms import translate
from app.rendering import language
from surveys.reflections import event_title

N_ = str

ROLES: Final = {
    "citizen": N_("người gửi"),
    "clerk": N_("cán bộ"),
    "head": N_("lãnh đạo"),
    "coordinator": N_("đầu mối của tỉnh"),
    "system": N_("hệ thống"),
}
# They act on a case of an agency to which they do not belong.
OUTSIDE: Final = {"citizen", "coordinator", "system"}
# What officials wrote, or whom it went to; shown as it stands.
WORDS: Final = ("agency_name", "owner_name", "title", "main", "reason", "text")


def tell_history(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines of the log, the newest first: at, title, who, words, public."""
    roles = translate(ROLES)
    return [
        {
            "at": event["at"],
            "title": event_title(event["name"], language.get()),
            "who": _who(event, roles),
            "agency": "" if event["role"] in OUTSIDE else event["agency_name"],
            "words": [str(event["detail"][name]) for name in WORDS if event["detail"].get(name)],
            "public": event["public"],
        }
        for event in reversed(events)
    ]


def _who(event: dict[str, Any], roles: dict[str, str]) -> str:
    role = roles[event["role"]]
    if event["role"] == "coordinator" and event["username"]:
        return f"{event['username']} ({role})"
    return event["username"] or role
