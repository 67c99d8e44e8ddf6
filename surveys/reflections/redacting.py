"""What must be covered before it is public: the words as they are, for those who may read them."""

from typing import Final
from uuid import UUID

import msgspec

from surveys.reflections.actors import Actor
from surveys.reflections.errors import MoveError
from surveys.reflections.log import find_case
from surveys.reflections.needs import NEWEST_ANSWER
from surveys.reflections.own_contact import fetch_contact, known_of
from surveys.reflections.views import read_texts
from surveys.transactions import fetch, fetch_one

N_ = str

AGENCIES: Final = """
SELECT DISTINCT a.code, a.name FROM case_publication p JOIN case_answer r ON r.id = p.answer
JOIN agency a ON a.id = r.agency WHERE p.ended_at IS NULL ORDER BY a.name, a.code
"""


class OpenTexts(msgspec.Struct, frozen=True, kw_only=True):
    """The texts of a case before anything is covered.

    `question` is empty where the citizen did not agree to its publication, `explanation` where
    nothing changes. `known` are the citizen's own name, phone and mail by the kind of what they
    are: covered wherever they stand.
    """

    question: str
    answer: str
    answer_id: int
    change: str
    explanation: str
    known: list[tuple[str, str]]


async def open_texts(case: UUID, by: Actor) -> OpenTexts:
    """Question, newest answer and explanation as they were written; the reading is logged."""
    await find_case(case, by)
    written = await read_texts(case, by)
    answer = await fetch_one(NEWEST_ANSWER, case)
    if answer is None:
        raise MoveError(N_("Vụ việc chưa có câu trả lời để công khai."))
    contact = await fetch_contact(case)
    first = next((row["text"] for row in written if row["part"] == "original"), "")
    return OpenTexts(
        question=first if contact.get("publication") else "",
        answer=answer["text"],
        answer_id=answer["id"],
        change=answer["change"],
        explanation=answer["explanation"] if answer["change"] != "none" else "",
        known=known_of(contact),
    )


async def public_agencies() -> dict[str, str]:
    """Agencies of which an answer is public: code to name."""
    return {row["code"]: row["name"] for row in await fetch(AGENCIES)}
