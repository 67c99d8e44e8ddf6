"""A brake on trying out codes: so many wrong ones in a minute, whoever sends them.

Many people share one address, so nobody is counted by address. What keeps codes safe is their
number; the brake keeps a flood of guesses off the database.
"""

import time
from collections import deque

from litestar.exceptions import TooManyRequestsException

from app.rendering import _

MOST_WRONG = 300
SECONDS = 60.0


class Guesses:
    """The wrong codes of the last minute in this process."""

    def __init__(self, most: int = MOST_WRONG) -> None:
        self.most = most
        self.wrong: deque[float] = deque()

    def check(self) -> None:
        """Refuse to look at another code after too many wrong ones."""
        now = time.monotonic()
        while self.wrong and self.wrong[0] <= now - SECONDS:
            self.wrong.popleft()
        if len(self.wrong) >= self.most:
            raise TooManyRequestsException(
                _("Đang có quá nhiều mã sai. Hãy đợi một phút rồi gõ lại mã của bạn.")
            )

    def count_wrong(self) -> None:
        """Remember one wrong code."""
        self.wrong.append(time.monotonic())


# Codes and links that people try are counted together, wherever they try them.
guesses = Guesses()
