"""Commitments: for every rating that is accepted, a salted hash of what it said.

Written by the transaction that takes the rating. Who holds the salt can show that a rating which
waits was not altered; without it the hash tells nothing.
"""

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

SALT_BYTES = 32
HASH_BYTES = 32
FORM = "sipas rating 1"

STORE = """
INSERT INTO commitment_batch (id, day, counts, hashes) VALUES (gen_random_uuid(), $1, $2, $3)
"""

# What stands in the database of some ratings that wait, as it was committed to.
CONTENTS = """
SELECT w.id, w.version, w.mode, c.agency, w.counter, w.day, w.day_certain, w.assisted, w.comment,
    coalesce((SELECT array_agg(ARRAY[a.item, a.code] ORDER BY a.item) FROM waiting_answer a
        WHERE a.rating = w.id), '{}') AS codes
FROM waiting_rating w LEFT JOIN cell c ON c.id = w.cell WHERE w.id = ANY($1)
"""

# Details of one rating that come by two ways at once follow each other.
HOLD = "SELECT FROM waiting_rating WHERE id = ANY($1) ORDER BY id FOR UPDATE"


Codes = Sequence[Sequence[int]]


class Salts(NamedTuple):
    """The salts of what was accepted together, by rating: of the ratings, and of details."""

    ratings: dict[UUID, bytes]
    details: dict[UUID, bytes]


class Content(NamedTuple):
    """Everything that a rating says: of which agency (linked) or counter and day, and what."""

    id: UUID
    version: int
    mode: str
    agency: int | None
    counter: int | None
    day: date | None
    day_certain: bool
    assisted: str
    comment: str | None
    codes: Codes

    @property
    def place(self) -> str:
        """What the rating counts for: an agency when it is linked, else a counter."""
        return f"a{self.agency}" if self.counter is None else f"c{self.counter}"


class Counts(msgspec.Struct, frozen=True):
    """How many ratings were accepted, by agency (`a1`, linked) or counter (`c1`), and details."""

    details: int
    places: dict[str, int]

    @property
    def ratings(self) -> int:
        """All of them together."""
        return sum(self.places.values())


def commitment(salt: bytes, content: Content) -> bytes:
    """SHA-256 over the salt and the canonical bytes of what a rating says."""
    codes = sorted((int(item), int(code)) for item, code in content.codes)
    said = (FORM, *content[:-1], codes)
    return sha256(salt + msgspec.json.encode(said)).digest()


def pack(counts: Counts) -> str:
    """Counts as text, always the same for the same counts."""
    return msgspec.json.encode(counts, order="deterministic").decode()


def unpack(text: str) -> Counts:
    """Counts out of their text; raises ValueError."""
    return msgspec.json.decode(text, type=Counts)


def added(parts: Iterable[Counts]) -> Counts:
    """Several counts together."""
    details, places = 0, Counter[str]()
    for one in parts:
        details += one.details
        places.update(one.places)
    return Counts(details, {place: count for place, count in places.items() if count})


def sort_hashes(parts: Iterable[bytes]) -> bytes:
    """Hashes of several batches in their own order, which is that of no clock."""
    return b"".join(sorted(one for part in parts for one in split(part)))


def split(hashes: bytes) -> list[bytes]:
    """Hashes one by one."""
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]


async def read_contents(connection: Any, ratings: Sequence[UUID]) -> dict[UUID, Content]:
    """What these ratings say that wait; one that does not is absent."""
    rows = await connection.fetch(CONTENTS, ratings)
    return {row["id"]: Content(**row) for row in rows}


def content_of(row: Any, *, assisted: str, comment: str | None, codes: Codes) -> Content:
    """What a rating says that was just recorded; `row` tells where it stands."""
    return Content(
        row["id"], row["version"], row["mode"], row["agency"], row["counter"], row["day"],
        row["day_certain"], assisted, comment, codes,
    )  # fmt: skip


async def hold(connection: Any, ratings: Sequence[UUID]) -> None:
    """Let nobody else complete these ratings until the transaction ends."""
    await connection.execute(HOLD, ratings)


async def commit(
    connection: Any, ratings: Sequence[Content], details: Sequence[UUID], day: date
) -> Salts:
    """Commit to new ratings, and to what those say by now that details completed."""
    completed = (await read_contents(connection, details)).values() if details else ()
    if not (ratings or completed):
        return Salts({}, {})
    salts = Salts(_salts(ratings), _salts(completed))
    hashes = [commitment(salts.ratings[one.id], one) for one in ratings]
    hashes += [commitment(salts.details[one.id], one) for one in completed]
    counts = Counts(len(completed), dict(Counter(content.place for content in ratings)))
    await connection.execute(STORE, day, pack(counts), b"".join(sorted(hashes)))
    return salts


async def commit_stored(connection: Any, ratings: Sequence[UUID], day: date) -> Salts:
    """Commit to ratings that this transaction has stored by a statement of its own."""
    contents = await read_contents(connection, ratings)
    return await commit(connection, list(contents.values()), [], day)


def _salts(contents: Iterable[Content]) -> dict[UUID, bytes]:
    return {content.id: secrets.token_bytes(SALT_BYTES) for content in contents}
