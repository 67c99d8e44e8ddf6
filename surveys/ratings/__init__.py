"""Ratings: who may give one, how it is kept once and only once, and how it is made untraceable."""

from surveys.ratings.mixing import Mixed, mix
from surveys.ratings.recording import NOTED, NewRating, Outcome, record_ratings
from surveys.ratings.rights import (
    Handover,
    Invitation,
    find_invitation,
    hand_over,
    open_links,
    waiting_rights,
)

__all__ = [
    "NOTED",
    "Handover",
    "Invitation",
    "Mixed",
    "NewRating",
    "Outcome",
    "find_invitation",
    "hand_over",
    "mix",
    "open_links",
    "record_ratings",
    "waiting_rights",
]
