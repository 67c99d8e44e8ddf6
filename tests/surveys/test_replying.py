"""Templates of replies: whose they are, their versions, and their fields."""

import pytest

from surveys.accounts import FieldError
from surveys.errors import NotFoundError
from surveys.reflections import (
    NewTemplate,
    RoleError,
    fill_template,
    list_templates,
    save_template,
    set_title,
)
from surveys.reflections.replying import check_fields
from tests.surveys.case_town import MONDAY, make_town, open_one

pytestmark = pytest.mark.usefixtures("database")


async def test_an_agency_sees_its_own_templates_and_the_provinces() -> None:
    town = await make_town()
    await save_template(NewTemplate(title="Chung", body="Chào."), town.coordinator)
    await save_template(NewTemplate(title="Riêng", body="Chào."), town.clerk)
    assert [row["title"] for row in await list_templates(town.agency)] == ["Riêng", "Chung"]
    assert [row["title"] for row in await list_templates(town.other)] == ["Chung"]
    assert [row["title"] for row in await list_templates(None)] == ["Chung"]


async def test_saving_again_makes_a_version_and_keeps_the_old_words() -> None:
    town = await make_town()
    first = await save_template(NewTemplate(title="Xin lỗi", body="Một."), town.clerk)
    (row,) = await list_templates(town.agency)
    again = NewTemplate(title="Xin lỗi", body="Hai.", key=row["key"])
    await save_template(again, town.head)
    (row,) = await list_templates(town.agency)
    assert (row["version"], row["body"]) == (2, "Hai.")
    case = await open_one(town)
    assert await fill_template(first, case.id, town.clerk) == "Một."


async def test_nobody_writes_over_the_template_of_another() -> None:
    town = await make_town()
    await save_template(NewTemplate(title="Chung", body="Chào."), town.coordinator)
    (row,) = await list_templates(town.agency)
    theirs = NewTemplate(title="Chung", body="Khác.", key=row["key"])
    for other in (town.clerk, town.stranger):
        with pytest.raises(NotFoundError):
            await save_template(theirs, other)
    with pytest.raises(RoleError):
        await save_template(theirs, type(town.clerk)(frozenset({"citizen"})))


async def test_fields_are_filled_with_what_the_case_says() -> None:
    town = await make_town()
    case = await open_one(town)
    await set_title(case.id, "Đòi thêm giấy tờ", town.clerk)
    body = "{kính gửi} {Mã} | {ngày gửi} | {tiêu  đề} | {cơ quan} | {hạn} | {hôm nay} | {mã hồ sơ}."
    made = await save_template(NewTemplate(title="Đủ", body=body), town.clerk)
    assert await fill_template(made, case.id, town.clerk, now=MONDAY) == (
        f"Kính gửi Ông/Bà, {case.reference} | 02/03/2026 | Đòi thêm giấy tờ | "
        "UBND phường Nha Trang | 04/03/2026 | 02/03/2026 | ."
    )


async def test_the_words_of_another_agency_cannot_be_had() -> None:
    town = await make_town()
    theirs = await save_template(NewTemplate(title="Riêng", body="Kín."), town.stranger)
    case = await open_one(town)
    with pytest.raises(NotFoundError):
        await fill_template(theirs, case.id, town.clerk)


@pytest.mark.parametrize("body", ["{tên}", "Chào {", "} chào", "{}", "{mã} {ma}", "{{mã}}"])
def test_a_field_that_is_not_known_is_refused_with_those_that_are(body: str) -> None:
    with pytest.raises(FieldError, match="ngày gửi"):
        check_fields(body)


async def test_a_template_for_a_type_is_offered_for_this_type_only() -> None:
    town = await make_town()
    for title, kind in (("Mọi", None), ("Phí", "fees"), ("Chậm", "delay")):
        await save_template(NewTemplate(title=title, body="x", case_type=kind), town.clerk)
    found = await list_templates(town.agency, case_type="fees")
    assert [row["title"] for row in found] == ["Phí", "Mọi"]


async def test_a_template_that_is_retired_is_offered_no_more() -> None:
    town = await make_town()
    await save_template(NewTemplate(title="Cũ", body="x"), town.clerk)
    (row,) = await list_templates(town.agency)
    gone = NewTemplate(title="Cũ", body="x", key=row["key"], retired=True)
    await save_template(gone, town.clerk)
    assert await list_templates(town.agency) == []
    assert len(await list_templates(town.agency, retired=True)) == 1
