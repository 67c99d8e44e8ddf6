"""The life of a case, verb by verb."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from surveys import reflections
from surveys.accounts import FieldError, Filter, list_audit
from surveys.days import ZONE
from surveys.errors import InputError
from surveys.reflections import (
    CITIZEN,
    SYSTEM,
    Actor,
    Consents,
    DraftConflictError,
    Filters,
    MoveError,
    NewRule,
    Person,
    RoleError,
    StaleCaseError,
    UnknownCaseError,
    handling,
)
from surveys.transactions import fetch
from tests.surveys.case_town import (
    MONDAY,
    PEPPER,
    PLAINT,
    bring_in_hand,
    bring_to_answer,
    letter,
    make_account,
    make_town,
    open_one,
)

WEEK = timedelta(days=7)


async def state(case: UUID) -> str:
    return str((await fetch("SELECT state FROM reflection_case WHERE id = $1", case))[0]["state"])


async def clock(case: UUID, name: str) -> dict[str, object]:
    return (
        await fetch(
            "SELECT * FROM case_clock WHERE case_id = $1 AND clock = $2 ORDER BY id DESC",
            case,
            name,
        )
    )[0]


async def messages() -> list[str]:
    rows = await fetch("SELECT event FROM outbox_message ORDER BY created_at, due")
    return [row["event"] for row in rows]


async def test_a_citizen_gets_a_reference_a_code_and_a_link_and_only_hashes_are_kept(
    database: str,
) -> None:
    town = await make_town()
    opened = await open_one(town)
    assert opened.reference.startswith("PA-20260302-")
    typed = f"{opened.code[:4].lower()}-{opened.code[4:8]} {opened.code[8:]}"
    assert await reflections.find_by_code(typed) == opened.id
    assert await reflections.find_by_token(opened.token) == opened.id
    assert await reflections.find_by_token("x") is None
    rows = await fetch("SELECT reflection_case::text AS all FROM reflection_case")
    assert opened.code not in rows[0]["all"]
    assert opened.token not in rows[0]["all"]
    with pytest.raises(InputError, match="gõ nhầm"):
        await reflections.find_by_code(("A" if opened.code[0] != "A" else "C") + opened.code[1:])


async def test_the_law_s_five_days_for_a_transfer_and_the_program_s_own_terms_hold(
    database: str,
) -> None:
    town = await make_town()
    opened = await open_one(town)
    ends = {
        name: (await clock(opened.id, name))["due_at"] for name in ("receive", "transfer", "answer")
    }
    days = {name: end.astimezone(ZONE).date() for name, end in ends.items()}  # type: ignore[attr-defined]
    assert days == {
        "receive": date(2026, 3, 4), "transfer": date(2026, 3, 9), "answer": date(2026, 3, 23),
    }  # fmt: skip
    assert "20/2008" in str((await clock(opened.id, "transfer"))["source"])
    assert opened.due_at == ends["receive"]


async def test_the_most_particular_rule_counts_from_its_day_on(database: str) -> None:
    town = await make_town()
    actor = town.coordinator.account
    assert actor is not None
    common: dict[str, Any] = {"clock": "answer", "unit": "working_days", "source": "QĐ 1"}
    january, may = date(2026, 1, 1), date(2026, 5, 1)
    rules = [
        NewRule(amount=9, valid_from=january, **common),
        NewRule(amount=7, valid_from=january, case_type="fees", **common),
        NewRule(amount=5, valid_from=january, agency=town.agency, **common),
        NewRule(amount=4, valid_from=may, agency=town.agency, **common),
    ]
    for rule in rules:
        await reflections.set_rule(rule, actor=actor)
    found = []
    for agency, case_type, day in (
        (town.agency, "fees", MONDAY), (town.other, "fees", MONDAY), (town.other, "delay", MONDAY),
        (town.agency, "delay", MONDAY + 10 * WEEK),
    ):  # fmt: skip
        opened = await reflections.open_case(letter(agency, type=case_type), PEPPER, now=day)
        found.append((await clock(opened.id, "answer"))["amount"])
    assert found == [5, 7, 9, 4]


@pytest.mark.parametrize(
    ("amount", "unit", "field"),
    [
        (4, "working_days", "amount"),
        (6, "calendar_days", "amount"),
        (900, "working_hours", "unit"),
        (5, "working_days", ""),
        (7, "calendar_days", ""),
    ],
)
async def test_no_term_leaves_the_citizen_too_little_time_for_a_verdict(
    database: str, amount: int, unit: str, field: str
) -> None:
    town = await make_town()
    assert town.coordinator.account
    rule = NewRule(
        clock="verdict", amount=amount, unit=unit, source="QĐ 1", valid_from=date(2026, 1, 1)
    )
    if field:
        with pytest.raises(FieldError) as caught:
            await reflections.set_rule(rule, actor=town.coordinator.account)
        assert caught.value.field == field
    else:
        await reflections.set_rule(rule, actor=town.coordinator.account)
    assert len(await reflections.list_rules()) == (not field)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "a" * 20_001}, "text"),
        ({"type": "nonsense"}, "type"),
        ({"agency": -1}, "agency"),
        ({"person": Person(name="Bé")}, "contact"),
        ({"person": Person(phone="12")}, "phone"),
        ({"person": Person(mail="a@b")}, "mail"),
        ({"notify": "mail"}, "notify"),
        ({"consents": Consents()}, "notify"),
        ({"dossier": 99}, "dossier"),
    ],
)
async def test_what_a_case_cannot_be_opened_with_is_named(
    database: str, given: dict[str, Any], field: str
) -> None:
    town = await make_town()
    with pytest.raises(FieldError) as caught:
        await open_one(town, **given)
    assert caught.value.field == field
    assert await fetch("SELECT id FROM reflection_case") == []


async def test_what_came_from_the_same_source_is_taken_once(database: str) -> None:
    town = await make_town()
    first = await open_one(town, source="portal:PAKN.20260302.0012")
    again = await open_one(town, source="portal:PAKN.20260302.0012")
    assert (again.id, again.known, again.code) == (first.id, True, "")
    assert again.token == first.token


async def test_a_case_runs_from_letter_to_settled_and_the_citizen_is_told(database: str) -> None:
    town = await make_town()
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    await bring_to_answer(opened.id, town, now=MONDAY + WEEK)
    assert await state(opened.id) == "answered"
    kept = await clock(opened.id, "answer")
    assert kept["stopped_at"] == MONDAY + WEEK
    assert kept["worked_minutes"] == 5 * 450
    await reflections.settle(opened.id, now=MONDAY + 2 * WEEK)
    await reflections.rate_reply(opened.id, 4)
    answer = await reflections.newest_answer(opened.id)
    assert answer is not None
    assert (answer["verdict"], answer["level"]) == ("settled", 4)
    assert await messages() == ["reflection_received", "reflection_answered"]
    view = await reflections.citizen_view(opened.id)
    assert [event["name"] for event in view.events] == [
        "opened", "receive", "take", "answer", "settle", "reply_rated",
    ]  # fmt: skip
    assert all(event["username"] is None for event in view.events)


async def test_asking_the_citizen_stops_the_clocks_and_their_word_starts_them(
    database: str,
) -> None:
    town = await make_town()
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    before = (await clock(opened.id, "answer"))["due_at"]
    asked = await reflections.ask_information(opened.id, "Ngày nào?", town.clerk, now=MONDAY + WEEK)
    assert (asked.state, asked.due_at) == ("information_asked", None)
    assert await reflections.overdue(MONDAY + 20 * WEEK) == []
    told = await reflections.add_information(opened.id, "Hôm 1/3.", CITIZEN, now=MONDAY + 2 * WEEK)
    assert told.state == "in_hand"
    after = (await clock(opened.id, "answer"))["due_at"]
    assert after == before + WEEK  # type: ignore[operator]
    assert (await reflections.read_texts(opened.id, town.clerk))[1]["text"] == "Hôm 1/3."


async def test_an_agency_goes_on_only_when_the_citizen_had_their_time(database: str) -> None:
    town = await make_town()
    opened = await open_one(town)
    await reflections.receive(opened.id, town.clerk, now=MONDAY)
    await reflections.ask_information(opened.id, "Ở đâu?", town.clerk, now=MONDAY)
    with pytest.raises(MoveError, match="12/03/2026"):
        await reflections.go_on(opened.id, town.clerk, now=MONDAY + WEEK)
    done = await reflections.go_on(opened.id, town.clerk, now=MONDAY + 2 * WEEK)
    assert done.state == "received"


async def test_a_case_whose_citizen_stays_silent_goes_on_by_itself(database: str) -> None:
    town = await make_town()
    silent, later, spoke = [await open_one(town) for _one in range(3)]
    for case, asked in ((silent, MONDAY), (later, MONDAY + WEEK), (spoke, MONDAY)):
        await bring_in_hand(case.id, town)
        await reflections.ask_information(case.id, "Ở đâu?", town.clerk, now=asked)
    await reflections.add_information(spoke.id, "Ở quầy 3.", CITIZEN, now=MONDAY + WEEK)
    # Ten days from Monday end with the Thursday of the next week.
    thursday = MONDAY + timedelta(days=10)
    assert await reflections.resume_lapsed(now=thursday) == 0
    assert await reflections.resume_lapsed(now=thursday + timedelta(hours=15)) == 1
    assert [await state(one.id) for one in (silent, later)] == ["in_hand", "information_asked"]
    # The answer's clock goes on from there, as if the agency had said it.
    end = (await clock(silent.id, "answer"))["due_at"]
    assert isinstance(end, datetime)
    late = [row["case_id"] for row in await reflections.overdue(end + WEEK)]
    assert late.count(silent.id) == 1
    event = (await reflections.citizen_view(silent.id)).events[-1]
    assert (event["name"], event["role"]) == ("go_on", "system")
    assert await reflections.resume_lapsed(now=thursday + timedelta(hours=15)) == 0


async def test_a_case_that_was_changed_meanwhile_does_not_hold_up_the_others(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = await make_town()
    for _one in range(2):
        opened = await open_one(town)
        await reflections.receive(opened.id, town.clerk, now=MONDAY)
        await reflections.ask_information(opened.id, "Ở đâu?", town.clerk, now=MONDAY)
    stale = handling.LAPSED.replace(
        "c.version", f"c.version - (c.id = '{opened.id}')::integer AS version"
    )
    monkeypatch.setattr(handling, "LAPSED", stale)
    assert await reflections.resume_lapsed(now=MONDAY + 2 * WEEK) == 1
    assert await state(opened.id) == "information_asked"


async def test_a_transfer_gives_the_case_to_one_other_agency_with_new_clocks(
    database: str,
) -> None:
    town = await make_town()
    opened = await open_one(town)
    await reflections.receive(opened.id, town.clerk, now=MONDAY)
    with pytest.raises(FieldError, match="lý do"):
        await reflections.transfer(opened.id, town.other, " ", town.clerk, now=MONDAY)
    with pytest.raises(FieldError, match="cơ quan khác"):
        await reflections.transfer(opened.id, town.agency, "Không phải", town.clerk, now=MONDAY)
    later = MONDAY + timedelta(days=2)
    done = await reflections.transfer(opened.id, town.other, "Việc xây dựng", town.clerk, now=later)
    assert (done.agency, done.state) == (town.other, "new")
    with pytest.raises(UnknownCaseError):
        await reflections.case_view(opened.id, town.clerk)
    clocks = await fetch(
        "SELECT clock, agency, stopped_at IS NULL AS runs FROM case_clock WHERE case_id = $1"
        " ORDER BY id", opened.id,
    )  # fmt: skip
    assert [one["clock"] for one in clocks if one["runs"]] == ["receive", "transfer", "answer"]
    assert all(one["agency"] == town.other for one in clocks if one["runs"])
    assert "reflection_transferred" in await messages()


async def test_drafts_stay_with_the_agency_that_wrote_them(database: str) -> None:
    town = await make_town()
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    await reflections.save_draft(opened.id, "Nội bộ, chưa duyệt", town.clerk, base=0)
    await reflections.transfer(opened.id, town.other, "Việc xây dựng", town.clerk, now=MONDAY)
    theirs = await reflections.case_view(opened.id, town.stranger, now=MONDAY)
    assert theirs.drafts == []
    await bring_in_hand(opened.id, replace(town, clerk=town.stranger))
    with pytest.raises(MoveError, match="dự thảo"):
        await reflections.submit_draft(opened.id, town.stranger, now=MONDAY)
    # The very same words are a draft of their own; two of the new agency still meet.
    new = await reflections.save_draft(opened.id, "Nội bộ, chưa duyệt", town.stranger, base=0)
    with pytest.raises(DraftConflictError) as caught:
        await reflections.save_draft(opened.id, "Khác", town.stranger, base=0)
    assert caught.value.newest == new
    rows = await fetch("SELECT agency, version FROM case_draft ORDER BY version")
    assert [(row["agency"], row["version"]) for row in rows] == [
        (town.agency, 1),
        (town.other, new),
    ]
    await reflections.transfer(opened.id, town.agency, "Trả lại", town.stranger, now=MONDAY)
    back = await reflections.case_view(opened.id, town.clerk, now=MONDAY)
    assert [row["version"] for row in back.drafts] == [1]


async def test_time_is_extended_once_and_not_after_it_has_run_out(database: str) -> None:
    town = await make_town()
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    with pytest.raises(MoveError, match="hết hạn"):
        await reflections.extend(opened.id, "Chờ", town.clerk, now=MONDAY + 5 * WEEK)
    done = await reflections.extend(opened.id, "Chờ xác minh", town.clerk, now=MONDAY + WEEK)
    assert done.due_at == datetime(2026, 4, 6, 9, tzinfo=ZONE)
    assert "reflection_late" in await messages()
    await bring_to_answer(opened.id, town, now=MONDAY + WEEK)
    await reflections.not_settled(opened.id, "Chưa xong", now=MONDAY + WEEK)
    await reflections.take(opened.id, town.clerk, now=MONDAY + WEEK)
    with pytest.raises(MoveError, match="một lần"):
        await reflections.extend(opened.id, "Lại chờ", town.clerk, now=MONDAY + WEEK)


async def test_two_officials_do_not_write_over_one_another(database: str) -> None:
    town = await make_town()
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    assert await reflections.save_draft(opened.id, "Một", town.clerk, base=0) == 1
    assert await reflections.save_draft(opened.id, "Một", town.head, base=0) == 1
    assert await reflections.save_draft(opened.id, "Hai", town.head, base=1) == 2
    with pytest.raises(DraftConflictError) as caught:
        await reflections.save_draft(opened.id, "Ba", town.clerk, base=1)
    assert caught.value.newest == 2
    assert [one["text"] for one in await reflections.list_drafts(opened.id)] == ["Hai", "Một"]


async def test_a_move_over_a_version_that_is_gone_is_refused(database: str) -> None:
    town = await make_town()
    opened = await open_one(town)
    await reflections.receive(opened.id, town.clerk, expected=1)
    with pytest.raises(StaleCaseError):
        await reflections.take(opened.id, town.clerk, expected=1)
    assert await state(opened.id) == "received"


async def test_where_the_agency_wants_it_the_head_approves_the_draft_that_was_read(
    database: str,
) -> None:
    town = await make_town()
    assert town.head.account is not None
    await reflections.set_approval(town.agency, approval=True, actor=town.head.account)
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    await reflections.save_draft(opened.id, "Một", town.clerk, base=0)
    await reflections.submit_draft(opened.id, town.clerk)
    with pytest.raises(MoveError, match="duyệt"):
        await reflections.answer(opened.id, town.clerk)
    with pytest.raises(RoleError):
        await reflections.approve(opened.id, town.clerk, version=1)
    await reflections.save_draft(opened.id, "Hai", town.clerk, base=1)
    with pytest.raises(DraftConflictError):
        await reflections.approve(opened.id, town.head, version=1)
    await reflections.approve(opened.id, town.head, version=2)
    await reflections.return_draft(opened.id, "Thiếu ngày", town.head)
    await reflections.submit_draft(opened.id, town.clerk)
    with pytest.raises(MoveError, match="duyệt"):
        await reflections.answer(opened.id, town.clerk)
    await reflections.approve(opened.id, town.head, version=2)
    assert (await reflections.answer(opened.id, town.clerk)).state == "answered"


async def test_a_reopened_case_needs_a_new_answer(database: str) -> None:
    town = await make_town()
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    await bring_to_answer(opened.id, town)
    again = await reflections.not_settled(opened.id, "Vẫn bị đòi giấy.", now=MONDAY)
    assert again.state == "reopened"
    assert (await clock(opened.id, "answer"))["cause"] == "reopen"
    await reflections.take(opened.id, town.clerk)
    with pytest.raises(MoveError, match="dự thảo trả lời mới"):
        await reflections.submit_draft(opened.id, town.clerk)
    await bring_to_answer(opened.id, town, text="Lần hai.")
    rows = await fetch("SELECT turn, verdict FROM case_answer ORDER BY turn")
    assert [tuple(row.values()) for row in rows] == [(1, "not_settled"), (2, None)]


async def test_the_citizen_reopens_within_the_set_time_also_what_was_not_accepted(
    database: str,
) -> None:
    town = await make_town()
    opened = await open_one(town)
    await reflections.refuse(opened.id, "Không rõ nội dung", town.clerk, now=MONDAY)
    with pytest.raises(MoveError, match="hết hạn"):
        await reflections.not_settled(opened.id, "Rõ mà", now=MONDAY + 4 * WEEK)
    view = await reflections.citizen_view(opened.id, now=MONDAY + WEEK)
    assert view.moves == ["reopen"]
    assert (await reflections.citizen_view(opened.id, now=MONDAY + 4 * WEEK)).moves == []
    done = await reflections.not_settled(opened.id, "Rõ mà", now=MONDAY + WEEK)
    assert done.state == "reopened"


async def test_only_the_citizen_says_settled(database: str) -> None:
    from surveys.reflections.moving import move

    town = await make_town()
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    await bring_to_answer(opened.id, town)
    for actor in (town.clerk, town.head, town.coordinator, SYSTEM):
        with pytest.raises(RoleError):
            await move(opened.id, "settle", actor)
        with pytest.raises(RoleError):
            await move(opened.id, "reopen", actor, given={"text": "x"})


async def test_an_answer_goes_to_the_citizens_of_merged_cases_who_keep_their_own_word(
    database: str,
) -> None:
    town = await make_town()
    main, twin = await open_one(town), await open_one(town)
    (found,) = await reflections.suggest_duplicates(twin.id, town.clerk)
    assert found["id"] == main.id
    assert found["likeness"] == pytest.approx(1)
    await reflections.merge(twin.id, main.id, town.clerk)
    assert await reflections.suggest_duplicates(main.id, town.clerk) == []
    with pytest.raises(MoveError, match="gộp trước"):
        await reflections.merge(main.id, twin.id, town.clerk)
    await bring_in_hand(main.id, town)
    await bring_to_answer(main.id, town)
    assert await state(twin.id) == "answered"
    view = await reflections.citizen_view(twin.id)
    assert view.answers[0]["text"] == "Chúng tôi xin lỗi."
    await reflections.settle(main.id, now=MONDAY)
    done = await reflections.not_settled(twin.id, "Việc của tôi khác", now=MONDAY)
    assert done.state == "reopened"
    rows = await fetch("SELECT merged_into FROM reflection_case WHERE id = $1", twin.id)
    assert rows == [{"merged_into": None}]


async def test_an_answer_that_is_sent_back_goes_back_from_the_merged_cases_too(
    database: str,
) -> None:
    town = await make_town()
    main, twin, content = [await open_one(town) for _one in range(3)]
    for one in (twin, content):
        await reflections.merge(one.id, main.id, town.clerk)
    await bring_in_hand(main.id, town)
    await bring_to_answer(main.id, town, text="Sai căn cứ.")
    await reflections.settle(content.id, now=MONDAY)
    await reflections.return_answer(main.id, "Sai căn cứ", town.coordinator, now=MONDAY)
    states = [await state(one.id) for one in (main, twin, content)]
    assert states == ["inadequate", "inadequate", "settled"]
    assert (await clock(twin.id, "answer"))["cause"] == "return_answer"
    assert (await clock(twin.id, "verdict"))["stopped_at"] == MONDAY
    await bring_to_answer(main.id, town, text="Đúng căn cứ.", now=MONDAY + WEEK)
    view = await reflections.citizen_view(twin.id, now=MONDAY + WEEK)
    assert view.case["state"] == "answered"
    assert [row["text"] for row in view.answers] == ["Sai căn cứ.", "Đúng căn cứ."]


async def test_a_duplicate_whose_answer_alone_is_sent_back_is_on_its_own_again(
    database: str,
) -> None:
    town = await make_town()
    main, twin = await open_one(town), await open_one(town)
    await reflections.merge(twin.id, main.id, town.clerk)
    await bring_in_hand(main.id, town)
    await bring_to_answer(main.id, town)
    await reflections.return_answer(twin.id, "Việc khác", town.coordinator, now=MONDAY)
    assert [await state(one.id) for one in (main, twin)] == ["answered", "inadequate"]
    assert await fetch("SELECT 1 FROM case_merge WHERE ended_at IS NULL") == []
    (row,) = (await reflections.inbox(Filters(), town.clerk, now=MONDAY)).rows
    assert row["reference"] == twin.reference


async def test_a_main_case_that_leaves_lets_its_duplicates_go(database: str) -> None:
    town = await make_town()
    main, twin = await open_one(town), await open_one(town)
    await reflections.merge(twin.id, main.id, town.clerk)
    await reflections.transfer(main.id, town.other, "Việc xây dựng", town.clerk)
    rows = await fetch("SELECT merged_into FROM reflection_case WHERE id = $1", twin.id)
    assert rows == [{"merged_into": None}]
    assert await fetch("SELECT 1 FROM case_merge WHERE ended_at IS NULL") == []


async def test_cases_are_assigned_in_bulk_to_people_of_their_agency_only(database: str) -> None:
    town = await make_town()
    mine = [(await open_one(town)).id for _one in range(2)]
    theirs = (await reflections.open_case(letter(town.other), PEPPER)).id
    colleague = await make_account("agency", town.agency)
    assert await reflections.assign([*mine, theirs], colleague, town.clerk) == {
        mine[0]: "assigned", mine[1]: "assigned", theirs: "refused",
    }  # fmt: skip
    assert await reflections.assign(mine[:1], colleague, town.clerk) == {mine[0]: "unchanged"}
    assert town.stranger.account is not None
    words = await reflections.assign(mine, town.stranger.account, town.coordinator)
    assert set(words.values()) == {"refused"}


async def test_reading_what_a_citizen_wrote_and_who_they_are_stands_in_the_audit_log(
    database: str,
) -> None:
    town = await make_town()
    opened = await open_one(town)
    view = await reflections.case_view(opened.id, town.clerk)
    assert view.texts[0]["text"] == PLAINT
    contact = await reflections.read_contact(opened.id, town.clerk, "gọi lại")
    assert contact is not None
    assert contact["phone"] == "+84912345678"
    for action in ("case_text_read", "case_contact_read"):
        entries, _before = await list_audit(Filter(action=action))
        assert [entry.subject for entry in entries] == [opened.reference]
    with pytest.raises(UnknownCaseError):
        await reflections.read_contact(opened.id, town.stranger)
    with pytest.raises(UnknownCaseError):
        await reflections.read_texts(opened.id, Actor(frozenset()))


async def test_nothing_but_text_and_contact_holds_what_the_citizen_wrote(database: str) -> None:
    town = await make_town()
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    await reflections.ask_information(opened.id, "Ngày nào?", town.clerk)
    await reflections.add_information(opened.id, "Gặp 0912 345 678 hỏi bà Bé", CITIZEN)
    await bring_to_answer(opened.id, town)
    await reflections.not_settled(opened.id, "Bà Bé chưa chịu", now=MONDAY)
    tables = await fetch(
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
        " AND table_name NOT IN ('case_text', 'case_contact', 'outbox_message')"
    )
    for table in tables:
        rows = await fetch(f'SELECT t::text AS all FROM "{table["name"]}" t')
        written = " ".join(row["all"] for row in rows)
        for secret in ("912345678", "912 345", "Bé", "Ba lần"):
            assert secret not in written, table


async def test_consent_taken_back_forgets_who_wrote_and_stops_the_messages(
    database: str,
) -> None:
    town = await make_town()
    opened = await open_one(town)
    await reflections.withdraw_consent(opened.id)
    await bring_in_hand(opened.id, town)
    assert await messages() == []
    assert await reflections.read_contact(opened.id, town.clerk) is None
    assert await fetch("SELECT 1 FROM case_contact") == []


async def test_the_log_of_a_case_only_grows(database: str) -> None:
    town = await make_town()
    await open_one(town)
    for change in ("DELETE FROM case_event", "UPDATE case_event SET name = 'x'"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await fetch(change)


async def test_the_superior_is_told_once_when_a_case_is_late_enough(database: str) -> None:
    town = await make_town()
    assert town.head.account is not None
    opened = await open_one(town)
    await reflections.add_escalation(
        clock="receive", after_hours=8, channel="mail", address="sep@example.vn",
        agency=town.agency, actor=town.head.account,
    )  # fmt: skip
    assert await reflections.escalate(MONDAY + timedelta(days=2, hours=4)) == 0
    late = MONDAY + timedelta(days=4)
    assert await reflections.escalate(late) == 1
    assert await reflections.escalate(late + WEEK) == 0
    rows = await fetch("SELECT event, address FROM outbox_message WHERE urgent")
    assert rows == [{"event": "reflection_overdue", "address": "sep@example.vn"}]
    view = await reflections.case_view(opened.id, town.clerk, now=late)
    assert view.overdue
    assert view.events[-1]["name"] == "escalated"


async def test_a_day_off_announced_later_moves_the_clocks_that_run(database: str) -> None:
    from surveys.calendars import set_day

    town = await make_town()
    opened = await open_one(town)
    await set_day(date(2026, 3, 3), "holiday", "Lễ hội", actor=None)
    assert await reflections.recount_clocks() == 3
    row = await fetch("SELECT due_at FROM reflection_case WHERE id = $1", opened.id)
    assert row[0]["due_at"] == datetime(2026, 3, 5, 9, tzinfo=ZONE)
