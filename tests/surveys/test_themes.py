"""Themes of comments in the database: suggested, confirmed, counted, frozen."""

from datetime import date
from uuid import uuid4

import pytest

from app.themes import make_report, suggest_pending
from surveys import themes
from surveys.accounts import FieldError
from surveys.errors import NotFoundError, StateError
from surveys.periods import parse_period
from surveys.tables.ratings import Comment
from surveys.themes import Asked, NewTheme
from surveys.transactions import fetch
from tests.app.published_town import make_agencies, publish
from tests.factories import make_version
from tests.surveys.case_town import make_account

QUARTER = parse_period("2026-Q2")
ASKED = Asked(first=QUARTER.first, last=QUARTER.last)
FEES = NewTheme(key="fees", name="Phí", name_en="Fees", factor="procedures", seeds=["lệ phí"])


async def write(code: str, text: str, number: int = 1, *, satisfied: bool | None = False) -> None:
    (agency,) = await fetch("SELECT id FROM agency WHERE code = $1", code)
    (version,) = await fetch("SELECT id FROM questionnaire_version")
    for _one in range(number):
        await Comment.insert(
            Comment(
                id=uuid4(),
                version=version["id"],
                agency=agency["id"],
                month=date(2026, 5, 1),
                satisfied=satisfied,
                text=text,
            )
        )


async def fill() -> int:
    await make_version()
    await make_agencies()
    await publish("2026-Q2")
    await write("NT", "Chờ lâu quá.", 12)
    await write("DK", "Thu lệ phí không có biên lai.", 11)
    await write("SXD", "Chờ lâu quá.", 3)
    await suggest_pending()
    return await make_account("analyst")


async def confirm_all(actor: int) -> None:
    await themes.confirm(await themes.list_groups(ASKED), None, actor=actor)


async def test_new_comments_get_suggestions_once(database: str) -> None:
    await fill()
    assert await suggest_pending() == 0
    counts = await themes.count_themes(ASKED)
    assert counts["waiting"] == {False: 15}
    assert counts["fees"] == {False: 11}


async def test_same_texts_stand_together_and_are_confirmed_together(database: str) -> None:
    actor = await fill()
    groups = await themes.list_groups(ASKED)
    assert [(one.comments, one.suggested[0]) for one in groups] == [(15, "waiting"), (11, "fees")]
    assert await themes.confirm(groups[:1], ["papers"], actor=actor) == 15
    assert await themes.confirm(groups[:1], [], actor=actor) == 15
    again = await themes.list_groups(ASKED)
    assert (again[0].confirmed, again[0].themes) == (True, [])
    assert (again[1].confirmed, again[1].themes) == (False, [])


async def test_only_agencies_with_comments_enough_can_be_looked_at(database: str) -> None:
    await fill()
    assert set(await themes.readable_agencies(ASKED, 10)) == {"NT", "DK"}


async def test_the_office_s_list_goes_before_the_shipped_one_and_nobody_writes_over_another(
    database: str,
) -> None:
    actor = await fill()
    assert await themes.save_theme(FEES, base=0, actor=actor) == 1
    told = {one.key: one for one in await themes.list_themes()}
    assert (told["fees"].name, told["fees"].version) == ("Phí", 1)
    assert told["waiting"].version == 0
    with pytest.raises(FieldError, match="vừa sửa"):
        await themes.save_theme(FEES, base=0, actor=actor)
    assert await suggest_pending() == 26
    retired = NewTheme(key="fees", name="Phí", name_en="Fees", factor="procedures", seeds=["phí"], retired=True)  # fmt: skip
    await themes.save_theme(retired, base=1, actor=actor)
    assert "fees" not in {one.key for one in await themes.list_themes()}


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("key", {"key": "Phí"}),
        ("name", {"name": " "}),
        ("name_en", {"name_en": "x" * 121}),
        ("factor", {"factor": "overall"}),
        ("seeds", {"seeds": ["", " "]}),
    ],
)
async def test_a_theme_that_is_not_whole_is_refused(
    database: str, field: str, given: dict[str, object]
) -> None:
    values = {"key": "fees", "name": "Phí", "name_en": "Fees", "factor": "result", "seeds": ["phí"]}
    with pytest.raises(FieldError) as refused:
        await themes.save_theme(NewTheme(**values | given), base=0, actor=1)  # type: ignore[arg-type]
    assert refused.value.field == field


