"""A ticket, as the recorder sees it: checked, and without what it says."""

from uuid import UUID

import msgspec


class Ticket(msgspec.Struct, frozen=True):
    """A signed message by its hash, and the key that signed it.

    Without a key it is too late to redeem it; without a hash it is none, and its tap takes no
    right at all.
    """

    hash: str | None = None
    key: UUID | None = None
