"""The one way in which a case changes its state."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from surveys.reflections.actors import Actor
from surveys.reflections.errors import MoveError, RoleError
from surveys.reflections.log import lock_case, write_event
from surveys.reflections.needs import check_needs
from surveys.reflections.records import Moved
from surveys.reflections.running import (
    extend_clock,
    pause_clocks,
    refresh_due,
    resume_clocks,
    start_clocks,
    stop_clocks,
)
from surveys.reflections.states import INTERNAL, PREVIOUS, Move, find_move, state_title
from surveys.reflections.telling import tell_citizen
from surveys.transactions import Row, fetch, fetch_one, transaction

N_ = str

WRITE: Final = """
UPDATE reflection_case SET state = $2, asked_in = $3, agency = $4, owner = $5, extended = $6,
    merged_into = $7, version = version + 1
WHERE id = $1 RETURNING *
"""
# After these a case is answered by itself.
LEAVING: Final = ("transfer", "refuse", "reopen")
# What stands in the log: what officials wrote for the citizen, never what the citizen wrote.
LOGGED: Final = ("reason", "agency_name")


async def move(
    case_id: UUID,
    name: str,
    by: Actor,
    *,
    expected: int | None = None,
    now: datetime | None = None,
    given: Mapping[str, Any] | None = None,
) -> Moved:
    """Make a move of states.toml: checked, logged, clocks set, the citizen told; or nothing.

    Raises UnknownCaseError, StaleCaseError (`expected` is the version that was looked at),
    MoveError, RoleError, FieldError.
    """
    moment, said = now or datetime.now(UTC), dict(given or {})
    step = find_move(name)
    async with transaction():
        case = await lock_case(case_id, by, expected=expected)
        role = _check(case, step, by)
        await check_needs(case, step, said, moment)
        await stop_clocks(case_id, step.stop, moment)
        after = await _write(case, name, by, said)
        await _part(case, name, moment)
        await _run_clocks(after, step, name, moment)
        due_at = await refresh_due(case_id)
        logged: dict[str, Any] = {key: said[key] for key in LOGGED if key in said}
        if name == "ask":
            logged["text"] = said["text"]
        logged |= {"to_state": after["state"], "public": name not in INTERNAL}
        await write_event(case, name, by, at=moment, role=role, **logged)
        await tell_citizen(after, step.message, moment, reason=said.get("reason", ""))
    return moved(after, due_at)


def moved(case: Row, due_at: datetime | None) -> Moved:
    """What a verb answers."""
    return Moved(
        id=case["id"],
        reference=case["reference"],
        state=case["state"],
        version=case["version"],
        agency=case["agency"],
        due_at=due_at,
    )


def _check(case: Row, step: Move, by: Actor) -> str:
    """The role in which the move is made."""
    role = by.role_among(list(step.roles))
    if not role:
        raise RoleError
    if case["state"] not in step.sources:
        text = N_("Không làm được bước này khi vụ việc ở trạng thái «{state}».")
        raise MoveError(text, state=state_title(case["state"]))
    return role


async def _write(case: Row, name: str, by: Actor, given: Mapping[str, Any]) -> Row:
    step = find_move(name)
    state = case["asked_in"] if step.to == PREVIOUS else step.to
    asked_in = case["state"] if step.to == "information_asked" else None
    elsewhere = "agency" in step.needs
    owner = None if elsewhere else case["owner"]
    if step.to == "in_hand" and owner is None:
        owner = by.account
    row = await fetch_one(
        WRITE,
        *(case["id"], state, asked_in, given["agency"] if elsewhere else case["agency"], owner),
        *(case["extended"] or step.extend is not None, _main_case(case, name)),
    )
    assert row is not None  # noqa: S101 - locked above
    return row


def _main_case(case: Row, name: str) -> UUID | None:
    """A case that goes its own way is no duplicate any more."""
    return None if name in LEAVING else case["merged_into"]


async def _part(case: Row, name: str, now: datetime) -> None:
    """End the merges of a case that goes its own way, and of those that waited for its answer."""
    if name not in LEAVING:
        return
    await fetch(
        "UPDATE case_merge SET ended_at = $2"
        " WHERE (duplicate = $1 OR main = $1 AND $3) AND ended_at IS NULL",
        *(case["id"], now, name != "reopen"),
    )
    if name != "reopen":
        await fetch(
            "UPDATE reflection_case SET merged_into = NULL WHERE merged_into = $1", case["id"]
        )


async def _run_clocks(case: Row, step: Move, name: str, now: datetime) -> None:
    await pause_clocks(case["id"], step.pause, now)
    await resume_clocks(case["id"], step.resume, now)
    if step.extend:
        await extend_clock(case, step.extend, now)
    await start_clocks(case, step.start, cause=name, now=now)
