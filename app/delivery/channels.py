"""What a channel promises: it tries once, and says what it knows about the outcome."""

from dataclasses import dataclass
from typing import Protocol

from surveys.messages import Outgoing


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side has taken the message."""

    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """The other side has certainly not taken it; trying again may help unless `permanent`."""

    reason: str
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class Uncertain:
    """The message went out, and nobody knows whether it was taken."""

    reason: str


Attempt = Sent | Failed | Uncertain


class Channel(Protocol):
    """A way by which messages leave the house."""

    @property
    def repeatable(self) -> bool:
        """Whether the other side knows our key, so that a second attempt is no second message."""
        ...

    async def send(self, message: Outgoing) -> Attempt:
        """Try once. Whatever goes wrong on the way is an outcome, not an exception."""
        ...
