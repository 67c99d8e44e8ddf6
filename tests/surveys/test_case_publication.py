"""Publication: only what was covered and confirmed, only with consent, and taken back."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import asyncpg
import pytest

from surveys import reflections
from surveys.accounts import FieldError
from surveys.reflections import (
    SYSTEM,
    Consents,
    MoveError,
    PublicFilters,
    Redacted,
    RoleError,
    UnknownCaseError,
)
from surveys.transactions import fetch
from tests.surveys.case_town import (
    MONDAY,
    Town,
    bring_in_hand,
    bring_to_answer,
    confirm_both,
    confirm_part,
    make_town,
    open_one,
)


async def answered(town: Town, **given: object) -> reflections.Opened:
    opened = await open_one(town, **given)  # type: ignore[arg-type]
    await bring_in_hand(opened.id, town)
    await bring_to_answer(opened.id, town)
    return opened


async def test_an_answer_is_public_when_the_covered_texts_were_confirmed(database: str) -> None:
    town = await make_town()
    opened = await answered(town)
    with pytest.raises(MoveError, match="ẩn danh"):
        await reflections.publish(opened.id, town.head)
    with pytest.raises(UnknownCaseError):
        await reflections.public_case(opened.reference)
    await confirm_both(opened.id, town)
    assert (await reflections.publish(opened.id, town.head, now=MONDAY)).state == "published"
    shown = await reflections.public_case(opened.reference)
    assert (shown["question"], shown["reply"]) == ("Ba lần phải về lấy giấy.", "Xin lỗi.")
    assert shown["title"] == "Đòi thêm giấy tờ"
    assert [row["reference"] for row in (await reflections.public_list()).rows] == [
        opened.reference
    ]


async def test_a_newer_version_that_nobody_read_stops_the_publication(database: str) -> None:
    town = await make_town()
    opened = await answered(town)
    await confirm_both(opened.id, town)
    await reflections.save_redaction(opened.id, "question", Redacted(text="Khác"), SYSTEM)
    with pytest.raises(MoveError, match="xác nhận"):
        await reflections.publish(opened.id, town.head)
    with pytest.raises(MoveError, match="mới hơn"):
        await reflections.confirm_redaction(opened.id, "question", town.head, version=1)
    with pytest.raises(RoleError):
        await reflections.confirm_redaction(opened.id, "question", SYSTEM, version=2)


async def test_without_consent_the_answer_is_public_and_the_question_is_not(database: str) -> None:
    town = await make_town()
    opened = await answered(town, consents=Consents(reply=True))
    await confirm_both(opened.id, town)
    await reflections.publish(opened.id, town.head)
    assert (await reflections.public_case(opened.reference))["question"] is None


@pytest.mark.parametrize(
    "withdraw", [reflections.withdraw_consent, reflections.withdraw_publication]
)
async def test_consent_taken_back_takes_the_question_off_the_page(
    database: str, withdraw: Callable[[UUID], Awaitable[None]]
) -> None:
    town = await make_town()
    opened = await answered(town)
    await confirm_both(opened.id, town)
    await reflections.publish(opened.id, town.head)
    await withdraw(opened.id)
    assert (await reflections.public_case(opened.reference))["question"] is None


async def test_an_answer_to_a_reopened_case_needs_a_redaction_of_its_own(database: str) -> None:
    town = await make_town()
    opened = await answered(town)
    await confirm_both(opened.id, town)
    await reflections.publish(opened.id, town.head, now=MONDAY)
    await reflections.not_settled(opened.id, "Chưa xong", now=MONDAY)
    assert (await reflections.public_case(opened.reference))["reopened"]
    await reflections.take(opened.id, town.clerk)
    assert (await reflections.public_case(opened.reference))["reopened"]
    await bring_to_answer(opened.id, town, text="Lần hai.")
    shown = await reflections.public_case(opened.reference)
    assert (shown["reopened"], shown["verdict"]) == (False, "not_settled")
    with pytest.raises(MoveError, match="ẩn danh"):
        await reflections.publish(opened.id, town.head)
    await confirm_both(opened.id, town)
    await reflections.publish(opened.id, town.head)
    assert len((await reflections.public_list()).rows) == 1


async def test_what_the_citizen_called_settled_can_still_be_published(database: str) -> None:
    town = await make_town()
    opened = await answered(town)
    await reflections.settle(opened.id)
    await confirm_both(opened.id, town)
    assert (await reflections.publish(opened.id, town.head)).state == "settled"
    assert (await reflections.public_case(opened.reference))["verdict"] == "settled"


async def test_a_publication_is_taken_back_with_a_reason(database: str) -> None:
    town = await make_town()
    opened = await answered(town)
    await confirm_both(opened.id, town)
    await reflections.publish(opened.id, town.head)
    with pytest.raises(FieldError):
        await reflections.end_publication(opened.id, " ", town.head)
    await reflections.end_publication(opened.id, "Còn sót tên", town.head)
    with pytest.raises(UnknownCaseError):
        await reflections.public_case(opened.reference)
    assert (await reflections.public_list()).rows == []


async def test_a_redaction_is_never_rewritten(database: str) -> None:
    town = await make_town()
    opened = await answered(town)
    await confirm_both(opened.id, town)
    with pytest.raises(asyncpg.RestrictViolationError):
        await fetch("UPDATE case_redaction SET text = 'bà Bé'")


async def test_a_change_is_claimed_only_with_an_explanation(database: str) -> None:
    town = await make_town()
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    with pytest.raises(FieldError, match="giải thích"):
        await reflections.save_draft(opened.id, "Xong", town.clerk, base=0, change="made")
    await reflections.save_draft(
        opened.id, "Xong", town.clerk, base=0, change="made", explanation="Sửa bảng niêm yết"
    )
    await reflections.submit_draft(opened.id, town.clerk)
    await reflections.answer(opened.id, town.clerk)
    await confirm_both(opened.id, town)
    await confirm_part(opened.id, town, "explanation", "Sửa bảng")
    await reflections.publish(opened.id, town.head)
    for filters, many in (
        (PublicFilters(change="made"), 1), (PublicFilters(change="planned"), 0),
        (PublicFilters(words="sua bang"), 1), (PublicFilters(words="niem yet"), 0),
        (PublicFilters(words="xin loi"), 1), (PublicFilters(words="ba lan"), 1),
        (PublicFilters(words="0912"), 0), (PublicFilters(type="fees"), 0),
    ):  # fmt: skip
        assert len((await reflections.public_list(filters)).rows) == many, filters