async def test_a_report_tells_shown_agencies_and_sums_of_them_only(database: str) -> None:
    actor = await fill()
    await confirm_all(actor)
    document, progress = await make_report(QUARTER, "counter", minimum=10)
    assert progress == {"comments": 26, "coded": 26}
    assert document is not None
    # One agency of its level is too small, so a second one would be hidden with it if there was one.
    assert set(document["agencies"]) == {"NT", "DK"} or set(document["agencies"]) == {"NT"}
    told = sum(one["comments"] for one in document["agencies"].values())
    assert document["province"]["comments"] == told
    assert "SXD" not in document["agencies"]


async def test_without_published_results_there_are_no_weights(database: str) -> None:
    actor = await fill()
    await confirm_all(actor)
    await fetch("UPDATE comment SET month = '2026-08-01'")
    document, progress = await make_report(parse_period("2026-Q3"), "counter", minimum=10)
    assert document is None
    assert progress["comments"] == 26


async def test_a_report_is_published_once_and_a_year_not_beside_its_quarters(
    database: str,
) -> None:
    actor = await fill()
    document = {"agencies": {"NT": {"themes": [{"theme": "waiting"}]}}}
    await themes.publish_report(QUARTER, "counter", document, actor=actor)
    with pytest.raises(StateError, match="không tính lại"):
        await themes.publish_report(QUARTER, "counter", document, actor=actor)
    with pytest.raises(StateError, match="trừ cho nhau"):
        await themes.publish_report(parse_period("2026"), "counter", document, actor=actor)
    with pytest.raises(StateError, match="theo quý"):
        await themes.publish_report(parse_period("2026-05"), "counter", document, actor=actor)
    await themes.withdraw_report("2026-Q2", "counter", actor=actor)
    with pytest.raises(NotFoundError):
        await themes.withdraw_report("2026-Q2", "counter", actor=actor)
    with pytest.raises(StateError, match="không tính lại"):
        await themes.publish_report(QUARTER, "counter", document, actor=actor)


async def test_an_agency_replies_to_its_own_published_themes_only(database: str) -> None:
    actor = await fill()
    document = {"agencies": {"NT": {"themes": [{"theme": "waiting"}]}}}
    await themes.publish_report(QUARTER, "counter", document, actor=actor)
    report = await themes.find_report("2026-Q2", "counter")
    assert report is not None
    (agency,) = await fetch("SELECT id FROM agency WHERE code = 'NT'")
    own = agency["id"], "NT"
    await themes.save_reply(report, own, "waiting", " Đã mở thêm quầy. ", actor=actor)
    await themes.save_reply(report, own, "waiting", "Đã mở hai quầy.", actor=actor)
    replies = await themes.list_replies(report["id"], "NT")
    assert replies["waiting"]["text"] == "Đã mở hai quầy."
    for who, theme in ((own, "fees"), ((agency["id"], "DK"), "waiting")):
        with pytest.raises(NotFoundError):
            await themes.save_reply(report, who, theme, "x", actor=actor)
    with pytest.raises(FieldError):
        await themes.save_reply(report, own, "waiting", " ", actor=actor)


async def test_what_was_put_to_a_theme_goes_with_its_comment(database: str) -> None:
    actor = await fill()
    await confirm_all(actor)
    await fetch("DELETE FROM comment")
    for table in ("comment_theme", "comment_suggestion"):
        assert await fetch(f"SELECT 1 FROM {table}") == []
