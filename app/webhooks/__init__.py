"""Webhooks on their way out: where they may go, signatures, attempts."""

from app.webhooks.addresses import ForbiddenAddressError, allowed_networks, find_target, may_go
from app.webhooks.sending import Teller, make_teller, tell

__all__ = [
    "ForbiddenAddressError",
    "Teller",
    "allowed_networks",
    "find_target",
    "make_teller",
    "may_go",
    "tell",
]
