"""The events that are told by message, with the words shipped for them (events.toml)."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from surveys.errors import NotFoundError

N_ = str

FILE = Path(__file__).with_name("events.toml")
CHANNELS = ("sms", "zalo", "mail")
LANGUAGES = ("vi", "en")

ByLanguage = dict[str, str]


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is told, the fields that its words may name, and version 0 of the words."""

    title: ByLanguage
    fields: list[str]
    text: ByLanguage
    required: list[str] = []
    mail: ByLanguage = {}
    audience: Literal["citizen", "staff"] = "citizen"

    @property
    def for_citizens(self) -> bool:
        """Whether the message goes to somebody who may opt out of it."""
        return self.audience == "citizen"

    @property
    def allowed(self) -> list[str]:
        """Fields that a text may name."""
        return [*self.fields, "stop"] if self.for_citizens else self.fields

    @property
    def needed(self) -> list[str]:
        """Fields that a text must name: nobody gets a message without the way to stop it."""
        return [*self.required, "stop"] if self.for_citizens else self.required

    def shipped(self, channel: str, language: str) -> tuple[str, str]:
        """Subject and body as they come with the program."""
        body = self.mail.get(language) if channel == "mail" else None
        return self.title[language], (body or self.text[language]).strip()


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    samples: dict[str, ByLanguage]
    events: dict[str, Event]


@cache
def catalogue() -> Catalogue:
    """The file, read once."""
    return msgspec.toml.decode(FILE.read_bytes(), type=Catalogue)


def find_event(key: str) -> Event:
    """The event of this key."""
    try:
        return catalogue().events[key]
    except KeyError:
        raise NotFoundError(N_("Không có loại tin nhắn này.")) from None


def samples(language: str) -> dict[str, str]:
    """Made-up values for every field, for previews and test messages."""
    return {name: values[language] for name, values in catalogue().samples.items()}
