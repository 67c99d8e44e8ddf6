"""How often a caller may come: a bucket of tokens for each, in the memory of this process."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from surveys.errors import TooManyError

# Beyond this the caller that was longest away is forgotten, and so starts with a full bucket.
MOST_CALLERS = 50_000


class Limit:
    """`per_minute` calls a minute for each caller, and as many at once after a pause."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self.clock = clock
        self.buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, caller: Hashable) -> None:
        """Use one call up.

        Raises
        ------
        TooManyError
            With the seconds after which the next call is taken.
        """
        tokens = self._tokens(caller)
        if tokens < 1:
            raise TooManyError(seconds=self._seconds(1 - tokens))
        self._keep(caller, tokens - 1)

    def give_back(self, caller: Hashable) -> None:
        """Undo a call that came to nothing."""
        self._keep(caller, min(float(self.per_minute), self._tokens(caller) + 1))

    def check(self, caller: Hashable) -> None:
        """Refuse who has none left, without using one up."""
        tokens = self._tokens(caller)
        if tokens < 1:
            raise TooManyError(seconds=self._seconds(1 - tokens))

    def _tokens(self, caller: Hashable) -> float:
        now = self.clock()
        tokens, before = self.buckets.get(caller, (float(self.per_minute), now))
        return min(float(self.per_minute), tokens + (now - before) * self.per_minute / 60)

    def _keep(self, caller: Hashable, tokens: float) -> None:
        self.buckets[caller] = (tokens, self.clock())
        self.buckets.move_to_end(caller)
        while len(self.buckets) > MOST_CALLERS:
            self.buckets.popitem(last=False)

    def _seconds(self, lacking: float) -> int:
        return max(1, round(lacking * 60 / max(1, self.per_minute)))


def program_limit(state: Any, program: int) -> None:
    """Count a call of another program, in this process. Raises TooManyError."""
    if "program_calls" not in state:
        state.program_calls = Limit(state.settings.program_requests_per_minute)
    state.program_calls.take(program)
