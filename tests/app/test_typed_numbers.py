"""Numbers that no browser sends: wherever one is read, the answer is a sentence and no fault."""

import httpx
import pytest

from app.forms import number_of
from surveys import reflections
from surveys.accounts import Role
from surveys.transactions import fetch
from tests.app.case_desk import Desk, make_desk
from tests.app.people import get, make_person, post, sign_in

# More than `int` takes, more than a column takes, all that we take, signs that are no digits.
STRANGE = ("9" * 5000, "99999999999", "999999999", "٣" * 12, "²", "-1", "1.5", " ")


@pytest.fixture
async def desk(client: httpx.AsyncClient) -> Desk:
    return await make_desk()


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("7", 7), (" 7 ", 7), ("0", 0), ("999999999", 999_999_999), ("1000000000", None),
        ("9" * 5000, None), ("²", None), ("-1", None), ("", None), (None, None), (b"7", None),
    ],
)  # fmt: skip
def test_a_number_is_what_a_column_can_hold(typed: object, number: int | None) -> None:
    assert number_of(typed) == number


async def check(answers: list[httpx.Response]) -> None:
    assert {one.status_code for one in answers} <= {200, 303, 404, 409, 422}


async def test_a_citizen_gets_a_sentence(client: httpx.AsyncClient, desk: Desk) -> None:
    case = await desk.drafted()
    await reflections.answer(case.id, desk.head)
    link = f"/p/{case.token}"
    answers = []
    for number in STRANGE[:5]:
        for action in ("rate", "reopen", "settle"):
            typed = {"action": action, "version": number, "level": number, "reason": "Chưa."}
            answers.append(await client.post(link, data=typed))
    await check(answers)
    levels = await fetch("SELECT level FROM case_answer")
    assert [row["level"] for row in levels] == [None]


async def test_an_official_gets_a_sentence(client: httpx.AsyncClient, desk: Desk) -> None:
    await sign_in(client, "binh")
    case = await desk.drafted()
    here = f"/cases/{case.reference}"
    answers = []
    for number in STRANGE:
        sent = {"version": number, "base": number, "template": number, "read": "1"}
        answers += [
            await post(client, f"{here}/{path}", text="Xin lỗi.", title="Đi lại", **sent)
            for path in ("moves/submit", "draft", "insert", "redaction/answer/confirm", "publish")
        ]
        answers.append(await post(client, "/letters", dossier=number, reason="Vì."))
        answers.append(await client.get("/letters", params={"page": number}))
    await check(answers)
    assert await fetch("SELECT 1 FROM apology_letter") == []


async def test_who_keeps_webhooks_and_themes_gets_a_sentence(
    client: httpx.AsyncClient, database: str
) -> None:
    await make_person(Role.ADMINISTRATOR)
    await make_person(Role.ANALYST)
    url = "https://203.113.131.1/hook"
    await sign_in(client, "administrator")
    hooks = [
        await post(client, "/office/webhooks", name="Cổng", url=url, key=number)
        for number in STRANGE[:7]
    ]
    # A key that cannot be read is none, and not "all cases".
    assert {one.status_code for one in hooks} == {422}
    assert await fetch("SELECT 1 FROM webhook") == []
    await client.get("/sign-in")
    await post(client, "/sign-out")
    await sign_in(client, "analyst")
    (listed,) = [await get(client, "/office/themes/list/waiting")]
    assert listed.status_code in {200, 404}
    themes = [
        await post(client, "/office/themes/list/waiting", name="Chờ", name_en="Waiting", base=one)
        for one in STRANGE
    ]
    await check(themes)
