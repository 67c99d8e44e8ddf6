"""The ledger: commitments to accepted ratings, chained day by day, and findings about devices."""

from surveys.ledger.chain import FEW, Day, Fault
from surveys.ledger.days import close_days, gather, newest_day
from surveys.ledger.published import (
    SHORTEST,
    PublicDay,
    find_head,
    may_be_head,
    newest_days,
    public_days,
    read_head,
)
from surveys.ledger.verification import Verdict, verify

__all__ = [
    "FEW",
    "SHORTEST",
    "Day",
    "Fault",
    "PublicDay",
    "Verdict",
    "close_days",
    "find_head",
    "gather",
    "may_be_head",
    "newest_day",
    "newest_days",
    "public_days",
    "read_head",
    "verify",
]
