"""The themes that the program ships with (themes.toml)."""

from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

FILE: Final = Path(__file__).with_name("themes.toml")
FACTORS: Final = ("access", "procedures", "officials", "result", "feedback")
# Suggested only where nothing else is.
LAST: Final = "outcome"


class Shipped(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A theme of the file."""

    name: dict[str, str]
    factor: Literal["access", "procedures", "officials", "result", "feedback"]
    seeds: list[str]


@cache
def shipped_themes() -> dict[str, Shipped]:
    """The file, read once, in its order."""
    return msgspec.toml.decode(FILE.read_bytes(), type=dict[str, Shipped])
