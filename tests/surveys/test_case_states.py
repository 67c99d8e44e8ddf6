"""The machine of states: what the file says, and that no path through the verbs breaks its laws."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import asyncpg
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from surveys import reflections
from surveys.accounts import FieldError
from surveys.calendars import hours_of, load_calendar, seed_holidays
from surveys.days import ZONE
from surveys.errors import DomainError
from surveys.reflections import (
    CITIZEN,
    SYSTEM,
    Actor,
    MoveError,
    Redacted,
    RoleError,
    UnknownCaseError,
    machine,
)
from surveys.reflections.log import list_events
from surveys.reflections.moving import move
from surveys.reflections.states import ANSWERED, OPEN
from surveys.transactions import fetch
from tests.surveys.case_town import (
    MONDAY,
    Town,
    bring_in_hand,
    bring_to_answer,
    make_town,
    open_one,
)

STATES = set(machine().states)
MOVES = machine().moves
GIVEN = {"reason": "lý do", "text": "nội dung"}
WAYS = {
    "new": "", "received": "receive", "information_asked": "receive ask", "not_accepted": "refuse",
    "in_hand": "receive take", "extended": "receive take extend",
    "drafted": "receive take submit", "inadequate": "receive take submit return_draft",
    "answered": "receive take submit answer", "published": "receive take submit answer publish",
    "settled": "receive take submit answer settle",
    "reopened": "receive take submit answer reopen",
}  # fmt: skip
# Their verbs write rows beside the state.
BY_VERB = {"answer", "answer_with_main", "publish", "publish_settled", "settle", "reopen"}
# What a verb that is there for somebody may say to them.
REFUSALS = (RoleError, MoveError, FieldError)


def test_every_state_is_reached_and_every_move_leads_somewhere_known() -> None:
    reached = {move.to for move in MOVES.values()} | {"new"}
    assert reached - {"@asked"} == STATES
    for name, one in MOVES.items():
        assert set(one.sources) <= STATES, name
        assert (one.within is None) == (not {"in_time", "lapsed"} & set(one.needs)), name


def test_nothing_comes_to_an_end_without_a_way_for_the_citizen_to_go_on() -> None:
    # In every state that is not an agency's to act on, the citizen may reopen or has settled.
    for state in STATES - set(OPEN) - {"settled"}:
        assert state in MOVES["reopen"].sources


def test_only_the_citizen_gives_a_verdict_and_no_staff_shares_that_role() -> None:
    for name in ("settle", "reopen"):
        assert MOVES[name].roles == ["citizen"]


def test_published_is_entered_through_confirmed_redactions_only() -> None:
    for name, one in MOVES.items():
        if one.to == "published" or name.startswith("publish"):
            assert "redaction" in one.needs, name


def test_clocks_that_start_were_stopped_before_or_never_ran() -> None:
    for name, one in MOVES.items():
        if name in {"refuse", "transfer"}:
            assert {"receive", "transfer", "answer"} <= set(one.stop), name


@pytest.mark.parametrize("state", sorted(STATES))
async def test_a_move_is_refused_to_wrong_roles_in_every_state_and_to_all_in_the_wrong_state(
    database: str, state: str
) -> None:
    town = await make_town()
    opened = await open_one(town)
    await bring_to_state(opened.id, town, state)
    (before,) = await fetch("SELECT * FROM reflection_case WHERE id = $1", opened.id)
    assert before["state"] == state
    people = {
        "citizen": CITIZEN, "clerk": town.clerk, "coordinator": town.coordinator,
        "system": SYSTEM, "head": Actor(frozenset({"head"}), town.head.account, town.agency),
    }  # fmt: skip
    tried = set()
    for name, (role, actor) in itertools.product(MOVES, people.items()):
        wanted = refusal_of(name, actor, before)
        if wanted:
            with pytest.raises(wanted) as caught:
                await move(opened.id, name, actor, given=GIVEN | {"agency": town.other})
            assert caught.type is wanted, (name, role)
            tried.add(wanted)
        with pytest.raises(UnknownCaseError):
            await move(opened.id, name, town.stranger, given=GIVEN)
    assert tried == {RoleError, MoveError}
    assert await fetch("SELECT * FROM reflection_case WHERE id = $1", opened.id) == [before]


async def bring_to_state(one: UUID, town: Town, state: str) -> None:
    """From new to this state by the shortest way."""
    steps: dict[str, Callable[[], Awaitable[Any]]] = {
        "receive": lambda: reflections.receive(one, town.clerk, title="Giấy tờ", now=MONDAY),
        "take": lambda: reflections.take(one, town.clerk, now=MONDAY),
        "refuse": lambda: reflections.refuse(one, "Đã có", town.clerk, now=MONDAY),
        "ask": lambda: reflections.ask_information(one, "Ở đâu?", town.clerk, now=MONDAY),
        "extend": lambda: reflections.extend(one, "Cần hỏi", town.clerk, now=MONDAY),
        "submit": lambda: _draft_and_submit(one, town.clerk, MONDAY),
        "return_draft": lambda: reflections.return_draft(one, "Thiếu", town.head, now=MONDAY),
        "answer": lambda: reflections.answer(one, town.clerk, now=MONDAY),
        "publish": lambda: _cover_and_publish(one, town.clerk, MONDAY),
        "settle": lambda: reflections.settle(one, now=MONDAY),
        "reopen": lambda: reflections.not_settled(one, "Chưa xong", now=MONDAY),
    }
    for name in WAYS[state].split():
        await steps[name]()


def refusal_of(name: str, actor: Actor, case: dict[str, Any]) -> type[DomainError] | None:
    """What a move must be refused with; None where it depends on what is given."""
    if actor.agency not in {None, case["agency"]}:
        return UnknownCaseError
    if actor.roles.isdisjoint(MOVES[name].roles):
        return RoleError
    return None if case["state"] in MOVES[name].sources else MoveError


async def test_the_database_publishes_nothing_that_nobody_confirmed(database: str) -> None:
    town = await make_town()
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    await bring_to_answer(opened.id, town)
    await reflections.save_redaction(opened.id, "answer", Redacted(text="Xin lỗi."), town.clerk)
    with pytest.raises(asyncpg.RestrictViolationError):
        await fetch(
            "INSERT INTO case_publication (case_id, answer, title, reply, published_at, account)"
            " SELECT r.case_id, r.answer, 'x', r.id, now(), $1 FROM case_redaction r",
            town.clerk.account,
        )


parts = st.sampled_from(["question", "answer"])
CITIZEN_VERBS = (reflections.settle, reflections.not_settled)


class Life(RuleBasedStateMachine):
    """Anybody may try anything at any time; what is stored must keep the laws."""

    loop: asyncio.AbstractEventLoop
    town: Town
    reached: set[str]
    with_question: bool = False

    def run(self, work: Awaitable[Any]) -> Any:
        """Do something on the loop that owns the connections."""

        async def wrapped() -> Any:
            return await work

        return asyncio.run_coroutine_threadsafe(wrapped(), self.loop).result(60)

    def attempt(
        self, verb: Callable[..., Awaitable[Any]], *given: Any, by: Actor = CITIZEN, **options: Any
    ) -> None:
        """Refused in the right words, or done: who has nothing to do with the case sees none."""
        case = self.row()
        whose = () if verb in CITIZEN_VERBS else (by,)
        try:
            self.run(verb(*given, *whose, now=self.now, **options))
        except UnknownCaseError:
            assert by.agency not in {None, case["agency"]}
        except REFUSALS as error:
            assert by.agency in {None, case["agency"]}
            assert str(error)  # noqa: PT017 - see above
        else:
            assert by.agency in {None, case["agency"]}

    def row(self) -> dict[str, Any]:
        (found,) = self.run(fetch("SELECT * FROM reflection_case WHERE id = $1", self.case))
        return dict(found)

    @initialize()
    def begin(self) -> None:
        self.now = MONDAY
        self.case: UUID = self.run(open_one(self.town)).id

    def people(self) -> list[Actor]:
        town = self.town
        return [town.clerk, town.head, town.coordinator, town.stranger, CITIZEN, SYSTEM]

    @rule(steps=st.integers(1, 5))
    def forward(self, steps: int) -> None:
        """What the right people do next, so that the far states are reached too."""
        for _step in range(steps):
            self.run(go_forward(self.case, self.town, self.now))
            self.laws()

    @rule(hours=st.integers(1, 400))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(name=st.sampled_from(sorted(MOVES)), who=st.integers(0, 5), other=st.booleans())
    def move(self, name: str, who: int, other: bool) -> None:
        agency = self.town.other if other else self.town.agency
        actor, before = self.people()[who], self.row()
        wanted = refusal_of(name, actor, before)
        given = GIVEN | {"agency": agency}
        if wanted:
            with pytest.raises(wanted):
                self.run(move(self.case, name, actor, now=self.now, given=given))
            assert self.row() == before
        elif name not in BY_VERB:
            self.attempt(move, self.case, name, by=actor, given=given)

    @rule(who=st.integers(0, 5), text=st.sampled_from(["Một", "Hai", "Ba"]))
    def draft(self, who: int, text: str) -> None:
        drafts = self.run(reflections.list_drafts(self.case))
        base = drafts[0]["version"] if drafts else 0
        self.attempt(reflections.save_draft, self.case, text, by=self.people()[who], base=base)

    @rule(who=st.integers(0, 5))
    def send(self, who: int) -> None:
        self.attempt(reflections.answer, self.case, by=self.people()[who])

    @rule(who=st.integers(0, 5), part=parts, text=st.sampled_from(["a", "b"]))
    def cover(self, who: int, part: str, text: str) -> None:
        covered, by = Redacted(text=text), self.people()[who]
        self.attempt(reflections.save_redaction, self.case, part, covered, by=by)

    @rule(who=st.integers(0, 5), part=parts, version=st.integers(1, 3))
    def confirm(self, who: int, part: str, version: int) -> None:
        by = self.people()[who]
        self.attempt(reflections.confirm_redaction, self.case, part, by=by, version=version)

    @rule(who=st.integers(0, 5))
    def publish(self, who: int) -> None:
        by = self.people()[who]
        self.attempt(reflections.publish, self.case, by=by, title="Việc chung")

    @rule(who=st.integers(0, 5))
    def take_back(self, who: int) -> None:
        self.attempt(reflections.end_publication, self.case, "lý do", by=self.people()[who])

    @rule()
    def settle(self) -> None:
        self.attempt(reflections.settle, self.case)

    @rule()
    def reopen(self) -> None:
        self.attempt(reflections.not_settled, self.case, "Chưa xong")

    @rule()
    def resume(self) -> None:
        """The job: nobody waits for a citizen whose time is over."""
        self.run(reflections.resume_lapsed(self.now))
        late = "SELECT 1 FROM case_clock WHERE clock = 'ask' AND stopped_at IS NULL AND due_at < $1"
        assert not self.run(fetch(late, self.now))

    @precondition(lambda self: hasattr(self, "case"))
    @invariant()
    def laws(self) -> None:
        self.reached.add(self.run(check_laws(self.case)))


async def go_forward(one: UUID, town: Town, now: datetime) -> None:
    """One step on the straight way; from the end the citizen goes back to the middle."""
    row = (await reflections.case_view(one, town.coordinator, original=False)).case
    clerk = next(who for who in (town.clerk, town.stranger) if who.agency == row["agency"])
    steps = {
        "new": lambda: reflections.receive(one, clerk, now=now),
        "received": lambda: reflections.take(one, clerk, now=now),
        "reopened": lambda: reflections.take(one, clerk, now=now),
        "information_asked": lambda: reflections.add_information(one, "Hôm qua", CITIZEN, now=now),
        "drafted": lambda: reflections.answer(one, clerk, now=now),
        "answered": lambda: _cover_and_publish(one, clerk, now),
        "published": lambda: reflections.not_settled(one, "Chưa xong", now=now),
        "not_accepted": lambda: reflections.not_settled(one, "Chưa xong", now=now),
        "settled": lambda: asyncio.sleep(0),
    }
    step = steps.get(row["state"], lambda: _draft_and_submit(one, clerk, now))
    try:
        await step()  # type: ignore[no-untyped-call]
    except REFUSALS as error:
        assert str(error)  # noqa: PT017 - see above


async def _draft_and_submit(one: UUID, clerk: Actor, now: datetime) -> None:
    drafts = await reflections.list_drafts(one)
    base = drafts[0]["version"] if drafts else 0
    await reflections.save_draft(one, f"Bản {base + 1}", clerk, base=base, now=now)
    await reflections.submit_draft(one, clerk, now=now)


async def _cover_and_publish(one: UUID, clerk: Actor, now: datetime) -> None:
    both: tuple[Literal["question", "answer"], ...] = ("question", "answer")
    for part in both:
        covered = Redacted(text="Xin lỗi.")
        version = await reflections.save_redaction(one, part, covered, clerk, now=now)
        await reflections.confirm_redaction(one, part, clerk, version=version, now=now)
    await reflections.publish(one, clerk, title="Việc chung", now=now)


async def check_laws(case: UUID) -> str:
    """Hold what is stored against the laws; returns the state."""
    (row,) = await fetch("SELECT * FROM reflection_case WHERE id = $1", case)
    events = await list_events(case, public_only=False)
    moves = [event for event in events if event["to_state"]]
    # The log tells how the case came to where it is, without a gap, by those who may.
    assert moves[-1]["to_state"] == row["state"]
    for before, after in itertools.pairwise(moves):
        assert after["from_state"] == before["to_state"]
        assert after["role"] in MOVES[after["name"]].roles
    assert sum(event["name"] == "extend" for event in moves) == row["extended"]
    await _check_publication(case, row, [event["name"] for event in events])
    await _check_clocks(case, row)
    return str(row["state"])


async def _check_publication(case: UUID, row: dict[str, Any], names: list[str]) -> None:
    public = await fetch(
        "SELECT p.ended_at, r.confirmed_by, r.answer, p.question, q.part AS question_part,"
        " q.confirmed_by AS question_by FROM case_publication p"
        " JOIN case_redaction r ON r.id = p.reply LEFT JOIN case_redaction q ON q.id = p.question"
        " WHERE p.case_id = $1", case,
    )  # fmt: skip
    for one in public:
        assert one["confirmed_by"] is not None
        asked = one["question_part"], one["question_by"] is not None
        assert one["question"] is None or asked == ("question", True)
    # The last word of the log on it says whether something is public now.
    said = [name for name in names if name.startswith("publi")]
    live = [one for one in public if one["ended_at"] is None]
    assert len(live) == (said[-1:] not in ([], ["publication_ended"]))
    answers = await fetch("SELECT id FROM case_answer WHERE case_id = $1 ORDER BY turn", case)
    if row["state"] in ANSWERED:
        assert answers
    if row["state"] == "published":
        assert said
        assert all(one["answer"] == answers[-1]["id"] for one in live)
    Life.with_question |= any(one["question"] for one in live)


async def _check_clocks(case: UUID, row: dict[str, Any]) -> None:
    clocks = await fetch("SELECT * FROM case_clock WHERE case_id = $1", case)
    running = {one["clock"]: one for one in clocks if one["stopped_at"] is None}
    assert all(one["agency"] == row["agency"] for one in running.values())
    assert ("answer" in running) == (row["state"] in OPEN)
    assert ("ask" in running) == (row["state"] == "information_asked")
    assert ("verdict" in running) == (row["state"] in {"answered", "published", "not_accepted"})
    standing = row["state"] == "information_asked"
    assert (row["due_at"] is None) == (standing or row["state"] not in OPEN)
    calendar = await load_calendar(row["agency"])
    for one in running.values():
        # No term of office time ends on a day off, nor outside office hours.
        if one["due_at"] is not None and one["unit"] != "calendar_days":
            end = one["due_at"].astimezone(ZONE)
            assert any(a <= end.time() <= b for a, b in hours_of(calendar, end.date()))
    for one in clocks:
        if one["worked_minutes"] is not None:
            assert one["worked_minutes"] >= 0


@pytest.mark.slow
async def test_no_path_through_the_verbs_breaks_the_laws(database: str) -> None:
    await seed_holidays(2026)
    Life.loop = asyncio.get_running_loop()
    Life.town = await make_town()
    Life.reached = set()
    short = settings(max_examples=30, stateful_step_count=30, deadline=None)
    await asyncio.to_thread(run_state_machine_as_test, Life, settings=short)
    # Otherwise the laws were never put to the test.
    assert {"answered", "published", "reopened"} <= Life.reached
    assert Life.with_question
