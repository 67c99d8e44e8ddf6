"""Opening commitments: with the salts of the window, a rating that waits shows itself unaltered."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from surveys.ledger.chain import Day, Fault
from surveys.ledger.commitments import Content, commitment, read_contents, split
from surveys.quality import COMPLETED, FIRST, SALT, Key, Sighting

BOXES = "SELECT id, box FROM quality_box"

# On the window's oldest day some may have come before there was a window.
WAITING = """
SELECT id, coalesce(received_on > (SELECT min(day) FROM quality_box), false) AS has_salt
FROM waiting_rating
"""

OPEN_HASHES = "SELECT hashes FROM commitment_batch"


async def open_waiting(connection: Any, key: Key, days: Sequence[Day]) -> tuple[int, list[Fault]]:
    """How many waiting ratings were opened, and what is wrong with them."""
    boxes = await connection.fetch(BOXES)
    salts = _salts(one for row in boxes for one in key.open(row["id"], row["box"]))
    hashes = {one for day in days for one in split(day.hashes)}
    for row in await connection.fetch(OPEN_HASHES):
        hashes.update(split(row["hashes"]))
    waiting = {row["id"]: row["has_salt"] for row in await connection.fetch(WAITING)}
    contents = await read_contents(connection, list(waiting))
    opened = [one for one in contents.values() if _newest(salts, one.id)]
    altered = sum(_is_altered(one, salts, hashes) for one in opened)
    strange = sum(has_salt and not _newest(salts, one) for one, has_salt in waiting.items())
    return len(opened), _told(altered, strange)


def _salts(sightings: Iterable[Sighting]) -> dict[tuple[UUID, int], list[bytes]]:
    found: dict[tuple[UUID, int], list[bytes]] = {}
    for one in sightings:
        if one.kind == SALT and one.event:
            found.setdefault((one.event, one.number), []).append(one.salt)
    return found


def _newest(salts: Mapping[tuple[UUID, int], list[bytes]], rating: UUID) -> list[bytes]:
    """The salts of what a rating says now: once details completed it, theirs."""
    return salts.get((rating, COMPLETED)) or salts.get((rating, FIRST), [])


def _is_altered(
    content: Content, salts: Mapping[tuple[UUID, int], list[bytes]], hashes: set[bytes]
) -> bool:
    known = _newest(salts, content.id)
    return not any(commitment(salt, content) in hashes for salt in known)


def _told(altered: int, strange: int) -> list[Fault]:
    faults = []
    if altered:
        faults.append(
            Fault("altered", f"{altered} ratings that wait say something else than when they were "
                  "accepted: answers, comment, agency or day were altered.")
        )  # fmt: skip
    if strange:
        faults.append(
            Fault("stuffed", f"{strange} ratings that wait were never accepted by this program: "
                  "the window holds no salt of them, rows were put in.")
        )  # fmt: skip
    return faults
