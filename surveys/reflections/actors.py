"""Who does something to a case: the citizen, somebody of the agency, the focal point, a job."""

from typing import Final

import msgspec

from surveys.accounts import Role, Staff, agency_code, audit
from surveys.errors import NotFoundError
from surveys.transactions import Row, fetch, fetch_one, transaction

N_ = str

APPROVES: Final = (
    "SELECT 1 AS it FROM case_duty WHERE account = $1 AND agency = $2 AND until IS NULL"
)
SETTING: Final = """
SELECT approval FROM reflection_setting WHERE agency = $1 OR agency IS NULL
ORDER BY agency NULLS LAST LIMIT 1
"""


class Actor(msgspec.Struct, frozen=True):
    """Somebody with the roles that moves ask for; without an agency every case is theirs."""

    roles: frozenset[str]
    account: int | None = None
    agency: int | None = None

    def role_among(self, allowed: list[str]) -> str:
        """The role in which they act; empty when they have none of these."""
        return next((role for role in allowed if role in self.roles), "")


# Whoever holds the code or the link of a case; the pages check that before they call a verb.
CITIZEN: Final = Actor(frozenset({"citizen"}))
SYSTEM: Final = Actor(frozenset({"system"}))


async def staff_actor(staff: Staff) -> Actor:
    """The roles of an account: clerk or head of its agency, or coordinator of the province."""
    if staff.role in {Role.ADMINISTRATOR, Role.ANALYST}:
        return Actor(frozenset({"coordinator"}), staff.id)
    if staff.role != Role.AGENCY or staff.agency_id is None:
        return Actor(frozenset(), staff.id, staff.agency_id or 0)
    approves = await fetch_one(APPROVES, staff.id, staff.agency_id)
    roles = {"clerk", "head"} if approves else {"clerk"}
    return Actor(frozenset(roles), staff.id, staff.agency_id)


async def list_approvers(agency_id: int) -> list[Row]:
    """The accounts that approve for an agency: id, username, since."""
    return await fetch(
        "SELECT a.id, a.username, d.since FROM case_duty d JOIN account a ON a.id = d.account"
        " WHERE d.agency = $1 AND d.until IS NULL ORDER BY a.username",
        agency_id,
    )


async def set_approver(account_id: int, *, approves: bool, actor: int) -> None:
    """Make an account of an agency an approver, or take that back. Raises NotFoundError."""
    row = await fetch_one(
        "SELECT username, agency FROM account WHERE id = $1 AND role = 'agency'", account_id
    )
    if row is None:
        raise NotFoundError(N_("Không có tài khoản cơ quan này."))
    async with transaction():
        if approves:
            await fetch(
                "INSERT INTO case_duty (account, agency) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                *(account_id, row["agency"]),
            )
        else:
            await fetch(
                "UPDATE case_duty SET until = now() WHERE account = $1 AND until IS NULL",
                account_id,
            )
        await audit("case_approver_set", row["username"], actor=actor, approves=approves)


async def wants_approval(agency_id: int) -> bool:
    """Whether answers of this agency need a head's approval."""
    row = await fetch_one(SETTING, agency_id)
    return bool(row and row["approval"])


async def list_approval() -> list[Row]:
    """What agencies have said of approval; the row without an agency is the province's word."""
    return await fetch(
        "SELECT a.code AS agency_code, a.name AS agency_name, s.approval, s.changed_at"
        " FROM reflection_setting s LEFT JOIN agency a ON a.id = s.agency"
        " ORDER BY a.name NULLS FIRST"
    )


async def list_clerks(agency_id: int) -> list[Row]:
    """The accounts of an agency that may enter: id, username, and since when they approve."""
    return await fetch(
        "SELECT a.id, a.username, d.since FROM account a"
        " LEFT JOIN case_duty d ON d.account = a.id AND d.until IS NULL"
        " WHERE a.agency = $1 AND a.role = 'agency' AND NOT a.disabled ORDER BY a.username",
        agency_id,
    )


async def set_approval(agency_id: int | None, *, approval: bool, actor: int) -> None:
    """Say whether answers need approval, for an agency or for all that say nothing."""
    async with transaction():
        await fetch(
            "INSERT INTO reflection_setting (agency, approval, account) VALUES ($1, $2, $3)"
            " ON CONFLICT (agency) DO UPDATE"
            " SET approval = excluded.approval, account = excluded.account, changed_at = now()",
            *(agency_id, approval, actor),
        )
        code = await agency_code(agency_id) or "*"
        await audit("case_approval_set", code, actor=actor, approval=approval)
