"""An agency with a clerk and a head who can sign in, and a case of theirs, for tests of pages."""

from dataclasses import dataclass
from uuid import UUID

from surveys import reflections
from surveys.accounts import Role, create_account
from surveys.reflections import Actor, Opened
from tests.app.people import PASSWORD
from tests.factories import make_agency
from tests.surveys.case_town import PEPPER, letter


@dataclass
class Desk:
    """The people by their user names, the clerk as an actor too."""

    agency: int
    other: int
    clerk: Actor
    head: Actor
    analyst: Actor

    async def open(self, text: str = "", **given: object) -> Opened:
        """A case that came just now."""
        words = {"text": text} if text else {}
        return await reflections.open_case(letter(self.agency, **words, **given), PEPPER)

    async def in_hand(self, text: str = "", title: str = "Đòi thêm giấy tờ") -> Opened:
        """A case that the clerk has taken in hand."""
        opened = await self.open(text)
        await reflections.receive(opened.id, self.clerk, title=title)
        await reflections.take(opened.id, self.clerk)
        return opened

    async def drafted(self, answer: str = "Chúng tôi xin lỗi ông bà.") -> Opened:
        """A case whose answer is put forward."""
        opened = await self.in_hand()
        await reflections.save_draft(opened.id, answer, self.clerk, base=0)
        await reflections.submit_draft(opened.id, self.clerk)
        return opened


async def make_desk() -> Desk:
    """Accounts: binh (clerk), hoa (head), minh (analyst), xuan (clerk of another agency)."""
    agency = await make_agency("NT", name="UBND phường Nha Trang", level="commune")
    other = await make_agency("SXD", name="Sở Xây dựng")
    ids: dict[str, int] = {}
    for name, role, own in (
        ("binh", Role.AGENCY, agency),
        ("hoa", Role.AGENCY, agency),
        ("xuan", Role.AGENCY, other),
        ("minh", Role.ANALYST, None),
    ):
        ids[name] = await create_account(
            name, role, password=PASSWORD, actor=None, agency_id=own, must_change=False
        )
    await reflections.set_approver(ids["hoa"], approves=True, actor=ids["minh"])
    return Desk(
        agency=agency,
        other=other,
        clerk=Actor(frozenset({"clerk"}), ids["binh"], agency),
        head=Actor(frozenset({"clerk", "head"}), ids["hoa"], agency),
        analyst=Actor(frozenset({"coordinator"}), ids["minh"]),
    )


async def state_of(case: UUID) -> str:
    """The state in which a case is now."""
    view = await reflections.case_view(case, Actor(frozenset({"coordinator"})), original=False)
    return str(view.case["state"])
