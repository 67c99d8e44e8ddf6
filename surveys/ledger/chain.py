"""The chain: each closed day holds the one before it. Pure; docs/ledger.md states every form."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from surveys.ledger.commitments import HASH_BYTES, Counts, pack, split, unpack

FORM = "sipas-ledger-1"
START = bytes(HASH_BYTES)
# Fewer ratings in a day are not told: "few" also stands for none.
FEW = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A closed day; number 0 tells what was there before."""

    number: int
    day: date
    told: str
    counts: str
    nonce: bytes
    hashes: bytes
    root: bytes
    counted: bytes
    previous: bytes
    head: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not fit, in a word for programs and a sentence for people."""

    word: str
    text: str


def root_of(hashes: bytes) -> bytes:
    """What a day's sorted commitments give together."""
    return sha256(hashes).digest()


def counted_of(nonce: bytes, counts: str) -> bytes:
    """The commitment to a day's counts, which agencies and counters among them stay inside."""
    return sha256(nonce + counts.encode()).digest()


def line_of(previous: bytes, day: date, told: str, root: bytes, counted: bytes) -> str:
    """The line of text that a day's head is the hash of."""
    words = (FORM, previous.hex(), day.isoformat(), told, root.hex(), counted.hex())
    return " ".join(words)


def head_of(previous: bytes, day: date, told: str, root: bytes, counted: bytes) -> bytes:
    """SHA-256 of one line of text, so that anybody can compute it."""
    return sha256(line_of(previous, day, told, root, counted).encode()).digest()


def tell(ratings: int, few: int = FEW) -> str:
    """How a day's number of ratings is told outside."""
    return "few" if ratings < few else str(ratings)


def close(
    previous: Day | None,
    day: date,
    counts: Counts,
    hashes: bytes,
    nonce: bytes,
    *,
    few: int = FEW,
) -> Day:
    """The day that follows `previous`."""
    before = previous.head if previous else START
    told, text = tell(counts.ratings, few), pack(counts)
    root, counted = root_of(hashes), counted_of(nonce, text)
    return Day(
        number=previous.number + 1 if previous else 0, day=day, told=told, counts=text,
        nonce=nonce, hashes=hashes, root=root, counted=counted, previous=before,
        head=head_of(before, day, told, root, counted),
    )  # fmt: skip


def check_chain(days: Sequence[Day]) -> list[Fault]:
    """What does not fit in a chain, by the order of its numbers."""
    faults: list[Fault] = []
    for place, day in enumerate(days):
        faults += _check_day(day)
        faults += _check_link(days[place - 1] if place else None, day)
    return faults


def check_heads(days: Sequence[Day], kept: Sequence[str]) -> list[Fault]:
    """Heads that were given out and stand in the ledger no more."""
    known = {day.head.hex() for day in days}
    return [
        Fault("head is gone", f"The head {head} was given out, and no day of this ledger has it: "
              "the past was written anew after it was published.")
        for head in kept if head.strip().lower() not in known
    ]  # fmt: skip


def _check_day(day: Day) -> Iterator[Fault]:
    name = f"Day {day.number} ({day.day:%Y-%m-%d})"
    counts = _read(day.counts)
    if root_of(day.hashes) != day.root:
        yield Fault("changed day", f"{name} was changed: its commitments do not give its root.")
    if day.hashes != b"".join(sorted(split(day.hashes))):
        yield Fault("changed day", f"{name} was changed: its commitments are not in their order.")
    if counted_of(day.nonce, day.counts) != day.counted:
        yield Fault(
            "changed day", f"{name} was changed: its counts are not those it was closed with."
        )
    if head_of(day.previous, day.day, day.told, day.root, day.counted) != day.head:
        yield Fault("changed day", f"{name} was changed: what it holds does not give its head.")
    if counts is None:
        yield Fault("changed day", f"{name} was changed: its counts cannot be read.")
    elif day.number:
        yield from _check_counts(day, counts, name)


def _check_counts(day: Day, counts: Counts, name: str) -> Iterator[Fault]:
    stand, said = len(split(day.hashes)), counts.ratings + counts.details
    if stand != said:
        yield Fault("changed day", f"{name} was changed: it counts {said} acceptances and holds "
                    f"{stand} commitments.")  # fmt: skip
    if day.told not in ("few", str(counts.ratings)):
        yield Fault("changed day", f"{name} was changed: it tells {day.told} ratings outside and "
                    f"counts {counts.ratings}.")  # fmt: skip


def _check_link(before: Day | None, day: Day) -> Iterator[Fault]:
    name = f"Day {day.number} ({day.day:%Y-%m-%d})"
    if before is None:
        if day.number or day.previous != START:
            yield Fault("missing day", f"The chain begins with {name}: what came before is gone.")
        return
    if day.number != before.number + 1:
        yield Fault("missing day", f"{name} follows day {before.number}: days between are gone.")
    if day.day != before.day + timedelta(days=1):
        yield Fault("reordered day", f"{name} stands after {before.day:%Y-%m-%d}: days were put in "
                    "another order, or taken out.")  # fmt: skip
    if day.previous != before.head:
        yield Fault("broken link", f"{name} does not hold the head of day {before.number}: one of "
                    "the two was changed after it was closed.")  # fmt: skip


def _read(text: str) -> Counts | None:
    try:
        return unpack(text)
    except ValueError:
        return None
