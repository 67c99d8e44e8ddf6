"""The ledger: commitments to accepted ratings, chained day by day, and findings about devices."""

from surveys.ledger.chain import FEW, Day, Fault
from surveys.ledger.days import close_days, gather, newest_day
from surveys.ledger.verification import Verdict, verify

__all__ = ["FEW", "Day", "Fault", "Verdict", "close_days", "gather", "newest_day", "verify"]
