"""Ratings: who may give one, how it is kept once and only once, and how it is made untraceable."""

from surveys.ratings.cells import CELL_DOSSIERS, STEPS, on_step, span_end
from surveys.ratings.codes import (
    ADDRESS_LENGTH,
    LINK_CODE_LENGTH,
    grouped,
    open_by_code,
    open_coded_links,
    read_code,
)
from surveys.ratings.drafts import (
    Draft,
    DraftError,
    delete_draft,
    find_draft,
    forget_drafts,
    save_draft,
)
from surveys.ratings.mixing import Batch, Mixed, mix
from surveys.ratings.promises import keep_promises, open_invitation
from surveys.ratings.recording import NOTED, NewRating, Outcome, record_ratings
from surveys.ratings.rights import (
    Handover,
    Invitation,
    find_invitation,
    hand_over,
    open_links,
    waiting_rights,
)
from surveys.ratings.tickets import Ticket

__all__ = [
    "ADDRESS_LENGTH",
    "CELL_DOSSIERS",
    "LINK_CODE_LENGTH",
    "NOTED",
    "STEPS",
    "Batch",
    "Draft",
    "DraftError",
    "Handover",
    "Invitation",
    "Mixed",
    "NewRating",
    "Outcome",
    "Ticket",
    "delete_draft",
    "find_draft",
    "find_invitation",
    "forget_drafts",
    "grouped",
    "hand_over",
    "keep_promises",
    "mix",
    "on_step",
    "open_by_code",
    "open_coded_links",
    "open_invitation",
    "open_links",
    "read_code",
    "record_ratings",
    "save_draft",
    "span_end",
    "waiting_rights",
]
