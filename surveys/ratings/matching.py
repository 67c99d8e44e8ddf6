"""Which right a tap takes: of those that were open at its counter when it was given, the oldest.

A tap may arrive hours after it was given, and many at once. They take their turns in the order
in which they were given, each from what was open at its own time.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

KNOWN = "SELECT id FROM resend_key WHERE id = ANY($1)"

# The rights that any of the taps could take: opened before the last of a counter was given, and
# not over before the first.
OPEN_RIGHTS = """
SELECT r.token_hash, r.dossier, k.code AS counter, r.questionnaire, r.opened_at, r.expires_at
FROM (SELECT counter, min(given_at) AS first, max(given_at) AS last
    FROM unnest($1::text[], $2::timestamptz[]) AS t(counter, given_at) GROUP BY counter) t
JOIN counter k ON k.code = t.counter
JOIN right_to_rate r ON r.counter = k.id AND r.mode = 'kiosk'
    AND r.opened_at <= t.last AND r.expires_at > t.first
WHERE NOT EXISTS (SELECT FROM spent_right s
    WHERE s.dossier = r.dossier AND s.questionnaire = r.questionnaire)
ORDER BY r.opened_at, r.token_hash
"""


class Tap(NamedTuple):
    """A tap that may take a right."""

    id: UUID
    counter: str
    questionnaire: str
    given_at: datetime


class Match(NamedTuple):
    """The right that a tap takes, and how many seconds after its handover."""

    token_hash: str
    gap: float


async def match_rights(connection: Any, taps: Sequence[Tap]) -> dict[UUID, Match]:
    """The right that each tap takes; a tap without a right is absent."""
    known = {row["id"] for row in await connection.fetch(KNOWN, [tap.id for tap in taps])}
    fresh: dict[UUID, Tap] = {}
    for tap in taps:
        if tap.id not in known:
            fresh.setdefault(tap.id, tap)
    if not fresh:
        return {}
    waiting = sorted(fresh.values(), key=lambda tap: tap.given_at)
    counters, times = [tap.counter for tap in waiting], [tap.given_at for tap in waiting]
    rights = await connection.fetch(OPEN_RIGHTS, counters, times)
    by_place: dict[tuple[str, str], list[Any]] = {}
    for right in rights:
        by_place.setdefault((right["counter"], right["questionnaire"]), []).append(right)
    found: dict[UUID, Match] = {}
    for tap in waiting:
        here = by_place.get((tap.counter, tap.questionnaire), [])
        right = next((one for one in here if _is_open(one, tap.given_at)), None)
        if right is not None:
            gap = (tap.given_at - right["opened_at"]).total_seconds()
            found[tap.id] = Match(right["token_hash"], gap)
            # A dossier that was handed over twice has two rights, and one rating.
            here[:] = [one for one in here if one["dossier"] != right["dossier"]]
    return found


def _is_open(right: Any, moment: datetime) -> bool:
    return bool(right["opened_at"] <= moment < right["expires_at"])
