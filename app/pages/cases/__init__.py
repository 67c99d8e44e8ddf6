"""Cases as officials work on them; each subject has a room of its own."""

from app.pages.cases import (
    case,
    drafts,
    inbox,
    merging,
    moves,
    new,
    notes,
    portal,
    redaction,
    replies,
    rules,
)

# One line a room, so that rooms are added without touching one another.
ROOMS = (
    inbox,
    case,
    new,
    moves,
    drafts,
    notes,
    merging,
    replies,
    redaction,
    rules,
    portal,
    # Kept one below the other.
)

routes = [route for room in ROOMS for route in room.routes]
