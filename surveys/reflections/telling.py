"""Messages about a case, to the citizen who asked for them, by the way they chose."""

from datetime import datetime
from typing import Final

from surveys.days import ZONE
from surveys.messages import find_event, queue_message
from surveys.messages.addresses import takes_messages
from surveys.transactions import Row, fetch_one

# A text message has no room for more.
LONGEST_REASON: Final = 120
# Told once for each answer: one that is covered better and published again is no news.
ONCE: Final = frozenset({"reflection_published"})

REACHED: Final = """
SELECT CASE WHEN $2 = 'mail' THEN mail ELSE phone END AS address,
    (SELECT name FROM agency WHERE id = $3) AS agency,
    (SELECT max(turn) FROM case_answer WHERE case_id = $1) AS turn,
    (SELECT max(due_at) FROM case_clock WHERE case_id = $1 AND stopped_at IS NULL
        AND clock = ANY ($4)) AS due_at
FROM case_contact WHERE case_id = $1 AND reply AND expires_at > $5
"""


async def tell_citizen(case: Row, event: str, now: datetime, *, reason: str = "") -> None:
    """Queue the message of a move, in its transaction; nothing for who wants none."""
    if not event or case["notify"] is None:
        return
    clock = "ask" if event == "reflection_asked" else "answer"
    found = await fetch_one(REACHED, case["id"], case["notify"], case["agency"], [clock], now)
    if found is None or not found["address"]:
        return
    # A landline is there for people who call back.
    if case["notify"] != "mail" and not takes_messages(found["address"]):
        return
    values = {
        "agency": found["agency"],
        "code": case["reference"],
        "reason": short_reason(reason),
        "date": f"{found['due_at'].astimezone(ZONE):%d/%m/%Y}" if found["due_at"] else "",
    }
    fields = {name: values[name] for name in find_event(event).fields if name in values}
    time = f"turn{found['turn']}" if event in ONCE else case["version"]
    await queue_message(
        event,
        key=f"{event}:{case['id']}:{time}",
        channel=case["notify"],
        address=found["address"],
        language=case["language"],
        fields=fields | {"case": str(case["id"])},
        due=now,
    )


def short_reason(text: str) -> str:
    """A reason, cut to what a text message has room for."""
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_REASON else plain[: LONGEST_REASON - 1] + "…"
