"""The chain by itself: whatever is changed in a history that was closed is found and named."""

import secrets
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.ledger.chain import Day, check_chain, check_heads, close
from surveys.ledger.commitments import Counts, added, pack, sort_hashes, unpack

START = date(2026, 11, 1)
BATCHES = st.dictionaries(
    st.sampled_from(["a1", "a2", "c1", "c7"]), st.integers(1, 12), max_size=3
).flatmap(lambda places: st.builds(Counts, st.integers(0, 3), st.just(places)))
HISTORIES = st.lists(BATCHES, min_size=2, max_size=12)


def chain(history: list[Counts]) -> list[Day]:
    """Days with random commitments; the first tells what was there before."""
    days = [close(None, START, Counts(0, {"a1": 40}), b"", secrets.token_bytes(32))]
    for place, counts in enumerate(history, 1):
        hashes = sort_hashes(
            secrets.token_bytes(32) for _one in range(counts.ratings + counts.details)
        )
        day = START + timedelta(days=place)
        days.append(close(days[-1], day, counts, hashes, secrets.token_bytes(32)))
    return days


def words(days: list[Day]) -> set[str]:
    return {fault.word for fault in check_chain(days)}


@given(HISTORIES)
def test_an_honest_history_holds(history: list[Counts]) -> None:
    assert check_chain(chain(history)) == []


@given(HISTORIES, st.data())
def test_any_change_of_any_field_is_found(history: list[Counts], data: st.DataObject) -> None:
    days = chain(history)
    place = data.draw(st.integers(0, len(days) - 1))
    name = data.draw(st.sampled_from(Day.__slots__))
    value = getattr(days[place], name)
    if isinstance(value, bytes):
        if not value:
            return
        at, change = data.draw(st.integers(0, len(value) - 1)), data.draw(st.integers(1, 255))
        changed: object = value[:at] + bytes([value[at] ^ change]) + value[at + 1 :]
    elif isinstance(value, date):
        changed = value + timedelta(days=data.draw(st.integers(1, 9)))
    else:
        changed = value + 1 if isinstance(value, int) else value + "0"
    days[place] = replace(days[place], **{name: changed})  # type: ignore[arg-type]
    assert words(days), name


@given(HISTORIES, st.data())
def test_a_day_that_is_closed_anew_breaks_the_next_link_or_a_kept_head(
    history: list[Counts], data: st.DataObject
) -> None:
    """Who changes a day and computes its head again breaks what follows, all of it or a head."""
    days = chain(history)
    kept = [day.head.hex() for day in days]
    place = data.draw(st.integers(1, len(days) - 1))
    other = Counts(0, {"a1": 13})
    hashes = sort_hashes(secrets.token_bytes(32) for _one in range(13))
    days[place] = close(days[place - 1], days[place].day, other, hashes, secrets.token_bytes(32))
    if place < len(days) - 1:
        assert words(days) == {"broken link"}
    for at in range(place + 1, len(days)):
        old = days[at]
        days[at] = close(days[at - 1], old.day, unpack(old.counts), old.hashes, old.nonce)
    assert check_chain(days) == []
    assert {fault.word for fault in check_heads(days, kept)} == {"head is gone"}
    assert len(check_heads(days, kept)) == len(days) - place


@given(HISTORIES, st.data())
def test_days_in_another_order_are_found(history: list[Counts], data: st.DataObject) -> None:
    days = chain(history)
    one = data.draw(st.integers(0, len(days) - 2))
    other = data.draw(st.integers(one + 1, len(days) - 1))
    days[one], days[other] = days[other], days[one]
    assert {"reordered day", "broken link"} <= words(days)
    # Numbered again in their new order they still are in the wrong one.
    days = [replace(day, number=place) for place, day in enumerate(days)]
    assert {"reordered day", "broken link"} <= words(days)


@given(HISTORIES, st.data())
def test_a_day_that_was_taken_out_is_found(history: list[Counts], data: st.DataObject) -> None:
    days = chain(history)
    del days[data.draw(st.integers(0, len(days) - 2))]
    assert "missing day" in words(days)


def test_a_count_that_is_told_wrong_is_found_even_in_a_whole_new_chain() -> None:
    day = chain([Counts(0, {"a1": 9}), Counts(1, {"c1": 7})])[1]
    assert day.told == "9"
    lie = close(None, START, Counts(0, {}), b"", bytes(32))
    told = replace(
        close(lie, START + timedelta(days=1), Counts(0, {"a1": 9}), day.hashes, bytes(32)), told="8"
    )
    assert "changed day" in words([lie, told])


@pytest.mark.parametrize(("ratings", "told"), [(0, "few"), (4, "few"), (5, "5"), (812, "812")])
def test_few_ratings_are_not_told(ratings: int, told: str) -> None:
    counts = Counts(0, {"a1": ratings} if ratings else {})
    assert chain([counts])[1].told == told


def test_anybody_can_compute_a_head_from_one_line_of_text() -> None:
    first, second = chain([Counts(0, {"a1": 6})])
    line = (
        f"sipas-ledger-1 {first.head.hex()} 2026-11-02 6 {second.root.hex()} {second.counted.hex()}"
    )
    assert sha256(line.encode()).hexdigest() == second.head.hex()


@given(st.lists(BATCHES, max_size=6), st.randoms())
def test_counts_and_hashes_do_not_tell_in_which_order_batches_came(
    parts: list[Counts], random: object
) -> None:
    hashes = [secrets.token_bytes(32 * part.ratings) for part in parts]
    text, bytes_ = pack(added(parts)), sort_hashes(hashes)
    random.shuffle(parts)  # type: ignore[attr-defined]
    random.shuffle(hashes)  # type: ignore[attr-defined]
    assert (pack(added(parts)), sort_hashes(hashes)) == (text, bytes_)
