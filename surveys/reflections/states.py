"""States and moves as data (states.toml): who may do what to a case, and when."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

FILE: Final = Path(__file__).with_name("states.toml")
PREVIOUS: Final = "@asked"

ByLanguage = dict[str, str]
Clock = Literal["receive", "transfer", "answer", "verdict", "ask"]
Role = Literal["citizen", "clerk", "head", "coordinator", "system"]
Need = Literal[
    "reason", "text", "agency", "draft", "approval", "redaction", "in_time", "lapsed", "once"
]

# An agency has to do something about cases in these states.
OPEN: Final = (
    "new",
    "received",
    "information_asked",
    "in_hand",
    "extended",
    "drafted",
    "inadequate",
    "reopened",
)
# The citizen has an answer.
ANSWERED: Final = ("answered", "published", "settled")
# Clocks that run against the agency.
AGENCY_CLOCKS: Final = ("receive", "transfer", "answer")


class Move(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"sources": "from"}):
    """One way from some states to another, with what it needs and what it does to the clocks."""

    title: ByLanguage
    sources: list[str]
    to: str
    roles: list[Role]
    needs: list[Need] = []
    within: Clock | None = None
    stop: list[Clock] = []
    start: list[Clock] = []
    pause: list[Clock] = []
    resume: list[Clock] = []
    extend: Clock | None = None
    message: str = ""
    past: ByLanguage = {}


class Machine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    states: dict[str, ByLanguage]
    moves: dict[str, Move]
    happenings: dict[str, ByLanguage]


@cache
def machine() -> Machine:
    """The file, read once."""
    return msgspec.toml.decode(FILE.read_bytes(), type=Machine)


def find_move(name: str) -> Move:
    """The move of this name."""
    return machine().moves[name]


def moves_from(state: str, roles: frozenset[str]) -> Iterator[str]:
    """Names of the moves that somebody with these roles may make from a state."""
    for name, move in machine().moves.items():
        if state in move.sources and not roles.isdisjoint(move.roles):
            yield name


def state_title(state: str, language: str = "vi") -> str:
    """A state in words."""
    return machine().states[state][language]


def event_title(name: str, language: str = "vi") -> str:
    """A line of the log in words: a move, or something else that happened."""
    move = machine().moves.get(name)
    if move is None:
        return machine().happenings[name][language]
    return move.past.get(language) or move.title[language]


# What stays inside the house: how a draft goes to and fro, and why.
INTERNAL: Final = frozenset({"submit", "return_draft"})
# What is told of a case to other programs: its way, not its drafts, nor what its citizen did
# beside it.
TOLD: Final = (
    "opened",
    *(name for name in machine().moves if name not in INTERNAL),
    "information_added",
    "publication_ended",
)
