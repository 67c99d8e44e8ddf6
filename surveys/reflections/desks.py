"""All that the page of a case needs, asked over one connection."""

from datetime import datetime
from uuid import UUID

import msgspec

from surveys.reflections.actors import Actor, wants_approval
from surveys.reflections.answering import can_draft
from surveys.reflections.colleagues import list_agencies, list_colleagues
from surveys.reflections.merging import suggest_duplicates
from surveys.reflections.replying import list_templates
from surveys.reflections.rules import ByLanguage, list_types
from surveys.reflections.states import OPEN
from surveys.reflections.views import CaseView, case_view
from surveys.transactions import Row, transaction


class CaseDesk(msgspec.Struct, frozen=True, kw_only=True):
    """A case, and what is offered beside it; lists are empty where nothing can be done."""

    view: CaseView
    types: dict[str, ByLanguage]
    needs_approval: bool
    colleagues: list[Row] = []
    agencies: list[Row] = []
    alike: list[Row] = []
    templates: list[Row] = []

    @property
    def is_open(self) -> bool:
        """Whether an agency has to do something about it."""
        return self.view.case["state"] in OPEN


async def case_desk(case: UUID, by: Actor, *, now: datetime | None = None) -> CaseDesk:
    """The case as `case_view` has it (its reading is logged), and what can be chosen there."""
    async with transaction():
        view = await case_view(case, by, now=now)
        row = view.case
        agency, is_open = row["agency"], row["state"] in OPEN
        is_alone = is_open and row["merged_into"] is None
        writes = can_draft(row["state"], by)
        return CaseDesk(
            view=view,
            types=await list_types(retired=True),
            needs_approval=is_open and await wants_approval(agency),
            colleagues=await list_colleagues(agency, by) if is_open else [],
            agencies=await list_agencies() if "transfer" in view.moves else [],
            alike=await suggest_duplicates(case, by) if is_alone else [],
            templates=await list_templates(agency, case_type=row["type"]) if writes else [],
        )
