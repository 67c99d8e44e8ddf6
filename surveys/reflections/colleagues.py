"""Who can own a case of an agency, and how much they have in hand already."""

from typing import Final

from surveys.reflections.actors import Actor
from surveys.reflections.errors import RoleError
from surveys.reflections.states import OPEN
from surveys.transactions import Row, fetch

COLLEAGUES: Final = """
SELECT u.id, u.username, (SELECT count(*) FROM reflection_case c
    WHERE c.owner = u.id AND c.state = ANY ($2) AND c.merged_into IS NULL) AS open
FROM account u WHERE u.agency = $1 AND u.role = 'agency' AND NOT u.disabled ORDER BY u.username
"""

AGENCIES: Final = """
SELECT id, code, name FROM agency
WHERE valid_to IS NULL OR valid_to > (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
ORDER BY array_position(ARRAY['central', 'province', 'district', 'commune'], level::text), name
"""


async def list_agencies() -> list[Row]:
    """Today's agencies, the higher levels first: id, code, name."""
    return await fetch(AGENCIES)


async def list_colleagues(agency: int, by: Actor) -> list[Row]:
    """Accounts that can own cases of an agency: id, username, open (cases that they own)."""
    if not by.roles or by.agency not in {None, agency}:
        raise RoleError
    return await fetch(COLLEAGUES, agency, list(OPEN))
