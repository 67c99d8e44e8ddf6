"""The explanation of a change is public only as somebody confirmed it; nobody is named by it."""

import asyncpg
import pytest

from surveys import reflections
from surveys.reflections import MoveError, Opened, PublicFilters, Redacted, RequestFilters
from surveys.reflections.own_contact import contact_places
from surveys.transactions import fetch
from tests.surveys.case_town import (
    Town,
    bring_in_hand,
    bring_to_answer,
    confirm_both,
    confirm_part,
    make_town,
    open_one,
)

INSERT = """
INSERT INTO case_publication (case_id, answer, title, reply, explanation, published_at, account)
SELECT r.case_id, r.answer, 'x', r.id,
    CASE WHEN $2 THEN (SELECT max(id) FROM case_redaction WHERE part = 'explanation') END, now(), $1
FROM case_redaction r WHERE r.part = 'answer'
"""


async def changed(town: Town) -> Opened:
    """A case that was answered with a change; question and answer are confirmed."""
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    await reflections.save_draft(
        opened.id, "Xong", town.clerk, base=0, change="made", explanation="Chị Lan sửa bảng."
    )
    await reflections.submit_draft(opened.id, town.clerk)
    await reflections.answer(opened.id, town.clerk)
    await confirm_both(opened.id, town)
    return opened


async def test_a_change_is_published_with_its_confirmed_explanation_only(database: str) -> None:
    town = await make_town()
    opened = await changed(town)
    with pytest.raises(MoveError, match="giải thích"):
        await reflections.publish(opened.id, town.head)
    text = Redacted(text="[họ tên] sửa bảng.")
    version = await reflections.save_redaction(opened.id, "explanation", text, town.clerk)
    with pytest.raises(MoveError, match="xác nhận"):
        await reflections.publish(opened.id, town.head)
    await reflections.confirm_redaction(opened.id, "explanation", town.head, version=version)
    await reflections.publish(opened.id, town.head)
    (listed,) = (await reflections.public_list(PublicFilters(change="made"))).rows
    (requested,) = await reflections.list_requests(RequestFilters(references=[opened.reference]))
    for row in (await reflections.public_case(opened.reference), listed, requested):
        assert row["explanation"] == "[họ tên] sửa bảng."


async def test_the_database_refuses_an_explanation_that_nobody_confirmed(database: str) -> None:
    town = await make_town()
    opened = await changed(town)
    with pytest.raises(asyncpg.RestrictViolationError, match="explanation"):
        await fetch(INSERT, town.clerk.account, False)
    text = Redacted(text="Sửa bảng.")
    version = await reflections.save_redaction(opened.id, "explanation", text, town.clerk)
    with pytest.raises(asyncpg.RestrictViolationError, match="nobody confirmed"):
        await fetch(INSERT, town.clerk.account, True)
    await reflections.confirm_redaction(opened.id, "explanation", town.head, version=version)
    await fetch(INSERT, town.clerk.account, True)
    with pytest.raises(asyncpg.RestrictViolationError):
        await fetch("UPDATE case_publication SET explanation = NULL")
    with pytest.raises(asyncpg.RestrictViolationError):
        await fetch("UPDATE case_publication SET explanation = reply")


async def test_without_a_change_there_is_no_explanation_to_cover(database: str) -> None:
    town = await make_town()
    opened = await open_one(town)
    await bring_in_hand(opened.id, town)
    await bring_to_answer(opened.id, town)
    with pytest.raises(MoveError, match="thay đổi"):
        await reflections.save_redaction(opened.id, "explanation", Redacted(text="x"), town.clerk)


@pytest.mark.parametrize("part", ["question", "answer", "explanation"])
@pytest.mark.parametrize("text", ["Của bà TRAN THI BE.", "Gọi +84 912.345.678 nhé."])
async def test_no_text_with_the_citizens_own_name_or_phone_is_confirmed(
    database: str, part: str, text: str
) -> None:
    town = await make_town()
    opened = await changed(town)
    with pytest.raises(MoveError, match="chính người gửi"):
        await confirm_part(opened.id, town, part, text)
    assert await fetch(
        "SELECT 1 FROM case_redaction WHERE text = $1 AND confirmed_at IS NULL", text
    )


async def test_no_title_names_the_citizen(database: str) -> None:
    town = await make_town()
    opened = await changed(town)
    await confirm_part(opened.id, town, "explanation", "Sửa bảng.")
    with pytest.raises(MoveError, match="chính người gửi"):
        await reflections.publish(opened.id, town.head, title="Việc của Trần Thị Bé")


@pytest.mark.parametrize(
    ("kind", "words", "text", "found"),
    [
        ("name", "Trần Thị Bé", "Tôi là trần  thị bé ạ", ["trần  thị bé"]),
        ("name", "Trần Thị Bé", "Tra\u0302\u0300n Thị Bé", ["Tra\u0302\u0300n Thị Bé"]),
        ("name", "Trần Thị Bé", "Trần Thị Bébé", []),
        ("name", "Hoa", "Hoa mua hóa đơn hoa", ["Hoa"]),
        ("phone", "0912345678", "số 0912 345 678.", ["0912 345 678"]),
        ("phone", "0912 345 678", "84912345678 và O9l2345678", ["84912345678", "O9l2345678"]),
        ("phone", "+84912345678", "0912-345-678", ["0912-345-678"]),
        ("phone", "0912345678", "hồ sơ 109123456789", []),
        ("mail", "be.tran@example.vn", "be.tran (at) example chấm vn", ["be.tran (at) example chấm vn"]),
        ("mail", "be.tran@example.vn", "Be.Tran@Example.vn", ["Be.Tran@Example.vn"]),
    ],
)  # fmt: skip
def test_the_citizens_own_words_are_found_however_they_are_written(
    kind: str, words: str, text: str, found: list[str]
) -> None:
    places = contact_places(text, [(kind, words)])
    assert [text[start:end] for start, end, _kind in places] == found
