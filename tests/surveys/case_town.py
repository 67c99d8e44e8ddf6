"""A town with an agency, its people and a citizen who writes, for tests of cases."""

from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from surveys import reflections
from surveys.days import ZONE
from surveys.reflections import Actor, Consents, NewCase, Opened, Person, Redacted
from surveys.tables.accounts import Account
from tests.factories import make_agency

PEPPER = b"p" * 32
NUMBER = count(1)
# A Monday at nine; no holiday is near.
MONDAY = datetime(2026, 3, 2, 9, tzinfo=ZONE)
PLAINT = "Ba lần cán bộ bảo tôi về lấy thêm giấy tờ. Số của tôi là 0912 345 678."


@dataclass
class Town:
    """Ids and people."""

    agency: int
    other: int
    clerk: Actor
    head: Actor
    coordinator: Actor
    stranger: Actor


async def make_account(role: str, agency: int | None = None) -> int:
    number = next(NUMBER)
    rows = await Account.insert(
        Account(username=f"{role}{number}", password_hash="x", role=role, agency=agency)
    )
    return int(rows[0]["id"])


async def make_town() -> Town:
    agency = await make_agency(name="UBND phường Nha Trang")
    other = await make_agency(name="Sở Xây dựng")
    clerk, head = [await make_account("agency", agency) for _one in range(2)]
    analyst = await make_account("analyst")
    stranger = await make_account("agency", other)
    await reflections.set_approver(head, approves=True, actor=analyst)
    return Town(
        agency=agency,
        other=other,
        clerk=Actor(frozenset({"clerk"}), clerk, agency),
        head=Actor(frozenset({"clerk", "head"}), head, agency),
        coordinator=Actor(frozenset({"coordinator"}), analyst),
        stranger=Actor(frozenset({"clerk"}), stranger, other),
    )


def letter(agency: int, **given: Any) -> NewCase:
    values: dict[str, Any] = {
        "kind": "reflection",
        "text": PLAINT,
        "agency": agency,
        "channel": "web",
        "person": Person(name="Trần Thị Bé", phone="0912 345 678"),
        "consents": Consents(reply=True, publication=True, notice="v1"),
        "notify": "sms",
    }
    return NewCase(**values | given)


async def open_one(town: Town, *, now: datetime = MONDAY, **given: Any) -> Opened:
    return await reflections.open_case(
        letter(given.pop("agency", town.agency), **given), PEPPER, now=now
    )


async def bring_in_hand(case: UUID, town: Town, now: datetime = MONDAY) -> None:
    await reflections.receive(case, town.clerk, title="Đòi thêm giấy tờ", now=now)
    await reflections.take(case, town.clerk, now=now)


async def bring_to_answer(
    case: UUID, town: Town, now: datetime = MONDAY, text: str = "Chúng tôi xin lỗi."
) -> None:
    """From in hand (or reopened and taken) to answered."""
    drafts = await reflections.list_drafts(case)
    base = drafts[0]["version"] if drafts else 0
    await reflections.save_draft(case, text, town.clerk, base=base, now=now)
    await reflections.submit_draft(case, town.clerk, now=now)
    await reflections.answer(case, town.clerk, now=now)


async def confirm_both(case: UUID, town: Town) -> None:
    """The covered question and answer, confirmed."""
    await confirm_part(case, town, "question", "Ba lần phải về lấy giấy.")
    await confirm_part(case, town, "answer", "Xin lỗi.")


async def confirm_part(case: UUID, town: Town, part: Any, text: str) -> None:
    """A covered text, confirmed."""
    version = await reflections.save_redaction(case, part, Redacted(text=text), town.clerk)
    await reflections.confirm_redaction(case, part, town.head, version=version)
