"""Cases as officials work on them; each subject has a room of its own."""

from app.pages.cases import (
    case,
    new,
)

# One line a room, so that rooms are added without touching one another.
ROOMS = (
    case,
    new,
    # The magic comma keeps it so.
)

routes = [route for room in ROOMS for route in room.routes]
